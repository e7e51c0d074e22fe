/** Owns how a hardware token becomes somebody's: who may give it to them, and that they hear of it. */
import type { User } from '../../accounts/user.ts';
import { tokenAssigned } from '../../audit/hardware-token-events.ts';
import type { SigninStores } from '../../signin/stores.ts';
import type { ActParts } from '../account-act.ts';
import { admit, type Actor, type By } from '../acting-admin.ts';
import { inform, type InformingParts } from '../informing.ts';

/** Lets somebody give it to this person, in the caller's transaction. Throws as `admit` does. */
export function admitToAssign(
  parts: Pick<ActParts, 'methods' | 'policies'>,
  held: SigninStores,
  by: By,
  owner: User,
  serialNumber: string,
  at: Date,
): Promise<Actor> {
  const values = { serialNumber, tokenAct: 'assign' };
  return admit(parts, held, by, 'assign-token', owner, at, { values });
}

/** Writes down whose it is now, and tells them by mail. */
export async function tellAssigned(
  parts: InformingParts,
  held: SigninStores,
  owner: User,
  serialNumber: string,
  done: Actor & { readonly at: Date },
): Promise<void> {
  await held.audit.append(tokenAssigned({ ...done, userId: owner.id, serialNumber }));
  await inform(parts, held, owner, done.at, 'tokenAssigned', serialNumber);
}
