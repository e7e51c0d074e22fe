/**
 * Owns the one way to end everything that a person's earlier proofs opened: sessions, tokens,
 * attempts, remembered browsers, trusted devices and, where asked, app passwords (attack ATK-34); and
 * what one thing alone had opened, once that is gone.
 */
import { everythingRevoked } from '../audit/audit.ts';
import type { Methods } from '../methods/method.ts';
import type { Registration } from '../registrations/registration.ts';
import type { Proof } from '../sessions/session.ts';
import { isReset } from './attempt.ts';
import type { SigninStores } from './stores.ts';

export interface Revocation {
  readonly userId: string;
  /** `password-changed`, `blocked`, `revoked-by-admin`, `re-register`, `fraud-reported` … */
  readonly reason: string;
  readonly actor: string;
  /** From where, when it was done on a page. */
  readonly address?: string | undefined;
  readonly appPasswords: boolean;
  readonly at: Date;
  /** The attempt that goes on: it is the one that proved the person. */
  readonly keepAttempt?: string;
  /** The session that goes on: the one in which its owner proved something new. */
  readonly keepSession?: Buffer;
}

/** Ends all of it in the caller's transaction; nothing of it works afterwards, at any door or node. */
export async function revokeEverything(
  stores: SigninStores,
  revocation: Revocation,
): Promise<void> {
  const { userId, reason, actor, address, at } = revocation;
  const sessions = await endSessions(stores, revocation);
  const grants = await stores.grants.removeAll(userId);
  await stores.attempts.removeAll(userId, revocation.keepAttempt);
  await stores.knownBrowsers.forgetAll(userId);
  const trustedDevices = await stores.trustedDevices.removeAll(userId);
  const appPasswords = revocation.appPasswords ? await stores.appPasswords.removeAll(userId) : 0;
  await stores.audit.append(
    everythingRevoked({
      at,
      userId,
      actor,
      address,
      reason,
      sessions,
      grants,
      trustedDevices,
      appPasswords,
    }),
  );
}

async function endSessions(
  { sessions }: Pick<SigninStores, 'sessions'>,
  { userId, keepSession, at }: Revocation,
): Promise<number> {
  if (keepSession === undefined) return sessions.removeAll(userId);
  let ended = 0;
  for (const { id } of await sessions.list(userId, at)) {
    if (id.equals(keepSession)) continue;
    await sessions.remove(id);
    ended += 1;
  }
  return ended;
}

/**
 * Ends the sessions that were opened with something that counts no longer, and with them their tokens, and
 * the attempts that are on the way to one: whoever has the lost phone is out. What applications hold without
 * a session (`offline_access`) says only in which way its sign-in was proved: all of that way ends. The
 * session or the attempt in which that was said goes on.
 */
export async function endWhatItOpened(
  stores: Pick<SigninStores, 'sessions' | 'grants' | 'attempts'>,
  methods: Methods,
  { id, userId, kind, createdAt, lastUsedAt }: Registration,
  options: {
    readonly keepSession: Buffer | undefined;
    readonly keepAttempt?: string;
    readonly now: Date;
  },
): Promise<void> {
  const { keepSession, keepAttempt, now } = options;
  // What was proved while it was being registered had no id yet.
  const isBy = ({ registrationId, method, at }: Proof): boolean =>
    registrationId === undefined
      ? methods.get(method)?.registers.id === kind && at.getTime() === createdAt.getTime()
      : registrationId === id;
  for (const session of await stores.sessions.list(userId, now)) {
    const isKept = keepSession !== undefined && session.id.equals(keepSession);
    if (!isKept && session.proofs.some(isBy)) await stores.sessions.remove(session.id);
  }
  const kept = keepSession?.toString('base64url');
  for (const attempt of await stores.attempts.listOpen(userId)) {
    // A reset judges at its end what was proved; what the session goes on with, its step-up may bring along.
    if (isReset(attempt) || attempt.id === keepAttempt) continue;
    if (kept !== undefined && attempt.replaces === kept) continue;
    if (attempt.proofs.some(isBy)) await stores.attempts.remove(attempt.id);
  }
  const proving = methods.all.filter(
    ({ registers, provesIn }) => registers.id === kind && provesIn.includes('sign-in'),
  );
  // What is kept unproved, such as a list of codes, counts as used from then on, and has proved nothing yet.
  const wasProved = proving.some(({ draftProves }) => draftProves);
  const isUsed = lastUsedAt !== undefined && (wasProved || lastUsedAt > createdAt);
  const ways = proving.flatMap(({ amr }) => amr);
  if (isUsed) await stores.grants.removeProvedBy(userId, ways, now);
}
