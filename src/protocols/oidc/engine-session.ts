/**
 * Owns the engine's session of a browser: which applications it opened. Who is signed in is not for
 * it to say: at each visit it takes that over from our own session, and where that is gone or is
 * somebody else's, it ends, and its applications are told.
 */
import { isDeepStrictEqual } from 'node:util';

import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import * as z from 'zod';

import { acrOf, amrOf } from '../../sessions/proven.ts';
import type { Session } from '../../sessions/session.ts';
import { endGrant, isAlive, type AdapterParts } from './adapter.ts';
import { shielded } from './engine-fault.ts';
import type { Report } from './events.ts';
import type { OidcRecord } from './oidc-store.ts';
import { currentVisit, type Visit } from './visit.ts';

export type EngineSession = NonNullable<KoaContextWithOIDC['oidc']['session']>;

export interface EngineSessions {
  /** Ends the engine's session of this browser, whoever it belongs to, and tells its applications. */
  end(visit: Visit): Promise<void>;
  /**
   * Tells every one of these applications that a person was signed out everywhere: once for all of
   * their sessions, and once more for each that was opened from a browser here, since there are
   * applications that find no session without its `sid`. One that they opened anew since hears of
   * the ended sessions alone.
   */
  tellAll(userId: string, clientIds: readonly string[]): Promise<void>;
}

/** Makes the engine follow our own sessions. */
export function governSessions(
  provider: Provider,
  parts: Pick<AdapterParts, 'store' | 'sessions' | 'clock'> & { readonly report: Report },
): EngineSessions {
  const { store, clock, report } = parts;

  const tell = async (clientId: string, userId: string, sid: string | undefined): Promise<void> => {
    try {
      const client = await provider.Client.find(clientId);
      if (client === undefined || client.backchannelLogoutUri === undefined) return;
      if (!tellsLogout(client))
        throw new Error('The engine tells of a sign-out in another way now.');
      await client.backchannelLogout(userId, sid);
    } catch (error) {
      // What the application answered, the courier has reported.
      if (!isRefusal(error)) report({ kind: 'failed', error });
    }
  };

  /** Ends it here; `told` settles when its applications know, or are behind reach. */
  const retire = async (session: EngineSession): Promise<{ readonly told: Promise<void> }> => {
    const { accountId } = session;
    const opened = Object.entries(session.authorizations ?? {});
    for (const [, { grantId, persistsLogout }] of opened) {
      if (grantId !== undefined && persistsLogout !== true) await endGrant(store, grantId);
    }
    await session.destroy();
    const telling = opened.map(async ([clientId, { sid }]) => {
      if (accountId !== undefined) await tell(clientId, accountId, sid);
    });
    return { told: Promise.all(telling).then(() => undefined) };
  };

  /** What the engine shall believe: our session, or nobody. */
  const follow = async (session: EngineSession, visit: Visit): Promise<EngineSession> => {
    const own = visit.session;
    const isForeign = session.accountId !== undefined && session.accountId !== own?.userId;
    // Nobody waits here for applications that are told of a session that ended before.
    if (isForeign) void (await retire(session)).told;
    const followed = isForeign ? new provider.Session() : session;
    if (own !== undefined) takeOver(followed, own);
    return followed;
  };

  const find = provider.Session.get.bind(provider.Session);
  // The one place that every flow of the engine goes through to learn who is signed in.
  provider.Session.get = (ctx) =>
    shielded(async () => {
      const session = await find(ctx);
      const visit = currentVisit();
      return visit === undefined ? session : follow(session, visit);
    });

  return {
    end: async ({ request, reply }) => {
      const session = await find(provider.createContext(request.raw, reply.raw));
      if (session.accountId === undefined && session.authorizations === undefined) return;
      await (
        await retire(session)
      ).told;
    },
    tellAll: async (userId, clientIds) => {
      const ended: OidcRecord['payload'][] = [];
      const living: OidcRecord['payload'][] = [];
      for (const { payload } of await store.listOf('Session', userId, clock.now())) {
        ((await isAlive(parts, payload)) ? living : ended).push(payload);
      }
      // Whoever came in again since would be put out by a word about all of their sessions.
      const isBack = (clientId: string): boolean =>
        living.some((payload) => sidIn(payload, clientId) !== undefined);
      const telling = clientIds.flatMap((clientId) => [
        ...(isBack(clientId) ? [] : [tell(clientId, userId, undefined)]),
        ...ended.flatMap((payload) => {
          const sid = sidIn(payload, clientId);
          return sid === undefined ? [] : [tell(clientId, userId, sid)];
        }),
      ]);
      await Promise.all(telling);
      for (const { jti } of ended) if (typeof jti === 'string') await store.destroy('Session', jti);
    },
  };
}

/** How an application knows the session that the engine keeps in this record. */
function sidIn(payload: OidcRecord['payload'], clientId: string): string | undefined {
  const found = openedSchema.safeParse(payload);
  return found.success ? found.data.authorizations[clientId]?.sid : undefined;
}

const openedSchema = z.object({
  authorizations: z.record(z.string(), z.object({ sid: z.string().optional() })),
});

function takeOver(session: EngineSession, own: Session): void {
  const loginTs = Math.floor(own.authenticatedAt.getTime() / 1000);
  const amr = [...amrOf(own.proofs)];
  const isKnown = session.accountId === own.userId && session.loginTs === loginTs;
  if (isKnown && isDeepStrictEqual(session.amr, amr)) return;
  const acr = acrOf(own.proofs);
  session.loginAccount({ accountId: own.userId, acr, amr, loginTs, transient: true });
}

interface TellsLogout {
  backchannelLogout(accountId: string, sid: string | undefined): Promise<void>;
}

// It is there and documented by its use, but the engine's types do not list it.
function tellsLogout(
  client: Readonly<Record<string, unknown>>,
): client is Readonly<Record<string, unknown>> & TellsLogout {
  return typeof client['backchannelLogout'] === 'function';
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'response' in error;
}
