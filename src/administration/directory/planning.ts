/** Owns what a synchronisation would come to, told without changing anything. */
import { canonicalUserPrincipalName } from '../../lib/names.ts';
import {
  changesFor,
  changesForGone,
  isSameName,
  waits,
  type DirectoryChange,
  type ReadPerson,
} from './changes.ts';
import { inTurn } from './exchanging.ts';
import { beginReading, meet, portions, readAtOnce, readGroups, type Met } from './reading.ts';
import type { DirectorySyncParts } from './sync-parts.ts';

/** What a synchronisation would do for somebody. */
export interface Planned {
  readonly name: string;
  readonly changes: readonly DirectoryChange[];
}

/** Goes through everything and tells what it would come to. */
export async function* plan(parts: DirectorySyncParts): AsyncGenerator<Planned> {
  const { stores, source, rules } = parts;
  const run = ((await stores.directorySync.state())?.run ?? 0) + 1;
  const reading = await beginReading(parts);
  const groups = await readGroups(parts, reading, run);
  const seen = new Set<string>();
  const waiting: Met[] = [];
  /** The names that somebody lets go. */
  const free = new Set<string>();
  for await (const people of portions(source.people(), readAtOnce)) {
    for (const met of await meet(parts, reading, groups, people)) {
      const { person, known } = met;
      seen.add(person.id);
      const changes = changesFor(known.now, person, rules);
      const rename = changes.find((change) => change.kind === 'rename');
      if (rename !== undefined && !isSameName(rename.from, rename.to)) {
        free.add(canonical(rename.from));
      }
      if (waits(changes)) waiting.push(met);
      else if (changes.length > 0) yield { name: nameOf(person), changes };
    }
  }
  for (const together of inTurn(waiting)) {
    const isRing = together.length > 1;
    for (const { person, known } of together) {
      const isFree = isRing || free.delete(canonical(person.name));
      // Of a ring no name is left over.
      if (isFree && !isRing) free.add(canonical(known.now.account?.userPrincipalName));
      const now = isFree ? { ...known.now, holder: undefined } : known.now;
      yield { name: nameOf(person), changes: changesFor(now, person, rules) };
    }
  }
  yield* gone(parts, seen);
}

/** What would come of those whom the directory did not name. */
async function* gone(
  { stores }: Pick<DirectorySyncParts, 'stores'>,
  seen: ReadonlySet<string>,
): AsyncGenerator<Planned> {
  let after: string | undefined;
  for (;;) {
    const page = await stores.users.upstreamAccounts(after, readAtOnce);
    for (const { id, entryId } of page) {
      const user = seen.has(entryId) ? undefined : await stores.users.find(id);
      const changes = user === undefined ? [] : changesForGone(user);
      if (user !== undefined && changes.length > 0) yield { name: user.userPrincipalName, changes };
    }
    after = page.at(-1)?.entryId;
    if (after === undefined || page.length < readAtOnce) return;
  }
}

function nameOf({ name, dn }: ReadPerson): string {
  return name === '' ? dn : name;
}

function canonical(name: string | undefined): string {
  return canonicalUserPrincipalName(name ?? '') ?? '';
}
