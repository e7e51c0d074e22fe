/** What every keeper of the audit log and of the sign-in log is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { inParallel, onFreshStores, type MakeStores } from '../lib/stores.contract.ts';
import type { AuditEvent } from './audit-event.ts';
import type { AuditStore } from './audit-store.ts';
import type { SignInEvent, SignInEventStore } from './sign-in-event.ts';

/** An event of Anna's, unless the test says otherwise. */
export function sampleEvent(fields: Partial<AuditEvent> = {}): AuditEvent {
  return {
    kind: 'password-accepted',
    at: new Date(1_700_000_000_123),
    userId: 'user-anna',
    actor: 'user-anna',
    attemptId: 'attempt-1',
    address: '127.0.0.1',
    details: { method: 'text-message', tries: 2, remembered: false },
    ...fields,
  };
}

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeAuditStore(make: MakeStores<{ readonly audit: AuditStore }>): void {
  describe('an audit store', () => {
    it('keeps events in the order in which they came, each bound to the one before', () =>
      onFreshStores(make, async ({ stores: { audit } }) => {
        assert.deepEqual(await audit.verify(), { checked: 0, brokenAt: undefined });
        const strange = sampleEvent({
          kind: 'password-rejected',
          userId: undefined,
          attemptId: undefined,
          address: undefined,
          details: { typed: 'é\0\ud800 "quoted" \u2028', deep: '__proto__' },
        });
        await audit.append(sampleEvent());
        await audit.append(strange);
        const [second, first] = await audit.list({ limit: 10 });
        assert.ok(first !== undefined && second !== undefined);
        const { sequence, previousHash, hash, ...event } = first;
        assert.deepEqual(event, sampleEvent());
        assert.equal(sequence, 1);
        assert.deepEqual(previousHash, Buffer.alloc(32));
        assert.deepEqual(second.previousHash, hash);
        assert.deepEqual(second.details, strange.details);
        assert.equal(second.sequence, 2);
        assert.deepEqual(await audit.verify(), { checked: 2, brokenAt: undefined });
      }));

    it('keeps a kind of event that no database could hold as it is', () =>
      onFreshStores(make, async ({ stores: { audit } }) => {
        await audit.append(sampleEvent({ actor: 'nul \0', address: 'half \ud800' }));
        assert.deepEqual(await audit.verify(), { checked: 1, brokenAt: undefined });
      }));

    it('stays one unbroken chain when fifty transactions append at once on two nodes', () =>
      onFreshStores(make, async (fresh) => {
        const outcomes = await inParallel(fresh, 50, async ({ transact }, index) => {
          try {
            await transact(async ({ audit }) => {
              await audit.append(sampleEvent({ details: { index, part: 1 } }));
              await audit.append(sampleEvent({ details: { index, part: 2 } }));
              if (index % 5 === 4) throw new Error('rolled back');
            });
            return true;
          } catch {
            return false;
          }
        });
        assert.equal(outcomes.filter(Boolean).length, 40);
        assert.deepEqual(await fresh.stores.audit.verify(), { checked: 80, brokenAt: undefined });
        const events = await fresh.stores.audit.list({ limit: 100 });
        assert.deepEqual(
          events.map(({ sequence }) => sequence),
          Array.from({ length: 80 }, (_, index) => 80 - index),
        );
        // What one transaction wrote stands together.
        for (let index = 0; index < events.length; index += 2) {
          assert.equal(events[index]?.details['index'], events[index + 1]?.details['index']);
        }
      }));

    it('can be checked while others write', () =>
      onFreshStores(make, async (fresh) => {
        const checks = await inParallel(fresh, 30, async ({ stores }, index) => {
          if (index % 3 === 0) return (await stores.audit.verify()).brokenAt;
          await stores.audit.append(sampleEvent());
          return undefined;
        });
        assert.ok(checks.every((brokenAt) => brokenAt === undefined));
        assert.equal((await fresh.stores.audit.verify()).checked, 20);
      }));

    it('lists newest first, by person, kind and attempt, page after page', () =>
      onFreshStores(make, async ({ transact, stores: { audit } }) => {
        await transact(async (within) => {
          for (let index = 0; index < 12; index++) {
            await within.audit.append(
              sampleEvent({
                userId: index % 2 === 0 ? 'user-anna' : undefined,
                kind: index % 3 === 0 ? 'session-opened' : 'answer-rejected',
                attemptId: `attempt-${index % 4}`,
              }),
            );
          }
        });
        const sequences = async (filter: Parameters<AuditStore['list']>[0]): Promise<number[]> =>
          (await audit.list(filter)).map(({ sequence }) => sequence);
        assert.deepEqual(await sequences({ limit: 3 }), [12, 11, 10]);
        assert.deepEqual(await sequences({ limit: 3, before: 10 }), [9, 8, 7]);
        assert.deepEqual(
          await sequences({ limit: 9, userId: 'user-anna', before: 8 }),
          [7, 5, 3, 1],
        );
        assert.deepEqual(await sequences({ limit: 9, kind: 'session-opened' }), [10, 7, 4, 1]);
        assert.deepEqual(await sequences({ limit: 9, attemptId: 'attempt-3' }), [12, 8, 4]);
      }));
  });
}

/** Anna's sign-in, unless the test says otherwise. */
export function sampleSignInEvent(fields: Partial<SignInEvent> = {}): SignInEvent {
  return {
    id: 'attempt-1',
    userId: 'user-anna',
    userPrincipalName: 'anna@tweestap.example',
    applicationId: 'sample',
    at: new Date(1000),
    address: '127.0.0.1',
    userAgent: 'Mozilla/5.0 \0',
    result: 'interrupted',
    reason: 'second-step-required',
    steps: [{ at: new Date(1100), method: 'password', result: 'success', reason: 'ok' }],
    ...fields,
  };
}

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeSignInEventStore(
  make: MakeStores<{ readonly signInEvents: SignInEventStore }>,
): void {
  describe('a sign-in event store', () => {
    it('keeps one row an attempt, as it was last written', () =>
      onFreshStores(make, async ({ stores: { signInEvents } }) => {
        await signInEvents.put(sampleSignInEvent({ userId: undefined }));
        const finished = sampleSignInEvent({ result: 'success', reason: 'ok' });
        await signInEvents.put(finished);
        assert.deepEqual(await signInEvents.list({ limit: 10 }), [finished]);
        assert.deepEqual(await signInEvents.list({ limit: 10, userId: 'user-anna' }), [finished]);
        assert.deepEqual(await signInEvents.find(finished.id, 'user-anna'), finished);
        assert.equal(await signInEvents.find(finished.id, 'user-ben'), undefined);
      }));

    it('lists newest first, by person, before a moment', () =>
      onFreshStores(make, async ({ stores: { signInEvents } }) => {
        for (let index = 0; index < 6; index++) {
          await signInEvents.put(
            sampleSignInEvent({
              id: `attempt-${index}`,
              at: new Date(1000 + index),
              userId: index % 2 === 0 ? 'user-anna' : 'user-ben',
            }),
          );
        }
        const ids = async (filter: Parameters<SignInEventStore['list']>[0]): Promise<string[]> =>
          (await signInEvents.list(filter)).map(({ id }) => id);
        assert.deepEqual(await ids({ limit: 2 }), ['attempt-5', 'attempt-4']);
        assert.deepEqual(await ids({ limit: 9, userId: 'user-anna', before: new Date(1004) }), [
          'attempt-2',
          'attempt-0',
        ]);
      }));
  });
}
