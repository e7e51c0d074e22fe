import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { startHall, type Arrival, type Hall } from '../../test/support/signin.ts';
import type { Progress } from './progress.ts';
import { attemptTopic } from './topics.ts';
import { inWork } from './work.ts';

describe('whoever waits for an attempt', () => {
  let hall: Hall;
  beforeEach(async () => {
    hall = await startHall();
  });
  afterEach(() => hall.close());

  /** What the page of this attempt sees that looks the moment it is told. */
  const lookWhenTold = ({ ref }: Arrival): (() => Promise<readonly Progress[]>) => {
    const looks: Promise<Progress>[] = [];
    hall.database.database.signals.hear(attemptTopic(ref.id), () => {
      looks.push(hall.signin.look(ref));
    });
    return () => Promise.all(looks);
  };
  const calledAt = async (): Promise<Arrival & { challengeId: string }> => {
    const user = await hall.person();
    await hall.phone(user);
    const arrival = await hall.arrive(user);
    // Calls and texts keep their distance.
    hall.clock.advanceSeconds(31);
    const call = arrival.progress.known.options.find(({ method }) => method.id === 'phone-call');
    const { attempt } = await hall.signin.choose(arrival.ref, call?.id ?? '');
    return { ...arrival, challengeId: attempt.challenge?.id ?? '' };
  };

  it('is told of what a provider reported, once it can be seen', async () => {
    const { challengeId, ...arrival } = await calledAt();
    const seen = lookWhenTold(arrival);
    await hall.signin.hear({
      attemptId: arrival.ref.id,
      challengeId,
      event: { kind: 'keys', keys: '#', promptSpoken: true },
    });
    assert.deepEqual(
      (await seen()).map(({ step }) => step.kind),
      ['finish'],
    );
  });

  it('is told of the end of the attempt', async () => {
    const user = await hall.person();
    await hall.app(user);
    const arrival = await hall.arrive(user);
    const { challenge } = arrival.progress.attempt;
    const seen = lookWhenTold(arrival);
    await hall.signin.answer(arrival.ref, challenge?.id ?? '', { code: hall.appCode() });
    assert.deepEqual(
      (await seen()).map(({ step }) => step),
      [{ kind: 'gone', reason: 'finished' }],
    );
  });

  it('is not told of what was undone, and sleeps on where another attempt went on', async () => {
    const user = await hall.person();
    await hall.phone(user);
    const sleeping = await hall.arrive(user);
    const seen = lookWhenTold(sleeping);
    const other = await hall.arrive(user);
    await hall.signin.anotherWay(other.ref);
    const fault = new Error('the disk is full');
    await assert.rejects(
      inWork(hall.parts, async (work) => {
        work.tell(attemptTopic(sleeping.ref.id));
        throw fault;
      }),
      fault,
    );
    assert.deepEqual(await seen(), []);
  });
});
