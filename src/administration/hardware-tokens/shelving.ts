/** Owns how a hardware token goes back to the shelf. */
import { tokenUnassigned } from '../../audit/hardware-token-events.ts';
import { TweestapError } from '../../errors/errors.ts';
import type { HardwareToken } from '../../registrations/hardware-token.ts';
import type { SigninStores } from '../../signin/stores.ts';
import type { Actor } from '../acting-admin.ts';

/**
 * Makes it nobody's, in the caller's transaction with its owner held; whoever calls ends what it proves.
 * Throws `BUSY` where something else was done with it meanwhile.
 */
export async function shelve(
  held: Pick<SigninStores, 'hardwareTokens' | 'audit'>,
  { id, version, serialNumber }: Pick<HardwareToken, 'id' | 'version' | 'serialNumber'>,
  userId: string,
  done: Actor & { readonly at: Date },
): Promise<void> {
  const nobodys = { assignedTo: undefined, registrationId: undefined, wrongCodes: 0 };
  if (!(await held.hardwareTokens.save({ id, version, ...nobodys }))) {
    throw new TweestapError('BUSY');
  }
  await held.audit.append(tokenUnassigned({ ...done, userId, serialNumber }));
}
