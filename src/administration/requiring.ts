/**
 * Owns what is required of somebody: their per-user state, that they register anew, and the mail that says
 * what to set up, where and until when.
 */
import type { PerUserMfaState } from '../accounts/user.ts';
import { reRegistrationRequired, setUpAnnounced, stateChanged } from '../audit/audit.ts';
import { TweestapError } from '../errors/errors.ts';
import { isForSignIn } from '../registrations/options.ts';
import { told } from '../signin/messages.ts';
import { announcement, type NoticeKind } from '../signin/notices.ts';
import { secondStepKey } from '../signin/situation.ts';
import { actOn, signOutEverywhere, type ActParts, type Doing } from './account-act.ts';
import { admitToOrganisation, type By } from './acting-admin.ts';
import { inform, unwatched, type InformingParts } from './informing.ts';

export interface Requiring {
  /**
   * Moves the per-user state; false when it was that already. Required anew, the window opens anew,
   * and the person signs in again, with the second step. With `announce` they are told what to do and
   * where (row S-021), instead of only that it happened.
   */
  setState(
    userId: string,
    state: PerUserMfaState,
    by: By,
    announce?: { readonly link: string },
  ): Promise<boolean>;
  /**
   * Tells somebody by mail to set up a verification method: `link` is where, `from` when it is required,
   * unless it is already. False, and no mail, where they have one.
   */
  announce(
    userId: string,
    announced: { readonly link: string; readonly from: Date | undefined },
    by: By,
  ): Promise<boolean>;
  /**
   * Removes all that is registered, opens the window for a first registration anew, forgets wrong
   * second steps, and ends everything. Resolves to how many registrations there were.
   */
  requireReRegistration(userId: string, by: By): Promise<number>;
}

/** Makes the service. */
export function createRequiring(parts: ActParts): Requiring {
  const { transact, clock } = parts;
  return {
    setState: (userId, state, by, announce) =>
      actOn(parts, { userId, act: 'set-state', by, values: () => ({ state }) }, async (doing) => {
        const { held, user, at, who } = doing;
        const from = user.perUserMfaState;
        if (from === state || !(await held.users.moveState(userId, from, state))) return false;
        if (state === 'disabled') await held.users.change(userId, { mfaRequiredAt: undefined });
        if (from === 'disabled') {
          await held.users.change(userId, { mfaRequiredAt: at });
          // What the password alone opened would outlive the requirement (attack ATK-34).
          await signOutEverywhere(doing, 'second-step-required');
        }
        await held.audit.append(stateChanged({ at, userId, ...who, from, to: state }));
        if (announce === undefined || state !== 'enabled') {
          await inform(parts, held, user, at, stateNotices[state]);
        } else {
          const { link } = announce;
          await tellToSetUp(parts, doing, { link, requiredAt: at, isReminder: false });
        }
        return true;
      }),

    announce: (userId, { link, from }, by) =>
      transact(async (held) => {
        const user = await held.users.lock(userId);
        if (user === undefined) throw new TweestapError('NOT_FOUND');
        const at = clock.now();
        const who = await admitToOrganisation(parts, held, by, 'announce', at);
        const registrations = await held.registrations.list(userId);
        if (registrations.some((one) => isForSignIn(one, parts.methods))) return false;
        const requiredAt = user.mfaRequiredAt;
        const isReminder = requiredAt !== undefined;
        const doing = { held, user, at, who };
        await tellToSetUp(parts, doing, { link, from, requiredAt, isReminder });
        return true;
      }),

    requireReRegistration: (userId, by) =>
      actOn(parts, { userId, act: 're-register', by }, (doing) => forgetRegistered(parts, doing)),
  };
}

/** Everything registered goes, and with it what it opened; resolves to how much it was. */
export async function forgetRegistered(parts: InformingParts, doing: Doing): Promise<number> {
  const { held, user, at, who } = doing;
  const userId = user.id;
  const removed = await held.registrations.removeAll(userId);
  await held.users.setDefaultMethod(userId, undefined);
  const mfaRequiredAt = user.perUserMfaState === 'disabled' ? undefined : at;
  await held.users.change(userId, { mfaRequiredAt });
  await held.throttle.clear(secondStepKey(userId));
  await held.audit.append(reRegistrationRequired({ at, userId, ...who, removed }));
  await signOutEverywhere(doing, 're-register');
  await inform(parts, held, user, at, 'reRegistrationRequired');
  return removed;
}

/** What a person is told of their new state. */
const stateNotices: Readonly<Record<PerUserMfaState, NoticeKind>> = {
  disabled: 'secondStepDisabled',
  enabled: 'secondStepEnabled',
  enforced: 'secondStepEnforced',
};

interface SetUp {
  readonly link: string;
  /** When it is required, where it is not yet. */
  readonly from?: Date | undefined;
  /** Since when it is required. */
  readonly requiredAt: Date | undefined;
  readonly isReminder: boolean;
}

/** Mails what to set up, where and until when. */
async function tellToSetUp(
  { policies, random }: InformingParts,
  { held, user, at, who }: Doing,
  { link, from, requiredAt, isReminder }: SetUp,
): Promise<void> {
  const { organisation, registration } = await policies.current(held.policies);
  const mails = announcement({
    user,
    organisation: organisation.name,
    fallbackLocale: organisation.defaultLanguage,
    link,
    from,
    until: windowEnd(requiredAt, registration.windowDays),
    isReminder,
  });
  const work = unwatched(held, at);
  await held.outbox.add(mails.map((message) => told({ random }, work, user, message)));
  await held.audit.append(setUpAnnounced({ at, userId: user.id, ...who, reminder: isReminder }));
}

/** Until when the password alone may register a first method; undefined where it may not. */
function windowEnd(requiredAt: Date | undefined, windowDays: number): Date | undefined {
  if (requiredAt === undefined || windowDays === 0) return undefined;
  return new Date(requiredAt.getTime() + windowDays * 86_400_000);
}
