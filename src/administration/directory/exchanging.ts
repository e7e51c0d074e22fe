/**
 * Owns people of the directory who take one another's names. Whoever wants a name that another account has waits for
 * the end of the reading: by then it is known who let theirs go. Those who wait for each other in a ring are renamed
 * at once. Nobody gets a name that its owner keeps, or that an account has that was made here.
 */
import type { User } from '../../accounts/user.ts';
import { changesFor, isSameName, waits, type ReadPerson } from './changes.ts';
import { inPortions, lookUp, readAtOnce, type Met } from './reading.ts';
import { isAct, settleAlone, settlePerson } from './settling.ts';
import type { DirectorySyncParts, SyncStores } from './sync-parts.ts';
import type { Turn } from './turn.ts';

/**
 * Puts those who wait into an order in which nobody has to: whoever has a name before whoever wants it. Those
 * who wait for each other stand together, each before the one whose name they want.
 */
export function inTurn(waiting: readonly Met[]): readonly (readonly Met[])[] {
  const byAccount = new Map(waiting.map((one) => [one.known.now.account?.id, one]));
  byAccount.delete(undefined);
  const seen = new Set<Met>();
  return waiting.flatMap((first) => {
    const row = new Set<Met>();
    let next: Met | undefined = first;
    while (next !== undefined && !seen.has(next) && !row.has(next)) {
      row.add(next);
      next = byAccount.get(next.known.now.holder?.id);
    }
    for (const one of row) seen.add(one);
    const path = [...row];
    // Who comes back to somebody of this row stands in a ring with all behind them.
    const ring = next !== undefined && row.has(next) ? path.splice(path.indexOf(next)) : [];
    return [...(ring.length > 0 ? [ring] : []), ...path.toReversed().map((one) => [one])];
  });
}

/** Makes the accounts of those who waited what the directory says, with their names as far as these are free by now. */
export async function settleExchanges(
  parts: DirectorySyncParts,
  turn: Turn,
  waiting: readonly ReadPerson[],
  stayOrLeave: () => Promise<void>,
): Promise<void> {
  const met: Met[] = [];
  for (const some of inPortions(waiting, readAtOnce)) {
    met.push(...(await lookUp(parts, some)));
  }
  for (const together of inTurn(met)) {
    await stayOrLeave();
    const people = together.map(({ person }) => person);
    if (people.length > 1 && (await settleRing(parts, turn, people))) continue;
    for (const { person, known } of await lookUp(parts, people)) {
      const changes = changesFor(known.now, person, parts.rules);
      // Of most who stay in conflict nothing else is different.
      const isSame = waits(changes) && !changes.some(isAct);
      if (!isSame) await settleAlone(parts, turn, person, { isRead: true });
    }
  }
}

/** Never seen by anybody: who is called so has another name before the transaction ends. */
const nameInBetween = 'in-between@exchange.invalid';

/** Renames all of a ring at once; false, and nothing is done, where it is none any more. */
async function settleRing(
  parts: DirectorySyncParts,
  turn: Turn,
  ring: readonly ReadPerson[],
): Promise<boolean> {
  let isRing = false;
  await turn.within(async (held, at) => {
    const counts = turn.counts();
    const users = await lockRing(held, ring);
    isRing = users !== undefined;
    if (users === undefined) return counts;
    const [first] = users;
    await held.users.change(first.id, { userPrincipalName: nameInBetween });
    const inOrder = [...ring.entries()].toReversed();
    for (const [index, person] of inOrder) {
      const as = index === 0 ? first : undefined;
      const { entry } = await settlePerson(parts, { held, at }, turn.run, person, as);
      await held.directorySync.put([entry]);
    }
    return { ...counts, changed: counts.changed + ring.length };
  });
  return isRing;
}

/** Holds the accounts of a ring, in its order; undefined where one of them does not want the name of the next any more. */
async function lockRing(
  held: SyncStores,
  ring: readonly ReadPerson[],
): Promise<readonly [User, ...User[]] | undefined> {
  const ids = await held.users.idsOfEntries(ring.map(({ id }) => id));
  const locked = new Map<string, User>();
  for (const id of [...ids.values()].toSorted()) {
    const user = await held.users.lock(id);
    if (user?.upstream !== undefined) locked.set(user.upstream.id, user);
  }
  const users = ring.map(({ id }) => locked.get(id)).filter((user) => user !== undefined);
  const [first, ...others] = users;
  const isRing =
    users.length === ring.length &&
    ring.every(({ name }, index) =>
      isSameName(name, users[(index + 1) % users.length]?.userPrincipalName ?? ''),
    );
  return isRing && first !== undefined ? [first, ...others] : undefined;
}
