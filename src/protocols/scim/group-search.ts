/** Owns finding groups by a filter, which looks at no more of them than it has to. */
import type { User } from '../../accounts/user.ts';
import { conjuncts, fits, type Filter } from '../../lib/filter/filter.ts';
import { each, isExact } from '../../lib/scim/filter.ts';
import { wrong, type ScimFault } from './faults.ts';
import { allGroups, groupById, groupByName, type KnownGroup } from './known-groups.ts';
import type { ScimCall } from './operation.ts';
import { textMeant, userOf } from './users.ts';

/** The groups that a filter fits. Of members it asks for some by their ids, and only these are looked up. */
export async function findGroups(
  call: ScimCall,
  filter: Filter,
): Promise<readonly KnownGroup[] | ScimFault> {
  const { parts, actor } = call;
  const ids = memberIdsIn(filter);
  if (ids === undefined) {
    return wrong('invalidFilter', "Of 'members' a filter names the values.");
  }
  const people = await Promise.all(ids.map((id) => userOf(call, id)));
  const candidates = await candidatesFor(call, filter, people);
  const calledSo = new Map<string, string>();
  for (let at = 0; at < candidates.length; at += 1_000) {
    const page = candidates.slice(at, at + 1_000).map(({ id }) => id);
    const names = await parts.stores.provisioning.externalIds(actor.id, page);
    for (const [id, name] of names) calledSo.set(id, name);
  }
  return candidates.filter(({ id, name, made }) => {
    const members = people.flatMap((user) =>
      user?.groups.includes(name) === true ? [{ value: user.id, type: 'User' }] : [],
    );
    const meta = { resourceType: 'Group', created: made?.createdAt.toISOString() ?? null };
    const externalId = calledSo.get(id) ?? null;
    return fits(filter, { id, displayName: name, externalId, members, meta }, isExactOfGroup);
  });
}

/** Names of groups are told apart by their case as well. */
function isExactOfGroup(path: readonly string[]): boolean {
  return isExact(path) || (path.length === 1 && path[0] === 'displayName');
}

/** Those that a filter names, where it names them. */
async function candidatesFor(
  { parts: { stores }, actor }: ScimCall,
  filter: Filter,
  people: readonly (User | undefined)[],
): Promise<readonly KnownGroup[]> {
  for (const part of conjuncts(filter)) {
    const [property, value] = textMeant(part);
    if (value !== undefined && property === 'id') return present([await groupById(stores, value)]);
    if (value !== undefined && property === 'displayName') {
      return present([await groupByName(stores, value)]);
    }
    if (value !== undefined && property === 'externalId') {
      const ids = await stores.provisioning.idsOf(actor.id, value);
      return present(await Promise.all(ids.map((id) => groupById(stores, id))));
    }
    if (part.kind === 'any' && people.length > 0) {
      const names = new Set(people.flatMap((user) => user?.groups ?? []));
      return present(await Promise.all([...names].map((name) => groupByName(stores, name))));
    }
  }
  return allGroups(stores);
}

function present(found: readonly (KnownGroup | undefined)[]): readonly KnownGroup[] {
  return found.filter((group) => group !== undefined);
}

/** The ids of members that a filter compares with; undefined where it asks anything else of members. */
function memberIdsIn(filter: Filter): readonly string[] | undefined {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const all = filter.parts.map(memberIdsIn);
      return all.some((ids) => ids === undefined) ? undefined : all.flatMap((ids) => ids ?? []);
    }
    case 'not':
      return memberIdsIn(filter.part);
    case 'any': {
      if (filter.part === undefined) return undefined;
      const [property, id] = textMeant(filter.part);
      return property === `${each}.value` && id !== undefined ? [id] : undefined;
    }
    default:
      return [];
  }
}
