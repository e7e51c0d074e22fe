import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { solved } from '../../test/support/reset.ts';
import { startHall, type Hall } from '../../test/support/signin.ts';
import { createHumanCheck, waitSeconds, type HumanCheck } from './human-check.ts';

const address = '192.0.2.1';

describe('the human check', () => {
  let hall: Hall;
  let check: HumanCheck;
  before(async () => {
    hall = await startHall();
    check = createHumanCheck(hall.parts);
  });
  after(() => hall.close());

  const kindOf = async (payload: string, from = address): Promise<string> => {
    const result = await check.judge('attempt', payload, from);
    return result === 'passed' ? result : result.kind;
  };

  it('lets an answer through once, on whichever node it comes twice', async () => {
    const answer = solved(check.ask('attempt'));
    const other = createHumanCheck(hall.parts);
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, one) =>
        (one % 2 === 0 ? check : other).judge('attempt', answer, address),
      ),
    );
    assert.equal(results.filter((result) => result === 'passed').length, 1);
  });

  it('takes patience in place of work, ten times an hour from one network', async () => {
    const kinds: string[] = [];
    for (let times = 0; times < 11; times++) {
      const question = check.ask('attempt');
      assert.equal(await kindOf(question), 'wait');
      hall.clock.advanceSeconds(waitSeconds);
      kinds.push(await kindOf(question));
    }
    assert.deepEqual(new Set(kinds.slice(0, 10)), new Set(['passed']));
    assert.equal(kinds[10], 'limited');
    const question = check.ask('attempt');
    hall.clock.advanceSeconds(waitSeconds);
    assert.equal(await kindOf(question, '192.0.2.2'), 'passed', 'another network is not meant');
    assert.equal(await kindOf(question, '192.0.2.2'), 'again', 'nor is it good twice');
  });

  it('takes no more of it from one who changes to another address of the same network', async () => {
    const kinds: string[] = [];
    for (let times = 0; times < 11; times++) {
      const question = check.ask('attempt');
      hall.clock.advanceSeconds(waitSeconds);
      kinds.push(await kindOf(question, `2001:db8:7:7::${times + 1}`));
    }
    assert.deepEqual(kinds, [...Array<string>(10).fill('passed'), 'limited']);
  });
});
