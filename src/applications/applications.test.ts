import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { AuditEvent } from '../audit/audit-event.ts';
import { settableClock } from '../lib/clock.ts';
import { seededRandom } from '../lib/random.ts';
import type { Application } from './application.ts';
import { createApplications, isNative, type NewApplication } from './applications.ts';

describe('applications', () => {
  it('gives an id and a secret, and never shows the secret again', async () => {
    const { applications } = world();
    const added = await applications.add(intranet, 'command-line');
    assert.equal(added.kind, 'added');
    if (added.kind !== 'added') return;
    assert.match(added.application.clientId, /^[a-z2-7]{26}$/);
    assert.match(added.clientSecret ?? '', /^[\w-]{43}$/);

    const shown = await applications.show(added.application.clientId);
    assert.ok(shown !== undefined && !('clientSecret' in shown));
    assert.ok(!JSON.stringify(await applications.list()).includes(added.clientSecret ?? '?'));
  });

  it('lets people reach it by code and refresh token, unless told otherwise', async () => {
    const { applications } = world();
    const usual = await applications.add(intranet, 'command-line');
    const brief = await applications.add({ ...intranet, refreshes: false }, 'command-line');
    assert.ok(usual.kind === 'added' && brief.kind === 'added');
    assert.deepEqual(usual.application.grants, ['authorization_code', 'refresh_token']);
    assert.deepEqual(brief.application.grants, ['authorization_code']);
    assert.equal(usual.application.required, 'password');
  });

  it('adds a program with a role and no addresses', async () => {
    const { applications } = world();
    const added = await applications.add({ name: 'Reports', role: 'reports-reader' }, 'admin');
    assert.ok(added.kind === 'added');
    assert.deepEqual(added.application.grants, ['client_credentials']);
    assert.ok(added.clientSecret !== undefined);
  });

  it('gives a public one no secret', async () => {
    const { applications } = world();
    const added = await applications.add(
      { name: 'Phone', redirectUris: ['com.example.app:/callback'], isPublic: true },
      'admin',
    );
    assert.ok(added.kind === 'added');
    assert.equal(added.clientSecret, undefined);
    assert.equal(added.application.isPublic, true);
  });

  it('says everything that is wrong at once, and adds nothing', async () => {
    const { applications, stored } = world();
    const refused = await applications.add(
      {
        name: ' ',
        redirectUris: ['http://app.example/cb', 'https://app.example/cb#x'],
        backchannelLogoutUri: 'ftp://app.example/',
      },
      'admin',
    );
    assert.deepEqual(refused, {
      kind: 'refused',
      faults: [
        { field: 'name', reason: 'missing' },
        { field: 'redirectUris', reason: 'not-https', value: 'http://app.example/cb' },
        { field: 'redirectUris', reason: 'has-extras', value: 'https://app.example/cb#x' },
        { field: 'backchannelLogoutUri', reason: 'scheme', value: 'ftp://app.example/' },
      ],
    });
    assert.equal(stored.size, 0);
  });

  it('refuses a program with addresses, without a secret, or with a role nobody has', async () => {
    const { applications } = world();
    const refused = await applications.add(
      { name: 'Odd', role: 'root', isPublic: true, redirectUris: ['https://app.example/cb'] },
      'admin',
    );
    assert.ok(refused.kind === 'refused');
    assert.deepEqual(
      refused.faults.map(({ field, reason }) => [field, reason]),
      [
        ['role', 'unknown-role'],
        ['isPublic', 'program-needs-secret'],
        ['redirectUris', 'not-for-programs'],
      ],
    );
  });

  it('takes a name as people have them, with emoji of several, and nothing that hides', async () => {
    const { applications } = world();
    const add = (name: string) =>
      applications.add({ name, redirectUris: ['https://app.example/cb'] }, 'admin');
    assert.equal((await add('👩\u200d👩\u200d👧 Familie')).kind, 'added');
    assert.equal((await add('Pay\u200dments')).kind, 'refused');
    assert.equal((await add('\u202estnemyaP')).kind, 'refused');
  });

  it('accepts one spelling of a redirect address only', async () => {
    const { applications } = world();
    const refusals: Readonly<Record<string, string>> = {
      'HTTPS://app.example/cb': 'not-normal',
      'https://APP.example/cb': 'not-normal',
      'https://app.example:443/cb': 'not-normal',
      'https://app.example/a/../cb': 'not-normal',
      'https://app.example/a/%2e%2e/cb': 'not-normal',
      'https://app.example\\cb': 'has-extras',
      'https://user@app.example/cb': 'has-extras',
      'https://user:secret@app.example/cb': 'has-extras',
      'https://app.example/*': 'has-extras',
      'https://*.app.example/cb': 'has-extras',
      'https://app.example/cb#': 'has-extras',
      'https://app.example/c b': 'unreadable',
      'https://app.example/cb\n': 'unreadable',
      'https://äpp.example/cb': 'unreadable',
      'https://': 'not-an-address',
      '/cb': 'not-an-address',
      '': 'unreadable',
      'javascript:alert(1)': 'scheme',
      'data:text/html,x': 'scheme',
      'myapp:/cb': 'scheme',
      'com.example.app:/cb': 'scheme-needs-public',
      'http://192.168.1.4/cb': 'not-https',
      'http://localhost.example/cb': 'not-https',
    };
    for (const [uri, reason] of Object.entries(refusals)) {
      const refused = await applications.add({ name: 'x', redirectUris: [uri] }, 'admin');
      assert.ok(refused.kind === 'refused', uri);
      assert.deepEqual(refused.faults, [{ field: 'redirectUris', reason, value: uri }], uri);
    }
    for (const uri of [
      'https://app.example',
      'https://app.example/',
      'https://app.example/cb?tenant=1',
      'https://app.example:8443/cb',
      'http://localhost:8081/callback',
      'http://[::1]:8081/callback',
    ]) {
      const added = await applications.add({ name: 'x', redirectUris: [uri] }, 'admin');
      assert.equal(added.kind, 'added', uri);
    }
  });

  it('knows a program on the person’s own machine, which writes no port', async () => {
    const { applications } = world();
    const mixed = await applications.add(
      {
        name: 'Desktop',
        isPublic: true,
        redirectUris: ['http://127.0.0.1/cb', 'http://127.0.0.1:5000/cb'],
      },
      'admin',
    );
    assert.deepEqual(mixed.kind === 'refused' && mixed.faults, [
      { field: 'redirectUris', reason: 'port-on-loopback', value: 'http://127.0.0.1:5000/cb' },
    ]);
    const of = (clientSecret: string | undefined, ...redirectUris: string[]): boolean =>
      isNative({ clientSecret, redirectUris });
    assert.ok(of(undefined, 'http://127.0.0.1/cb'));
    assert.ok(of(undefined, 'com.example.app:/cb'));
    assert.ok(!of(undefined, 'http://127.0.0.1:5000/cb'));
    assert.ok(!of(undefined, 'https://app.example/cb'));
    assert.ok(!of('secret', 'http://127.0.0.1/cb'));
  });

  it('changes what is said of one, and keeps what is not', async () => {
    const { applications, audited } = world();
    const added = await applications.add(intranet, 'admin');
    assert.ok(added.kind === 'added');
    const { clientId } = added.application;
    const changed = await applications.change(clientId, { required: 'second-step' }, 'admin');
    assert.deepEqual(changed, { kind: 'changed' });
    const now = await applications.show(clientId);
    assert.deepEqual([now?.required, now?.redirectUris], ['second-step', intranet.redirectUris]);
    const wrong = await applications.change(clientId, { name: ' ', redirectUris: [] }, 'admin');
    assert.deepEqual(wrong?.kind === 'refused' && wrong.faults.map(({ field }) => field), [
      'name',
      'redirectUris',
    ]);
    assert.equal(await applications.change('nobody', {}, 'admin'), undefined);
    const secret = await applications.renewSecret(clientId, 'admin');
    assert.ok(secret !== undefined && secret !== added.clientSecret);
    assert.deepEqual(
      audited.map(({ kind }) => kind),
      ['application-added', 'application-changed', 'application-secret-renewed'],
    );
  });

  it('removes one once, and writes down who added and removed it', async () => {
    const { applications, audited } = world();
    const added = await applications.add(intranet, 'command-line');
    assert.ok(added.kind === 'added');
    const { clientId } = added.application;
    assert.equal(await applications.remove(clientId, 'admin'), true);
    assert.equal(await applications.remove(clientId, 'admin'), false);
    assert.equal(await applications.show(clientId), undefined);
    assert.deepEqual(
      audited.map(({ kind, actor, details }) => [kind, actor, details['clientId']]),
      [
        ['application-added', 'command-line', clientId],
        ['application-removed', 'admin', clientId],
      ],
    );
  });
});

const intranet: NewApplication = {
  name: 'Intranet',
  redirectUris: ['https://intranet.example/callback'],
};

function world() {
  const stored = new Map<string, Application>();
  const audited: AuditEvent[] = [];
  const store = {
    add: async (application: Application) => void stored.set(application.clientId, application),
    find: async (clientId: string) => stored.get(clientId),
    list: async () => [...stored.values()],
    replace: async (application: Application) => {
      const isThere = stored.has(application.clientId);
      if (isThere) stored.set(application.clientId, application);
      return isThere;
    },
    remove: async (clientId: string) => stored.delete(clientId),
  };
  const audit = {
    append: async (event: AuditEvent) => void audited.push(event),
    list: async () => [],
    find: async () => undefined,
    tally: async () => [],
    verify: async () => ({ checked: 0, brokenAt: undefined }),
    verifyPart: async () => ({ checked: 0, brokenAt: undefined, isDone: true, length: 0 }),
  };
  const applications = createApplications({
    store,
    transact: (work) => work({ applications: store, audit }),
    clock: settableClock(new Date('2026-11-20T12:00:00Z')),
    random: seededRandom('applications'),
    requirable: async () => ['password', 'second-step', 'phishing-resistant', 'vault'],
  });
  return { applications, stored, audited };
}
