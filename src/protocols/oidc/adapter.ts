/**
 * Owns the engine's way to our stores. One statement for each thing it asks, and none where nothing
 * would change: a sign-in passes here a dozen times.
 */
import { isDeepStrictEqual } from 'node:util';

import { errors, type Adapter, type AdapterPayload } from 'oidc-provider';

import type { ApplicationStore } from '../../applications/application-store.ts';
import type { Clock } from '../../lib/clock.ts';
import type { SessionStore } from '../../sessions/session-store.ts';
import { clientMetadata } from './clients.ts';
import { shielded } from './engine-fault.ts';
import type { OidcRecord, OidcStore } from './oidc-store.ts';
import { ownField, ownSessionOf } from './own-session.ts';
import { currentVisit } from './visit.ts';

export interface AdapterParts {
  readonly store: OidcStore;
  readonly applications: Pick<ApplicationStore, 'find'>;
  readonly sessions: Pick<SessionStore, 'find'>;
  readonly clock: Clock;
  /** Told when of two who spent the same code or token at one moment, one came second. */
  readonly reused: (grantId: string | undefined) => void;
}

/** Makes the adapter of each of the engine's models. */
export function createAdapters(parts: AdapterParts): (model: string) => Adapter {
  return (model) => {
    if (model === 'Client') return shieldedAdapter(clientAdapter(parts));
    const records = recordAdapter(parts, model);
    return shieldedAdapter(model === 'Session' ? sessionAdapter(parts, records) : records);
  };
}

function shieldedAdapter(adapter: Adapter): Adapter {
  return {
    upsert: (...values) => shielded(() => adapter.upsert(...values)),
    find: (...values) => shielded(() => adapter.find(...values)),
    findByUid: (...values) => shielded(() => adapter.findByUid(...values)),
    findByUserCode: (...values) => shielded(() => adapter.findByUserCode(...values)),
    consume: (...values) => shielded(() => adapter.consume(...values)),
    destroy: (...values) => shielded(() => adapter.destroy(...values)),
    revokeByGrantId: (...values) => shielded(() => adapter.revokeByGrantId(...values)),
  };
}

/** Ends everything of a grant: its tokens, and the grant itself, without which no token counts. */
export async function endGrant(store: OidcStore, grantId: string): Promise<void> {
  await store.revokeByGrantId(grantId);
  await store.destroy('Grant', grantId);
}

/** Codes, tokens, grants, interactions. */
function recordAdapter({ store, clock, reused }: AdapterParts, model: string): Adapter {
  return {
    upsert: async (id, payload, expiresIn) => {
      const expiresAt =
        expiresIn === undefined ? undefined : new Date(clock.now().getTime() + expiresIn * 1000);
      await store.upsert(model, id, { ...payload }, expiresAt);
    },
    find: async (id) => toPayload(await store.find(model, id, clock.now())),
    findByUid: async (uid) => toPayload(await store.findBy(model, 'uid', uid, clock.now())),
    findByUserCode: async (userCode) =>
      toPayload(await store.findBy(model, 'userCode', userCode, clock.now())),
    consume: async (id) => {
      const now = clock.now();
      if (await store.consume(model, id, now)) return;
      // Somebody was faster, between our looking and our spending. Of two who hold the same code
      // one is a thief, and we cannot tell which: nothing that came of it counts (attack ATK-62).
      const grantId = (await store.find(model, id, now))?.payload['grantId'];
      const family = typeof grantId === 'string' ? grantId : undefined;
      if (family !== undefined) await endGrant(store, family);
      reused(family);
      throw new errors.InvalidGrant('it was used before');
    },
    destroy: (id) => store.destroy(model, id),
    revokeByGrantId: async (grantId) => {
      // The engine asks once for each model, and for access tokens always; ours is one statement.
      if (model === 'AccessToken') await store.revokeByGrantId(grantId);
    },
  };
}

/**
 * The engine's session keeps which applications one browser opened. Who is signed in there is said
 * by our own session alone, so each record names the one that it belongs to.
 */
function sessionAdapter({ store, sessions, clock }: AdapterParts, records: Adapter): Adapter {
  return {
    ...records,
    upsert: async (id, payload, expiresIn) => {
      const visit = currentVisit();
      const mine = visit?.session?.userId === payload.accountId ? visit?.session : undefined;
      const own = mine?.id.toString('base64url') ?? visit?.kept?.payload[ownField];
      const whole = { ...payload, ...(own === undefined ? {} : { [ownField]: own }) };
      if (visit?.kept?.id === id && isSame(visit.kept.payload, whole)) return;
      await records.upsert(id, whole, expiresIn);
    },
    find: async (id) => {
      const record = await store.find('Session', id, clock.now());
      const visit = currentVisit();
      if (record !== undefined && visit !== undefined) {
        // A copy: the engine changes what it is given in place.
        visit.kept = { id, payload: structuredClone(record.payload) };
      }
      return toPayload(record);
    },
    // So tokens find out whether their session still lives. To a browser our session says it itself.
    findByUid: async (uid) => {
      const record = await store.findBy('Session', 'uid', uid, clock.now());
      const isAsked = currentVisit()?.by !== 'browser';
      if (isAsked && !(await isAlive({ sessions, clock }, record?.payload))) return undefined;
      return toPayload(record);
    },
  };
}

/**
 * Whether the session of ours lives that a record of the engine's session belongs to; true of what
 * belongs to none.
 */
export async function isAlive(
  { sessions, clock }: Pick<AdapterParts, 'sessions' | 'clock'>,
  payload: OidcRecord['payload'] | undefined,
): Promise<boolean> {
  const own = ownSessionOf(payload);
  return own === undefined || (await sessions.find(own, clock.now())) !== undefined;
}

/** Its end is counted anew at each visit; a minute more or less is not worth writing. */
function isSame(kept: OidcRecord['payload'], payload: Readonly<Record<string, unknown>>): boolean {
  const { iat: _keptSince, exp: keptUntil, ...before } = kept;
  const { iat: _since, exp: until, ...after } = payload;
  if (typeof keptUntil !== 'number' || typeof until !== 'number') return false;
  // What the engine leaves undefined is absent once it was kept.
  return Math.abs(until - keptUntil) < 60 && isDeepStrictEqual(before, clean(after));
}

function clean(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Applications are ours to keep; the engine only reads them. */
function clientAdapter({ applications }: AdapterParts): Adapter {
  const refuse = (): Promise<never> => {
    return Promise.reject(new Error('Applications are changed by src/applications alone.'));
  };
  return {
    find: async (clientId) => {
      // Whatever a stranger wrote: only what could be an id of ours reaches the database.
      if (!/^[\w-]{1,64}$/.test(clientId)) return undefined;
      const application = await applications.find(clientId);
      return application === undefined ? undefined : clientMetadata(application);
    },
    findByUid: refuse,
    findByUserCode: refuse,
    upsert: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
  };
}

function toPayload(record: OidcRecord | undefined): AdapterPayload | undefined {
  if (record === undefined) return undefined;
  const { payload, consumedAt } = record;
  return consumedAt === undefined
    ? payload
    : { ...payload, consumed: Math.floor(consumedAt.getTime() / 1000) };
}
