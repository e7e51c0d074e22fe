import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { codeIn, startHall, type Hall } from '../../test/support/signin.ts';
import { createNumberBlocks } from '../administration/number-blocks.ts';
import { createMethods } from '../methods/method.ts';
import { methods } from '../methods/registry.ts';

let hall: Hall;
let people = 0;
beforeEach(async () => {
  hall = await startHall();
});
afterEach(() => hall.close());

/** Somebody with a phone in the block signs in, and types the code or does not. */
async function signsIn(isAnswered: boolean, block = '+316123'): Promise<string | undefined> {
  people += 1;
  const person = await hall.person({ userPrincipalName: `p${people}@voorbeeld.example` });
  await hall.phone(person, `${block}${String(people).padStart(5, '0')}`);
  const { ref, progress } = await hall.arrive(person);
  const { challenge, notice } = progress.attempt;
  if (challenge !== undefined && isAnswered) {
    const texts = (await hall.sent()).filter(({ message }) => message.kind === 'text');
    await hall.signin.answer(ref, challenge.id, { code: codeIn(texts) });
  }
  return notice?.kind;
}

/** So many texts went there, of which so many were answered; then the time in which one may still answer. */
async function happened(count: number, answered: number, block = '+316123'): Promise<void> {
  await texted(count, answered, block);
  hall.clock.advanceSeconds(61);
}

async function texted(count: number, answered: number, block = '+316123'): Promise<void> {
  const now = hall.clock.now();
  for (let index = 0; index < count; index += 1) {
    people += 1;
    const to = `${block}${String(people).padStart(5, '0')}`;
    await hall.stores.outbox.add([
      {
        id: `text-${people}`,
        message: { kind: 'text', to, language: 'en', body: 'a code' },
        attemptId: 'attempt',
        challengeId: `challenge-${people}`,
        userId: undefined,
        createdAt: now,
        deliverBefore: new Date(now.getTime() + 180_000),
        tries: 0,
      },
    ]);
    if (index < answered) await hall.stores.outbox.markAnswered(`challenge-${people}`, now);
  }
  // Whatever a test sent: only what comes after is of interest.
  await hall.sent();
}

describe('a block of numbers from which hardly anybody answers', () => {
  it('is closed after fifty messages, and those in charge are told', async () => {
    const admin = await hall.person({
      userPrincipalName: 'chief@voorbeeld.example',
      role: 'global-admin',
      mail: 'chief@home.example',
    });
    await happened(49, 14);
    assert.equal(await signsIn(false), undefined);
    hall.clock.advanceSeconds(61);
    await hall.sent();
    assert.equal(await signsIn(false), 'number-closed');
    const sent = await hall.sent();
    assert.deepEqual(
      sent.map(({ message, userId }) => [message.kind, userId]),
      [['mail', admin.id]],
    );
    const [mail] = sent;
    assert.ok(mail?.message.kind === 'mail');
    assert.match(mail.message.subject, /\+316123/);
    assert.match(mail.message.text, /14 of 50 answered/);
    const [event] = await hall.stores.audit.list({ kind: 'prefix-closed', limit: 1 });
    assert.deepEqual(event?.details, { prefix: '+316123', sent: 50, answered: 14 });
    // The next one finds it closed: nobody is told twice.
    assert.equal(await signsIn(false), 'number-closed');
    assert.deepEqual(await hall.sent(), []);
  });

  it('says nothing of the blocks beside it', async () => {
    await happened(50, 0);
    assert.equal(await signsIn(false), 'number-closed');
    assert.equal(await signsIn(false, '+316124'), undefined);
  });

  it('stays open where enough answer, or where it is too early to say', async () => {
    await happened(50, 15);
    assert.equal(await signsIn(true), undefined);
    // All within the time in which one may still answer.
    await texted(60, 0, '+316125');
    assert.equal(await signsIn(false, '+316125'), undefined);
  });

  it('is opened by somebody in charge, and judged anew by what comes after', async () => {
    await happened(50, 0);
    assert.equal(await signsIn(false), 'number-closed');
    const blocks = createNumberBlocks({
      stores: hall.stores,
      transact: hall.database.transact,
      methods: createMethods(methods),
      policies: hall.policies,
      clock: hall.clock,
    });
    assert.deepEqual(
      (await blocks.list()).map(({ prefix, opened }) => [prefix, opened]),
      [['+316123', undefined]],
    );
    assert.equal(await blocks.open('command-line', '+316123'), true);
    assert.equal(await blocks.open('command-line', '+316123'), false);
    const [event] = await hall.stores.audit.list({ kind: 'prefix-opened', limit: 1 });
    assert.deepEqual([event?.actor, event?.details], ['command-line', { prefix: '+316123' }]);
    hall.clock.advanceSeconds(1);
    assert.equal(await signsIn(false), undefined);
    await happened(49, 0);
    assert.equal(await signsIn(false), 'number-closed');
  });

  it('counts as answered what somebody proved themselves with', async () => {
    const start = hall.clock.now();
    await signsIn(true);
    await signsIn(false);
    hall.clock.advanceSeconds(61);
    const since = new Date(start.getTime() - 1);
    const seen = await hall.stores.outbox.conversion('+316123', since, hall.clock.now(), 50);
    assert.deepEqual(seen, { sent: 2, answered: 1 });
  });
});

describe('a number that the organisation blocked', () => {
  it('gets neither texts nor calls, whole or by its beginning', async () => {
    await hall.policies.change((policy) => ({
      ...policy,
      delivery: { ...policy.delivery, blockedNumbers: ['+316199'] },
    }));
    assert.equal(await signsIn(false, '+316199'), 'number-closed');
    assert.equal(await signsIn(false, '+316198'), undefined);
  });
});
