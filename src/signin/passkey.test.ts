/** Signing in with a security key: as the second step, and in place of the password. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import {
  registeredSecret,
  softKey,
  type Crafted,
  type SoftKey,
} from '../../test/support/authenticator.ts';
import { freshDatabase, type FreshDatabase } from '../../test/support/database.ts';
import { startHall, type Hall, opening } from '../../test/support/signin.ts';
import type { User } from '../accounts/user.ts';
import { userHandleOf } from '../methods/security-key/ceremony.ts';
import { keySecret } from '../methods/security-key/secret.ts';
import { state as keyState } from '../methods/security-key/state.ts';
import { acrOf, amrOf } from '../sessions/proven.ts';
import type { AttemptRef, Progress } from './progress.ts';

const origin = 'http://localhost';
const phr = 'phr';

describe('a security key', () => {
  let database: FreshDatabase;
  let hall: Hall;
  let anna: User;
  let key: SoftKey;
  before(async () => {
    database = await freshDatabase();
    hall = await startHall(database);
  });
  after(() => hall.close());

  const passwordless = async (settings: Readonly<Record<string, unknown>>): Promise<void> => {
    await hall.policies.change((policy) => ({ ...policy, methods: { 'security-key': settings } }));
  };
  let people = 0;
  const person = async (change: Partial<User> = {}): Promise<User> => {
    people += 1;
    return hall.person({ userPrincipalName: `anna${people}@voorbeeld.example`, ...change });
  };
  const keyOf = async (user: User, made: SoftKey, slot = '1'): Promise<string> => {
    const id = `key-${user.id}-${slot}`;
    await hall.stores.registrations.add({
      id,
      userId: user.id,
      kind: 'security-key',
      slot,
      secret: registeredSecret(made),
      version: 1,
      createdAt: hall.clock.now(),
      lastUsedAt: undefined,
    });
    return id;
  };
  const open = async (): Promise<AttemptRef> =>
    hall.signin.open(opening({}, { address: '192.0.2.7' }));
  const questionOf = ({ attempt }: Progress) => ({
    challenge: keyState.parse(attempt.challenge?.state).options.challenge,
    origin,
  });
  const idOf = ({ attempt }: Progress): string => attempt.challenge?.id ?? '';
  const enters = async (
    ref: AttemptRef,
    asked: Progress,
    made: SoftKey,
    crafted: Crafted = {},
  ): Promise<Progress> =>
    hall.signin.passkey(
      ref,
      idOf(asked),
      { credential: made.get(questionOf(asked), crafted) },
      undefined,
    );
  const noticed = ({ attempt }: Progress): string | undefined =>
    attempt.notice?.kind === 'rejected' ? attempt.notice.reason : attempt.notice?.kind;

  beforeEach(async () => {
    await passwordless({ settings: { passwordless: true } });
    anna = await person();
    key = softKey({ userHandle: userHandleOf(anna.id) });
  });

  describe('as the second step', () => {
    it('is asked first, and opens the door', async () => {
      await keyOf(anna, key);
      const { ref, progress } = await hall.arrive(anna);
      assert.equal(progress.step.kind, 'challenge');
      assert.equal(progress.attempt.challenge?.methodId, 'security-key');
      const answer = { credential: key.get(questionOf(progress)) };
      const entered = await hall.signin.answer(ref, idOf(progress), answer);
      assert.equal(entered.step.kind, 'finish');
      assert.ok(entered.session !== undefined);
      assert.equal(acrOf(entered.attempt.proofs), phr);
      assert.deepEqual(amrOf(entered.attempt.proofs), ['pwd', 'pop', 'user', 'mfa']);
    });

    it('opens one door with one answer, also a passkey that never counts', async () => {
      const silent = softKey({ counts: false });
      await keyOf(anna, silent);
      const { ref, progress } = await hall.arrive(anna);
      const answer = { credential: silent.get(questionOf(progress)) };
      const ends = await Promise.allSettled(
        Array.from({ length: 20 }, () => hall.signin.answer(ref, idOf(progress), answer)),
      );
      const entered = ends.filter(
        (end) => end.status === 'fulfilled' && end.value.session !== undefined,
      );
      assert.equal(entered.length, 1);
      // Another sign-in asks another question.
      const again = await hall.arrive(anna);
      const replayed = await hall.signin.answer(again.ref, idOf(again.progress), answer);
      assert.equal(replayed.session, undefined);
      assert.equal(noticed(replayed), 'not-accepted');
    });

    it('notes which key answered, when, and how far it has counted', async () => {
      const red = softKey();
      await keyOf(anna, key, '1');
      const redId = await keyOf(anna, red, '2');
      const { ref, progress } = await hall.arrive(anna);
      const answer = { credential: red.get(questionOf(progress)) };
      const entered = await hall.signin.answer(ref, idOf(progress), answer);
      assert.equal(entered.attempt.proofs.at(-1)?.registrationId, redId);
      const kept = await hall.stores.registrations.find(redId);
      assert.equal(keySecret.parse(kept?.secret).credential?.counter, 1);
      assert.deepEqual(kept?.lastUsedAt, hall.clock.now());
    });

    it("is refused with somebody else's key, and counts as a wrong answer", async () => {
      await keyOf(anna, key);
      const ben = await person();
      const his = softKey();
      await keyOf(ben, his);
      const { ref, progress } = await hall.arrive(anna);
      const answer = { credential: his.get(questionOf(progress)) };
      const refused = await hall.signin.answer(ref, idOf(progress), answer);
      assert.equal(refused.step.kind, 'challenge');
      assert.equal(noticed(refused), 'not-accepted');
      assert.equal(refused.attempt.challenge?.wrongTries, 1);
    });

    it('tells the log of a key that counts backwards', async () => {
      await keyOf(anna, key);
      const first = await hall.arrive(anna);
      const forward = { credential: key.get(questionOf(first.progress), { counter: 9 }) };
      await hall.signin.answer(first.ref, idOf(first.progress), forward);
      const { ref, progress } = await hall.arrive(anna);
      const back = { credential: key.get(questionOf(progress), { counter: 9 }) };
      const refused = await hall.signin.answer(ref, idOf(progress), back);
      assert.equal(noticed(refused), 'counter-went-back');
      assert.equal(refused.attempt.steps.at(-1)?.reason, 'counter-went-back');
    });
  });

  describe('in place of the password', () => {
    it('opens the door by itself, as two factors', async () => {
      await keyOf(anna, key);
      const ref = await open();
      const asked = await hall.signin.askPasskey(ref);
      assert.equal(asked.step.kind, 'passkey');
      const entered = await enters(ref, asked, key);
      assert.equal(entered.step.kind, 'finish');
      assert.ok(entered.session !== undefined && entered.browser !== undefined);
      assert.equal(entered.attempt.identified?.userId, anna.id);
      assert.equal(acrOf(entered.attempt.proofs), phr);
      assert.deepEqual(amrOf(entered.attempt.proofs), ['pop', 'user', 'mfa']);
    });

    it('lets phones be asked again that were not, since a sign-in was not theirs', async () => {
      await keyOf(anna, key);
      await hall.phone(anna);
      await hall.stores.registrations.suspendAll(anna.id, hall.clock.now());
      const ref = await open();
      const entered = await enters(ref, await hall.signin.askPasskey(ref), key);
      assert.equal(entered.step.kind, 'finish');
      const registrations = await hall.stores.registrations.list(anna.id);
      assert.ok(registrations.every(({ suspendedAt }) => suspendedAt === undefined));
    });

    it('asks everybody the same, whoever was named before', async () => {
      await keyOf(anna, key);
      const ref = await open();
      await hall.signin.identify(ref, anna.userPrincipalName);
      const { attempt } = await hall.signin.askPasskey(ref);
      assert.equal(attempt.identified, undefined);
      const parsed = keyState.parse(attempt.challenge?.state);
      assert.ok(parsed.ceremony === 'get');
      assert.deepEqual(parsed.options.allowCredentials, []);
    });

    it('is not asked where the organisation did not say so', async () => {
      for (const settings of [{}, { enabled: false, settings: { passwordless: true } }]) {
        await passwordless(settings);
        const ref = await open();
        await assert.rejects(hall.signin.askPasskey(ref), { code: 'STEP_NOT_ALLOWED' });
      }
    });

    it('is not taken once the organisation took it back, nor of somebody it leaves out', async () => {
      await keyOf(anna, key);
      const ref = await open();
      const asked = await hall.signin.askPasskey(ref);
      await passwordless({});
      assert.equal(noticed(await enters(ref, asked, key)), 'not-accepted');
      await passwordless({ excludedGroups: ['guests'], settings: { passwordless: true } });
      const guest = await person({ groups: ['guests'] });
      const hers = softKey({ userHandle: userHandleOf(guest.id) });
      await keyOf(guest, hers);
      assert.equal(noticed(await enters(ref, asked, hers)), 'not-accepted');
    });

    it('refuses what it does not know in the same words, and ends after five', async () => {
      await keyOf(anna, key);
      const ref = await open();
      const asked = await hall.signin.askPasskey(ref);
      const strangers: readonly (readonly [SoftKey, Crafted])[] = [
        [softKey({ userHandle: userHandleOf('nobody') }), {}],
        [softKey({ userHandle: userHandleOf(anna.id) }), {}],
        [softKey(), {}],
        [key, { origin: 'https://evil.example' }],
        [key, { flags: 1 }],
      ];
      const words: (string | undefined)[] = [];
      for (const [made, crafted] of strangers) {
        words.push(noticed(await enters(ref, asked, made, crafted)));
      }
      assert.deepEqual(words, [...Array(4).fill('not-accepted'), 'too-many-wrong']);
      const late = await enters(ref, asked, key);
      assert.equal(late.session, undefined);
      const again = await hall.signin.askPasskey(ref);
      assert.equal((await enters(ref, again, key)).step.kind, 'finish');
    });

    it('takes one answer once, and none to an earlier question', async () => {
      const silent = softKey({ counts: false, userHandle: userHandleOf(anna.id) });
      await keyOf(anna, silent);
      const ref = await open();
      const asked = await hall.signin.askPasskey(ref);
      const answer = { credential: silent.get(questionOf(asked)) };
      const ends = await Promise.allSettled(
        Array.from({ length: 20 }, () => hall.signin.passkey(ref, idOf(asked), answer, undefined)),
      );
      const entered = ends.filter(
        (end) => end.status === 'fulfilled' && end.value.session !== undefined,
      );
      assert.equal(entered.length, 1);
      const other = await open();
      const anew = await hall.signin.askPasskey(other);
      const replayed = await hall.signin.passkey(other, idOf(anew), answer, undefined);
      assert.equal(noticed(replayed), 'not-accepted');
      const stale = await hall.signin.passkey(other, idOf(asked), answer, undefined);
      assert.equal(noticed(stale), 'superseded');
    });

    it('waits five minutes', async () => {
      await keyOf(anna, key);
      const ref = await open();
      const asked = await hall.signin.askPasskey(ref);
      hall.clock.advanceSeconds(300);
      const late = await enters(ref, asked, key);
      assert.equal(noticed(late), 'expired');
      assert.equal(late.attempt.challenge?.outcome, 'expired');
    });

    it('says no more of a blocked or disabled account than the right password does', async () => {
      for (const [change, reason] of [
        [{ accountEnabled: false }, 'account-disabled'],
        [
          {
            blocked: {
              at: hall.clock.now(),
              until: new Date(hall.clock.now().getTime() + 86_400_000),
              reason: 'test',
            },
          },
          'account-blocked',
        ],
      ] as const) {
        const user = await person(change);
        const theirs = softKey({ userHandle: userHandleOf(user.id) });
        await keyOf(user, theirs);
        const ref = await open();
        const { step } = await enters(ref, await hall.signin.askPasskey(ref), theirs);
        assert.ok(step.kind === 'blocked');
        assert.equal(step.reason, reason);
      }
    });

    it('pauses a network that sends a hundred refused ones in an hour, and nobody else', async () => {
      await keyOf(anna, key);
      const stranger = softKey({ userHandle: userHandleOf(anna.id) });
      const ref = await open();
      let asked = await hall.signin.askPasskey(ref);
      const words = new Set<string | undefined>();
      for (let tries = 0; tries < 102; tries += 1) {
        if (asked.attempt.challenge?.outcome !== undefined) {
          asked = await hall.signin.askPasskey(ref);
        }
        const refused = await enters(ref, asked, stranger);
        words.add(noticed(refused));
        asked = refused;
      }
      assert.ok(words.has('passkeys-paused'));
      const paused = await enters(ref, await hall.signin.askPasskey(ref), key);
      assert.equal(paused.session, undefined);
      hall.clock.advanceSeconds(2 * 3600);
      const later = await open();
      const entered = await enters(later, await hall.signin.askPasskey(later), key);
      assert.equal(entered.step.kind, 'finish');
    });

    it('still knows who came with a passkey when a fresh second step is asked', async () => {
      await keyOf(anna, key);
      const ref = await open();
      const entered = await enters(ref, await hall.signin.askPasskey(ref), key);
      assert.ok(entered.session !== undefined);
      const session = await hall.stores.sessions.list(anna.id, hall.clock.now());
      const [current] = session;
      hall.clock.advanceSeconds(600);
      const stepUp = await hall.signin.open(
        opening(
          { required: 'strongest', freshSeconds: 300, subject: anna.id },
          { address: '192.0.2.7', session: current },
        ),
      );
      const look = await hall.signin.look(stepUp);
      assert.equal(look.step.kind, 'challenge');
      const answer = { credential: key.get(questionOf(look)) };
      const again = await hall.signin.answer(stepUp, idOf(look), answer);
      assert.ok(again.session !== undefined);
      assert.equal(again.attempt.proofs.length, 1);
      assert.equal(again.attempt.proofs[0]?.alone, true);
      assert.equal(acrOf(again.attempt.proofs), phr);
    });
  });
});
