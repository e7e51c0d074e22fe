/**
 * Owns what those in charge take away for good: one thing that somebody registered, their app passwords, or the
 * account with all of it.
 */
import type { ApprovedValues } from '../accounts/approval.ts';
import type { AppPasswords } from '../app-passwords/app-passwords.ts';
import { appPasswordsRemoved, methodRemovedByAdmin, userRemoved } from '../audit/audit.ts';
import { revokeEverything } from '../signin/revoke-everything.ts';
import { secondStepKey } from '../signin/situation.ts';
import type { SigninStores } from '../signin/stores.ts';
import { putOutOfUse, titleOf } from '../signin/taking-away.ts';
import { wrongPasswords } from '../throttle/rules.ts';
import { actOn, type ActParts, type AskedAct } from './account-act.ts';
import type { Actor, By } from './acting-admin.ts';
import { inform } from './informing.ts';
import { shelve } from './hardware-tokens/shelving.ts';

export interface Removing {
  /**
   * Deletes one registered thing, ends what it opened, and moves the default; false when it was gone.
   * Unlike its owner, those in charge may delete the last one as well.
   */
  removeMethod(userId: string, registrationId: string, by: By): Promise<boolean>;
  /** Removes one app password; false when the person has none with this id. */
  removeAppPassword(userId: string, id: string, by: By): Promise<boolean>;
  /** Removes all app passwords; resolves to how many there were. */
  removeAppPasswords(userId: string, by: By): Promise<number>;
  /**
   * Removes the account with all that is registered and everything it opened; its hardware tokens go
   * back to the shelf. What the logs say of it stays. `look` as of a change (`changing.ts`).
   */
  remove(userId: string, by: By, look?: AskedAct['look']): Promise<void>;
}

/** Makes the service. */
export function createRemoving(
  parts: ActParts & { readonly appPasswords: AppPasswords },
): Removing {
  const { appPasswords, policies, methods } = parts;
  return {
    removeMethod: (userId, registrationId, by) => {
      const values = (_user: unknown, held: SigninStores) =>
        methodMeant(parts, held, userId, registrationId);
      return actOn(parts, { userId, act: 'remove-method', by, values }, async (doing) => {
        const { held, user, at, who } = doing;
        const registrations = await held.registrations.list(userId);
        const registration = registrations.find(({ id }) => id === registrationId);
        if (registration === undefined) return false;
        const policy = await policies.current(held.policies);
        const owner = { user, registrations, policy };
        await putOutOfUse(held, methods, owner, registration, { keepSession: undefined, now: at });
        const { kind, slot } = registration;
        await held.audit.append(methodRemovedByAdmin({ at, userId, ...who, kind, slot }));
        const locale = user.preferredLanguage ?? policy.organisation.defaultLanguage;
        const title = titleOf(methods, registration, locale);
        await inform(parts, held, user, at, 'methodRemovedByAdmin', title);
        return true;
      });
    },

    removeAppPassword: (userId, id, by) => {
      const values = () => ({ appPassword: id });
      return actOn(parts, { userId, act: 'delete-app-passwords', by, values }, async (doing) => {
        const { held, user, at, who } = doing;
        const isRemoved = await appPasswords.remove(held, userId, id, who.actor);
        if (isRemoved) await inform(parts, held, user, at, 'appPasswordsRemovedByAdmin');
        return isRemoved;
      });
    },

    removeAppPasswords: (userId, by) =>
      actOn(parts, { userId, act: 'delete-app-passwords', by }, async (doing) => {
        const { held, user, at, who } = doing;
        const count = await held.appPasswords.removeAll(userId);
        if (count === 0) return count;
        await held.audit.append(appPasswordsRemoved({ at, userId, ...who, count }));
        await inform(parts, held, user, at, 'appPasswordsRemovedByAdmin');
        return count;
      }),

    remove: (userId, by, look) =>
      actOn(parts, { userId, act: 'delete-account', by, look }, async ({ held, user, at, who }) => {
        await shelveAll(held, userId, { at, ...who });
        await held.registrations.removeAll(userId);
        await held.snoozes.remove(userId);
        await held.provisioning.forget(userId);
        await held.throttle.clear(`${wrongPasswords.name}:${userId}`);
        await held.throttle.clear(secondStepKey(userId));
        await revokeEverything(held, {
          userId,
          reason: 'account-removed',
          ...who,
          appPasswords: true,
          at,
        });
        const { userPrincipalName } = user;
        await held.audit.append(userRemoved({ at, userId, ...who, userPrincipalName }));
        await inform(parts, held, user, at, 'accountRemoved');
        await held.users.remove(userId);
      }),
  };
}

/** Which one it is, as a second administrator reads it; of one that is gone, what was asked for. */
async function methodMeant(
  { methods, policies }: Pick<ActParts, 'methods' | 'policies'>,
  held: SigninStores,
  userId: string,
  id: string,
): Promise<ApprovedValues> {
  const registration = (await held.registrations.list(userId)).find((one) => one.id === id);
  if (registration === undefined) return { method: id };
  const { organisation } = await policies.current(held.policies);
  return { method: `${titleOf(methods, registration, organisation.defaultLanguage)} (${id})` };
}

async function shelveAll(
  held: SigninStores,
  userId: string,
  done: Actor & { readonly at: Date },
): Promise<void> {
  for (;;) {
    const theirs = await held.hardwareTokens.search({ assignedTo: userId, limit: 100 });
    if (theirs.length === 0) return;
    for (const token of theirs) await shelve(held, token, userId, done);
  }
}
