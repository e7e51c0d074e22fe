import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { describe, it } from 'node:test';

import { hash as argon2 } from '@node-rs/argon2';

import {
  createPasswordHasher,
  HasherBusyError,
  normalisePassword,
  PasswordTooLongError,
} from './password-hash.ts';

const hasher = createPasswordHasher({ concurrency: 1 });

describe('a password hasher', () => {
  it('knows the password again, and no other', async () => {
    const stored = await hasher.hash('correct horse battery');
    assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    assert.equal(await hasher.verify(stored, 'correct horse battery'), true);
    assert.equal(await hasher.verify(stored, 'correct horse batterY'), false);
    assert.equal(await hasher.verify(stored, 'correct horse battery '), false);
    assert.equal(await hasher.verify(stored, ''), false);
    assert.notEqual(await hasher.hash('correct horse battery'), stored);
  });

  it('takes a password however the keyboard composed it', async () => {
    const stored = await hasher.hash('caf\u00e9 \ufb01n');
    assert.equal(await hasher.verify(stored, 'cafe\u0301 fin'), true);
  });

  it('tells passwords apart that differ only far behind', async () => {
    const start = 'x'.repeat(72);
    const stored = await hasher.hash(`${start}1`);
    assert.equal(await hasher.verify(stored, `${start}1`), true);
    assert.equal(await hasher.verify(stored, `${start}2`), false);
  });

  it('takes 256 characters of any script and refuses one more', async () => {
    const longest = '\u{1f511}'.repeat(256);
    assert.equal(Buffer.byteLength(longest), 1024);
    const stored = await hasher.hash(longest);
    assert.equal(await hasher.verify(stored, longest), true);
    await assert.rejects(hasher.hash('a'.repeat(257)), PasswordTooLongError);
    await assert.rejects(hasher.hash(`${'\u{1f511}'.repeat(255)}aaaaa`), PasswordTooLongError);
  });

  it('refuses a password of a megabyte in no time, without hashing', async () => {
    const full = createPasswordHasher({ concurrency: 1, queueLimit: 0 });
    const running = full.hash('somebody else');
    for (const long of ['a'.repeat(257), '\u{1f511}'.repeat(500_000), '\ufdfa'.repeat(300_000)]) {
      const started = performance.now();
      // With the queue full, anything that wanted to hash would be turned away instead.
      assert.equal(await full.verify(null, long), false);
      assert.ok(performance.now() - started < 50);
    }
    await running;
  });

  it('says no to nobody, with the same work', async () => {
    assert.equal(await hasher.verify(null, 'anything'), false);
    // How long it takes is measured in bench/; here: it goes through the gate and hashes like anybody's.
    const pending = hasher.verify(null, 'anything');
    assert.equal(hasher.metrics().running, 1);
    assert.equal(await pending, false);
    assert.equal(hasher.metrics().running, 0);
  });

  it('says no to a stored hash that it cannot read or afford', async () => {
    const greedy =
      '$argon2id$v=19$m=4194304,t=2,p=1$m/D7uMVzRtvKkWG5AxeWWQ$omcq7Ytvw4I3/K3GnsdFEs5vv0rRIN+LtS+aayQdLqk';
    for (const stored of ['', 'x', '$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA', greedy]) {
      assert.equal(await hasher.verify(stored, 'x'), false);
      assert.equal(hasher.needsRehash(stored), true);
    }
  });

  it('verifies hashes of other strength and asks for a new one', async () => {
    const weaker = await argon2('from elsewhere', { memoryCost: 8192, timeCost: 1 });
    assert.equal(await hasher.verify(weaker, 'from elsewhere'), true);
    assert.equal(hasher.needsRehash(weaker), true);
    assert.equal(hasher.needsRehash(await hasher.hash('x')), false);
  });

  it('serves people in the order in which they came', async () => {
    const queue = createPasswordHasher({ concurrency: 1 });
    const order: number[] = [];
    const all = [0, 1, 2, 3].map((number) =>
      queue.hash(`password ${number}`).then(() => order.push(number)),
    );
    await new Promise(setImmediate);
    assert.deepEqual(queue.metrics(), { running: 1, waiting: 3 });
    await Promise.all(all);
    assert.deepEqual(order, [0, 1, 2, 3]);
    assert.deepEqual(queue.metrics(), { running: 0, waiting: 0 });
  });

  it('turns people away rather than let them pile up', async () => {
    const small = createPasswordHasher({ concurrency: 1, queueLimit: 2 });
    const served = [small.hash('1'), small.hash('2'), small.verify(null, '3')];
    await assert.rejects(small.hash('4'), HasherBusyError);
    await assert.rejects(small.verify(null, '5'), HasherBusyError);
    await Promise.all(served);
    assert.equal(await small.verify(await small.hash('6'), '6'), true);
  });

  it('leaves the event loop free while it is busy', async () => {
    const busy = createPasswordHasher({ concurrency: 2 });
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await Promise.all(Array.from({ length: 30 }, () => busy.verify(null, 'x')));
    delay.disable();
    // A hash takes 12 ms and more; on the loop itself the median would be no less than that.
    assert.ok(delay.percentile(50) / 1e6 < 8, `${delay.percentile(50) / 1e6} ms`);
  });
});

describe('the one form of a password', () => {
  it('trims nothing and folds nothing', () => {
    assert.equal(normalisePassword(' Aa '), ' Aa ');
    assert.equal(normalisePassword(''), '');
  });

  it('counts after normalising, since that is what is hashed', () => {
    // One code point that becomes eighteen.
    assert.equal(normalisePassword('\ufdfa'.repeat(15)), null);
    assert.equal(normalisePassword('e\u0301'.repeat(256))?.length, 256);
  });
});
