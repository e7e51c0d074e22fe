import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createGate, GateFullError } from './fifo.ts';

describe('a gate', () => {
  it('lets people through in the order in which they came', async () => {
    const gate = createGate();
    const order: number[] = [];
    const all = [0, 1, 2, 3, 4].map((number) =>
      gate.run(async () => {
        await new Promise(setImmediate);
        order.push(number);
      }),
    );
    assert.equal(gate.running, 1);
    assert.equal(gate.waiting, 4);
    await Promise.all(all);
    assert.deepEqual(order, [0, 1, 2, 3, 4]);
    assert.equal(gate.running, 0);
    assert.equal(gate.waiting, 0);
  });

  it('lets in as many at once as it has room for', async () => {
    const gate = createGate({ concurrency: 3 });
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 20 }, () =>
        gate.run(async () => {
          inside += 1;
          most = Math.max(most, inside);
          await new Promise(setImmediate);
          inside -= 1;
        }),
      ),
    );
    assert.equal(most, 3);
  });

  it('turns away whoever finds the queue full, and only them', async () => {
    const gate = createGate({ queueLimit: 2 });
    const leave = await gate.enter();
    const waiting = [gate.enter(), gate.enter()];
    await assert.rejects(gate.enter(), GateFullError);
    leave();
    for (const next of waiting) (await next)();
    assert.equal(gate.running, 0);
  });

  it('gives the place on when somebody fails', async () => {
    const gate = createGate();
    const failed = gate.run(() => Promise.reject(new Error('no')));
    const next = gate.run(() => 'yes');
    await assert.rejects(failed, /no/);
    assert.equal(await next, 'yes');
    assert.equal(gate.running, 0);
  });

  it('does not take a place twice from one who leaves twice', async () => {
    const gate = createGate();
    const leave = await gate.enter();
    const second = gate.enter();
    leave();
    leave();
    const leaveSecond = await second;
    assert.equal(gate.running, 1);
    leaveSecond();
    assert.equal(gate.running, 0);
  });

  it('lets nobody slip in before those who wait', async () => {
    const gate = createGate();
    const order: string[] = [];
    const leave = await gate.enter();
    const waited = gate.run(() => order.push('waited'));
    leave();
    const late = gate.run(() => order.push('late'));
    await Promise.all([waited, late]);
    assert.deepEqual(order, ['waited', 'late']);
  });

  it('lets whoever waits give up at once, and gives their place to the next', async () => {
    const gate = createGate();
    const leave = await gate.enter();
    const impatient = new AbortController();
    const second = gate.enter(impatient.signal);
    const third = gate.enter(new AbortController().signal);
    impatient.abort(new Error('enough'));
    await assert.rejects(second, /enough/);
    assert.equal(gate.waiting, 1);
    leave();
    const leaveThird = await third;
    await assert.rejects(gate.enter(impatient.signal), /enough/);
    leaveThird();
    assert.equal(gate.running, 0);
  });

  it('takes nothing from one who is inside when they are told to wait no longer', async () => {
    const gate = createGate();
    const told = new AbortController();
    const leave = await gate.enter();
    const second = gate.enter(told.signal);
    leave();
    told.abort();
    const leaveSecond = await second;
    assert.equal(gate.running, 1);
    leaveSecond();
    assert.equal(gate.running, 0);
  });

  it('holds a long queue', async () => {
    const gate = createGate();
    let served = 0;
    const all = Array.from({ length: 20_000 }, (_, number) =>
      gate.run(() => {
        assert.equal(served, number);
        served += 1;
      }),
    );
    await Promise.all(all);
    assert.equal(served, 20_000);
  });
});
