import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { AuditEvent } from '../audit/audit-event.ts';
import { settableClock } from '../lib/clock.ts';
import { seededRandom } from '../lib/random.ts';
import type { RadiusClient } from './radius-client.ts';
import { createRadiusClients, type NewRadiusClient } from './radius-clients.ts';
import { radiusSecretFault } from './radius-secret.ts';

const vpn: NewRadiusClient = {
  name: 'VPN',
  addresses: ['192.0.2.1', '2001:DB8:0:0::1/32'],
  mode: 'app-password',
};

describe('RADIUS clients', () => {
  it('get an id and a secret, which is never shown again', async () => {
    const { clients } = world();
    const added = await clients.add(vpn, 'command-line');
    assert.ok(added.kind === 'added');
    assert.match(added.secret, /^[A-Z2-7]{32}$/);
    assert.match(added.client.id, /^[a-z2-7]{16}$/);
    assert.deepEqual(added.client.addresses, ['192.0.2.1', '2001:db8::/32']);
    const shown = await clients.show(added.client.id);
    assert.ok(shown !== undefined && !('secret' in shown));
    assert.ok(!JSON.stringify(await clients.list()).includes(added.secret));
  });

  it('are told everything that is wrong at once, and are not added', async () => {
    const { clients, stored } = world();
    const added = await clients.add(
      {
        name: ' ',
        addresses: ['here', '0.0.0.0/0', '::/8'],
        mode: 'app-password',
        secret: 'short',
      },
      'admin',
    );
    assert.deepEqual(added, {
      kind: 'refused',
      faults: [
        { field: 'name', reason: 'missing' },
        { field: 'addresses', reason: 'not-a-range', value: 'here' },
        { field: 'addresses', reason: 'too-wide', value: '0.0.0.0/0' },
        { field: 'addresses', reason: 'too-wide', value: '::/8' },
        { field: 'secret', reason: 'too-short' },
      ],
    });
    const nowhere = await clients.add({ ...vpn, addresses: [] }, 'admin');
    assert.deepEqual(nowhere.kind === 'refused' && nowhere.faults, [
      { field: 'addresses', reason: 'missing' },
    ]);
    assert.equal(stored.size, 0);
  });

  it('have a name and a secret of their own', async () => {
    const { clients } = world();
    const secret = 'q8Zr.41-wT_x0Pn~5';
    assert.equal((await clients.add({ ...vpn, secret }, 'admin')).kind, 'added');
    const again = await clients.add({ ...vpn, name: 'vpn', secret }, 'admin');
    assert.deepEqual(again.kind === 'refused' && again.faults, [
      { field: 'name', reason: 'taken' },
      { field: 'secret', reason: 'taken' },
    ]);
  });

  it('may leave their requests unsigned on this machine only', async () => {
    const { clients } = world();
    const here = { ...vpn, addresses: ['127.0.0.1', '127.0.0.0/8', '::1'], signs: false };
    assert.equal((await clients.add(here, 'admin')).kind, 'added');
    const there = { ...vpn, name: 'other', addresses: ['10.0.0.1'], signs: false };
    const refused = await clients.add(there, 'admin');
    assert.deepEqual(refused.kind === 'refused' && refused.faults, [
      { field: 'signs', reason: 'not-this-machine', value: '10.0.0.1' },
    ]);
  });

  it('share no address where none of them signs: nobody could tell them apart', async () => {
    const { clients } = world();
    const sshd = { ...vpn, addresses: ['127.0.0.0/8'], signs: false };
    assert.equal((await clients.add(sshd, 'admin')).kind, 'added');
    const second = { ...sshd, name: 'other', addresses: ['127.0.0.1', '::1'] };
    const refused = await clients.add(second, 'admin');
    assert.deepEqual(refused.kind === 'refused' && refused.faults, [
      { field: 'signs', reason: 'ambiguous', value: '127.0.0.1' },
    ]);
    const signing = { ...second, signs: true };
    assert.equal((await clients.add(signing, 'admin')).kind, 'added');
  });

  it('are removed once, and who did it is written down', async () => {
    const { clients, audited } = world();
    const added = await clients.add(vpn, 'admin');
    assert.ok(added.kind === 'added');
    const { id } = added.client;
    assert.equal(await clients.remove(id, 'command-line'), true);
    assert.equal(await clients.remove(id, 'command-line'), false);
    assert.equal(await clients.show(id), undefined);
    assert.deepEqual(
      audited.map(({ kind, actor, details }) => [kind, actor, details['name']]),
      [
        ['radius-client-added', 'admin', 'VPN'],
        ['radius-client-removed', 'command-line', 'VPN'],
      ],
    );
    assert.ok(!JSON.stringify(audited).includes(added.secret));
  });
});

describe('a secret that somebody brings', () => {
  it('is refused where it stands in manuals, however it is dressed up or repeated', () => {
    for (const secret of [
      'testing123testing123',
      'Testing123!Testing123!',
      'SharedSecret-2026-RADIUS',
      'radius-radius-radius',
      'myRadiusSecretKey2026',
      'P@ssw0rdP@ssw0rd',
    ]) {
      assert.equal(radiusSecretFault(secret), 'known', secret);
    }
  });

  it('is refused where it is short, long, simple, or not plain', () => {
    assert.equal(radiusSecretFault('q8Zr41wTx0Pn5ab'), 'too-short');
    assert.equal(radiusSecretFault('q8Zr41wTx0Pn5ab'.repeat(9)), 'too-long');
    assert.equal(radiusSecretFault('zkzkzkzkzkzkzkzkzk'), 'too-simple');
    assert.equal(radiusSecretFault('q8Zr 41wT x0Pn 5abc'), 'unreadable');
    assert.equal(radiusSecretFault('q8Zr41wTx0Pn5abé'), 'unreadable');
    assert.equal(radiusSecretFault('q8Zr.41-wT_x0Pn~5'), undefined);
  });
});

function world() {
  const stored = new Map<string, RadiusClient>();
  const audited: AuditEvent[] = [];
  const store = {
    add: async (client: RadiusClient) => {
      stored.set(client.id, client);
      return true;
    },
    list: async () => [...stored.values()],
    remove: async (id: string) => stored.delete(id),
  };
  const audit = {
    append: async (event: AuditEvent) => void audited.push(event),
    list: async () => [],
    find: async () => undefined,
    tally: async () => [],
    verify: async () => ({ checked: 0, brokenAt: undefined }),
    verifyPart: async () => ({ checked: 0, brokenAt: undefined, isDone: true, length: 0 }),
  };
  const clients = createRadiusClients({
    store,
    transact: (work) => work({ radiusClients: store, audit }),
    clock: settableClock(new Date(1000)),
    random: seededRandom('radius clients'),
  });
  return { clients, stored, audited };
}
