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
        await audit.append(sampleEvent({ details: { reason: 'expired', typed: 'x' } }));
        await audit.append(sampleEvent({ details: { reason: 'exp%red_\\' } }));
        assert.deepEqual(await sequences({ limit: 9, reason: 'expired' }), [13]);
        assert.deepEqual(await sequences({ limit: 9, reason: 'exp%red_\\' }), [14]);
        assert.equal((await audit.find(5))?.kind, 'answer-rejected');
        assert.equal(await audit.find(15), undefined);
      }));

    it('lists by moment, though events of several nodes stand a little out of order', () =>
      onFreshStores(make, async ({ transact, stores: { audit } }) => {
        const minute = (index: number): Date => new Date(1_700_000_000_000 + index * 60_000);
        await transact(async (within) => {
          for (let index = 0; index < 120; index++) {
            await within.audit.append(sampleEvent({ at: minute(index ^ 3) }));
          }
        });
        const between = async (from?: number, to?: number): Promise<number[]> =>
          (
            await audit.list({
              from: from === undefined ? undefined : minute(from),
              to: to === undefined ? undefined : minute(to),
              limit: 500,
            })
          )
            .map(({ at }) => (at.getTime() - minute(0).getTime()) / 60_000)
            .toSorted((one, other) => one - other);
        const numbers = (from: number, to: number): number[] =>
          Array.from({ length: to - from }, (_, index) => from + index);
        assert.deepEqual(await between(37, 41), numbers(37, 41));
        assert.deepEqual(await between(117), numbers(117, 120));
        assert.deepEqual(await between(undefined, 2), numbers(0, 2));
        assert.deepEqual(await between(500), []);
        assert.deepEqual(await between(undefined, -500), []);
      }));

    it('misses nothing by moment where a clock was years off for a while', () =>
      onFreshStores(make, async ({ transact, stores: { audit } }) => {
        const day = 86_400_000;
        const years = 2_000 * day;
        const begin = Date.parse('2026-11-01T00:00:00Z');
        const append = (count: number, at: number): Promise<void> =>
          transact(async (within) => {
            for (let index = 0; index < count; index++) {
              await within.audit.append(sampleEvent({ at: new Date(at + index) }));
            }
          });
        await append(350, begin);
        await append(200, begin + years);
        await append(350, begin + day);
        await append(1, begin + years);
        await append(200, begin - years);
        await append(350, begin + 2 * day);
        for (const [from, count] of [
          [begin, 350],
          [begin + day, 350],
          [begin + 2 * day, 350],
          [begin + years, 201],
          [begin - years, 200],
        ] as const) {
          const of = { from: new Date(from), to: new Date(from + day) };
          const listed = await audit.list({ ...of, limit: 500 });
          assert.equal(listed.length, count, of.from.toISOString());
          const counted = await audit.tally({ ...of, kinds: [sampleEvent().kind] });
          assert.equal(
            counted.reduce((sum, each) => sum + each.count, 0),
            count,
          );
        }
      }));

    it('lists what somebody did, to others and on their own account', () =>
      onFreshStores(make, async ({ transact, stores: { audit } }) => {
        const acts: [actor: string, userId: string | undefined, kind: string][] = [
          ['user-anna', 'user-anna', 'signed-in'],
          ['user-anna', 'user-ben', 'user-blocked'],
          ['system', 'user-anna', 'message-settled'],
          ['user-ben', 'user-anna', 'user-unblocked'],
          ['user-anna', undefined, 'policy-changed'],
          ['user-anna', 'user-anna', 'password-changed'],
        ];
        await transact(async (within) => {
          for (const [actor, userId, kind] of acts) {
            await within.audit.append(sampleEvent({ actor, userId, kind }));
          }
        });
        const sequences = async (filter: Parameters<AuditStore['list']>[0]): Promise<number[]> =>
          (await audit.list(filter)).map(({ sequence }) => sequence);
        assert.deepEqual(await sequences({ actor: 'user-anna', limit: 9 }), [6, 5, 2, 1]);
        assert.deepEqual(await sequences({ actor: 'user-anna', limit: 2 }), [6, 5]);
        assert.deepEqual(await sequences({ actor: 'user-anna', before: 5, limit: 9 }), [2, 1]);
        assert.deepEqual(
          await sequences({ actor: 'user-anna', userId: 'user-anna', limit: 9 }),
          [6, 1],
        );
        assert.deepEqual(await sequences({ actor: 'system', limit: 9 }), [3]);
        assert.deepEqual(
          await sequences({ actor: 'user-ben', kind: 'user-unblocked', limit: 9 }),
          [4],
        );
      }));

    it('counts events by day and by what they say', () =>
      onFreshStores(make, async ({ transact, stores: { audit } }) => {
        const from = new Date(1_700_000_000_000);
        const after = (hours: number): Date => new Date(from.getTime() + hours * 3_600_000);
        const details = { method: 'phone-call', reason: 'busy' };
        const rejected = (hours: number, reason = 'busy'): AuditEvent =>
          sampleEvent({
            kind: 'answer-rejected',
            at: after(hours),
            details: { ...details, reason },
          });
        await transact(async (within) => {
          for (const event of [
            rejected(-1),
            rejected(0),
            rejected(1),
            rejected(23.9, 'expired'),
            rejected(24),
            sampleEvent({ kind: 'fraud-reported', at: after(30), details: {} }),
            rejected(48),
          ]) {
            await within.audit.append(event);
          }
        });
        const kinds = ['answer-rejected', 'fraud-reported'];
        const tallied = await audit.tally({ kinds, from, to: after(48) });
        assert.deepEqual(
          new Set(tallied),
          new Set([
            { kind: 'answer-rejected', day: 0, details, count: 2 },
            {
              kind: 'answer-rejected',
              day: 0,
              details: { ...details, reason: 'expired' },
              count: 1,
            },
            { kind: 'answer-rejected', day: 1, details, count: 1 },
            { kind: 'fraud-reported', day: 1, details: {}, count: 1 },
          ]),
        );
        assert.deepEqual(await audit.tally({ kinds: [], from, to: after(48) }), []);
        assert.deepEqual(await audit.tally({ kinds: ['signed-in'], from, to: after(48) }), []);
      }));

    it('can be checked piece by piece, from where it was found whole', () =>
      onFreshStores(make, async ({ transact, stores: { audit } }) => {
        const part = (after: number, most: number) => audit.verifyPart({ after, most });
        assert.deepEqual(await part(0, 10), {
          checked: 0,
          brokenAt: undefined,
          isDone: true,
          length: 0,
        });
        await transact(async (within) => {
          for (let index = 0; index < 25; index++) await within.audit.append(sampleEvent());
        });
        const whole = { brokenAt: undefined, length: 25 };
        assert.deepEqual(await part(0, 10), { ...whole, checked: 10, isDone: false });
        assert.deepEqual(await part(10, 10), { ...whole, checked: 20, isDone: false });
        assert.deepEqual(await part(20, 10), { ...whole, checked: 25, isDone: true });
        assert.deepEqual((await part(99, 10)).brokenAt, 99, 'there is no such place to go on from');
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

    it('narrows down by all that an event says, and goes on where a page ended', () =>
      onFreshStores(make, async ({ stores: { signInEvents } }) => {
        const text = { at: new Date(1), method: 'text-message', reason: 'incorrect-code' } as const;
        for (let index = 0; index < 12; index++) {
          const isWrong = index % 3 === 0;
          await signInEvents.put(
            sampleSignInEvent({
              id: `attempt-${String(index).padStart(2, '0')}`,
              // Two at each moment.
              at: new Date(1000 + Math.floor(index / 2)),
              userId: index % 4 === 0 ? undefined : 'user-anna',
              userPrincipalName: index % 4 === 0 ? 'Nobody@Elsewhere.example' : 'anna@x.example',
              applicationId: index < 6 ? undefined : 'intranet',
              address: index === 7 ? '2001:db8::7' : '192.0.2.1',
              result: isWrong ? 'failure' : 'success',
              reason: isWrong ? 'incorrect-code' : 'ok',
              steps: [
                { at: new Date(1), method: 'password', result: 'success', reason: 'ok' },
                ...(isWrong ? [{ ...text, result: 'failure' as const }] : []),
              ],
            }),
          );
        }
        type Filter = Omit<Parameters<SignInEventStore['list']>[0], 'limit'>;
        const numbers = async (filter: Filter, limit = 20): Promise<number[]> =>
          (await signInEvents.list({ ...filter, limit })).map(({ id }) => Number(id.slice(-2)));
        assert.deepEqual(await numbers({ result: 'failure' }), [9, 6, 3, 0]);
        assert.deepEqual(await numbers({ method: 'text-message' }), [9, 6, 3, 0]);
        assert.deepEqual(
          await numbers({ reason: 'incorrect-code', userId: 'user-anna' }),
          [9, 6, 3],
        );
        assert.deepEqual(await numbers({ typedName: 'nobody@elsewhere.EXAMPLE' }), [8, 4, 0]);
        assert.deepEqual(await numbers({ typedName: 'anna@x.example' }), [], 'she has an account');
        assert.deepEqual(await numbers({ applicationId: '', method: 'password' }), [5, 4, 2, 1]);
        assert.deepEqual(await numbers({ applicationId: 'intranet' }, 2), [11, 10]);
        assert.deepEqual(await numbers({ address: '2001:db8::7' }), [7]);
        assert.deepEqual(
          await numbers({ from: new Date(1002), before: new Date(1004) }),
          [7, 6, 5, 4],
        );
        const behind = { at: new Date(1004), id: 'attempt-09' };
        assert.deepEqual(await numbers({ behind }, 3), [8, 7, 6]);
        assert.equal((await signInEvents.find('attempt-07'))?.address, '2001:db8::7');

        const asked = { from: new Date(0), method: 'text-message' };
        assert.deepEqual(await signInEvents.tally(asked, []), [{ count: 4 }]);
        assert.deepEqual(
          new Set(await signInEvents.tally({ from: new Date(0) }, ['result', 'applicationId'])),
          new Set([
            { count: 2, result: 'failure', applicationId: '' },
            { count: 4, result: 'success', applicationId: '' },
            { count: 2, result: 'failure', applicationId: 'intranet' },
            { count: 4, result: 'success', applicationId: 'intranet' },
          ]),
        );
        assert.deepEqual(await signInEvents.tally({ from: new Date(9999) }, ['day']), []);
      }));

    it('counts by days of 24 hours from the beginning that was asked', () =>
      onFreshStores(make, async ({ stores: { signInEvents } }) => {
        const from = new Date(1_700_000_000_000);
        for (const [index, hours] of [-1, 0, 23.9, 24, 47.9, 72].entries()) {
          const at = new Date(from.getTime() + hours * 3_600_000);
          await signInEvents.put(sampleSignInEvent({ id: `attempt-${index}`, at }));
        }
        const days = await signInEvents.tally(
          { from, before: new Date(from.getTime() + 72 * 3_600_000) },
          ['day', 'reason'],
        );
        assert.deepEqual(
          days.toSorted((one, other) => (one.day ?? 0) - (other.day ?? 0)),
          [
            { count: 2, day: 0, reason: 'second-step-required' },
            { count: 2, day: 1, reason: 'second-step-required' },
          ],
        );
      }));
  });
}
