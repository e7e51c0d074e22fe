import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createMemberships } from './memberships.ts';

const anna = { dn: 'uid=anna,ou=people,dc=x', shortName: 'anna', memberOf: [] };

describe('memberships', () => {
  it('finds people by their name in the directory, however it is written, and by their short name', () => {
    const memberships = createMemberships();
    const group = { members: [], memberNames: [] };
    memberships.add(
      { ...group, id: '1', dn: 'cn=a,dc=x', name: 'a', members: ['UID=Anna, ou=People,dc=X'] },
      'A',
    );
    memberships.add({ ...group, id: '2', dn: 'cn=b,dc=x', name: 'b', memberNames: ['ANNA'] }, 'B');
    memberships.add({ ...group, id: '3', dn: 'cn=c,dc=x', name: 'c', memberNames: ['ben'] }, 'C');
    assert.deepEqual(memberships.of(anna).toSorted(), ['A', 'B']);
    assert.deepEqual(memberships.of({ ...anna, shortName: undefined, dn: 'uid=ben,dc=x' }), []);
  });

  it('follows what people say they belong to', () => {
    const memberships = createMemberships();
    memberships.add({ id: '1', dn: 'CN=A,DC=x', name: 'a', members: [], memberNames: [] }, 'A');
    assert.deepEqual(memberships.of({ ...anna, memberOf: ['cn=a,dc=x', 'cn=other,dc=x'] }), ['A']);
  });

  it('goes through groups within groups, and comes back from those that are within themselves', () => {
    const memberships = createMemberships();
    const groups = [
      { dn: 'cn=team,dc=x', members: [anna.dn, 'cn=all,dc=x'] },
      { dn: 'cn=department,dc=x', members: ['cn=team,dc=x'] },
      { dn: 'cn=all,dc=x', members: ['cn=department,dc=x'] },
      { dn: 'cn=others,dc=x', members: [] },
    ];
    for (const [index, group] of groups.entries()) {
      memberships.add({ ...group, id: `${index}`, name: group.dn, memberNames: [] }, group.dn);
    }
    assert.deepEqual(memberships.of(anna).toSorted(), [
      'cn=all,dc=x',
      'cn=department,dc=x',
      'cn=team,dc=x',
    ]);
  });

  it('leaves out what is no group here, but not what is behind it', () => {
    const memberships = createMemberships();
    memberships.add(
      { id: '1', dn: 'cn=a,dc=x', name: 'a', members: [anna.dn], memberNames: [] },
      undefined,
    );
    memberships.add(
      { id: '2', dn: 'cn=b,dc=x', name: 'b', members: ['cn=a,dc=x'], memberNames: [] },
      'B',
    );
    assert.deepEqual(memberships.of(anna), ['B']);
  });
});
