/**
 * Owns making an account what its directory says: each change with its audit event, with the end of whatever
 * it makes untrue, and with a mail where it concerns how somebody is reached, in the caller's transaction.
 */
import type { UpstreamEntry, User, PerUserMfaState } from '../../accounts/user.ts';
import { groupsAfter } from '../../accounts/group.ts';
import { accountSwitched, contactChanged, groupsChanged, userAdded } from '../../audit/audit.ts';
import { accountLinked, accountUnlinked } from '../../audit/directory-events.ts';
import type { Random } from '../../lib/random.ts';
import type { Policies } from '../../policies/policies.ts';
import { revokeEverything } from '../../signin/revoke-everything.ts';
import type { SigninStores } from '../../signin/stores.ts';
import type { Actor } from '../acting-admin.ts';
import type { DirectoryChange, DirectoryField, ReadPerson } from './changes.ts';
import { inform, informBeforeAndAfter } from '../informing.ts';

export interface ApplyingParts {
  readonly policies: Policies;
  readonly random: Random;
}

/** What is done in one transaction, when, and by whom as the audit log tells it. */
export interface Applying {
  readonly held: SigninStores;
  readonly at: Date;
  readonly who: Actor;
}

/** Adds the account of somebody whom nobody knows yet. They have no password here, ever. */
export async function addPerson(
  { random }: ApplyingParts,
  { held, at, who }: Applying,
  person: ReadPerson,
  state: PerUserMfaState,
): Promise<User> {
  const user: User = {
    id: random.token(16),
    ...person.fields,
    otherMail: undefined,
    preferredLanguage: undefined,
    role: 'user',
    groups: person.groups,
    accountEnabled: true,
    blocked: undefined,
    passwordHash: undefined,
    mustChangePassword: false,
    perUserMfaState: state,
    mfaRequiredAt: state === 'disabled' ? undefined : at,
    defaultMethod: undefined,
    upstream: entryOf(person),
    createdAt: at,
  };
  await held.users.add(user);
  await held.audit.append(userAdded({ at, userId: user.id, ...who }));
  return user;
}

/** Gives an account that was made here to its entry: the password that it had here opens nothing any more. */
export async function linkAccount(
  parts: ApplyingParts,
  { held, at, who }: Applying,
  user: User,
  entry: UpstreamEntry,
): Promise<User> {
  const upstream = { id: entry.id, dn: entry.dn };
  const change = { upstream, passwordHash: undefined, mustChangePassword: false };
  const userId = user.id;
  await held.users.change(userId, change);
  await held.audit.append(accountLinked({ at, userId, ...who, dn: entry.dn }));
  await revokeEverything(held, {
    userId,
    reason: 'linked-to-directory',
    ...who,
    appPasswords: false,
    at,
  });
  await inform(parts, held, user, at, 'linkedToDirectory');
  return { ...user, ...change };
}

/** Takes an account back: it stays as it is, and has no password until somebody here sets one. */
export async function unlinkAccount(
  parts: ApplyingParts,
  { held, at, who }: Applying,
  user: User,
): Promise<void> {
  const userId = user.id;
  await held.users.change(userId, { upstream: undefined });
  await held.audit.append(accountUnlinked({ at, userId, ...who }));
  await revokeEverything(held, {
    userId,
    reason: 'unlinked-from-directory',
    ...who,
    appPasswords: false,
    at,
  });
  await inform(parts, held, user, at, 'signedOutByAdmin');
}

/**
 * Does one change of somebody who has an account; resolves to the account as it is then. `before`: the account as
 * it was before the first of them.
 */
export async function applyChange(
  parts: ApplyingParts,
  applying: Applying & { readonly before: User },
  user: User,
  person: ReadPerson,
  change: Exclude<DirectoryChange, { readonly kind: 'add' | 'link' | 'conflict' | 'disable' }>,
): Promise<User> {
  const { held, at, who, before } = applying;
  switch (change.kind) {
    case 'move': {
      const moved = { upstream: entryOf(person) };
      await held.users.change(user.id, moved);
      return { ...user, ...moved };
    }
    case 'rename':
      return changeFields(parts, applying, user, person, ['userPrincipalName']);
    case 'change':
      return changeFields(parts, applying, user, person, change.fields);
    case 'groups': {
      const { join, leave } = change;
      const groups = groupsAfter(user.groups, { join, leave });
      await held.users.change(user.id, { groups });
      const event = { at, userId: user.id, ...who, joined: join, left: leave };
      await held.audit.append(groupsChanged(event));
      return { ...user, groups };
    }
    case 'enable':
      await held.users.change(user.id, { accountEnabled: true });
      await held.audit.append(accountSwitched({ at, userId: user.id, ...who, enabled: true }));
      await informBeforeAndAfter(parts, held, before, user, at, 'accountSwitchedOn');
      return { ...user, accountEnabled: true };
  }
}

/**
 * Switches an account off and ends all that it opened; it stays, with everything that is registered. `mailBefore`:
 * the mailbox until it was changed on the way here.
 */
export async function switchOff(
  parts: ApplyingParts,
  { held, at, who }: Applying,
  user: User,
  {
    why,
    mailBefore = user.mail,
  }: { readonly why: 'disabled' | 'gone'; readonly mailBefore: string | undefined },
): Promise<User> {
  const userId = user.id;
  await held.users.change(userId, { accountEnabled: false });
  await held.audit.append(accountSwitched({ at, userId, ...who, enabled: false }));
  await revokeEverything(held, {
    userId,
    reason: why === 'gone' ? 'gone-from-directory' : 'disabled-in-directory',
    ...who,
    appPasswords: false,
    at,
  });
  const before = { ...user, mail: mailBefore };
  await informBeforeAndAfter(parts, held, before, user, at, 'accountSwitchedOff');
  return { ...user, accountEnabled: false };
}

/** What a stranger would change who wants to be taken for its owner: its owner is told of it. */
const toldFields: ReadonlySet<DirectoryField> = new Set([
  'userPrincipalName',
  'mail',
  'mobilePhone',
  'businessPhone',
]);

async function changeFields(
  parts: ApplyingParts,
  { held, at, who }: Applying,
  user: User,
  person: ReadPerson,
  fields: readonly DirectoryField[],
): Promise<User> {
  let changed: Partial<ReadPerson['fields']> = {};
  for (const field of fields) changed = { ...changed, [field]: person.fields[field] };
  await held.users.change(user.id, changed);
  const next = { ...user, ...changed };
  const event = { at, userId: user.id, ...who, fields, before: user, after: next };
  await held.audit.append(contactChanged(event));
  if (fields.some((field) => toldFields.has(field))) {
    await informBeforeAndAfter(parts, held, user, next, at, 'contactChangedByDirectory');
  }
  return next;
}

function entryOf({ id, dn }: UpstreamEntry): UpstreamEntry {
  return { id, dn };
}
