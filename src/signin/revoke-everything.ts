/**
 * Owns the one way to end everything that a person's earlier proofs opened: sessions, tokens,
 * attempts, remembered browsers, trusted devices and, where asked, app passwords (attack ATK-34).
 */
import { everythingRevoked } from '../audit/audit.ts';
import type { SigninStores } from './stores.ts';

export interface Revocation {
  readonly userId: string;
  /** `password-changed`, `blocked`, `revoked-by-admin`, `re-register`, `fraud-reported` … */
  readonly reason: string;
  readonly actor: string;
  readonly appPasswords: boolean;
  readonly at: Date;
  /** The attempt that goes on: it is the one that proved the person. */
  readonly keepAttempt?: string;
}

/** Ends all of it in the caller's transaction; nothing of it works afterwards, at any door or node. */
export async function revokeEverything(
  stores: SigninStores,
  revocation: Revocation,
): Promise<void> {
  const { userId, reason, actor, at } = revocation;
  const sessions = await stores.sessions.removeAll(userId);
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
      reason,
      sessions,
      grants,
      trustedDevices,
      appPasswords,
    }),
  );
}
