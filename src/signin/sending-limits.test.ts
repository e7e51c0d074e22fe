import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import { startHall, type Arrival, type Hall } from '../../test/support/signin.ts';
import type { User } from '../accounts/user.ts';

let hall: Hall;
let count = 0;
before(async () => {
  hall = await startHall();
});
after(() => hall.close());
afterEach(() => limits({}));

const limits = (change: object) =>
  hall.policies.change((policy) => ({
    ...policy,
    delivery: {
      ...policy.delivery,
      secondsApart: 30,
      perPersonHour: 5,
      perNumberDay: 10,
      ...change,
    },
  }));
const person = async (number: string): Promise<User> => {
  count += 1;
  hall.clock.advanceSeconds(86_400);
  const name = `texted-${count}@voorbeeld.example`;
  const user = await hall.person({ userPrincipalName: name, mail: name });
  await hall.phone(user, number);
  return user;
};
const noticeOf = ({ progress }: Pick<Arrival, 'progress'>): string | undefined =>
  progress.attempt.notice?.kind;
/** Asks for another text after so many seconds; what the page then says of it. */
const asksAgain = async (arrival: Arrival, seconds: number): Promise<string | undefined> => {
  hall.clock.advanceSeconds(seconds);
  return noticeOf({ progress: await hall.signin.repeat(arrival.ref) });
};

describe('texts and calls', () => {
  it('go to one person every 30 seconds, and five times an hour, unless policy says otherwise', async () => {
    const arrival = await hall.arrive(await person('+31612345671'));
    assert.equal(await asksAgain(arrival, 29), 'message-limit');
    for (let more = 2; more <= 5; more += 1) assert.equal(await asksAgain(arrival, 31), undefined);
    assert.equal(await asksAgain(arrival, 31), 'message-limit');
  });

  it('go to one person as often as policy says', async () => {
    await limits({ perPersonHour: 2, secondsApart: 60 });
    const arrival = await hall.arrive(await person('+31612345672'));
    assert.equal(await asksAgain(arrival, 31), 'message-limit');
    assert.equal(await asksAgain(arrival, 31), undefined);
    assert.equal(await asksAgain(arrival, 61), 'message-limit');
  });

  it('go to one number as often a day as policy says, whoever asks', async () => {
    await limits({ perNumberDay: 1 });
    const number = '+31612345673';
    assert.equal(noticeOf(await hall.arrive(await person(number))), undefined);
    const other = await hall.person({
      userPrincipalName: 'same-number@voorbeeld.example',
      mail: 'same-number@voorbeeld.example',
    });
    await hall.phone(other, number);
    assert.equal(noticeOf(await hall.arrive(other)), 'message-limit');
  });
});
