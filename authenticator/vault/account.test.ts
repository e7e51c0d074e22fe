import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { moved, ownerOf, titleOf, withAccount, type Account } from './account.ts';

const otp = { key: 'JBSWY3DPEHPK3PXP', digits: 6, period: 30, algorithm: 'sha1' } as const;
const other = (issuer: string, id = issuer): Account => ({
  kind: 'other',
  id,
  name: '',
  issuer,
  account: 'anna',
  otp,
});
const work: Account = {
  kind: 'tweestap',
  id: 'work',
  name: 'My job',
  origin: 'https://id.example.org',
  organisation: 'Voorbeeld',
  userPrincipalName: 'anna@voorbeeld.example',
  otp,
  device: null,
  isRemovedThere: true,
};
const ids = (accounts: readonly Account[]): readonly string[] => accounts.map(({ id }) => id);

describe('the accounts', () => {
  it('are called as their owner calls them, else as their server does', () => {
    assert.equal(titleOf(work), 'My job');
    assert.equal(titleOf({ ...work, name: '' }), 'Voorbeeld');
    assert.equal(titleOf(other('GitHub')), 'GitHub');
    assert.equal(titleOf(other('')), 'anna');
    assert.equal(ownerOf(work), 'anna@voorbeeld.example');
  });

  it('take a new one last, and one that was registered again in its own place and name', () => {
    const before = [work, other('GitHub')];
    assert.deepEqual(ids(withAccount(before, other('Bank'))), ['work', 'GitHub', 'Bank']);
    const again: Account = { ...work, id: 'new', name: '', isRemovedThere: false };
    const [first, ...rest] = withAccount(before, again);
    assert.equal(first?.id, 'work');
    assert.equal(first.name, 'My job');
    assert.ok(first.kind === 'tweestap' && !first.isRemovedThere);
    assert.equal(rest.length, 1);
  });

  it('move a place up or down, and not over the ends', () => {
    const three = [other('a'), other('b'), other('c')];
    assert.deepEqual(ids(moved(three, 'c', -1)), ['a', 'c', 'b']);
    assert.deepEqual(ids(moved(three, 'a', 1)), ['b', 'a', 'c']);
    assert.deepEqual(ids(moved(three, 'a', -1)), ['a', 'b', 'c']);
    assert.deepEqual(ids(moved(three, 'c', 1)), ['a', 'b', 'c']);
  });
});
