import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { settableClock, systemClock } from './clock.ts';
import { randomBelow, seededRandom, shuffle, systemRandom } from './random.ts';

describe('chance', () => {
  it('gives digits of which each is equally likely', () => {
    const counts = Array.from({ length: 10 }, () => 0);
    for (const digit of seededRandom('digits').digits(100_000)) {
      const value = Number(digit);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    // 99.99 % of fair draws stay within four standard deviations (95) of 10,000.
    for (const count of counts) assert.ok(Math.abs(count - 10_000) < 400, String(counts));
  });

  it('gives as much as was asked for', () => {
    assert.equal(systemRandom.bytes(12).length, 12);
    assert.match(systemRandom.digits(6), /^\d{6}$/);
    assert.match(systemRandom.token(), /^[\w-]{43}$/);
    assert.match(systemRandom.token(16), /^[\w-]{22}$/);
    assert.match(systemRandom.base32(24), /^[A-Z2-7]{24}$/);
    assert.match(systemRandom.base32(3), /^[A-Z2-7]{3}$/);
    assert.equal(systemRandom.digits(0), '');
  });

  it('does not repeat itself', () => {
    const tokens = Array.from({ length: 1000 }, () => systemRandom.token());
    assert.equal(new Set(tokens).size, 1000);
  });

  it('can be foreseen when it is seeded', () => {
    const [one, same, other] = [seededRandom(1), seededRandom(1), seededRandom(2)];
    const draw = (random: typeof one): string[] => [
      random.token(),
      random.digits(6),
      random.base32(24),
      random.bytes(100).toString('hex'),
    ];
    const first = draw(one);
    assert.deepEqual(first, draw(same));
    assert.notDeepEqual(first, draw(other));
    assert.notDeepEqual(first, draw(one));
  });

  it('draws below a limit without favour', () => {
    const random = seededRandom('below');
    const counts = new Map<number, number>();
    for (let drawn = 0; drawn < 30_000; drawn += 1) {
      const value = randomBelow(random, 3);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    assert.deepEqual(new Set(counts.keys()), new Set([0, 1, 2]));
    for (const count of counts.values()) assert.ok(Math.abs(count - 10_000) < 400);
    assert.equal(randomBelow(random, 1), 0);
    assert.throws(() => randomBelow(random, 0), RangeError);
    assert.throws(() => randomBelow(random, 1.5), RangeError);
  });

  it('shuffles without losing anything', () => {
    const items = [1, 2, 3, 4, 5, 6, 7, 8];
    const shuffled = shuffle(seededRandom('cards'), items);
    assert.notDeepEqual(shuffled, items);
    assert.deepEqual(new Set(shuffled), new Set(items));
    assert.equal(shuffled.length, items.length);
    assert.deepEqual(items, [1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe('a clock', () => {
  it('stands still until it is moved', () => {
    const clock = settableClock(new Date('2026-11-20T12:00:00Z'));
    clock.now().setFullYear(1999);
    assert.equal(clock.now().toISOString(), '2026-11-20T12:00:00.000Z');
    clock.advanceSeconds(1.5);
    assert.equal(clock.now().toISOString(), '2026-11-20T12:00:01.500Z');
    clock.set(new Date(0));
    assert.equal(clock.now().getTime(), 0);
  });

  it('tells the time of the machine', () => {
    const before = Date.now();
    const now = systemClock.now().getTime();
    assert.ok(now >= before && now <= Date.now());
  });
});
