import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { answer, enter, hangUp, press, type CallStep } from '../../call-script.ts';
import type { CallMessage } from '../../message.ts';
import { obey, ring, speak, toVoicemail, wait, type Call } from './call.ts';

const start = new Date('2026-11-20T09:00:00Z');
const at = (seconds: number): Date => new Date(start.getTime() + seconds * 1_000);

const script: CallMessage = {
  kind: 'call',
  to: '+31201234567',
  extension: '12',
  language: 'en',
  greeting: 'This is Voorbeeld.',
  instruction: 'Press the hash key.',
  thanks: 'Thank you.',
  refused: 'That was not the hash key.',
};

const ringing = ring(script, start);
const answered = stepped(answer(ringing, at(3))).call;
const listening = speak(answered, at(3));

function stepped(step: CallStep<Call> | undefined): CallStep<Call> {
  assert.ok(step !== undefined, 'nothing came of it');
  return step;
}

describe('a simulated call', () => {
  it('rings, is answered, and then says who is asking and what to press', () => {
    assert.equal(ringing.phase, 'ringing');
    assert.deepEqual(ringing.spoken, []);
    assert.deepEqual(stepped(answer(ringing, at(3))).reports, [{ kind: 'answered' }]);
    assert.equal(answered.promptSpoken, false);
    assert.deepEqual(listening.spoken, ['This is Voorbeeld.', 'Press the hash key.']);
    assert.equal(listening.promptSpoken, true);
  });

  it('dials the extension after the answer, never before', () => {
    assert.equal(ringing.dialled, undefined);
    assert.equal(answered.dialled, undefined);
    assert.equal(listening.dialled, '12');
  });

  it('takes no keys while it rings or when it is over', () => {
    const over = stepped(hangUp(listening, at(4))).call;
    for (const call of [ringing, over]) {
      assert.equal(enter(call, '#', at(5)), undefined);
      assert.equal(press(call, '#', at(5)), undefined);
    }
  });

  it('says of keys whether the instruction had been spoken', () => {
    assert.deepEqual(stepped(enter(answered, '#', at(3))).reports, [
      { kind: 'keys', keys: '#', promptSpoken: false },
    ]);
    assert.deepEqual(stepped(enter(listening, '42#', at(5))).reports, [
      { kind: 'keys', keys: '42#', promptSpoken: true },
    ]);
  });

  it('collects keys pressed one by one until #', () => {
    const four = stepped(press(listening, '4', at(5)));
    const two = stepped(press(four.call, '2', at(6)));
    const hash = stepped(press(two.call, '#', at(7)));
    assert.deepEqual([four.reports, two.reports], [[], []]);
    assert.deepEqual(hash.reports, [{ kind: 'keys', keys: '42#', promptSpoken: true }]);
    assert.equal(hash.call.typed, '');
  });

  it('takes a pause for the end of an entry', () => {
    const one = stepped(press(listening, '1', at(5))).call;
    assert.equal(wait(one, at(9)), undefined);
    assert.deepEqual(stepped(wait(one, at(10))).reports, [
      { kind: 'keys', keys: '1', promptSpoken: true },
    ]);
  });

  it('tells every key of a greeting made of tones, before anybody has spoken', () => {
    assert.deepEqual(stepped(press(answered, '1', at(3))).reports, [
      { kind: 'keys', keys: '1', promptSpoken: false },
    ]);
  });

  it('rings for a minute', () => {
    assert.equal(wait(ringing, at(59)), undefined);
    const step = stepped(wait(ringing, at(60)));
    assert.deepEqual(step.reports, [{ kind: 'ended', reason: 'no-answer' }]);
    assert.equal(step.call.phase, 'ended');
    assert.equal(wait(step.call, at(120)), undefined);
  });

  it('repeats the instruction twice on silence and then hangs up', () => {
    const first = stepped(wait(listening, at(13))).call;
    assert.equal(first.spoken.at(-1), 'Press the hash key.');
    assert.equal(first.spoken.length, 3);
    const second = stepped(wait(first, at(23))).call;
    const over = stepped(wait(second, at(33)));
    assert.deepEqual(over.reports, [{ kind: 'ended', reason: 'no-key' }]);
  });

  it('is where it would be when the clock jumps', () => {
    let call: Call = listening;
    const reports = [];
    for (let step = wait(call, at(100)); step !== undefined; step = wait(call, at(100))) {
      ({ call } = step);
      reports.push(...step.reports);
    }
    assert.deepEqual(reports, [{ kind: 'ended', reason: 'no-key' }]);
  });

  it('tells a declined call from one that was hung up', () => {
    assert.deepEqual(stepped(hangUp(ringing, at(5))).reports, [{ kind: 'ended', reason: 'busy' }]);
    assert.deepEqual(stepped(hangUp(listening, at(5))).reports, [
      { kind: 'ended', reason: 'hung-up' },
    ]);
    assert.equal(hangUp(stepped(hangUp(ringing, at(5))).call, at(6)), undefined);
  });

  it('goes to voicemail while it rings, and says nothing there', () => {
    const step = stepped(toVoicemail(ringing, at(20)));
    assert.deepEqual(step.reports, [{ kind: 'ended', reason: 'voicemail' }]);
    assert.deepEqual(step.call.spoken, []);
    assert.equal(toVoicemail(listening, at(20)), undefined);
  });

  it('thanks and ends when the service says so', () => {
    const call = obey(listening, { say: 'thanks', hangUp: true }, at(6));
    assert.equal(call.spoken.at(-1), 'Thank you.');
    assert.equal(call.phase, 'ended');
    assert.equal(call.end, 'completed');
  });

  it('says what was wrong and what to press when one may try again', () => {
    const call = obey(listening, { say: 'refused' }, at(6));
    assert.deepEqual(call.spoken.slice(-2), ['That was not the hash key.', 'Press the hash key.']);
    assert.equal(call.phase, 'answered');
  });

  it('says nothing into a call that was hung up meanwhile', () => {
    const over = stepped(hangUp(listening, at(5))).call;
    assert.equal(obey(over, { say: 'thanks', hangUp: true }, at(6)), over);
  });
});
