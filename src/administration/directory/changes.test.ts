import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { sampleUser } from '../../accounts/user-store.contract.ts';
import type { Account } from '../../accounts/user.ts';
import {
  changesFor,
  changesForGone,
  isTooMany,
  readPerson,
  type DirectoryChange,
  type Standing,
  type ToldPerson,
} from './changes.ts';

const told: ToldPerson = {
  id: 'entry-1',
  dn: 'uid=anna,dc=x,dc=nl',
  userPrincipalName: 'anna@x.nl',
  displayName: 'Anna de Vries',
  mail: 'anna@x.nl',
  mobilePhone: '06 12 34 56 12',
  businessPhone: '020 123 4500 x12',
  enabled: true,
};
const country = 'NL';

function read(fields: Partial<ToldPerson> = {}, groups: readonly string[] = []) {
  return readPerson({ ...told, ...fields }, groups, { country });
}

function account(fields: Partial<Account> = {}): Account {
  const { passwordHash: _, ...anna } = sampleUser();
  return {
    ...anna,
    ...read().fields,
    role: 'user',
    groups: [],
    accountEnabled: true,
    upstream: { id: told.id, dn: told.dn },
    ...fields,
  };
}

describe('reading an entry of a directory', () => {
  it('makes numbers of what is written there, with the extension of the office number alone', () => {
    const { fields, issues } = read({ mobilePhone: '+31 6 12345612 x9' });
    assert.equal(fields.mobilePhone, '+31612345612');
    assert.equal(fields.businessPhone, '+31201234500');
    assert.equal(fields.businessPhoneExtension, '12');
    assert.deepEqual(issues, []);
  });

  it('leaves out what cannot be used, and tells of it', () => {
    const { fields, issues } = read({
      displayName: 'An\u202Ena',
      mail: 'not an address',
      businessPhone: 'ask the porter',
      mobilePhone: '12',
    });
    assert.deepEqual(
      [fields.displayName, fields.mail, fields.businessPhone, fields.mobilePhone],
      ['anna', undefined, undefined, undefined],
    );
    assert.deepEqual(issues, ['displayName', 'mail', 'businessPhone', 'mobilePhone']);
  });

  it('finds nobody in a name that nobody can sign in with', () => {
    assert.equal(read({ userPrincipalName: undefined }).nameFault, 'no-name');
    assert.equal(read({ userPrincipalName: 'anna' }).nameFault, 'not-a-name');
    assert.equal(read({ userPrincipalName: 'аnna@x.nl' }).nameFault, 'mixed-scripts');
    assert.equal(read().nameFault, undefined);
  });

  it('keeps fifty groups at most: those that something is decided for before the others', () => {
    const groups = Array.from({ length: 60 }, (_, index) => `g${index + 100}`);
    const { groups: kept, issues } = readPerson(told, [...groups, 'a,b', 'zeta', 'zeta'], {
      country,
      comesFirst: (name) => name === 'zeta',
    });
    assert.equal(kept.length, 50);
    assert.deepEqual(kept.slice(0, 2), ['zeta', 'g100']);
    assert.deepEqual(issues, ['too-many-groups']);
  });
});

describe('what an entry comes to', () => {
  const none: Standing = { account: undefined, brought: [], holder: undefined };
  const linked: Standing = {
    ...none,
    account: account(),
    holder: { id: account().id, role: 'user', isOwned: true, isOn: true },
  };
  const local = { id: 'other', role: 'user', isOwned: false, isOn: true } as const;
  const cases: readonly (readonly [
    says: string,
    now: Standing,
    person: ReturnType<typeof read>,
    changes: readonly DirectoryChange[],
    links?: boolean,
  ])[] = [
    ['adds whom nobody knows', none, read(), [{ kind: 'add' }]],
    ['leaves alone what is right already', linked, read(), []],
    ['adds nobody who is disabled there', none, read({ enabled: false }), []],
    [
      'takes no local account over by its name',
      { ...none, holder: local },
      read(),
      [{ kind: 'conflict', reason: 'local' }],
    ],
    [
      'takes it over where the organisation says so',
      { ...none, holder: local },
      read(),
      [{ kind: 'link', userId: 'other' }],
      true,
    ],
    [
      'never takes over somebody with a role, even then',
      { ...none, holder: { ...local, role: 'global-admin' } },
      read(),
      [{ kind: 'conflict', reason: 'role' }],
      true,
    ],
    [
      'does not mix up two entries of one name',
      { ...none, holder: { ...local, isOwned: true } },
      read(),
      [{ kind: 'conflict', reason: 'taken' }],
      true,
    ],
    [
      'adds nobody without a name',
      none,
      read({ userPrincipalName: ' ' }),
      [{ kind: 'conflict', reason: 'no-name' }],
    ],
    [
      'renames',
      { ...linked, holder: undefined },
      read({ userPrincipalName: 'anna.bakker@x.nl' }),
      [{ kind: 'rename', from: 'anna@x.nl', to: 'anna.bakker@x.nl' }],
    ],
    [
      'writes a name as the directory does, although it means the same',
      linked,
      read({ userPrincipalName: 'Anna@X.nl' }),
      [{ kind: 'rename', from: 'anna@x.nl', to: 'Anna@X.nl' }],
    ],
    [
      'keeps the name where another has the new one, and changes the rest',
      { ...linked, holder: local },
      read({ userPrincipalName: 'ben@x.nl', displayName: 'Anna B' }),
      [
        { kind: 'conflict', reason: 'local' },
        { kind: 'change', fields: ['displayName'] },
      ],
    ],
    [
      'clears what the directory does not say any more',
      linked,
      read({ businessPhone: '', mobilePhone: undefined }),
      [{ kind: 'change', fields: ['mobilePhone', 'businessPhone', 'businessPhoneExtension'] }],
    ],
    ['follows an entry that moved', linked, read({ dn: 'uid=a,dc=y' }), [{ kind: 'move' }]],
    [
      'lets people into groups',
      linked,
      read({}, ['Sales']),
      [{ kind: 'groups', join: ['Sales'], leave: [] }],
    ],
    [
      'removes them from those that the directory let them into, and from no others',
      { ...linked, account: account({ groups: ['Sales', 'Pilot'] }), brought: ['Sales'] },
      read({}, []),
      [{ kind: 'groups', join: [], leave: ['Sales'] }],
    ],
    [
      'switches off whom the directory disabled',
      linked,
      read({ enabled: false }),
      [{ kind: 'disable', why: 'disabled' }],
    ],
    [
      'takes over no account by its name that somebody here switched off',
      { ...none, holder: { ...local, isOn: false } },
      read(),
      [{ kind: 'conflict', reason: 'local' }],
      true,
    ],
    [
      'switches on whom the directory lets in again',
      { ...linked, account: account({ accountEnabled: false }) },
      read(),
      [{ kind: 'enable' }],
    ],
    [
      'says nothing twice of whom it switched off',
      { ...linked, account: account({ accountEnabled: false }) },
      read({ enabled: false }),
      [],
    ],
  ];
  for (const [says, now, person, changes, links = false] of cases) {
    it(says, () => {
      assert.deepEqual(changesFor(now, person, { links }), changes);
    });
  }

  it('joins no more groups than an account may have', () => {
    const groups = Array.from({ length: 49 }, (_, index) => `own${index}`);
    const full = { ...linked, account: account({ groups }) };
    assert.deepEqual(changesFor(full, read({}, ['a', 'b']), { links: false }), [
      { kind: 'groups', join: ['a'], leave: [] },
    ]);
  });

  it('makes nobody an administrator, whatever their groups are called', () => {
    const changes = changesFor(linked, read({}, ['global-admin', 'Domain Admins']), {
      links: true,
    });
    assert.deepEqual(
      changes.map(({ kind }) => kind),
      ['groups'],
    );
  });

  it('switches off whom the directory does not name any more, and no more than that', () => {
    assert.deepEqual(changesForGone(account()), [{ kind: 'disable', why: 'gone' }]);
    assert.deepEqual(changesForGone(account({ accountEnabled: false })), []);
  });
});

describe('the safety catch', () => {
  const rule = { share: 0.2, atLeast: 5 };
  it('holds where more than a share is to be switched off, and more than a few', () => {
    assert.equal(isTooMany(5, 6, rule), false, 'few are few');
    assert.equal(isTooMany(6, 6, rule), true);
    assert.equal(isTooMany(20, 100, rule), false, 'a fifth is not more than a fifth');
    assert.equal(isTooMany(21, 100, rule), true);
    assert.equal(isTooMany(0, 0, rule), false);
  });
});
