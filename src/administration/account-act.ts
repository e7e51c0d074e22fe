/**
 * Owns one act on one account: its owner is held until it is done, whoever acts is looked at anew, and what
 * they were let in to do is told of with its event.
 */
import type { AdminAct } from '../accounts/administering.ts';
import type { ApprovedValues } from '../accounts/approval.ts';
import type { Role, User } from '../accounts/user.ts';
import type { Clock } from '../lib/clock.ts';
import type { Random } from '../lib/random.ts';
import type { Transact } from '../lib/transact.ts';
import type { Methods } from '../methods/method.ts';
import type { Policies } from '../policies/policies.ts';
import { revokeEverything } from '../signin/revoke-everything.ts';
import type { SigninStores } from '../signin/stores.ts';
import { admitToAll, hold, type Actor, type By } from './acting-admin.ts';

/** What every act on an account takes. */
export interface ActParts {
  readonly transact: Transact<SigninStores>;
  readonly policies: Policies;
  readonly methods: Methods;
  readonly clock: Clock;
  readonly random: Random;
}

/** What is to be done, to whom, and by whom. */
export interface AskedAct {
  readonly userId: string;
  readonly act: AdminAct;
  readonly by: By;
  /** The role that is to be given. */
  readonly role?: Role;
  /** Looks at the account once it is held; what it throws is thrown on, and nothing is done. */
  readonly look?: ((user: User) => void) | undefined;
  /** What a second administrator agrees to, beside the act; undefined where none has to. Nothing unless told. */
  readonly values?: (
    user: User,
    held: SigninStores,
  ) => ApprovedValues | undefined | Promise<ApprovedValues | undefined>;
}

/** An act that is being done. */
export interface Doing {
  /** The stores within its transaction. */
  readonly held: SigninStores;
  /** Whose account it is, who is held. */
  readonly user: User;
  readonly at: Date;
  readonly who: Actor;
}

/** Does it in one transaction. Throws as `hold` and `admitToAll` do, and then nothing has happened. */
export function actOn<result>(
  parts: ActParts,
  { userId, act, by, role, look, values = () => ({}) }: AskedAct,
  work: (doing: Doing) => Promise<result>,
): Promise<result> {
  return parts.transact(async (held) => {
    const user = await hold(held, userId, by);
    look?.(user);
    const at = parts.clock.now();
    const wanted = { act, role, values: await values(user, held) };
    const who = await admitToAll(parts, held, by, [wanted], user, at);
    return work({ held, user, at, who });
  });
}

/**
 * Ends all that they have open, at every door; their app passwords stay. `reason` is what the audit log
 * gives for it.
 */
export function signOutEverywhere({ held, user, at, who }: Doing, reason: string): Promise<void> {
  return revokeEverything(held, { userId: user.id, reason, ...who, appPasswords: false, at });
}
