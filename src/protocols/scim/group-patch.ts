/** Owns what a patch makes of a group: its name, what the directory calls it, and who joins and leaves. */
import type { FoundUser } from '../../accounts/user-store.ts';
import { conjuncts, type Filter } from '../../lib/filter/filter.ts';
import { each } from '../../lib/scim/filter.ts';
import { chooses, readOperations, stepsOf, type Step } from '../../lib/scim/patch.ts';
import { externalIdFrom, idsIn, nameFrom } from './asked-group.ts';
import { wrong, type ScimFault } from './faults.ts';
import type { MemberChange } from './group-moves.ts';
import { membersOf, mostShown } from './group-resource.ts';
import type { KnownGroup } from './known-groups.ts';
import type { ScimCall } from './operation.ts';
import { groupSchema } from './schemas.ts';
import { textMeant, userOf } from './users.ts';

/** Steps of one patch for which everybody in the group is gone through; directories send one. */
const mostLookings = 20;

/** What a group is to be. */
export interface GroupToBe {
  readonly name: string;
  /** Undefined: the directory calls it nothing. */
  readonly externalId: string | undefined;
  readonly change: MemberChange;
}

/** Reads a patch of a group; `before`: what the directory of the caller calls it until then. */
export async function patchedGroup(
  call: ScimCall,
  group: KnownGroup,
  before: string | undefined,
): Promise<GroupToBe | ScimFault> {
  const read = readOperations(call.body);
  if ('fault' in read) return wrong(read.fault.scimType, read.fault.detail);
  const about = stepsOf(read.operations, groupSchema);
  if ('fault' in about) return wrong(about.fault.scimType, about.fault.detail);
  let { name } = group;
  let externalId = before;
  const change: MemberChange = new Map();
  const everybody = lookingAtAll(call, group);
  for (const step of about.steps) {
    const value = step.op === 'remove' ? undefined : step.value;
    if (step.at.attribute.name === 'displayName') {
      const next = nameFrom(value);
      if (typeof next !== 'string') return next;
      name = next;
    } else if (step.at.attribute.name === 'externalId') {
      const next = externalIdFrom(value);
      if ('fault' in next) return next;
      ({ externalId } = next);
    } else {
      const fault = await takeStep(call, group, { change, everybody }, step);
      if (fault !== undefined) return fault;
    }
  }
  return { name, externalId, change };
}

/** Everybody in a group, read once; a fault where they are too many, or gone through too often. */
type Everybody = () => Promise<readonly FoundUser[] | ScimFault>;

/** Looks at a group as a whole, for one request. */
export function lookingAtAll(call: ScimCall, { name }: KnownGroup): Everybody {
  let members: Promise<readonly FoundUser[]> | undefined;
  let lookings = 0;
  return async () => {
    lookings += 1;
    if (lookings > mostLookings) return tooManyLookings;
    members ??= membersOf(call, name, mostShown + 1);
    const all = await members;
    return all.length > mostShown ? tooManyMembers : all;
  };
}

/** Adds one more step of a patch to a change; what comes last counts. */
async function takeStep(
  call: ScimCall,
  group: KnownGroup,
  { change, everybody }: { readonly change: MemberChange; readonly everybody: Everybody },
  { op, at: { filter, part }, value }: Step,
): Promise<ScimFault | undefined> {
  if (part !== undefined || (filter !== undefined && op !== 'remove')) {
    return wrong('mutability', 'A member is added or removed, and never becomes another.');
  }
  const ids = idsIn(value);
  if ('fault' in ids) return ids;
  if (op === 'add') {
    for (const id of ids) change.set(id, 'join');
    return undefined;
  }
  if (op === 'remove' && (filter !== undefined || value !== undefined)) {
    const gone = filter === undefined ? ids : await chosenBy(call, group, filter, everybody);
    if ('fault' in gone) return gone;
    for (const id of gone) change.set(id, 'leave');
    return undefined;
  }
  // Everybody leaves but those whom a replacement names.
  const are = await everybody();
  if ('fault' in are) return are;
  for (const id of change.keys()) change.set(id, 'leave');
  for (const { id } of are) change.set(id, 'leave');
  for (const id of op === 'replace' ? ids : []) change.set(id, 'join');
  return undefined;
}

/** Whom a filter chooses: most name one by their id, and nobody else is looked at then. */
async function chosenBy(
  call: ScimCall,
  { name }: KnownGroup,
  filter: Filter,
  everybody: Everybody,
): Promise<readonly string[] | ScimFault> {
  const [property, only] = textMeant(filter);
  if (property === `${each}.value` && only !== undefined) return [only];
  const meant = conjuncts(filter).map(textMeant);
  const [, id] = meant.find(([path]) => path === `${each}.value`) ?? [];
  const user = id === undefined ? undefined : await userOf(call, id);
  const named = user?.groups.includes(name) === true ? [user] : [];
  const among = id === undefined ? await everybody() : named;
  if ('fault' in among) return among;
  return among
    .map((member) => ({ value: member.id, display: member.displayName, type: 'User' }))
    .filter((member) => chooses(filter, member))
    .map(({ value }) => value);
}

const tooManyMembers = wrong(
  'tooMany',
  `The group has more than ${mostShown} members: let them join and leave by their ids.`,
);

const tooManyLookings = wrong(
  'tooMany',
  `${mostLookings} operations at most go through the whole group with one request: name its members by their ids.`,
);
