/**
 * Owns the one surface of what those in charge do to an account, from whichever side they come: the command
 * line, or the pages of an administrator, who is looked at anew within the act (`account-act.ts`). Each act is
 * one transaction with its audit event, whatever the act makes untrue (a session, a token, a remembered
 * browser) ends with it, and the person is told by mail.
 */
import { generatePassword } from '../accounts/generated-password.ts';
import type { User } from '../accounts/user.ts';
import type { AppPasswords } from '../app-passwords/app-passwords.ts';
import { canonicalUserPrincipalName } from '../lib/names.ts';
import { createAdding, type Adding } from './adding.ts';
import { createBlocking, type Blocking } from './blocking.ts';
import { createChanging, type Changing, type ChangingParts } from './changing.ts';
import { createPasses, type Passes } from './passes.ts';
import { createRemoving, type Removing } from './removing.ts';
import { createRequiring, type Requiring } from './requiring.ts';
import { createRolesAndGroups, type RolesAndGroups } from './roles-and-groups.ts';

/**
 * Every act of somebody at their pages may throw `NOT_SIGNED_IN`, `STEP_UP_REQUIRED` or `NOT_ALLOWED`,
 * and `NOT_FOUND` where the account was removed meanwhile; nothing has happened then.
 */
export interface Administration
  extends Adding, Changing, RolesAndGroups, Requiring, Blocking, Passes, Removing {
  /** Who is meant, however the name is written. */
  find(name: string): Promise<User | undefined>;
  /** A password that can be told once. */
  generatePassword(): string;
}

/** Makes the service. */
export function createAdministration(
  parts: ChangingParts & { readonly appPasswords: AppPasswords },
): Administration {
  const { stores, random } = parts;
  return {
    find: async (name) => {
      const canonical = canonicalUserPrincipalName(name);
      return canonical === null ? undefined : stores.users.findByName(canonical);
    },
    generatePassword: () => generatePassword(random),
    ...createAdding(parts),
    ...createChanging(parts),
    ...createRolesAndGroups(parts),
    ...createRequiring(parts),
    ...createBlocking(parts),
    ...createPasses(parts),
    ...createRemoving(parts),
  };
}
