import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { startHall, type Hall } from '../../test/support/signin.ts';
import type { AtApi } from './acting-admin.ts';
import { createConnecting, type Connecting } from './connecting.ts';

const wiki = { name: 'Wiki', redirectUris: ['https://wiki.example/callback'] };
const gateway = { name: 'Gateway', addresses: ['10.1.0.0/16'], mode: 'app-password' } as const;

describe('the systems in front of which Tweestap stands', () => {
  let hall: Hall;
  let connecting: Connecting;
  beforeEach(async () => {
    hall = await startHall();
    connecting = createConnecting({ ...hall.parts, transact: hall.database.transact });
  });
  afterEach(() => hall.close());

  const by = (role: AtApi['application']['role']): AtApi => ({
    application: { clientId: 'roll-out', role },
    address: '192.0.2.9',
  });
  const owner = by('global-admin');

  it('are added and removed by whoever owns the organisation, and the log says so', async () => {
    const added = await connecting.addApplication(wiki, owner);
    assert.ok(added.kind === 'added');
    const { clientId } = added.application;
    await connecting.changeApplication(clientId, { required: 'second-step' }, owner);
    assert.equal((await hall.stores.applications.find(clientId))?.required, 'second-step');
    assert.notEqual(await connecting.renewSecret(clientId, owner), added.clientSecret);
    assert.equal(await connecting.removeApplication(clientId, owner), true);
    const radius = await connecting.addRadiusClient(gateway, owner);
    assert.ok(radius.kind === 'added');
    assert.equal(await connecting.removeRadiusClient(radius.client.id, owner), true);
    assert.equal((await connecting.addLdapClient('mail', owner)).kind, 'added');
    assert.equal(await connecting.removeLdapClient('mail', owner), true);
    const events = await hall.stores.audit.list({ limit: 20 });
    assert.deepEqual(events.map(({ kind }) => kind).toReversed(), [
      'application-added',
      'application-changed',
      'application-secret-renewed',
      'application-removed',
      'radius-client-added',
      'radius-client-removed',
      'ldap-client-added',
      'ldap-client-removed',
    ]);
    assert.ok(events.every(({ actor }) => actor === 'application:roll-out'));
    assert.ok(events.every(({ address }) => address === '192.0.2.9'));
  });

  it('are nobody else’s business', async () => {
    for (const role of [
      'help-desk',
      'authentication-admin',
      'authentication-policy-admin',
    ] as const) {
      for (const act of [
        () => connecting.addApplication(wiki, by(role)),
        () => connecting.renewSecret('any', by(role)),
        () => connecting.addRadiusClient(gateway, by(role)),
        () => connecting.addLdapClient('mail', by(role)),
      ]) {
        await assert.rejects(act(), { code: 'NOT_ALLOWED' }, role);
      }
    }
    assert.deepEqual(await hall.stores.applications.list(), []);
    assert.deepEqual(await hall.stores.ldapClients.list(), []);
  });
});
