import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { User } from '../../accounts/user.ts';
import type { IssuedPass } from '../../administration/passes.ts';
import { createPasswordHasher } from '../../lib/password-hash.ts';
import { seededRandom } from '../../lib/random.ts';
import type { Progress } from '../../signin/progress.ts';
import { startHall, type Hall, opening } from '../../../test/support/signin.ts';
import { describeMethod } from '../method.contract.ts';
import { newPass, readPass } from './code.ts';
import { temporaryAccessPass } from './temporary-access-pass.ts';

const hash = await createPasswordHasher().hash('G00DPASS');
const endsAt = new Date('2026-11-20T11:00:00Z').getTime();

describeMethod(temporaryAccessPass, {
  kept: { hash, endsAt, once: true },
  typedIn: 'letters',
  input: {},
  right: () => ({ typed: { code: 'good-pass' } }),
  wrong: () => ({ typed: { code: 'ANOTHER-PASS' } }),
  unreadable: [
    { typed: undefined },
    { typed: {} },
    { typed: { code: '' } },
    { typed: { code: 'SHORT' } },
    { typed: { code: ['G00DPASS'] } },
  ],
  secrets: () => [
    { value: 'G00DPASS', seenIn: [] },
    { value: hash, seenIn: [] },
  ],
});

describe('how a pass is written', () => {
  it('is as long as asked, of characters that nobody mistakes for others', () => {
    for (const length of [8, 12, 48]) {
      const pass = newPass(seededRandom('pass'), length);
      assert.equal(pass.length, length);
      assert.match(pass, /^[0-9A-HJKMNP-TV-Z]+$/);
      assert.equal(readPass(pass), pass);
    }
  });

  it('is read however it was typed', () => {
    assert.equal(readPass(' abcd-ef0l o'), 'ABCDEF010');
    assert.equal(readPass('abcdefg'), undefined);
    assert.equal(readPass('A'.repeat(49)), undefined);
  });
});

describe('signing in with a Temporary Access Pass', () => {
  let hall: Hall;
  let anna: User;
  beforeEach(async () => {
    hall = await startHall();
    anna = await hall.person();
    await hall.phone(anna);
  });
  afterEach(() => hall.close());

  const issue = (change: Partial<{ once: boolean; minutes: number; forgets: boolean }> = {}) =>
    hall.administration.issuePass(
      anna.id,
      { length: 8, minutes: 60, once: true, forgets: false, ...change },
      'command-line',
    );
  const types = async (pass: string, name = anna.userPrincipalName): Promise<Progress> => {
    const opened = await hall.signin.open(opening());
    return hall.signin.pass(opened, pass, undefined, name);
  };
  const isIn = ({ step }: Progress): boolean => step.kind === 'finish';
  const assertRefused = ({ step, attempt }: Progress): void => {
    assert.equal(step.kind, 'password');
    assert.deepEqual(attempt.notice, { kind: 'wrong-pass' });
    assert.deepEqual(attempt.proofs, []);
  };
  const subjects = async (): Promise<readonly string[]> =>
    (await hall.sent()).flatMap(({ message }) =>
      message.kind === 'mail' ? [message.subject] : [],
    );

  it('stands in for the password and the second step, and the person hears of both', async () => {
    const { plain } = await issue();
    assert.match((await subjects()).join(), /Pass was made/);
    const progress = await types(plain.toLowerCase());
    assert.ok(isIn(progress));
    assert.match((await subjects()).join(), /Pass was used/);
    const [session] = await hall.stores.sessions.list(anna.id, hall.clock.now());
    assert.equal(session?.proofs[0]?.method, 'temporary-access-pass');
  });

  it('leads whoever has nothing of their own to register anew', async () => {
    const { plain } = await issue({ forgets: true });
    assert.deepEqual(
      (await hall.stores.registrations.list(anna.id)).map(({ kind }) => kind),
      ['temporary-access-pass'],
    );
    const { step } = await types(plain);
    assert.deepEqual(step, { kind: 'register', stage: 'interrupt' });
    assert.deepEqual(await hall.stores.sessions.list(anna.id, hall.clock.now()), []);
  });

  it('is good once where it was made so, also for two at the same moment', async () => {
    const { plain } = await issue();
    const both = await Promise.all([types(plain), types(plain)]);
    assert.equal(both.filter(isIn).length, 1);
    assertRefused(await types(plain));
    const more = await issue({ once: false });
    assert.ok(isIn(await types(more.plain)));
    assert.ok(isIn(await types(more.plain)));
  });

  it('is good until its end, and not a second longer', async () => {
    const { plain } = await issue({ once: false, minutes: 10 });
    hall.clock.advanceSeconds(10 * 60 - 1);
    assert.ok(isIn(await types(plain)));
    hall.clock.advanceSeconds(1);
    assertRefused(await types(plain));
    assert.equal(await hall.stores.registrations.removeEnded(hall.clock.now()), 1);
  });

  it('opens nobody else’s account, and none for a name that nobody has', async () => {
    const bram = await hall.person({ userPrincipalName: 'bram@voorbeeld.example' });
    const { plain } = await issue({ once: false });
    assertRefused(await types(plain, bram.userPrincipalName));
    assertRefused(await types(plain, 'nobody@voorbeeld.example'));
    await hall.administration.issuePass(
      bram.id,
      { length: 8, minutes: 60, once: true, forgets: false },
      'command-line',
    );
    assertRefused(await types(plain, bram.userPrincipalName));
  });

  it('ends when another is made, with what it had opened', async () => {
    const first = await issue({ once: false });
    assert.ok(isIn(await types(first.plain)));
    const second = await issue();
    assert.deepEqual(await hall.stores.sessions.list(anna.id, hall.clock.now()), []);
    assertRefused(await types(first.plain));
    assert.ok(isIn(await types(second.plain)));
  });

  it('ends when its owner is given a role: whoever made it may not make one for them any more', async () => {
    const { plain } = await issue({ once: false, minutes: 30 * 24 * 60 });
    assert.ok(isIn(await types(plain)));
    await hall.administration.changeRole(anna.id, 'global-admin', 'command-line');
    assertRefused(await types(plain));
    const kinds = (await hall.stores.registrations.list(anna.id)).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['phone']);
    const events = await hall.stores.audit.list({
      kind: 'method-removed-by-admin',
      userId: anna.id,
      limit: 5,
    });
    assert.equal(events.length, 1);
    // One that is made from now on is made by somebody who may.
    const { plain: next } = await issue();
    await hall.administration.changeRole(anna.id, 'user', 'command-line');
    assert.ok(isIn(await types(next)));
  });

  it('is guessed at as seldom as a password, and both together', async () => {
    const { plain } = await issue();
    for (let guess = 0; guess < 10; guess += 1) assertRefused(await types(`WR0NGPASS${guess}`));
    const { attempt } = await types(plain);
    assert.equal(attempt.notice?.kind, 'passwords-paused');
    const { progress } = await hall.arrive(anna);
    assert.equal(progress.attempt.notice?.kind, 'passwords-paused');
    hall.clock.advanceSeconds(61);
    assert.ok(isIn(await types(plain)));
  });

  it('costs the same work whether there is a pass, an account, or neither', async () => {
    const workOf = async (act: () => Promise<unknown>): Promise<number> => {
      const before = hall.hashings();
      await act();
      return hall.hashings() - before;
    };
    const bram = await hall.person({ userPrincipalName: 'bram@voorbeeld.example' });
    await issue();
    for (const name of [anna.userPrincipalName, bram.userPrincipalName, 'nobody@x.example']) {
      assert.equal(await workOf(() => types('WR0NGPASS', name)), 1, name);
      assert.equal(await workOf(() => types('short', name)), 1, name);
    }
  });

  it('opens nothing where the account is blocked or switched off, or policy has none', async () => {
    const { plain } = await issue({ once: false });
    await hall.administration.block(anna.id, { reason: 'lost', by: 'command-line' });
    assert.equal((await types(plain)).step.kind, 'blocked');
    await hall.administration.unblock(anna.id, 'found', 'command-line');
    await hall.policies.change((policy) => ({
      ...policy,
      methods: { 'temporary-access-pass': { enabled: false } },
    }));
    assertRefused(await types(plain));
    await assert.rejects(issue(), { code: 'STEP_NOT_ALLOWED' });
  });

  it('is made only for as long as policy allows', async () => {
    await assert.rejects(issue({ minutes: 9 }), { code: 'STEP_NOT_ALLOWED' });
    await assert.rejects(issue({ minutes: 30 * 24 * 60 + 1 }), { code: 'STEP_NOT_ALLOWED' });
    const pass: IssuedPass = await issue({ minutes: 30 * 24 * 60 });
    assert.equal(pass.endsAt.getTime() - hall.clock.now().getTime(), 30 * 86_400_000);
  });

  it('is a second step too, for whoever typed the password first', async () => {
    const { plain } = await issue();
    const { ref, progress } = await hall.arrive(anna);
    const option = progress.known.options.find(
      ({ method }) => method.id === 'temporary-access-pass',
    );
    assert.equal(progress.known.options[0]?.method.id, 'text-message', 'it is never asked first');
    const asked = await hall.signin.choose(ref, option?.id ?? '');
    const { challenge } = asked.attempt;
    assert.ok(isIn(await hall.signin.answer(ref, challenge?.id ?? '', { code: plain })));
    assertRefused(await types(plain));
  });
});
