/** What every keeper of sessions is held to. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';

import { inParallel, onFreshStores, type MakeStores } from '../lib/stores.contract.ts';
import type { SessionStore } from './session-store.ts';
import type { Session } from './session.ts';

/** A session of Anna's that ends at 10 s, unless the test says otherwise; `name` makes its id. */
export function sampleSession(name = 'first', fields: Partial<Session> = {}): Session {
  return {
    id: createHash('sha256').update(name).digest(),
    userId: 'user-anna',
    proofs: [
      {
        method: 'password',
        strength: 'knowledge',
        amr: ['pwd'],
        registrationId: undefined,
        at: new Date(900),
      },
      {
        method: 'text-message',
        strength: 'possession',
        amr: ['sms', 'otp'],
        registrationId: 'registration-1',
        at: new Date(1000),
      },
    ],
    createdAt: new Date(1000),
    authenticatedAt: new Date(1000),
    lastSeenAt: new Date(1000),
    expiresAt: new Date(10_000),
    idleSeconds: 5,
    address: '2001:db8::1',
    userAgent: 'Mozilla/5.0',
    ...fields,
  };
}

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeSessionStore(make: MakeStores<{ readonly sessions: SessionStore }>): void {
  describe('a session store', () => {
    it('gives back a session as it was opened, until its absolute end', () =>
      onFreshStores(make, async ({ stores: { sessions } }) => {
        const session = sampleSession();
        await sessions.add(session);
        const found = await sessions.find(session.id, new Date(9999));
        assert.deepEqual(written(found), written(session));
        assert.ok(found?.proofs.every(({ at }) => at instanceof Date));
        assert.equal(await sessions.find(session.id, new Date(10_000)), undefined);
        assert.equal(await sessions.find(Buffer.alloc(32), new Date(2000)), undefined);
      }));

    it('notes a use, never backwards, and never moves the end', () =>
      onFreshStores(make, async ({ stores: { sessions } }) => {
        const { id } = sampleSession();
        await sessions.add(sampleSession());
        await sessions.touch(id, new Date(4000));
        await sessions.touch(id, new Date(3000));
        const touched = await sessions.find(id, new Date(5000));
        assert.deepEqual(touched?.lastSeenAt, new Date(4000));
        assert.deepEqual(touched.expiresAt, new Date(10_000));
        assert.equal(await sessions.find(id, new Date(10_000)), undefined);
      }));

    it('ends one session once', () =>
      onFreshStores(make, async (fresh) => {
        const { id } = sampleSession();
        await fresh.stores.sessions.add(sampleSession());
        const ended = await inParallel(fresh, 20, ({ stores }) => stores.sessions.remove(id));
        assert.equal(ended.filter(Boolean).length, 1);
        assert.equal(await fresh.stores.sessions.find(id, new Date(2000)), undefined);
      }));

    it("ends all of a person on every node, and nobody else's", () =>
      onFreshStores(make, async (fresh) => {
        const { sessions } = fresh.stores;
        const other = await fresh.anotherNode();
        await sessions.add(sampleSession('first'));
        await sessions.add(sampleSession('second', { lastSeenAt: new Date(2000) }));
        await sessions.add(sampleSession('bens', { userId: 'user-ben' }));
        const listed = await other.stores.sessions.list('user-anna', new Date(3000));
        assert.deepEqual(
          listed.map(({ id }) => id),
          [sampleSession('second').id, sampleSession('first').id],
        );
        assert.deepEqual(await sessions.list('user-anna', new Date(10_000)), []);
        assert.equal(await sessions.removeAll('user-anna'), 2);
        assert.equal(
          await other.stores.sessions.find(sampleSession('first').id, new Date(1)),
          undefined,
        );
        assert.ok(await other.stores.sessions.find(sampleSession('bens').id, new Date(1)));
      }));

    it('forgets what has expired, however much it is', () =>
      onFreshStores(make, async ({ stores: { sessions }, transact }) => {
        await transact(async (within) => {
          for (let index = 0; index < 1100; index++) {
            await within.sessions.add(sampleSession(`old-${index}`, { expiresAt: new Date(1500) }));
          }
        });
        await sessions.add(sampleSession('new', { expiresAt: new Date(1501) }));
        assert.equal(await sessions.removeExpired(new Date(1500)), 1100);
        assert.ok(await sessions.find(sampleSession('new').id, new Date(1500)));
      }));
  });
}

/** Without the fields that are there but undefined. */
function written(session: Session | undefined): unknown {
  return session === undefined ? undefined : JSON.parse(JSON.stringify(session));
}
