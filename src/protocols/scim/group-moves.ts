/**
 * Owns who joins and leaves a group with one request: it is judged for all of them before any of it is done, and done
 * by the act of those in charge, one person after another.
 */
import { refusalOf } from '../../accounts/administering.ts';
import { groupsAfter, mostGroups } from '../../accounts/group.ts';
import type { User } from '../../accounts/user.ts';
import { TweestapError } from '../../errors/errors.ts';
import { denied } from '../graph/faults.ts';
import { faultFrom, wrong, type ScimFault } from './faults.ts';
import { membersOf } from './group-resource.ts';
import type { ScimCall } from './operation.ts';
import { userOf } from './users.ts';

/** People who may join and leave with one request. */
export const mostMoved = 5_000;

/** The ids of those who are to belong to a group from now on, and of those who are not. */
export type MemberChange = Map<string, 'join' | 'leave'>;

/** Somebody, and what they join and leave. */
export interface Move {
  readonly user: User;
  readonly join: readonly string[];
  readonly leave: readonly string[];
}

type Wanted = Map<string, Omit<Move, 'user'>>;

/** Who joins and leaves one group. */
export async function movesFor(
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
export async function movesToOther(
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

/** Does it. */
export async function move({ parts, by }: ScimCall, moves: readonly Move[]): Promise<void> {
  for (const { user, join, leave } of moves) {
    try {
      await parts.administration.changeGroups(user.id, { join, leave }, by);
    } catch (error) {
      // Who was removed meanwhile belongs to nothing.
      if (!(error instanceof TweestapError && error.code === 'NOT_FOUND')) throw error;
    }
  }
}
