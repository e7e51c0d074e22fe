/** Owns keeping somebody out: a block, for a while or until it is taken away, and signing them out. */
import { isBlocked } from '../accounts/user.ts';
import { userBlocked, userUnblocked } from '../audit/audit.ts';
import { actOn, signOutEverywhere, type ActParts } from './account-act.ts';
import type { By } from './acting-admin.ts';
import { inform } from './informing.ts';

export interface Blocking {
  /** Blocks, until somebody unblocks unless told, and ends everything; replaces an earlier block. */
  block(
    userId: string,
    block: { readonly reason: string; readonly until?: Date | undefined; readonly by: By },
  ): Promise<void>;
  /** False when there was no block. */
  unblock(userId: string, reason: string, by: By): Promise<boolean>;
  /** Signs out everywhere and ends what applications hold. */
  revokeSessions(userId: string, by: By): Promise<void>;
}

/** Makes the service. */
export function createBlocking(parts: ActParts): Blocking {
  return {
    block: (userId, { reason, until, by }) => {
      const values = () => ({ until: until?.toISOString() });
      return actOn(parts, { userId, act: 'block', by, values }, async (doing) => {
        const { held, user, at, who } = doing;
        await held.users.setBlock(userId, { at, until, reason });
        await held.audit.append(userBlocked({ at, userId, ...who, reason }));
        await signOutEverywhere(doing, 'blocked');
        await inform(parts, held, user, at, 'blocked');
      });
    },

    unblock: (userId, reason, by) =>
      actOn(parts, { userId, act: 'unblock', by }, async ({ held, user, at, who }) => {
        if (!isBlocked(user, at)) return false;
        await held.users.setBlock(userId, undefined);
        await held.audit.append(userUnblocked({ at, userId, ...who, reason }));
        await inform(parts, held, user, at, 'unblocked');
        return true;
      }),

    revokeSessions: (userId, by) =>
      actOn(parts, { userId, act: 'revoke-sessions', by }, async (doing) => {
        const { held, user, at } = doing;
        await signOutEverywhere(doing, 'revoked-by-admin');
        await inform(parts, held, user, at, 'signedOutByAdmin');
      }),
  };
}
