/** Owns adding an account: everything that is wrong with it is said at once, and then nothing is added. */
import { judgeNewUser, type NewUser, type NewUserFault } from '../accounts/new-user.ts';
import { NameTakenError } from '../accounts/user-store.ts';
import type { Role, User } from '../accounts/user.ts';
import { contactChanged, userAdded } from '../audit/audit.ts';
import { TweestapError } from '../errors/errors.ts';
import type { PasswordHasher } from '../lib/password-hash.ts';
import type { SigninStores } from '../signin/stores.ts';
import type { ActParts } from './account-act.ts';
import { admitToGive, admitToOrganisation, type By } from './acting-admin.ts';
import type { AskedChange } from './changing.ts';

export type AddedUser =
  | { readonly kind: 'added'; readonly user: User }
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly faults: readonly NewUserFault[] };

export interface Adding {
  /**
   * Adds an account; says everything that is wrong at once and then adds nothing. A role can be given
   * by whoever may act on it.
   */
  add(
    asked: NewUser,
    context: {
      /** Where numbers without `+` are read. */
      readonly country: string;
      readonly by: By;
      /** Its id; drawn unless told. */
      readonly id?: string | undefined;
      /** What a directory calls it. */
      readonly called?: AskedChange['called'];
    },
  ): Promise<AddedUser>;
}

/** Makes the service. */
export function createAdding(parts: ActParts & { readonly hasher: PasswordHasher }): Adding {
  const { transact, policies, hasher, clock, random } = parts;
  return {
    add: async (asked, { country, by, id = random.token(16), called }) => {
      const { organisation, passwords } = await policies.current();
      const { banned } = passwords;
      const judged = judgeNewUser(asked, { country, organisation: organisation.name, banned });
      if (judged.user === undefined) return { kind: 'refused', faults: judged.faults };
      const at = clock.now();
      const user: User = {
        ...judged.user,
        id,
        passwordHash: await hasher.hash(asked.password),
        createdAt: at,
        mfaRequiredAt: judged.user.perUserMfaState === 'disabled' ? undefined : at,
      };
      try {
        await transact(async (held) => {
          const who = await admitToOrganisation(parts, held, by, 'add-people', at);
          if (user.role !== 'user') await admitToAddWith(parts, held, by, user.role, at);
          await held.users.add(user);
          await held.audit.append(userAdded({ at, userId: id, ...who }));
          if (called?.externalId !== undefined) {
            await held.provisioning.call(called.directory, id, called.externalId);
            const fields = ['externalId'];
            await held.audit.append(contactChanged({ at, userId: id, ...who, fields }));
          }
        });
        return { kind: 'added', user };
      } catch (error) {
        if (error instanceof NameTakenError) return { kind: 'taken' };
        throw error;
      }
    },
  };
}

/** Where a second administrator agrees to roles, an account begins without one. */
async function admitToAddWith(
  parts: Pick<ActParts, 'methods' | 'policies'>,
  held: SigninStores,
  by: By,
  role: Role,
  at: Date,
): Promise<void> {
  await admitToGive(parts, held, by, role, at);
  const { administration } = await parts.policies.current(held.policies);
  if (!administration.secondApproval || typeof by === 'string') return;
  throw new TweestapError('NOT_ALLOWED', { details: { act: 'change-role', reason: 'approval' } });
}
