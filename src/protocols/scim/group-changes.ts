/**
 * Owns making, changing and removing a group, as a whole or by a patch. Where one version alone is to be changed, all
 * of it happens at once or not at all.
 */
import { namesGroup } from '../../policies/naming-groups.ts';
import { askedGroup } from './asked-group.ts';
import { wrong, type ScimFault } from './faults.ts';
import {
  move,
  movesFor,
  movesToOther,
  mostMoved,
  type MemberChange,
  type Move,
} from './group-moves.ts';
import { lookingAtAll, patchedGroup, type GroupToBe } from './group-patch.ts';
import { membersOf, resourcesOf, told } from './group-resource.ts';
import { groupById, groupByName, type KnownGroup } from './known-groups.ts';
import { readShown } from './listing.ts';
import type { Answer, ScimCall } from './operation.ts';
import { groupSchema } from './schemas.ts';
import { isConditional, refusalOfVersion, stale } from './version.ts';

/** People who may join and leave in one transaction: for so long nobody else can change anything. */
const mostMovedAtOnce = 200;

/** Makes one. */
export async function addGroup(call: ScimCall): Promise<Answer | ScimFault> {
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

/** Makes it what was sent. */
export async function replaceGroup(call: ScimCall, group: KnownGroup): Promise<Answer | ScimFault> {
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

/** Changes what a patch names. */
export async function patchGroup(call: ScimCall, group: KnownGroup): Promise<Answer | ScimFault> {
  const before = await calledBy(call, group);
  const asked = await patchedGroup(call, group, before);
  if ('fault' in asked) return asked;
  const changed = await changeTo(call, group, { ...asked, before });
  if ('fault' in changed) return changed;
  // A large group is not told again to whoever changed one person of it.
  return call.query['attributes'] === undefined ? { status: 204 } : told(call, changed);
}

/** Lets everybody leave, and forgets it. */
export async function removeGroup(call: ScimCall, group: KnownGroup): Promise<Answer | ScimFault> {
  const members = await membersOf(call, group.name, mostMoved + 1);
  const moves = await movesFor(call, group.name, new Map(members.map(({ id }) => [id, 'leave'])));
  if ('fault' in moves) return moves;
  return doJudged(call, group, moves, async (within) => {
    await move(within, moves);
    await within.parts.provisioning.removeGroup(group, call.by);
    return { status: 204 };
  });
}

/** Makes a group what was asked for, once it is known that all of it may be. */
async function changeTo(
  call: ScimCall,
  group: KnownGroup,
  asked: GroupToBe & {
    /** What the directory called it when this was read. */
    readonly before: string | undefined;
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
  return doJudged(call, group, moves, async (within) => {
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

/** What the directory of the caller calls a group. */
async function calledBy(
  { parts, actor }: ScimCall,
  { id }: KnownGroup,
): Promise<string | undefined> {
  return (await parts.stores.provisioning.externalIds(actor.id, [id])).get(id);
}

/**
 * Does what was judged. Where one version alone is to be changed (`If-Match`), all of it at once or not at all,
 * and only while the group is of that version, for as long as nobody else can change it.
 */
async function doJudged<result>(
  call: ScimCall,
  { id }: KnownGroup,
  moves: readonly Move[],
  work: (call: ScimCall) => Promise<result | ScimFault>,
): Promise<result | ScimFault> {
  if (!isConditional(call)) return work(call);
  if (moves.length > mostMovedAtOnce) return tooManyAtOnce;
  const { parts } = call;
  const userIds = moves.map(({ user }) => user.id);
  return parts.provisioning.atOnce(userIds, async ({ stores, provisioning, changeGroups }) => {
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

const tooManyAtOnce = wrong(
  'tooMany',
  `${mostMovedAtOnce} people at most join and leave with one request that has If-Match.`,
);
