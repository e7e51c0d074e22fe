/**
 * Owns `/Groups`: who belongs to what, as a directory provisions it. Whoever joins or leaves does so by the
 * act of those in charge, one person after another.
 */
import { refusalOf } from '../../accounts/administering.ts';
import { groupsAfter, isGroupName, mostGroups } from '../../accounts/group.ts';
import type { FoundUser } from '../../accounts/user-store.ts';
import type { User } from '../../accounts/user.ts';
import { TweestapError } from '../../errors/errors.ts';
import { conjuncts, fits, type Filter } from '../../lib/filter/filter.ts';
import { each, isExact } from '../../lib/scim/filter.ts';
import {
  canonicalResource,
  chooses,
  isJson,
  memberOf,
  readOperations,
  stepsOf,
  type Json,
  type Step,
} from '../../lib/scim/patch.ts';
import type { Selection } from '../../lib/scim/selection.ts';
import { namesGroup } from '../../policies/naming-groups.ts';
import { denied } from '../graph/faults.ts';
import { faultFrom, notFound, wrong, type ScimFault } from './faults.ts';
import { allGroups, groupById, groupByName, type KnownGroup } from './known-groups.ts';
import { listBody, readList, readSearch, readShown, type AskedList } from './listing.ts';
import type { Answer, ScimCall, ScimOperation } from './operation.ts';
import { groupSchema, groupUrn } from './schemas.ts';
import { pageOf, textMeant, userOf } from './users.ts';
import { answerWith, isConditional, refusalOfVersion, stale, withVersion } from './version.ts';

/** Members that one answer may have; whoever has larger groups asks without them. */
const mostShown = 10_000;
/** People who may join and leave with one request. */
const mostMoved = 5_000;
/** The same with one transaction, which one version of a group takes: so long nobody else can change anything. */
const mostMovedAtOnce = 200;
/** Steps of one patch for which everybody in the group is gone through; directories send one. */
const mostLookings = 20;

export const groupOperations: readonly ScimOperation[] = [
  {
    method: 'GET',
    path: '/Groups',
    act: 'see',
    run: (call) => list(call, readList(call.query, groupSchema)),
  },
  {
    method: 'POST',
    path: '/Groups/.search',
    act: 'see',
    run: (call) => list(call, readSearch(call.body, groupSchema)),
  },
  { method: 'POST', path: '/Groups', act: 'change-groups', run: add },
  {
    method: 'GET',
    path: '/Groups/:id',
    act: 'see',
    run: (call) => withGroup(call, (group) => told(call, group)),
  },
  {
    method: 'PUT',
    path: '/Groups/:id',
    act: 'change-groups',
    run: (call) => withGroup(call, (group) => replace(call, group)),
  },
  {
    method: 'PATCH',
    path: '/Groups/:id',
    act: 'change-groups',
    run: (call) => withGroup(call, (group) => patch(call, group)),
  },
  {
    method: 'DELETE',
    path: '/Groups/:id',
    act: 'change-groups',
    run: (call) => withGroup(call, (group) => takeAway(call, group)),
  },
];

async function withGroup(
  call: ScimCall,
  work: (group: KnownGroup) => Promise<Answer | ScimFault>,
): Promise<Answer | ScimFault> {
  const { id = '' } = call.params;
  const group = await groupById(call.parts.stores, id);
  if (group === undefined) return notFound(id);
  return work(group);
}

/**
 * Does what was judged. Where one version alone is to be changed (`If-Match`), all of it at once or not at all,
 * and only while the group is of that version, for as long as nobody else can change it.
 */
async function done<result>(
  call: ScimCall,
  { id }: KnownGroup,
  moves: readonly Move[],
  work: (call: ScimCall) => Promise<result | ScimFault>,
): Promise<result | ScimFault> {
  if (!isConditional(call)) return work(call);
  if (moves.length > mostMovedAtOnce) return tooManyAtOnce;
  const { parts } = call;
  const held = { groupId: id, userIds: moves.map(({ user }) => user.id) };
  return parts.provisioning.atOnce(held, async ({ stores, provisioning, changeGroups }) => {
    const administration = { ...parts.administration, changeGroups };
    const within = { ...call, parts: { ...parts, stores, provisioning, administration } };
    return (await refusalOfGroup(within, id)) ?? work(within);
  });
}

/** What a change of a group is answered with that is of another version than the one to be changed. */
async function refusalOfGroup(call: ScimCall, id: string): Promise<ScimFault | undefined> {
  const group = await groupById(call.parts.stores, id);
  const whole = readShown({}, groupSchema);
  if (group === undefined) return stale;
  const resources = 'fault' in whole ? whole : await resourcesOf(call, [group], whole);
  return 'fault' in resources ? resources : refusalOfVersion(call, resources[0] ?? {});
}

async function told(call: ScimCall, group: KnownGroup, status = 200): Promise<Answer | ScimFault> {
  const shown = readShown(call.query, groupSchema);
  if ('fault' in shown) return shown;
  const resources = await resourcesOf(call, [group], shown);
  if ('fault' in resources) return resources;
  const location = `${call.base}/Groups/${group.id}`;
  const [resource = {}] = resources;
  return answerWith(call, resource, {
    status,
    body: shown.of(resource),
    ...(status === 201 ? { headers: { location } } : {}),
  });
}

/** Groups as they are answered; their members, and their version, only where these are asked for. */
async function resourcesOf(
  call: ScimCall,
  groups: readonly KnownGroup[],
  selection: Selection,
): Promise<readonly Json[] | ScimFault> {
  const { base, parts, actor } = call;
  const ids = groups.map(({ id }) => id);
  const externalIds = await parts.stores.provisioning.externalIds(actor.id, ids);
  const resources: Json[] = [];
  let shown = 0;
  for (const { id, name, made } of groups) {
    const members = selection.includes('members')
      ? await membersOf(call, name, mostShown - shown + 1)
      : [];
    shown += members.length;
    if (shown > mostShown) {
      const detail = `More than ${mostShown} members: ask with excludedAttributes=members.`;
      return wrong('tooMany', detail);
    }
    const externalId = externalIds.get(id);
    const resource = {
      schemas: [groupUrn],
      id,
      ...(externalId === undefined ? {} : { externalId }),
      displayName: name,
      ...(members.length === 0
        ? {}
        : {
            members: members.map((member) => ({
              value: member.id,
              $ref: `${base}/Users/${member.id}`,
              display: member.displayName,
              type: 'User',
            })),
          }),
      meta: {
        resourceType: 'Group',
        ...(made === undefined ? {} : { created: made.createdAt.toISOString() }),
        location: `${base}/Groups/${id}`,
      },
    };
    // Who belongs to it is a part of its version, and is not looked up for that alone.
    resources.push(selection.includes('members') ? withVersion(resource) : resource);
  }
  return resources;
}

/** The first `most` who belong to it, ordered by user name. */
async function membersOf(
  { parts }: ScimCall,
  group: string,
  most: number,
): Promise<readonly FoundUser[]> {
  const members: FoundUser[] = [];
  for (;;) {
    const after = members.at(-1)?.canonicalName;
    const limit = Math.min(1_000, most - members.length);
    const page = await parts.stores.users.searchNames({ text: '', group, after, limit });
    members.push(...page);
    if (page.length < limit || members.length >= most) return members;
  }
}

async function add(call: ScimCall): Promise<Answer | ScimFault> {
  const { parts, actor } = call;
  const asked = askedGroup(call.body);
  if ('fault' in asked) return asked;
  const { name, externalId, members } = asked;
  if ((await groupByName(parts.stores, name)) !== undefined) return taken;
  const moves = await movesFor(call, name, new Map(members.map((id) => [id, 'join'])));
  if ('fault' in moves) return moves;
  const made = { id: parts.random.token(16), name, createdAt: parts.clock.now() };
  const called = { directory: actor.id, externalId };
  if (!(await parts.provisioning.addGroup(made, called, call.by))) return taken;
  await move(call, moves);
  return told(call, { id: made.id, name, made }, 201);
}

const taken = wrong('uniqueness', 'There is a group of this displayName already.');

interface AskedGroup {
  readonly name: string;
  readonly externalId: string | undefined;
  /** Ids, each once. */
  readonly members: readonly string[];
}

/** Reads a whole group. */
function askedGroup(body: unknown): AskedGroup | ScimFault {
  if (!isJson(body)) return wrong('invalidSyntax', 'The body is no resource.');
  const { displayName, externalId } = canonicalResource(body, groupSchema);
  const name = nameFrom(displayName);
  if (typeof name !== 'string') return name;
  const calledSo = externalIdFrom(externalId);
  if ('fault' in calledSo) return calledSo;
  const members = idsIn(memberOf(body, 'members'));
  return 'fault' in members ? members : { name, externalId: calledSo.externalId, members };
}

function nameFrom(value: unknown): string | ScimFault {
  const name = typeof value === 'string' ? value.trim() : '';
  return isGroupName(name)
    ? name
    : wrong(
        'invalidValue',
        "'displayName' is a name of 64 characters at most, without commas and semicolons.",
      );
}

function externalIdFrom(value: unknown): { readonly externalId: string | undefined } | ScimFault {
  if (value === undefined || value === null || value === '') return { externalId: undefined };
  const isSound =
    typeof value === 'string' && value.length <= 256 && !/[\p{Cc}\p{Cs}]/u.test(value);
  return isSound
    ? { externalId: value }
    : wrong('invalidValue', "'externalId' is a text of 256 characters at most.");
}

/** The ids of members, each once; of groups within groups nothing is known here. */
function idsIn(value: unknown): readonly string[] | ScimFault {
  if (value === undefined || value === null) return [];
  const ids = new Set<string>();
  for (const one of [value].flat()) {
    const id = typeof one === 'string' ? one : memberOf(one, 'value');
    const type = memberOf(one, 'type');
    const isPerson = typeof type !== 'string' || type.toLowerCase() === 'user';
    if (typeof id !== 'string' || !isPerson) {
      return wrong('invalidValue', "'members' are people, each with an id for its value.");
    }
    ids.add(id);
  }
  return [...ids];
}

async function replace(call: ScimCall, group: KnownGroup): Promise<Answer | ScimFault> {
  const asked = askedGroup(call.body);
  if ('fault' in asked) return asked;
  const { name, externalId, members } = asked;
  const are = await lookingAtAll(call, group)();
  if ('fault' in are) return are;
  const change: MemberChange = new Map(are.map(({ id }) => [id, 'leave']));
  for (const id of members) change.set(id, 'join');
  const before = await calledBy(call, group);
  const changed = await changeTo(call, group, { name, externalId, before, change });
  return 'fault' in changed ? changed : told(call, changed);
}

async function patch(call: ScimCall, group: KnownGroup): Promise<Answer | ScimFault> {
  const read = readOperations(call.body);
  if ('fault' in read) return wrong(read.fault.scimType, read.fault.detail);
  const about = stepsOf(read.operations, groupSchema);
  if ('fault' in about) return wrong(about.fault.scimType, about.fault.detail);
  const before = await calledBy(call, group);
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
  const changed = await changeTo(call, group, { name, externalId, before, change });
  if ('fault' in changed) return changed;
  // A large group is not told again to whoever changed one person of it.
  return call.query['attributes'] === undefined ? { status: 204 } : told(call, changed);
}

/** What the directory of the caller calls a group. */
async function calledBy(
  { parts, actor }: ScimCall,
  { id }: KnownGroup,
): Promise<string | undefined> {
  return (await parts.stores.provisioning.externalIds(actor.id, [id])).get(id);
}

/** The ids of those who are to belong to a group from now on, and of those who are not. */
type MemberChange = Map<string, 'join' | 'leave'>;

/** Everybody in a group, read once; a fault where they are too many, or gone through too often. */
type Everybody = () => Promise<readonly FoundUser[] | ScimFault>;

function lookingAtAll(call: ScimCall, { name }: KnownGroup): Everybody {
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

const tooManyAtOnce = wrong(
  'tooMany',
  `${mostMovedAtOnce} people at most join and leave with one request that has If-Match.`,
);

const tooManyLookings = wrong(
  'tooMany',
  `${mostLookings} operations at most go through the whole group with one request: name its members by their ids.`,
);

/** Makes a group what was asked for, once it is known that all of it may be. */
async function changeTo(
  call: ScimCall,
  group: KnownGroup,
  asked: {
    readonly name: string;
    readonly externalId: string | undefined;
    /** What the directory called it when this was read. */
    readonly before: string | undefined;
    readonly change: MemberChange;
  },
): Promise<KnownGroup | ScimFault> {
  const { parts, actor, by } = call;
  const { name, externalId, before, change } = asked;
  const called = { directory: actor.id, externalId };
  const isRenamed = name !== group.name;
  if (isRenamed) {
    if ((await groupByName(parts.stores, name)) !== undefined) return taken;
    if (namesGroup(await parts.policies.current(), group.name)) {
      return wrong(
        'mutability',
        'What the organisation decides names this group: it keeps its name.',
      );
    }
  }
  const moves = isRenamed
    ? await movesToOther(call, group.name, name, change)
    : await movesFor(call, name, change);
  if ('fault' in moves) return moves;
  const made = { id: group.id, name, createdAt: group.made?.createdAt ?? parts.clock.now() };
  return done(call, group, moves, async (within) => {
    const { provisioning } = within.parts;
    if (isRenamed) {
      const isDone =
        group.made === undefined
          ? await provisioning.addGroup(made, { ...called, externalId: before }, by)
          : await provisioning.renameGroup(group.id, group.name, name, by);
      if (!isDone) return taken;
    }
    if (externalId !== before) await provisioning.callGroup({ id: group.id, name }, called, by);
    await move(within, moves);
    return { id: group.id, name, made: isRenamed ? made : group.made };
  });
}

/** Somebody, and what they join and leave. */
interface Move {
  readonly user: User;
  readonly join: readonly string[];
  readonly leave: readonly string[];
}

type Wanted = Map<string, Omit<Move, 'user'>>;

/** Who joins and leaves one group. */
async function movesFor(
  call: ScimCall,
  name: string,
  change: MemberChange,
): Promise<readonly Move[] | ScimFault> {
  const wanted: Wanted = new Map();
  for (const [id, does] of change) {
    const moves = does === 'join' ? { join: [name], leave: [] } : { join: [], leave: [name] };
    wanted.set(id, moves);
  }
  return judged(call, wanted, joining(change));
}

/** Who goes from a group to the one that it becomes. */
async function movesToOther(
  call: ScimCall,
  from: string,
  to: string,
  change: MemberChange,
): Promise<readonly Move[] | ScimFault> {
  const wanted: Wanted = new Map();
  for (const { id } of await membersOf(call, from, mostMoved + 1)) {
    wanted.set(id, { join: [to], leave: [from] });
  }
  for (const [id, does] of change) {
    wanted.set(id, { join: does === 'join' ? [to] : [], leave: [from] });
  }
  return judged(call, wanted, joining(change));
}

function joining(change: MemberChange): ReadonlySet<string> {
  return new Set([...change].flatMap(([id, does]) => (does === 'join' ? [id] : [])));
}

/** Those of them for whom something changes; a fault where not all of it may be, before any of it is. */
async function judged(
  call: ScimCall,
  wanted: ReadonlyMap<string, Omit<Move, 'user'>>,
  mustBeThere: ReadonlySet<string>,
): Promise<readonly Move[] | ScimFault> {
  const { parts, actor } = call;
  if (wanted.size > mostMoved) {
    return wrong('tooMany', `${mostMoved} people at most join and leave with one request.`);
  }
  const { administration } = await parts.policies.current();
  const moves: Move[] = [];
  for (const [id, { join, leave }] of wanted) {
    const user = await userOf(call, id);
    if (user === undefined) {
      if (!mustBeThere.has(id)) continue;
      return wrong('invalidValue', `There is no user '${id.slice(0, 64)}'.`);
    }
    const after = groupsAfter(user.groups, { join, leave });
    const isSame =
      after.length === user.groups.length && after.every((one) => user.groups.includes(one));
    if (isSame) continue;
    if (refusalOf(actor, 'change-groups', user, administration) !== undefined) {
      return faultFrom(denied);
    }
    if (administration.secondApproval && user.role !== 'user') return needsApproval;
    if (after.length > mostGroups) {
      return wrong('invalidValue', `A user belongs to ${mostGroups} groups at most.`);
    }
    moves.push({ user, join, leave });
  }
  return moves;
}

const needsApproval: ScimFault = {
  fault: 403,
  detail: 'A second administrator has to agree where somebody has a role: do it in the portal.',
};

async function move({ parts, by }: ScimCall, moves: readonly Move[]): Promise<void> {
  for (const { user, join, leave } of moves) {
    try {
      await parts.administration.changeGroups(user.id, { join, leave }, by);
    } catch (error) {
      // Who was removed meanwhile belongs to nothing.
      if (!(error instanceof TweestapError && error.code === 'NOT_FOUND')) throw error;
    }
  }
}

async function takeAway(call: ScimCall, group: KnownGroup): Promise<Answer | ScimFault> {
  const members = await membersOf(call, group.name, mostMoved + 1);
  const moves = await movesFor(call, group.name, new Map(members.map(({ id }) => [id, 'leave'])));
  if ('fault' in moves) return moves;
  return done(call, group, moves, async (within) => {
    await move(within, moves);
    await within.parts.provisioning.removeGroup(group, call.by);
    return { status: 204 };
  });
}

async function list(call: ScimCall, asked: AskedList | ScimFault): Promise<Answer | ScimFault> {
  if ('fault' in asked) return asked;
  const { filter, selection, startIndex } = asked;
  const found =
    filter === undefined ? await allGroups(call.parts.stores) : await find(call, filter);
  if ('fault' in found) return found;
  const resources = await resourcesOf(call, pageOf(found, asked), selection);
  if ('fault' in resources) return resources;
  const body = listBody(
    resources.map((resource) => selection.of(resource)),
    { total: found.length, startIndex },
  );
  return { status: 200, body };
}

/** The groups that a filter fits. Of members it asks for some by their ids, and only these are looked up. */
async function find(call: ScimCall, filter: Filter): Promise<readonly KnownGroup[] | ScimFault> {
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
