/**
 * Owns what nobody changes here of an account that the organisation's directory owns: it is changed there, and
 * comes here with the next synchronisation.
 */
import type { BroughtGroupStore } from '../../accounts/upstream/brought-groups.ts';
import type { User } from '../../accounts/user.ts';
import { TweestapError } from '../../errors/errors.ts';
import { directoryFields } from './changes.ts';

/** Fields of the directory's, and whether somebody may sign in; whoever is to be kept out here is blocked. */
const owned: readonly string[] = [...directoryFields, 'accountEnabled'];

/** Which of these fields are the directory's, of this account. */
export function ownedFields<field extends string>(
  { upstream }: Pick<User, 'upstream'>,
  fields: readonly field[],
): readonly field[] {
  return upstream === undefined ? [] : fields.filter((field) => owned.includes(field));
}

/** Throws `OWNED_BY_DIRECTORY`, which names the fields, where one of them is the directory's. */
export function requireOwn(user: Pick<User, 'upstream'>, fields: readonly string[]): void {
  const theirs = ownedFields(user, fields);
  if (theirs.length === 0) return;
  throw new TweestapError('OWNED_BY_DIRECTORY', {
    details: { reason: theirs.join(', '), fields: theirs },
  });
}

/** The same for groups that somebody is to leave: those that the directory let them into. */
export async function requireOwnGroups(
  within: { readonly broughtGroups: BroughtGroupStore },
  { upstream }: Pick<User, 'upstream'>,
  leaves: readonly string[],
): Promise<void> {
  if (upstream === undefined || leaves.length === 0) return;
  const brought = await within.broughtGroups.broughtTo(upstream.id);
  const theirs = leaves.filter((name) => brought.includes(name));
  if (theirs.length === 0) return;
  throw new TweestapError('OWNED_BY_DIRECTORY', {
    details: { reason: theirs.join(', '), fields: ['groups'] },
  });
}
