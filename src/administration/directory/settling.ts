/**
 * Owns making the accounts of those who were read together what their directory says: in small transactions, each
 * person looked at anew while they are held.
 */
import type { AdminAct } from '../../accounts/administering.ts';
import { EntryTakenError, NameTakenError } from '../../accounts/user-store.ts';
import type { Account, User } from '../../accounts/user.ts';
import { canonicalUserPrincipalName } from '../../lib/names.ts';
import { admit, admitToOrganisation } from '../acting-admin.ts';
import { addPerson, applyChange, linkAccount } from './applying.ts';
import { changesFor, waits, type DirectoryChange, type ReadPerson } from './changes.ts';
import { holderOf, inPortions, knownOf, type Known, type Met } from './reading.ts';
import { directoryActor, type DirectorySyncParts, type SyncStores } from './sync-parts.ts';
import type { EntryState, KnownEntry } from './sync-store.ts';
import type { Turn } from './turn.ts';

/** So many people one transaction changes: whoever signs in waits for no more of them. */
export const changedAtOnce = 20;

/** So many wait for a name at most; the others keep theirs until the next reading. */
const mostWaiting = 10_000;

/**
 * Whoever is read together: those of whom something changes in small transactions, the others in one. Who wants
 * a name that another account of the directory has is left as they are, and put to those who wait.
 */
export async function settlePortion(
  parts: DirectorySyncParts,
  turn: Turn,
  people: readonly Met[],
  waiting: ReadPerson[],
): Promise<void> {
  const same: KnownEntry[] = [];
  const different: { readonly person: ReadPerson; readonly key: string }[] = [];
  for (const { person, known } of people) {
    const changes = changesFor(known.now, person, parts.rules);
    const after = entryAfter(person, turn.run, known, changes);
    if (waits(changes) && waiting.length < mostWaiting) {
      waiting.push(person);
      same.push({ ...after, brought: known.now.brought });
    } else if (!changes.some(isAct)) same.push(after);
    else different.push({ person, key: known.now.account?.id ?? known.now.holder?.id ?? '' });
  }
  await turn.within(async (held) => {
    await held.directorySync.put(same);
    return { ...turn.counts(), read: turn.counts().read + same.length };
  });
  // In one order of the accounts, so that nobody waits for whoever waits for them.
  const inOrder = different.toSorted((one, other) => (one.key < other.key ? -1 : 1));
  for (const some of inPortions(inOrder, changedAtOnce)) {
    const all = some.map(({ person }) => person);
    try {
      await settle(parts, turn, all);
    } catch (error) {
      if (!isTaken(error)) throw error;
      // Somebody took a name, or an entry, just now: each by themselves, so that only one of them waits for the next time.
      for (const person of all) await settleAlone(parts, turn, person);
    }
  }
}

/** Makes somebody's account what the directory says, in a transaction. `isRead`: they were counted as read already. */
export async function settleAlone(
  parts: DirectorySyncParts,
  turn: Turn,
  person: ReadPerson,
  { isRead = false }: { readonly isRead?: boolean } = {},
): Promise<void> {
  const read = Number(!isRead);
  try {
    await settle(parts, turn, [person], read);
  } catch (error) {
    if (!isTaken(error)) throw error;
    // They were read nevertheless: nobody is gone for want of a name.
    await turn.within(async (held) => {
      const entry = (await held.directorySync.entries([person.id])).get(person.id);
      if (entry !== undefined) await held.directorySync.put([{ ...entry, run: turn.run }]);
      return { ...turn.counts(), read: turn.counts().read + read };
    });
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof NameTakenError || error instanceof EntryTakenError;
}

/** Whether it is done at once: conflicts and those who leave are only written down. */
export function isAct({ kind }: DirectoryChange): boolean {
  return kind !== 'conflict' && kind !== 'disable';
}

/** Makes the accounts of these what the directory says, each looked at anew while they are held. */
async function settle(
  parts: DirectorySyncParts,
  turn: Turn,
  people: readonly ReadPerson[],
  /** What each of them adds to those who were read. */
  read = 1,
): Promise<void> {
  await turn.within(async (held, at) => {
    let counts = turn.counts();
    const entries: KnownEntry[] = [];
    for (const person of people) {
      const { entry, done } = await settlePerson(parts, { held, at }, turn.run, person);
      entries.push(entry);
      counts = {
        ...counts,
        read: counts.read + read,
        added: counts.added + Number(done.has('added')),
        linked: counts.linked + Number(done.has('linked')),
        changed: counts.changed + Number(done.has('changed')),
        enabled: counts.enabled + Number(done.has('enabled')),
      };
    }
    await held.directorySync.put(entries);
    return counts;
  });
}

type Deed = 'added' | 'linked' | 'changed' | 'enabled';

/**
 * Makes somebody's account what the directory says, in the caller's transaction. `as`: the account, which is
 * held, as it was before that; else it is looked up.
 */
export async function settlePerson(
  parts: DirectorySyncParts,
  { held, at }: { readonly held: SyncStores; readonly at: Date },
  run: number,
  person: ReadPerson,
  as?: User,
): Promise<{ readonly entry: KnownEntry; readonly done: ReadonlySet<Deed> }> {
  const { rules } = parts;
  const done = new Set<Deed>();
  const known = await lockKnown(held, person, as);
  let { now, user } = known;
  let before = user;
  let changes = changesFor(now, person, rules);
  for (const first of changes) {
    if (first.kind === 'add') {
      const who = await admitToOrganisation(parts, held, directoryActor, 'add-people', at);
      user = await addPerson(parts, { held, at, who }, person, rules.newState);
      done.add('added');
      now = { ...now, account: user, brought: person.groups, holder: holderOf(user) };
    } else if (first.kind === 'link') {
      const local = await held.users.lock(first.userId);
      if (local === undefined) continue;
      const who = await admit(parts, held, directoryActor, 'link-account', local, at);
      before = local;
      user = await linkAccount(parts, { held, at, who }, local, person);
      done.add('linked');
      now = { ...now, account: user, holder: holderOf(user) };
    }
  }
  if (done.size > 0) changes = changesFor(now, person, rules);
  for (const change of changes) {
    if (user === undefined) break;
    if (change.kind === 'add' || change.kind === 'link') continue;
    if (change.kind === 'conflict' || change.kind === 'disable') continue;
    const who = await admit(parts, held, directoryActor, actOf[change.kind], user, at);
    const applying = { held, at, who, before: before ?? user };
    user = await applyChange(parts, applying, user, person, change);
    if (change.kind !== 'move') done.add(change.kind === 'enable' ? 'enabled' : 'changed');
  }
  const after = { entry: known.entry, now: { ...now, account: user }, before };
  return { entry: entryAfter(person, run, after, changes), done };
}

/** The act that stands behind each change. */
const actOf = {
  move: 'rename',
  rename: 'rename',
  change: 'change-contact',
  groups: 'change-groups',
  enable: 'switch-account',
} as const satisfies Readonly<Record<string, AdminAct>>;

async function lockKnown(
  held: SyncStores,
  person: ReadPerson,
  before: User | undefined,
): Promise<Known> {
  const entries = await held.directorySync.entries([person.id]);
  const accountId = (await held.users.idsOfEntries([person.id])).get(person.id);
  const user = before ?? (accountId === undefined ? undefined : await held.users.lock(accountId));
  const name = canonicalUserPrincipalName(person.name);
  const found = name === null ? undefined : await held.users.findByName(name);
  // Who may be taken over is held before they are judged: they may just now get a role, or another name.
  const locked =
    user === undefined && found !== undefined ? await held.users.lock(found.id) : found;
  const isStill =
    locked !== undefined && canonicalUserPrincipalName(locked.userPrincipalName) === name;
  return knownOf(entries.get(person.id), user, isStill ? locked : undefined);
}

/**
 * The entry as it is to be known from now on. `now` is what was done, `changes` what had been to do, `before` the
 * account as it was until then.
 */
function entryAfter(
  person: ReadPerson,
  run: number,
  {
    entry,
    now: { account, brought },
    before = account,
  }: Pick<Known, 'entry' | 'now'> & { readonly before?: Account | undefined },
  changes: readonly DirectoryChange[],
): KnownEntry {
  const state = stateOf(person, account, changes);
  const mailBefore =
    entry?.mailBefore ?? (before?.mail === account?.mail ? undefined : before?.mail);
  const joined = changes.flatMap((change) => (change.kind === 'groups' ? change.join : []));
  const conflict = changes.find((change) => change.kind === 'conflict');
  return {
    id: person.id,
    dn: person.dn,
    name: canonicalUserPrincipalName(person.name) ?? (person.name === '' ? person.dn : person.name),
    run,
    state,
    brought: [...new Set([...brought.filter((name) => person.groups.includes(name)), ...joined])],
    conflict: conflict?.reason,
    issues: person.issues,
    mailBefore: state === 'leaving' ? mailBefore : undefined,
  };
}

function stateOf(
  person: ReadPerson,
  account: Account | undefined,
  changes: readonly DirectoryChange[],
): EntryState {
  if (account === undefined) return 'none';
  if (person.enabled) return 'in';
  return changes.some(({ kind }) => kind === 'disable') ? 'leaving' : 'out';
}
