import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { messagesPerUser, wrongPasswords, wrongSecondSteps } from './rules.ts';
import { pausedUntil, raise, takeBack, type CounterRecord, type Rule } from './throttle.ts';

const start = new Date('2026-11-20T09:00:00Z');
const after = (seconds: number): Date => new Date(start.getTime() + seconds * 1000);

/** Raises at each moment (in seconds from the start) and tells how it ended. */
function raiseAt(rule: Rule, ...moments: readonly number[]) {
  let record: CounterRecord | undefined;
  const results = moments.map((moment) => {
    const raised = raise(rule, record, after(moment));
    record = raised.record;
    return raised.result;
  });
  return { record, results, last: results.at(-1) };
}

const times = (count: number, from = 0): readonly number[] =>
  Array.from({ length: count }, (_, index) => from + index);

describe('wrong second steps', () => {
  it('are looked at ten times, and the tenth says that it was the last', () => {
    const { results } = raiseAt(wrongSecondSteps, ...times(10));
    assert.ok(results.every((result) => result.allowed));
    assert.deepEqual(results.at(8), { allowed: true, remaining: 1, reached: false });
    assert.deepEqual(results.at(9), { allowed: true, remaining: 0, reached: true });
  });

  it('are refused for 15 minutes after that, with the moment at which it ends', () => {
    const { last } = raiseAt(wrongSecondSteps, ...times(10), 60);
    assert.deepEqual(last, { allowed: false, until: after(9 + 15 * 60) });
  });

  it('get one try after the pause, and then a pause twice as long', () => {
    const first = 9 + 15 * 60;
    const { results } = raiseAt(wrongSecondSteps, ...times(10), first + 1, first + 2);
    assert.equal(results.at(10)?.allowed, true);
    assert.deepEqual(results.at(11), { allowed: false, until: after(first + 1 + 30 * 60) });
  });

  it('never pause for longer than a day', () => {
    let record: CounterRecord | undefined = raiseAt(wrongSecondSteps, ...times(10)).record;
    let now = start;
    for (let round = 0; round < 12; round++) {
      now = new Date((record?.pausedUntil ?? 0) + 1);
      record = raise(wrongSecondSteps, record, now).record;
    }
    assert.ok((record?.pausedUntil ?? 0) - now.getTime() <= 86_400_000);
  });

  it('are forgotten one by one when a day has passed: the window rolls', () => {
    const day = 86_400;
    const { results } = raiseAt(wrongSecondSteps, ...times(9), day + 4, day + 4.5, day + 4.6);
    assert.deepEqual(results.at(9), { allowed: true, remaining: 5, reached: false });
  });
});

describe('wrong passwords', () => {
  it('count the same mistake once', () => {
    let record: CounterRecord | undefined;
    for (let tries = 0; tries < 30; tries++) {
      const raised = raise(wrongPasswords, record, after(tries), 'the old password');
      record = raised.record;
      assert.equal(raised.result.allowed, true);
    }
    assert.equal(record?.events.length, 1);
  });

  it('pause for a minute after ten different ones', () => {
    let record: CounterRecord | undefined;
    for (let tries = 0; tries < 10; tries++) {
      record = raise(wrongPasswords, record, after(tries), `guess ${tries}`).record;
    }
    assert.deepEqual(pausedUntil(record, after(10)), after(9 + 60));
    assert.equal(raise(wrongPasswords, record, after(11), 'guess 3').result.allowed, false);
    assert.equal(pausedUntil(record, after(70)), undefined);
  });
});

describe('what nobody could look at', () => {
  it('is taken back, with the pause that it began', () => {
    const { record: nine } = raiseAt(wrongPasswords, ...times(9));
    const { record: ten } = raise(wrongPasswords, nine, after(9));
    assert.deepEqual(pausedUntil(ten, after(10)), after(9 + 60));
    assert.deepEqual(takeBack(ten, after(9)), nine);
  });

  it('leaves what others did meanwhile, and what is forgotten by now', () => {
    const { record } = raiseAt(wrongPasswords, 0, 1, 2);
    assert.deepEqual(takeBack(record, after(1)), raiseAt(wrongPasswords, 0, 2).record);
    assert.deepEqual(takeBack(record, after(7)), record);
    assert.deepEqual(takeBack(undefined, after(7)).events, []);
    const { record: paused } = raiseAt(wrongPasswords, ...times(10));
    assert.equal(takeBack(paused, after(3)).pausedUntil, paused?.pausedUntil);
  });
});

describe('texts and calls', () => {
  it('go out at most once in 30 seconds', () => {
    assert.deepEqual(raiseAt(messagesPerUser, 0, 29).last, { allowed: false, until: after(30) });
    assert.equal(raiseAt(messagesPerUser, 0, 30).last?.allowed, true);
  });

  it('go out at most five times an hour, and say when the next may', () => {
    const { results } = raiseAt(messagesPerUser, 0, 40, 80, 120, 160, 200, 3600);
    assert.equal(results.at(4)?.allowed, true);
    assert.deepEqual(results.at(5), { allowed: false, until: after(3600) });
    assert.equal(results.at(6)?.allowed, true);
  });
});
