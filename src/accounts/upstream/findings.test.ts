import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { element, integer, sequence } from '../../lib/ber.ts';
import type { Control } from '../../lib/ldap/message.ts';
import { changeOf, findingOf, passwordPolicy, refusal } from './findings.ts';

const policy = (value: Buffer | undefined): Control => ({
  type: passwordPolicy.type,
  isCritical: false,
  value,
});
const fault = (code: number): Control => policy(sequence(element(0x81, Buffer.from([code]))));
const outcome = (code: number, ...controls: readonly Control[]) => ({
  code,
  matchedDn: '',
  message: '',
  controls,
});
const found = (code: number, ...controls: readonly Control[]): string =>
  findingOf('ldap', outcome(code, ...controls)).kind;

describe("a directory's answer to a password", () => {
  it('is told by its result', () => {
    assert.equal(found(0), 'right');
    assert.equal(found(49), 'wrong');
    assert.equal(found(48), 'wrong', 'an entry without a password');
    assert.equal(found(32), 'wrong', 'an entry that went away');
    assert.equal(found(53), 'locked', '389 Directory Server, of an account that is switched off');
    for (const code of [1, 8, 10, 13, 51, 52, 80, 123]) assert.equal(found(code), 'unavailable');
  });

  it('is told by its password policy', () => {
    const warning = element(0xa0, integer(600, 0x80));
    assert.equal(found(0, fault(2)), 'must-change', 'set by an administrator');
    assert.equal(found(0, policy(sequence(warning))), 'right', 'will expire');
    assert.equal(
      found(0, policy(sequence(warning, element(0x81, Buffer.from([2]))))),
      'must-change',
    );
    assert.equal(found(49, fault(0)), 'must-change', 'expired');
    assert.equal(found(49, fault(1)), 'locked');
    assert.equal(found(49, fault(2)), 'wrong');
    assert.equal(found(49, policy(undefined)), 'wrong');
    assert.equal(found(49, policy(Buffer.from('no BER'))), 'wrong');
    const expired = { type: '2.16.840.1.113730.3.4.4', isCritical: false, value: Buffer.from('0') };
    assert.equal(found(0, expired), 'must-change');
    assert.equal(found(49, expired), 'must-change');
  });

  it('is told to a log without what a server may have put between the lines', () => {
    const { message } = refusal('It was not looked at', {
      ...outcome(52),
      message: 'busy\0\nsigned in: root\r\n',
    });
    assert.equal(message, 'It was not looked at (result 52): busy signed in: root');
    const silent = refusal('It was not let in', outcome(49));
    assert.equal(silent.message, 'It was not let in (result 49)');
  });
});

describe("a directory's answer to a new password", () => {
  it('tells its rules from what an operator has to put right', () => {
    const kinds = [
      [0, 'changed'],
      [19, 'refused'],
      [32, 'gone'],
      [2, 'forbidden'],
      [13, 'forbidden'],
      [50, 'forbidden'],
      [53, 'forbidden'],
      [51, 'unavailable'],
    ] as const;
    for (const [code, kind] of kinds) assert.equal(changeOf('ldap', outcome(code)).kind, kind);
  });
});
