import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { newFolder, openPlace, runCommand, type Place } from '../../test/support/tweestap.ts';

describe('tweestap ldap-client', () => {
  let place: Place;
  const bindDn = 'cn=dovecot,ou=services,dc=voorbeeld,dc=example';
  before(async () => {
    place = newFolder();
    const installation = await openPlace(place);
    await installation.policies.change((policy) => ({
      ...policy,
      organisation: { ...policy.organisation, domain: 'voorbeeld.example' },
    }));
    await installation.close();
  });
  after(() => place.remove());

  it('adds a system, shows its password once, and lists and shows it without', async () => {
    const added = await runCommand(place, ['ldap-client', 'add', 'Dovecot']);
    assert.equal(added.code, 0, added.error);
    assert.ok(added.output.includes(bindDn));
    const [, password = ''] = /^password: ([A-Z2-7]{24}) /m.exec(added.output) ?? [];
    assert.notEqual(password, '');
    const listed = await runCommand(place, ['ldap-client', 'list']);
    assert.match(listed.output, /^dovecot +cn=dovecot,ou=services/m);
    const shown = await runCommand(place, ['ldap-client', 'show', 'dovecot', '--json']);
    const told: { readonly bindDn: string } = JSON.parse(shown.output);
    assert.equal(told.bindDn, bindDn);
    assert.ok(![listed.output, shown.output].join('').includes(password));

    const installation = await openPlace(place);
    const { ldapClients } = installation;
    assert.equal((await ldapClients.recognise('dovecot', password))?.name, 'dovecot');
    assert.equal(await ldapClients.recognise('dovecot', password.toLowerCase()), undefined);
    await installation.close();
  });

  it('refuses a name that is taken, and one that is none', async () => {
    const again = await runCommand(place, ['ldap-client', 'add', 'dovecot']);
    assert.deepEqual([again.code, again.output], [1, '']);
    assert.match(again.error, /already/);
    const none = await runCommand(place, ['ldap-client', 'add', 'a,b']);
    assert.match(none.error, /no name for an LDAP client/);
  });

  it('removes a system, once', async () => {
    const removed = await runCommand(place, ['ldap-client', 'remove', 'dovecot']);
    assert.equal(removed.code, 0, removed.error);
    for (const command of ['remove', 'show']) {
      const { code, error } = await runCommand(place, ['ldap-client', command, 'dovecot']);
      assert.equal(code, 1);
      assert.match(error, /There is no LDAP client dovecot/);
    }
  });
});
