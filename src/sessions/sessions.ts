/**
 * Owns sessions: opens one after a finished sign-in, finds who a cookie belongs to, ends it.
 * The cookie holds a random token; the store holds its keyed hash, so a copy of the database
 * opens no session.
 */
import type { Clock } from '../lib/clock.ts';
import type { Random } from '../lib/random.ts';
import type { SecretBox } from '../lib/secret-box.ts';
import type { Proof, Session } from './session.ts';
import type { SessionStore } from './session-store.ts';

/** How long a session lasts, in seconds. */
export interface SessionLengths {
  readonly absoluteSeconds: number;
  readonly idleSeconds: number;
}

export interface OpenSession {
  readonly userId: string;
  readonly proofs: readonly Proof[];
  readonly lengths: SessionLengths;
  /** Where the proofs are an earlier session's: when that one ends, this one does at the latest. */
  readonly endsAt?: Date | undefined;
  readonly trustedDevice?: string | undefined;
  readonly staysSignedIn?: true | undefined;
  readonly address: string;
  readonly userAgent: string;
}

export interface Sessions {
  /** Opens a session in the caller's transaction and returns the cookie's token, once. */
  open(store: SessionStore, request: OpenSession): Promise<{ token: string; session: Session }>;
  /** The living session of a cookie, or undefined. Notes its use at most once a minute. */
  find(token: string | undefined): Promise<Session | undefined>;
  /** The same for whoever was told its id by us: the cookie of a site that others serve. */
  findById(id: Buffer): Promise<Session | undefined>;
  /** Ends the session of a cookie; returns it when there was one. */
  end(token: string | undefined): Promise<Session | undefined>;
  /** Ends a session that was found. */
  endById(id: Buffer): Promise<void>;
  /** The id under which a token's session is kept. */
  idOf(token: string): Buffer;
}

const touchEverySeconds = 60;

/** Makes the service. `store` is used outside transactions. */
export function createSessions(parts: {
  readonly store: SessionStore;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly random: Random;
}): Sessions {
  const { store, box, clock, random } = parts;
  const idOf = (token: string): Buffer => box.keyedHash('session', token);

  const findById = async (id: Buffer): Promise<Session | undefined> => {
    const now = clock.now();
    const session = await store.find(id, now);
    if (session === undefined) return undefined;
    const idleSeconds = (now.getTime() - session.lastSeenAt.getTime()) / 1000;
    if (idleSeconds > session.idleSeconds) {
      await store.remove(session.id);
      return undefined;
    }
    if (idleSeconds > touchEverySeconds) await store.touch(session.id, now);
    return session;
  };
  const find = async (token: string | undefined): Promise<Session | undefined> =>
    token === undefined || token === '' ? undefined : findById(idOf(token));

  return {
    idOf,
    find,
    findById,
    open: async (transaction, request) => {
      const now = clock.now();
      const token = random.token(32);
      const session: Session = {
        id: idOf(token),
        userId: request.userId,
        proofs: request.proofs,
        createdAt: now,
        authenticatedAt: request.proofs.reduce(
          (latest, proof) => (proof.at > latest ? proof.at : latest),
          new Date(0),
        ),
        lastSeenAt: now,
        expiresAt: earlier(
          new Date(now.getTime() + request.lengths.absoluteSeconds * 1000),
          request.endsAt,
        ),
        idleSeconds: request.lengths.idleSeconds,
        address: request.address,
        userAgent: request.userAgent.slice(0, 400),
        trustedDevice: request.trustedDevice,
        staysSignedIn: request.staysSignedIn,
      };
      await transaction.add(session);
      return { token, session };
    },
    endById: async (id) => {
      await store.remove(id);
    },
    end: async (token) => {
      const session = await find(token);
      if (session !== undefined) await store.remove(session.id);
      return session;
    },
  };
}

function earlier(one: Date, other: Date | undefined): Date {
  return other !== undefined && other < one ? other : one;
}
