/**
 * People and groups that come from the organisation's directory, Debian's OpenLDAP: they appear and sign in, are
 * renamed, disabled, gone; a wrong filter switches nobody off; what was here before stays until somebody says
 * otherwise; two nodes at once do it once, and one that is killed in the middle is followed by another.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { User } from '../../src/accounts/user.ts';
import { programWith } from '../support/graph.ts';
import { personAt, samplePerson } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { dnOf, startSlapd, withoutSlapd, type Slapd, type SlapdPerson } from '../support/slapd.ts';
import { startProcess } from '../support/tweestap-process.ts';
import {
  newFolder,
  openPlace,
  runCommand,
  startTweestap,
  type CommandResult,
  type Place,
  type Tweestap,
} from '../support/tweestap.ts';

const passwordOf = (uid: string): string => `wat ${uid} onthoudt 7`;

function person(uid: string, ...more: readonly string[]): SlapdPerson {
  return { uid, password: passwordOf(uid), more };
}

const crowd = ['kees', 'lies', 'mien', 'noor', 'otto', 'piet', 'rien', 'saar', 'toon', 'wies'];

describe('people and groups of a directory', { skip: withoutSlapd }, () => {
  let slapd: Slapd;
  let place: Place;
  let tweestap: Tweestap;
  before(async () => {
    slapd = await startSlapd({
      people: [
        person('jip', 'displayName: Jip Jansen', 'telephoneNumber: 020 123 4500 x12'),
        person('janneke', 'mobile: 06 12345698'),
        person('bram'),
        person('off', 'pwdAccountLockedTime: 000001010000Z'),
        ...crowd.map((uid) => person(uid)),
      ],
      groups: { Verkoop: ['jip', 'janneke'], Bestuur: ['janneke'] },
    });
    place = placeWith(slapd);
    tweestap = await startTweestap({ place, environment: place.environment });
  });
  after(async () => {
    await tweestap?.stop();
    await place?.remove();
    await slapd?.remove();
  });

  const find = async (uid: string): Promise<User | undefined> =>
    tweestap.installation.administration.find(`${uid}@voorbeeld.example`);
  const run = (...args: readonly string[]): Promise<CommandResult> =>
    runCommand(place, ['directory', ...args]);
  const done = async (...args: readonly string[]): Promise<string> => {
    const { code, output, error } = await run(...args);
    assert.equal(code, 0, error);
    return output;
  };

  it('is looked at before anything comes of it', async () => {
    assert.match(await done('test'), /Signed in to ldaps:.*\n.*: 14\n {2}1 of them disabled/);
    const planned = await done('sync', '--dry-run');
    assert.match(planned, /^jip@voorbeeld.example: is added$/m);
    assert.match(planned, /^bram@voorbeeld.example: conflict: .*directory link$/m);
    assert.equal(await find('jip'), undefined);
    assert.match(await done('show'), /^Last: {7}never$/m);
  });

  it('gives accounts to whoever appears, who signs in with the password that it keeps', async () => {
    assert.match(await done('sync'), /done: 14 read, 12 added/);
    const jip = await find('jip');
    assert.deepEqual(
      [jip?.displayName, jip?.businessPhone, jip?.businessPhoneExtension, jip?.groups],
      ['Jip Jansen', '+31201234500', '12', ['Verkoop']],
    );
    assert.deepEqual((await find('janneke'))?.groups.toSorted(), ['Bestuur', 'Verkoop']);
    assert.equal((await find('janneke'))?.mobilePhone, '+31612345698');
    assert.equal(await find('off'), undefined);
    const browsing = atBrowser(tweestap, 'jip');
    await browsing.arrives();
    assert.equal(browsing.browser.page.heading, browsing.words.profile.title);
  });

  it('leaves the account that was here before alone, and gives it away when somebody says so', async () => {
    const bram = samplePerson(tweestap, 'bram');
    assert.equal((await find('bram'))?.upstream, undefined);
    await bram.arrives();
    assert.notEqual(bram.browser.page.heading, bram.words.signIn.password.title, 'and lets him in');
    await done('link', bram.userPrincipalName);
    await done('sync');
    const linked = await find('bram');
    assert.deepEqual([linked?.upstream?.dn, linked?.passwordHash], [dnOf('bram'), undefined]);
    assert.match((await run('link', bram.userPrincipalName)).error, /in conflict/);
  });

  it('is the owner: nobody here changes what it says of somebody', async () => {
    const renamed = await runCommand(place, ['user', 'rename', 'jip@voorbeeld.example', 'x@y.nl']);
    assert.equal(renamed.code, 1);
    assert.match(renamed.error, /directory owns this/);
    const program = await programWith(tweestap, 'global-admin');
    const { id = '' } = (await find('jip')) ?? {};
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
    const operation = { op: 'replace', path: 'active', value: false };
    const refused = [
      await program.ask('PATCH', `/v1.0/users/${id}`, { body: { mobilePhone: '+31612345699' } }),
      await program.ask('PATCH', `/scim/v2/Users/${id}`, {
        body: { schemas, Operations: [operation] },
        headers: { 'content-type': 'application/scim+json' },
      }),
    ];
    for (const { status, body } of refused) {
      assert.equal(status, 400, JSON.stringify(body));
      assert.match(JSON.stringify(body), /directory owns/);
    }
    const kept = { preferredLanguage: 'nl', businessPhones: ['+31 20 123 4500 x12'] };
    const changed = await program.ask('PATCH', `/v1.0/users/${id}`, { body: kept });
    assert.equal(changed.status, 204, JSON.stringify(changed.body));
    assert.equal((await find('jip'))?.preferredLanguage, 'nl');
  });

  it('is followed: in names, in numbers, and in groups that come and go', async () => {
    await slapd.modify(
      [
        `dn: ${dnOf('jip')}\nchangetype: modify`,
        'replace: mail\nmail: jip.jansen@voorbeeld.example\n-',
        'delete: telephoneNumber\n',
        `dn: cn=Verkoop,ou=groups,${slapd.base}\nchangetype: modify`,
        `delete: member\nmember: ${dnOf('jip')}\n`,
        `dn: ${dnOf('janneke')}\nchangetype: moddn\nnewrdn: uid=janneke\ndeleteoldrdn: 0`,
        `newsuperior: ou=left,${slapd.base}\n`,
      ].join('\n'),
    );
    const { id } = (await find('jip')) ?? {};
    await done('sync');
    const jip = await find('jip.jansen');
    assert.deepEqual([jip?.id, jip?.businessPhone, jip?.groups], [id, undefined, []]);
    assert.equal(await find('jip'), undefined);
    assert.match((await find('janneke'))?.upstream?.dn ?? '', /ou=left/);
    const browsing = atBrowser(tweestap, 'janneke');
    await browsing.arrives();
    assert.equal(browsing.browser.page.heading, browsing.words.profile.title);
  });

  it('switches off whom it disables, and whom it does not name any more, and signs them out', async () => {
    const browsing = atBrowser(tweestap, 'janneke');
    await browsing.arrives();
    const lock = `dn: ${dnOf('kees')}\nchangetype: modify\nadd: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z\n\n`;
    const moved = `uid=janneke,ou=left,${slapd.base}`;
    await slapd.modify(`${lock}dn: ${moved}\nchangetype: delete\n`);
    assert.match(await done('sync'), /2 switched off/);
    assert.equal((await find('kees'))?.accountEnabled, false);
    assert.equal((await find('janneke'))?.accountEnabled, false, 'and is still there');
    await browsing.browser.open('/my-profile');
    assert.notEqual(browsing.browser.page.heading, browsing.words.profile.title);
    const unlock = lock.replace('add:', 'delete:').replace(/\npwdAccountLockedTime: .*/, '');
    await slapd.modify(unlock);
    await done('sync');
    assert.equal((await find('kees'))?.accountEnabled, true);
  });

  it('locks nobody out by a wrong filter, until somebody confirms it', async () => {
    for (const uid of crowd.slice(0, 6)) {
      await slapd.modify(`dn: ${dnOf(uid)}\nchangetype: delete\n`);
    }
    const held = await run('sync');
    assert.equal(held.code, 1);
    assert.match(held.error, /Nobody was switched off: it would have been 6 of 12/);
    const shown = await done('show');
    assert.match(shown, /6 of 12 accounts at once\.\s+If that is right: .* --confirm/);
    assert.equal((await find('lies'))?.accountEnabled, true);
    await until(
      'a mail to the administrator',
      async () => {
        const to = { kind: 'mail', to: 'admin@voorbeeld.example' };
        const mails = await tweestap.phones.messages(to);
        return mails.some(({ subject }) =>
          /too many accounts|te veel accounts/.test(subject ?? ''),
        );
      },
      20_000,
    );
    assert.match(await done('sync', '--confirm'), /6 switched off/);
    assert.equal((await find('lies'))?.accountEnabled, false);
    assert.match((await run('sync', '--confirm')).error, /nothing to confirm/);
  });

  it('is the same by the API', async () => {
    const program = await programWith(tweestap, 'global-admin');
    const looks = async () => {
      const { status, body } = await program.get('/tweestap/v1/directory');
      assert.equal(status, 200, JSON.stringify(body));
      const last = new Map(Object.entries(Object(body['last'])));
      return { isRunning: body['isRunning'], at: last.get('finishedDateTime'), last };
    };
    const before = await looks();
    assert.deepEqual([before.isRunning, before.last.get('outcome')], [false, 'done']);
    const asked = await program.ask('POST', '/tweestap/v1/directory/synchronize', { body: {} });
    assert.equal(asked.status, 202, JSON.stringify(asked.body));
    await until('the next one to be over', async () => {
      const { isRunning, at } = await looks();
      return isRunning === false && at !== before.at;
    });
    const { id = '' } = (await find('bram')) ?? {};
    const path = `/tweestap/v1/users/${id}/unlinkFromDirectory`;
    assert.equal((await program.ask('POST', path, { body: {} })).status, 204);
    assert.equal((await find('bram'))?.upstream, undefined);
    assert.equal((await program.ask('POST', path, { body: {} })).status, 400);
  });

  it('switches nobody off while it does not answer, and says why', async () => {
    await slapd.stop();
    const failed = await run('sync');
    assert.equal(failed.code, 1);
    assert.match(failed.error, /could not be read/);
    assert.equal((await find('otto'))?.accountEnabled, (await find('piet'))?.accountEnabled);
    await slapd.start();
    await done('sync');
    const { body } = await tweestap.ask('/metrics');
    assert.match(body, /tweestap_directory_sync_success_timestamp_seconds [1-9]/);
  });
});

describe('a large directory', { skip: withoutSlapd }, () => {
  const size = 1_200;
  let slapd: Slapd;
  before(async () => {
    const uids = Array.from({ length: size }, (_, index) => `p${index}`);
    slapd = await startSlapd({ people: uids.map((uid) => person(uid)) });
  });
  after(() => slapd?.remove());

  it('is read once by two nodes at once', async () => {
    const place = placeWith(slapd);
    const nodes = [await startTweestap({ place }), await startTweestap({ place })];
    try {
      const asked = await Promise.all([
        ...nodes.map(({ installation }) => installation.directorySync?.ask('command-line')),
        runCommand(place, ['directory', 'sync']),
      ]);
      assert.ok(asked.some((one) => one === true || (typeof one === 'object' && one.code === 0)));
      const [{ installation } = assert.fail()] = nodes;
      await until(
        'everybody to be there',
        async () => (await installation.directorySync?.look())?.accounts === size,
        60_000,
      );
      const events = await installation.database.stores.audit.list({ limit: 5_000 });
      assert.equal(events.filter(({ kind }) => kind === 'user-added').length - 8, size);
    } finally {
      await Promise.all(nodes.map((node) => node.stop()));
      await place.remove();
    }
  });

  it('is read to its end by another node where the first was killed in the middle', async () => {
    const place = placeWith(slapd, { TWEESTAP_UPSTREAM_SYNC_MINUTES: '15' });
    const killed = await startProcess(place);
    const looking = await openPlace(place);
    const added = async (): Promise<number> => (await looking.database.stores.users.count()) - 8;
    await until('some of them', async () => (await added()) > 200, 30_000);
    await killed.kill();
    const before = await added();
    assert.ok(before < size, `it was killed in the middle, after ${before}`);
    await looking.close();
    const tweestap = await startTweestap({ place });
    try {
      assert.equal(
        await tweestap.installation.directorySync?.work(),
        false,
        'its time is not over',
      );
      await tweestap.advanceSeconds(130);
      await tweestap.installation.directorySync?.work();
      const looked = await until(
        'the end of it',
        async () => {
          const sync = await tweestap.installation.directorySync?.look();
          return sync?.state?.last !== undefined && !sync.isRunning && sync;
        },
        60_000,
      );
      assert.equal(looked.accounts, size);
      assert.equal(looked.state?.last?.counts.added, size - before);
    } finally {
      await tweestap.stop();
      await place.remove();
    }
  });
});

function atBrowser(tweestap: Tweestap, uid: string) {
  return personAt(tweestap, {
    userPrincipalName: `${uid}@voorbeeld.example`,
    password: passwordOf(uid),
    mobilePhone: '',
    officePhone: undefined,
    key: undefined,
  });
}

/** A place of its own, whose settings name the directory; it is read only when a test asks. */
function placeWith({ settings }: Slapd, more: Readonly<Record<string, string>> = {}): Place {
  const folder = newFolder();
  return {
    ...folder,
    environment: {
      ...folder.environment,
      TWEESTAP_UPSTREAM_URL: settings.urls.join(','),
      TWEESTAP_UPSTREAM_BIND_DN: settings.bindDn,
      TWEESTAP_UPSTREAM_BIND_PASSWORD: settings.bindPassword,
      TWEESTAP_UPSTREAM_BASE_DN: settings.baseDn,
      TWEESTAP_UPSTREAM_CA_FILE: settings.caFile,
      TWEESTAP_UPSTREAM_SYNC_MINUTES: '0',
      ...more,
    },
  };
}
