/** What every keeper of attempts is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { TweestapError } from '../errors/errors.ts';
import { inParallel, onFreshStores, type MakeStores } from '../lib/stores.contract.ts';
import type { AttemptStore } from './attempt-store.ts';
import type { Attempt } from './attempt.ts';

/** An attempt with something in every corner, unless the test says otherwise. */
export function sampleAttempt(fields: Partial<Attempt> = {}): Attempt {
  const at = (seconds: number): Date => new Date(1_700_000_000_000 + seconds * 1000);
  return {
    id: 'attempt-1',
    version: 0,
    request: {
      applicationId: 'sample',
      applicationName: 'Sample application',
      required: 'second-step',
      anew: 'nothing',
      returnTo: '/oidc/interaction/1',
      subject: undefined,
    },
    browser: 'a2V5ZWQgaGFzaA',
    isKnownBrowser: true,
    replaces: undefined,
    locale: 'nl',
    address: '127.0.0.1',
    userAgent: 'Mozilla/5.0',
    createdAt: at(0),
    expiresAt: at(3600),
    finishedAt: undefined,
    identified: { typed: 'anna\0@tweestap.example', userId: 'user-anna' },
    proofs: [
      {
        method: 'password',
        strength: 'knowledge',
        amr: ['pwd'],
        registrationId: undefined,
        at: at(10),
      },
    ],
    challenge: {
      id: 'challenge-1',
      methodId: 'text-message',
      registrationId: 'registration-1',
      // A method's own state is its own business, whatever its fields are called.
      state: { codeHash: 'aGFzaA', sentAt: 1_700_000_000_000, at: '2024-01-01T00:00:00.000Z' },
      startedAt: at(20),
      expiresAt: at(320),
      wrongTries: 2,
      delivery: 'sent',
      outcome: undefined,
    },
    choosing: false,
    registration: {
      stage: 'prove',
      draft: {
        methodId: 'authenticator-code',
        kind: 'authenticator-app',
        slot: '1',
        secret: { key: 'c2VjcmV0', createdAt: '2024-01-01T00:00:00.000Z' },
      },
      provedKind: 'phone',
      appPassword: { plain: 'ABCDEFGHIJKLMNOPQRSTUVWX' },
      done: false,
    },
    notice: { kind: 'message-limit', untilAt: at(500) },
    steps: [{ at: at(10), method: 'password', result: 'success', reason: 'ok' }],
    ...fields,
  };
}

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeAttemptStore(make: MakeStores<{ readonly attempts: AttemptStore }>): void {
  describe('an attempt store', () => {
    it("gives back an attempt as it was, dates as dates and what is the method's untouched", () =>
      onFreshStores(make, async ({ stores: { attempts }, transact }) => {
        const attempt = sampleAttempt();
        await attempts.add(attempt);
        assert.deepEqual(written(await attempts.find(attempt.id)), written(attempt));
        const locked = await transact((within) => within.attempts.lock(attempt.id));
        assert.deepEqual(written(locked), written(attempt));
        assert.ok(locked?.challenge?.startedAt instanceof Date);
        assert.ok(locked.notice?.kind === 'message-limit' && locked.notice.untilAt instanceof Date);
        assert.deepEqual(locked.challenge.state, attempt.challenge?.state);
        assert.deepEqual(locked.registration?.draft, attempt.registration?.draft);
        assert.equal(await attempts.find('attempt-2'), undefined);
        assert.equal(await attempts.find('attempt-1\0'), undefined);
      }));

    it('raises the version with every save and refuses one from an older version', () =>
      onFreshStores(make, async ({ stores: { attempts } }) => {
        const attempt = sampleAttempt();
        await attempts.add(attempt);
        await attempts.save({ ...attempt, choosing: true });
        const saved = await attempts.find(attempt.id);
        assert.equal(saved?.version, 1);
        assert.equal(saved.choosing, true);
        await assert.rejects(attempts.save({ ...attempt, choosing: false }), isChanged);
        assert.equal((await attempts.find(attempt.id))?.choosing, true);
        await attempts.save({ ...saved, finishedAt: new Date(5) });
        assert.deepEqual((await attempts.find(attempt.id))?.finishedAt, new Date(5));
      }));

    it('lets one save win when fifty come at once', () =>
      onFreshStores(make, async (fresh) => {
        const attempt = sampleAttempt();
        await fresh.stores.attempts.add(attempt);
        const saved = await inParallel(fresh, 50, async ({ stores }) => {
          try {
            await stores.attempts.save(attempt);
            return true;
          } catch (error) {
            assert.ok(isChanged(error));
            return false;
          }
        });
        assert.equal(saved.filter(Boolean).length, 1);
        assert.equal((await fresh.stores.attempts.find(attempt.id))?.version, 1);
      }));

    it('lets whoever locks it come one after another', () =>
      onFreshStores(make, async (fresh) => {
        await fresh.stores.attempts.add(sampleAttempt());
        await inParallel(fresh, 20, ({ transact }) =>
          transact(async ({ attempts }) => {
            const attempt = await attempts.lock('attempt-1');
            if (attempt !== undefined) await attempts.save(attempt);
          }),
        );
        assert.equal((await fresh.stores.attempts.find('attempt-1'))?.version, 20);
      }));

    it('locks what was seen before, unless it was saved meanwhile', () =>
      onFreshStores(make, async ({ stores: { attempts }, transact }) => {
        await attempts.add(sampleAttempt());
        const seen = await attempts.find('attempt-1');
        assert.ok(seen !== undefined);
        assert.equal(await transact((within) => within.attempts.lock('attempt-1', seen)), seen);
        await attempts.save({ ...seen, choosing: true });
        const locked = await transact((within) => within.attempts.lock('attempt-1', seen));
        assert.equal(locked?.choosing, true);
        assert.equal(
          await transact((within) => within.attempts.lock('attempt-2', seen)),
          undefined,
        );
      }));

    it('refuses a save of what was removed', () =>
      onFreshStores(make, async ({ stores: { attempts } }) => {
        await attempts.add(sampleAttempt());
        await attempts.removeAll('user-anna');
        await assert.rejects(attempts.save(sampleAttempt()), isChanged);
        assert.equal(await attempts.find('attempt-1'), undefined);
      }));

    it("ends all open attempts of a person but one, and nobody else's", () =>
      onFreshStores(make, async ({ stores: { attempts } }) => {
        const of = (userId: string | undefined): Partial<Attempt> => ({
          identified: userId === undefined ? undefined : { typed: 'x', userId },
        });
        const { request } = sampleAttempt();
        await attempts.add(sampleAttempt({ id: 'kept', ...of('user-anna') }));
        await attempts.add(sampleAttempt({ id: 'open', ...of('user-anna') }));
        await attempts.add(
          sampleAttempt({ id: 'over', finishedAt: new Date(1), ...of('user-anna') }),
        );
        await attempts.add(
          sampleAttempt({
            id: 'step-up',
            request: { ...request, subject: 'user-anna' },
            ...of(undefined),
          }),
        );
        await attempts.add(sampleAttempt({ id: 'ben', ...of('user-ben') }));
        await attempts.add(sampleAttempt({ id: 'nobody', ...of(undefined) }));
        const found = await attempts.listOpen('user-anna');
        assert.deepEqual(found.map(({ id }) => id).toSorted(), ['kept', 'open', 'step-up']);
        assert.equal(await attempts.removeAll('user-anna', 'kept'), 2);
        const left = await Promise.all(
          ['kept', 'open', 'over', 'step-up', 'ben', 'nobody'].map((id) => attempts.find(id)),
        );
        assert.deepEqual(
          left.map((attempt) => attempt?.id),
          ['kept', undefined, 'over', undefined, 'ben', 'nobody'],
        );
        assert.equal(await attempts.removeAll('user-anna'), 1);
        await attempts.remove('ben');
        assert.deepEqual(await attempts.listOpen('user-ben'), []);
      }));

    it('finds what asks an app by whose it is, and what waits for one by its mark', () =>
      onFreshStores(make, async ({ stores: { attempts } }) => {
        const { challenge, registration } = sampleAttempt();
        assert.ok(challenge !== undefined && registration?.draft !== undefined);
        const asking = sampleAttempt({ id: 'asks', challenge: { ...challenge, asksApp: true } });
        await attempts.add(asking);
        await attempts.add(sampleAttempt({ id: 'texts' }));
        const draft = { ...registration.draft, pairing: 'mark' };
        const joining = { id: 'waits', registration: { ...registration, draft } };
        await attempts.add(sampleAttempt(joining));
        const ids = (found: readonly Attempt[]): readonly string[] => found.map(({ id }) => id);
        assert.deepEqual(ids(await attempts.listAsking('user-anna')), ['asks']);
        assert.deepEqual(await attempts.listAsking('user-ben'), []);
        assert.equal((await attempts.findPairing('mark'))?.id, 'waits');
        assert.equal(await attempts.findPairing('another'), undefined);
        await attempts.save({ ...asking, challenge: undefined });
        await attempts.save(sampleAttempt({ ...joining, finishedAt: new Date(2000) }));
        assert.deepEqual(await attempts.listAsking('user-anna'), []);
        assert.equal(await attempts.findPairing('mark'), undefined);
      }));

    it('forgets what has expired', () =>
      onFreshStores(make, async ({ stores: { attempts } }) => {
        await attempts.add(sampleAttempt({ id: 'old', expiresAt: new Date(1000) }));
        await attempts.add(sampleAttempt({ id: 'new', expiresAt: new Date(1001) }));
        assert.equal(await attempts.removeExpired(new Date(1000)), 1);
        assert.equal(await attempts.find('old'), undefined);
        assert.equal((await attempts.find('new'))?.id, 'new');
      }));
  });
}

/** Without the fields that are there but undefined. */
function written(attempt: Attempt | undefined): unknown {
  return attempt === undefined ? undefined : JSON.parse(JSON.stringify(attempt));
}

function isChanged(error: unknown): boolean {
  return error instanceof TweestapError && error.code === 'ATTEMPT_CHANGED';
}
