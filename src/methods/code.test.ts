import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';

import { seededRandom } from '../lib/random.ts';
import {
  codeExpiresAt,
  isRememberedCode,
  newCode,
  newMatchDigits,
  rememberCode,
  typedCode,
} from './code.ts';

const keyedHash = (value: string): Buffer => createHmac('sha256', 'key').update(value).digest();

describe('a code that is sent', () => {
  const ask = { challengeId: 'challenge-1', keyedHash };

  it('is recognised again', () => {
    assert.equal(isRememberedCode(ask, rememberCode(ask, '012345'), '012345'), true);
    assert.equal(isRememberedCode(ask, rememberCode(ask, '012345'), '012346'), false);
  });

  it('is remembered in a way that does not show it', () => {
    assert.ok(!rememberCode(ask, '012345').includes('012345'));
  });

  it('is recognised in its own challenge only', () => {
    const other = { ...ask, challengeId: 'challenge-2' };
    assert.notEqual(rememberCode(ask, '012345'), rememberCode(other, '012345'));
    assert.equal(isRememberedCode(other, rememberCode(ask, '012345'), '012345'), false);
  });

  it('fits nothing when what was remembered is damaged', () => {
    assert.equal(isRememberedCode(ask, '', '012345'), false);
    assert.equal(isRememberedCode(ask, '!!', '012345'), false);
  });

  it('has six digits', () => {
    const random = seededRandom('codes');
    for (let drawn = 0; drawn < 200; drawn += 1) assert.match(newCode(random), /^\d{6}$/);
  });

  it('is over when its seconds are', () => {
    const now = new Date('2026-11-20T10:00:00Z');
    assert.equal(
      codeExpiresAt({ now, codeSeconds: 180 }).toISOString(),
      '2026-11-20T10:03:00.000Z',
    );
  });
});

describe('a code that is typed', () => {
  it('may have blanks, hyphens and dots in it', () => {
    for (const typed of [
      '123456',
      ' 123 456 ',
      '123-456',
      '12.34.56',
      '１２３４５６',
      '123\t456\r\n',
    ]) {
      assert.equal(typedCode.parse(typed), '123456');
    }
  });

  it('has six digits and nothing else', () => {
    for (const typed of ['', '12345', '1234567', '12345a', '-', '٣٣٣٣٣٣', '1'.repeat(65)]) {
      assert.equal(typedCode.safeParse(typed).success, false, typed);
    }
  });
});

describe('two digits to match', () => {
  it('are a number from 10 to 99, each of them sooner or later', () => {
    const random = seededRandom('digits');
    const drawn = new Set(Array.from({ length: 3000 }, () => newMatchDigits(random)));
    assert.equal(drawn.size, 90);
    for (const digits of drawn) assert.match(digits, /^[1-9]\d$/);
  });
});
