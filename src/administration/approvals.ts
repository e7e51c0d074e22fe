/**
 * Owns asking a second administrator, and agreeing (`accounts/approval.ts`). Each is one transaction with its
 * event; whoever may agree hears of it by mail, and so does whoever asked.
 */
import { mayAct } from '../accounts/administering.ts';
import { roles, type Role, type User } from '../accounts/user.ts';
import {
  approvalHours,
  mayDecide,
  type ApprovedAct,
  type ApprovedValues,
} from '../accounts/approval.ts';
import { approvalAsked, approvalDeclined, approvalGiven } from '../audit/approval-events.ts';
import { TweestapError } from '../errors/errors.ts';
import type { Clock } from '../lib/clock.ts';
import type { Random } from '../lib/random.ts';
import type { Transact } from '../lib/transact.ts';
import type { Methods } from '../methods/method.ts';
import type { Policies } from '../policies/policies.ts';
import type { SigninStores } from '../signin/stores.ts';
import {
  admitToAsk,
  admitToGive,
  admitToOrganisation,
  agreementStands,
  mayStillAct,
  type Actor,
  type AtPages,
} from './acting-admin.ts';
import { inform } from './informing.ts';

/** What is to be agreed to. */
export interface Wanted {
  readonly act: ApprovedAct;
  /** Empty where it concerns nobody's account. */
  readonly targetId: string;
  /** The role that is to be given, where that is the act. */
  readonly role?: Role | undefined;
  /** Every other value of it, just as the act is refused with. */
  readonly values?: ApprovedValues | undefined;
  readonly reason: string;
}

/** Both may throw `NOT_SIGNED_IN`, `STEP_UP_REQUIRED` or `NOT_ALLOWED`; nothing has happened then. */
export interface Approvals {
  /** Asks; false where the same was asked before and is not over. */
  ask(wanted: Wanted, by: AtPages): Promise<boolean>;
  /**
   * Agrees, or does not. Never to one's own, nor about oneself, and only to what one might do oneself.
   * Declining one's own takes it back. False where it was decided meanwhile, is over or gone.
   */
  decide(id: string, isAgreed: boolean, by: AtPages): Promise<boolean>;
}

/** Everybody who may agree to anything. */
const inCharge = roles.filter((role) => mayAct(role, 'approve'));
/** As many as are told at most. */
const mostAdmins = 50;

/** Makes the service. */
export function createApprovals(parts: {
  readonly transact: Transact<SigninStores>;
  readonly methods: Methods;
  readonly policies: Policies;
  readonly clock: Clock;
  readonly random: Random;
}): Approvals {
  const { transact, clock, random } = parts;

  return {
    ask: ({ act, targetId, role, values = {}, reason }, by) =>
      transact(async (held) => {
        const at = clock.now();
        const target = targetId === '' ? undefined : await held.users.find(targetId);
        const who = await admitToWant(held, by, { act, role }, target, at);
        const asked = { act, targetId, role, values, askedBy: who.actor };
        const stands = agreementStands(held, asked, at);
        if (await held.approvals.isOpen(asked, at, stands)) return false;
        const expiresAt = new Date(at.getTime() + approvalHours * 3_600_000);
        await held.approvals.add({
          ...asked,
          id: random.token(16),
          askedAt: at,
          reason,
          expiresAt,
          decision: undefined,
          usedAt: undefined,
        });
        await held.audit.append(approvalAsked({ at, ...who, targetId, act, reason }));
        const asker = by.current.user;
        for (const admin of await held.users.list({ roles: inCharge, limit: mostAdmins })) {
          if (mayStillAct(admin, at) && mayDecide(admin, asked, target)) {
            await inform(parts, held, admin, at, 'approvalAsked', asker.displayName);
          }
        }
        return true;
      }),

    decide: (id, isAgreed, by) =>
      transact(async (held) => {
        const at = clock.now();
        const who = await admitToOrganisation(parts, held, by, 'approve', at);
        const approval = await held.approvals.find(id);
        if (approval === undefined) return false;
        const { act, targetId, askedBy } = approval;
        const target = targetId === '' ? undefined : await held.users.find(targetId);
        const decider = await held.users.find(who.actor);
        const takesBack = !isAgreed && askedBy === who.actor;
        if (decider === undefined || !(takesBack || mayDecide(decider, approval, target))) {
          throw new TweestapError('NOT_ALLOWED', { details: { act: 'approve', reason: 'self' } });
        }
        if (!(await held.approvals.decide(id, { by: who.actor, at, isAgreed }))) return false;
        const event = { at, ...who, targetId, act, askedBy };
        await held.audit.append(isAgreed ? approvalGiven(event) : approvalDeclined(event));
        const asker = await held.users.find(askedBy);
        if (asker !== undefined && !takesBack) {
          const kind = isAgreed ? 'approvalGiven' : 'approvalDeclined';
          await inform(parts, held, asker, at, kind, target?.displayName);
        }
        return true;
      }),
  };

  /** Only what one may do oneself, but for the agreement, can be asked for. */
  async function admitToWant(
    held: SigninStores,
    by: AtPages,
    { act, role }: Pick<Wanted, 'act' | 'role'>,
    target: User | undefined,
    at: Date,
  ): Promise<Actor> {
    if ((act === 'change-role') !== (role !== undefined)) throw new TweestapError('NOT_FOUND');
    if (act === 'stop-asking') {
      return admitToOrganisation(parts, held, by, 'change-policy', at);
    }
    if (target === undefined) throw new TweestapError('NOT_FOUND');
    if (role !== undefined) await admitToGive(parts, held, by, role, at);
    return admitToAsk(parts, held, by, act, target, at);
  }
}
