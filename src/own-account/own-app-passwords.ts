/** Owns what a person does with their own app passwords: making one that is shown once, deleting. */
import type { User } from '../accounts/user.ts';
import {
  longestAppPasswordName,
  maximumAppPasswords,
  showWithinMs,
  type AppPassword,
  type AppPasswordDoor,
} from '../app-passwords/app-password.ts';
import {
  appPasswordStanding,
  endOfAppPassword,
  expiryChoices,
  suggestedExpiry,
  type AppPasswordStanding,
} from '../app-passwords/standing.ts';
import { appPasswordsRemoved } from '../audit/audit.ts';
import { hidesSomething } from '../lib/hidden-text.ts';
import type { CurrentSession } from '../signin/current-session.ts';
import { createOwnActs } from '../signin/own-act.ts';
import type { SigninParts } from '../signin/parts.ts';
import { tell, type Visitor } from '../signin/telling.ts';

export interface AppPasswordOverview {
  readonly standing: AppPasswordStanding;
  /** With the end that each has as policy is now. */
  readonly list: readonly AppPassword[];
  /** Whether there is no place left. */
  readonly isFull: boolean;
  /** Days, the shortest first; 0 is for ever. */
  readonly expiryChoices: readonly number[];
  readonly suggestedExpiry: number;
}

export interface WantedAppPassword {
  /** Random, from the form: the same form sent twice makes one. */
  readonly formId: string;
  readonly name: string;
  readonly door: AppPasswordDoor | undefined;
  /** One of the `expiryChoices`; another one counts as what is suggested. */
  readonly expiryDays: number;
}

export type Created =
  /** Its page shows it once. */
  | { readonly kind: 'made'; readonly id: string }
  | { readonly kind: 'full' }
  | { readonly kind: 'not-allowed' }
  | { readonly kind: 'refused'; readonly reason: 'empty' | 'too-long' | 'unreadable' };

export interface OwnAppPasswords {
  overview(user: User): Promise<AppPasswordOverview>;
  /** Makes one; throws `STEP_UP_REQUIRED` where the second step is not fresh. */
  create(current: CurrentSession, wanted: WantedAppPassword, visitor: Visitor): Promise<Created>;
  /** The one with this id and, the first time somebody asks, the password itself. */
  show(
    current: CurrentSession,
    id: string,
  ): Promise<{ readonly appPassword: AppPassword; readonly plain: string | undefined } | undefined>;
  /** False where it was gone already. Throws `STEP_UP_REQUIRED`. */
  remove(current: CurrentSession, id: string, visitor: Visitor): Promise<boolean>;
  /** Resolves to how many there were. Throws `STEP_UP_REQUIRED`. */
  removeAll(current: CurrentSession, visitor: Visitor): Promise<number>;
}

/** Makes the service. */
export function createOwnAppPasswords(parts: SigninParts): OwnAppPasswords {
  const { stores, appPasswords, policies, box } = parts;
  const { act } = createOwnActs(parts);
  const idOf = (userId: string, formId: string): string =>
    box.keyedHash('app-password-form', `${userId} ${formId}`).toString('base64url').slice(0, 22);

  return {
    overview: async (user) => {
      const policy = await policies.current();
      const list = await stores.appPasswords.list(user.id);
      return {
        standing: appPasswordStanding(policy, user),
        list: list.map((each) => ({ ...each, expiresAt: endOfAppPassword(policy, each) })),
        isFull: list.length >= maximumAppPasswords,
        expiryChoices: expiryChoices(policy),
        suggestedExpiry: suggestedExpiry(policy),
      };
    },

    create: (current, wanted, visitor) =>
      act(current, 'fresh-second-step', async (work, user) => {
        const policy = await policies.current(work.stores.policies);
        if (appPasswordStanding(policy, user) !== 'allowed') return { kind: 'not-allowed' };
        const name = wanted.name.trim().replaceAll(/\s+/gu, ' ');
        if (name === '') return { kind: 'refused', reason: 'empty' };
        if ([...name].length > longestAppPasswordName)
          return { kind: 'refused', reason: 'too-long' };
        if (hidesSomething(name)) return { kind: 'refused', reason: 'unreadable' };

        const id = idOf(user.id, wanted.formId);
        const list = await work.stores.appPasswords.list(user.id);
        if (list.some((each) => each.id === id)) return { kind: 'made', id };
        const isChoice = expiryChoices(policy).includes(wanted.expiryDays);
        const made = await appPasswords.make(work.stores, {
          id,
          userId: user.id,
          name,
          door: wanted.door,
          expiryDays: isChoice ? wanted.expiryDays : suggestedExpiry(policy),
          isShownLater: true,
        });
        if (made.kind === 'full') return made;
        const { name: given } = made.appPassword;
        await tell(parts, work, visitor, { policy }, user, 'appPasswordMade', given);
        return { kind: 'made', id };
      }),

    show: (current, id) =>
      act(current, 'second-step', async ({ stores: held, now }, user) => {
        const appPassword = (await held.appPasswords.list(user.id)).find((each) => each.id === id);
        if (appPassword === undefined) return undefined;
        const since = new Date(now.getTime() - showWithinMs);
        return { appPassword, plain: await held.appPasswords.takePlain(id, user.id, since) };
      }),

    remove: (current, id, visitor) =>
      act(current, 'fresh-second-step', async (work, user) => {
        const policy = await policies.current(work.stores.policies);
        const list = await work.stores.appPasswords.list(user.id);
        const name = list.find((each) => each.id === id)?.name;
        if (!(await appPasswords.remove(work.stores, user.id, id, user.id))) return false;
        await tell(parts, work, visitor, { policy }, user, 'appPasswordRemoved', name);
        return true;
      }),

    removeAll: (current, visitor) =>
      act(current, 'fresh-second-step', async (work, user) => {
        const policy = await policies.current(work.stores.policies);
        const count = await work.stores.appPasswords.removeAll(user.id);
        if (count === 0) return 0;
        const { now } = work;
        await work.stores.audit.append(
          appPasswordsRemoved({ at: now, userId: user.id, actor: user.id, count }),
        );
        await tell(parts, work, visitor, { policy }, user, 'appPasswordsRemoved');
        return count;
      }),
  };
}
