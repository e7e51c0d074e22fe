/**
 * Owns which groups there are for a directory, and their ids. A group is a name that people have in common
 * (`accounts/group.ts`); one that a directory made, or renamed, has a row of its own besides, which keeps its
 * id whatever it is called and keeps it there while nobody belongs to it. Every other one has its name for
 * its id, written so that it can stand in an address.
 */
import type { ProvisionedGroup } from '../../accounts/provisioning-store.ts';
import { isGroupName } from '../../accounts/group.ts';
import type { SigninStores } from '../../signin/stores.ts';

export interface KnownGroup {
  readonly id: string;
  readonly name: string;
  /** Undefined for one that is there only because people belong to it. */
  readonly made: ProvisionedGroup | undefined;
}

type Stores = Pick<SigninStores, 'users' | 'provisioning'>;

const before = 'name-';

/** Every group, ordered by name. */
export async function allGroups({ users, provisioning }: Stores): Promise<readonly KnownGroup[]> {
  const made = await provisioning.groups();
  const [ids, names] = [new Set(made.map(({ id }) => id)), new Set(made.map(({ name }) => name))];
  const others = (await users.groups([]))
    .filter(({ name }) => !names.has(name) && !ids.has(idOfName(name)))
    .map(({ name }) => bare(name));
  const all = [...made.map(fromMade), ...others];
  return all.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** The group with this id; undefined where there is none. */
export async function groupById(stores: Stores, id: string): Promise<KnownGroup | undefined> {
  const made = await stores.provisioning.groups();
  const found = made.find((group) => group.id === id);
  if (found !== undefined) return fromMade(found);
  if (!id.startsWith(before)) return undefined;
  const name = Buffer.from(id.slice(before.length), 'base64url').toString();
  if (!isGroupName(name) || idOfName(name) !== id) return undefined;
  if (made.some((group) => group.name === name)) return undefined;
  return (await hasPeople(stores, name)) ? bare(name) : undefined;
}

/** The group of this name, letter for letter; undefined where there is none. */
export async function groupByName(stores: Stores, name: string): Promise<KnownGroup | undefined> {
  const made = (await stores.provisioning.groups()).find((group) => group.name === name);
  if (made !== undefined) return fromMade(made);
  return isGroupName(name) && (await hasPeople(stores, name)) ? bare(name) : undefined;
}

/** Says which id each name has. */
export async function namesToIds({
  provisioning,
}: Pick<Stores, 'provisioning'>): Promise<(name: string) => string> {
  const made = await provisioning.groups();
  const ids = new Map(made.map(({ id, name }) => [name, id]));
  return (name) => ids.get(name) ?? idOfName(name);
}

async function hasPeople({ users }: Pick<Stores, 'users'>, group: string): Promise<boolean> {
  return (await users.searchNames({ text: '', group, limit: 1 })).length > 0;
}

function idOfName(name: string): string {
  return `${before}${Buffer.from(name).toString('base64url')}`;
}

function bare(name: string): KnownGroup {
  return { id: idOfName(name), name, made: undefined };
}

function fromMade(made: ProvisionedGroup): KnownGroup {
  return { id: made.id, name: made.name, made };
}
