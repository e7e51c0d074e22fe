import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { atMost, unlessAborted, within } from './deadline.ts';

const never = (): Promise<never> => new Promise(() => undefined);
const aLongTime = 60_000;

describe('work within a time', () => {
  it('has its own outcome where it comes to one', async () => {
    const { signal } = new AbortController();
    assert.equal(await within(aLongTime, signal, async () => 'done'), 'done');
    const failing = within(aLongTime, signal, async () => Promise.reject(new Error('no')));
    await assert.rejects(failing, /^Error: no$/);
  });

  it('is left behind when the time is up, and told so', async () => {
    let told: AbortSignal | undefined;
    const working = within(10, new AbortController().signal, (signal) => {
      told = signal;
      return never();
    });
    await assert.rejects(working, /no answer within 0\.01 seconds/);
    assert.equal(told?.aborted, true);
  });

  it('is left behind when whoever asked for it gives up, and never begun where they had before', async () => {
    const givingUp = new AbortController();
    const working = within(aLongTime, givingUp.signal, never);
    givingUp.abort(new Error('enough'));
    await assert.rejects(working, /enough/);
    const late = within(aLongTime, givingUp.signal, async () => assert.fail('it was begun'));
    await assert.rejects(late, /enough/);
  });

  it('may say itself what became of it, when it is told to end', async () => {
    const ends = (signal: AbortSignal): Promise<never> =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('nothing was sent')));
      });
    const working = within(10, new AbortController().signal, ends);
    await assert.rejects(working, /nothing was sent/);
  });
});

describe('work that others wait for as well', () => {
  it('is left to them by whoever gives up, at once', async () => {
    const shared = Promise.withResolvers<string>();
    const [patient, impatient] = [new AbortController(), new AbortController()];
    const one = unlessAborted(patient.signal, shared.promise);
    const other = unlessAborted(impatient.signal, shared.promise);
    impatient.abort(new Error('enough'));
    await assert.rejects(other, /enough/);
    await assert.rejects(unlessAborted(impatient.signal, shared.promise), /enough/);
    shared.resolve('done');
    assert.equal(await one, 'done');
  });
});

describe('waiting', () => {
  it('ends with the work or with the time, whichever is first', async () => {
    await atMost(aLongTime, Promise.resolve());
    await atMost(10, never());
    await assert.rejects(atMost(aLongTime, Promise.reject(new Error('no'))), /no/);
  });
});
