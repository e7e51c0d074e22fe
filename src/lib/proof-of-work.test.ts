import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';

import { askForWork, judgeWork, writeQuestion, type WorkQuestion } from './proof-of-work.ts';
import { seededRandom } from './random.ts';
import { solved } from '../../test/support/reset.ts';

const sign = (value: string): Buffer => createHmac('sha256', 'key').update(value).digest();
const now = new Date('2026-11-21T09:00:00Z');
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

const ask = (): WorkQuestion =>
  askForWork(
    { random: seededRandom('work'), sign, now },
    { context: 'attempt', maxNumber: 500, goodSeconds: 60 },
  );
const judge = (payload: string, at = now, context = 'attempt') =>
  judgeWork({ sign, now: at }, payload, context).kind;
const changed = (payload: string, change: object): string =>
  Buffer.from(
    JSON.stringify({ ...JSON.parse(Buffer.from(payload, 'base64').toString()), ...change }),
  ).toString('base64');

describe('a proof of work', () => {
  it('is right with the number that was searched for', () => {
    assert.equal(judge(solved(writeQuestion(ask()))), 'right');
  });

  it('is unsolved without a number, or with another one', () => {
    const question = writeQuestion(ask());
    assert.equal(judge(question), 'unsolved');
    for (const number of [-1, 501, 1.5, '7', null]) {
      assert.equal(judge(changed(question, { number })), 'unsolved');
    }
  });

  it('is good for its time and its errand only', () => {
    const answer = solved(writeQuestion(ask()));
    assert.equal(judge(answer, later(59)), 'right');
    assert.equal(judge(answer, later(60)), 'unreadable');
    assert.equal(judge(answer, now, 'another attempt'), 'unreadable');
  });

  it('is none of ours where anything of it was changed', () => {
    const answer = solved(writeQuestion(ask()));
    for (const change of [
      { maxnumber: 1 },
      { salt: 'x?issued=0&expires=99999999999' },
      { challenge: '00' },
      { signature: 'AAAA' },
      { signature: 7 },
    ]) {
      assert.equal(judge(changed(answer, change)), 'unreadable');
    }
    for (const payload of ['', 'nonsense', 'bnVsbA==', 'x'.repeat(3000)]) {
      assert.equal(judge(payload), 'unreadable');
    }
  });
});
