import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { generatePassword } from './generated-password.ts';
import { passwordFault, type PasswordFault } from './password-rules.ts';
import { systemRandom } from '../lib/random.ts';

const anna = {
  userPrincipalName: 'a.devries@voorbeeld.example',
  displayName: 'Anna de Vries',
  organisation: 'Voorbeeld',
};
const faults = (passwords: readonly string[]): readonly (readonly [string, unknown])[] =>
  passwords.map((password) => [password, passwordFault(password, anna)]);
const all = (
  passwords: readonly string[],
  fault: PasswordFault | undefined,
): readonly (readonly [string, unknown])[] => passwords.map((password) => [password, fault]);

describe('a new password', () => {
  it('has 8 to 256 characters, and as many bytes as those need', () => {
    const good = ['rustig-v', 'é'.repeat(128) + 'vogel'.repeat(25), 'rustig vogel 42'];
    assert.deepEqual(faults(good), all(good, undefined));
    assert.equal(passwordFault('rustigv', anna), 'too-short');
    assert.equal(passwordFault('🐦🐤🐥🦉🐧🦆🦢', anna), 'too-short');
    assert.equal(passwordFault('rustig vogel '.repeat(20), anna), 'too-long');
    assert.equal(passwordFault('🐦🐤🐥🦉🐧🦆🦢🦜'.repeat(32) + 'x', anna), 'too-long');
  });

  it('is none of those that everybody tries first, in either language', () => {
    const common = [
      'password',
      'wachtwoord',
      'Password1',
      'Wachtwoord2026!',
      'Welkom01',
      'Welkom123!',
      'P@ssw0rd',
      'Passw0rd1!',
      'w3lk0m2026',
      '!Zomer2026!',
      'Feyenoord1908',
      'welkomwelkom',
      'GEHEIM01',
      'géheim123',
      'iloveyou2',
      'ik hou van je',
      'correcthorsebatterystaple',
    ];
    assert.deepEqual(faults(common), all(common, 'too-common'));
  });

  it('is no row of keys, digits, or the same again', () => {
    const rows = [
      '12345678',
      '87654321',
      'abcdefgh',
      'qwertyuiop',
      'qwerty12345',
      'abcd1234',
      'aaaaaaaa',
      'aaaabbbb1',
      '01021990',
      '0612345612',
      '1111222233',
    ];
    assert.deepEqual(faults(rows), all(rows, 'too-common'));
  });

  it('has not the name of its owner, or of the organisation', () => {
    const named = [
      'Anna2026!?x',
      'annadevries1',
      'A.deVries77',
      'ik ben anna en ik fiets',
      'mijnvoorbeeldige kat',
      'Voorbeeld-7391',
    ];
    assert.deepEqual(faults(named), all(named, 'names-owner'));
  });

  it('may be any few words, also where a short name hides in them', () => {
    const fine = [
      'correct horse battery',
      'een heel eigen wachtwoord',
      'a new password',
      'savannah regent zelden',
      'Tr0ub4dor&3',
      'kf3a-7qhw-2mxr-t5bz',
      '4815162342108',
      'пароль из трёх слов',
    ];
    assert.deepEqual(faults(fine), all(fine, undefined));
  });

  it('may be one that we make', () => {
    for (let count = 0; count < 200; count += 1) {
      assert.equal(passwordFault(generatePassword(systemRandom), anna), undefined);
    }
  });

  it('is judged quickly, however long it is', () => {
    const before = performance.now();
    for (let count = 0; count < 50; count += 1) passwordFault('a1!'.repeat(85), anna);
    passwordFault('x'.repeat(1_000_000), anna);
    assert.ok(performance.now() - before < 1000);
  });
});
