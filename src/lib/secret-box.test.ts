import assert from 'node:assert/strict';
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { createSecretBox, SecretBoxError, type SecretBoxFault } from './secret-box.ts';

const current = { id: '2026-11', key: randomBytes(32) };
const older = { id: '2025-11', key: randomBytes(32) };
const hashKey = randomBytes(32);
const box = createSecretBox({ current, previous: [older], hashKey });
const place = ['registrations', 'secret', '0b0e'];

function refused(reason: SecretBoxFault): (error: unknown) => boolean {
  return (error) => error instanceof SecretBoxError && error.reason === reason;
}

describe('a secret box', () => {
  it('gives back what was sealed, bytes or text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        assert.deepEqual(box.open(box.seal(bytes, place), place), Buffer.from(bytes));
      }),
    );
    assert.equal(box.open(box.seal('sleutel – ключ', place), place).toString(), 'sleutel – ключ');
    assert.equal(box.open(box.seal('', place), place).length, 0);
  });

  it('shows nothing of what is inside, not even that two are alike', () => {
    const [one, other] = [box.seal('JBSWY3DPEHPK3PXP', place), box.seal('JBSWY3DPEHPK3PXP', place)];
    assert.notDeepEqual(one, other);
    assert.equal(one.includes('JBSWY3DP'), false);
  });

  it('notices every single bit that was changed', () => {
    const sealed = box.seal('secret', place);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.throws(() => box.open(changed, place), SecretBoxError, `bit ${bit}`);
    }
  });

  it('refuses what was cut, lengthened or made up', () => {
    const sealed = box.seal('secret', place);
    for (let length = 0; length < sealed.length; length += 1) {
      assert.throws(() => box.open(sealed.subarray(0, length), place), SecretBoxError);
    }
    assert.throws(() => box.open(Buffer.concat([sealed, Buffer.alloc(1)]), place), SecretBoxError);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        assert.throws(() => box.open(bytes, place), SecretBoxError);
      }),
    );
  });

  it('refuses the secret of another row, column or table', () => {
    const anna = box.seal('anna', ['registrations', 'secret', 'anna']);
    const places = [
      ['registrations', 'secret', 'bram'],
      ['registrations', 'label', 'anna'],
      ['users', 'secret', 'anna'],
      ['registrations', 'secret'],
      ['registrations', 'secret', 'anna', ''],
      ['registrations', 'secretanna'],
      ['registrationssecretanna'],
      ['registrations', 'secret', 'Anna'],
    ];
    for (const elsewhere of places) {
      assert.throws(() => box.open(anna, elsewhere), refused('unreadable'));
    }
  });

  it('keeps any two places apart', () => {
    const context = fc.array(fc.string({ maxLength: 4 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(context, context, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        assert.throws(() => box.open(box.seal('x', one), other), refused('unreadable'));
      }),
    );
  });

  it('demands to be told where the secret stands, in text that is sound', () => {
    assert.throws(() => box.seal('x', []), TypeError);
    assert.throws(() => box.seal('x', ['\ud800']), TypeError);
  });

  it('opens what an older key sealed, and knows that it is due', () => {
    const before = createSecretBox({ current: older, previous: [], hashKey });
    const sealed = before.seal('kept', place);
    assert.equal(box.open(sealed, place).toString(), 'kept');
    assert.equal(box.isCurrent(sealed), false);
    assert.equal(box.isCurrent(box.seal('kept', place)), true);
    assert.equal(box.isCurrent(Buffer.from('nothing')), false);
  });

  it('says which key is missing, since that can be mended', () => {
    const stranger = { id: 'lost', key: randomBytes(32) };
    const sealed = createSecretBox({ current: stranger, previous: [], hashKey }).seal('x', place);
    assert.throws(
      () => box.open(sealed, place),
      (error) => error instanceof SecretBoxError && error.keyId === 'lost',
    );
    const sameName = { id: current.id, key: randomBytes(32) };
    const impostor = createSecretBox({ current: sameName, previous: [], hashKey });
    assert.throws(() => box.open(impostor.seal('x', place), place), refused('unreadable'));
  });

  it('refuses keys that cannot be right', () => {
    const short = { id: 'short', key: randomBytes(16) };
    assert.throws(() => createSecretBox({ current: short, previous: [], hashKey }), TypeError);
    assert.throws(
      () => createSecretBox({ current, previous: [current], hashKey }),
      /Two keys have the id/,
    );
    const nameless = { id: '', key: randomBytes(32) };
    assert.throws(() => createSecretBox({ current: nameless, previous: [], hashKey }), TypeError);
    assert.throws(
      () => createSecretBox({ current, previous: [], hashKey: randomBytes(31) }),
      TypeError,
    );
  });

  it('hashes for each purpose by itself, and the same after a rotation', () => {
    const rotated = createSecretBox({
      current: { id: 'next', key: randomBytes(32) },
      previous: [current, older],
      hashKey,
    });
    const hash = box.keyedHash('session', 'token');
    assert.equal(hash.length, 32);
    assert.deepEqual(rotated.keyedHash('session', 'token'), hash);
    assert.deepEqual(box.keyedHash('session', Buffer.from('token')), hash);
    assert.notDeepEqual(box.keyedHash('app-password', 'token'), hash);
    const key = Buffer.from(hkdfSync('sha256', hashKey, '', 'secret-box hash 1 session', 32));
    assert.deepEqual(createHmac('sha256', key).update('token').digest(), hash);
  });
});
