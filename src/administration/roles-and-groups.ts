/** Owns which role somebody has, and which groups they belong to. */
import { groupsAfter, type GroupChange } from '../accounts/group.ts';
import type { Role, User } from '../accounts/user.ts';
import { groupsChanged, methodRemovedByAdmin, roleChanged } from '../audit/audit.ts';
import { actOn, signOutEverywhere, type ActParts, type Doing } from './account-act.ts';
import { admitToGive, type By } from './acting-admin.ts';
import { requireOwnGroups } from './directory/owned.ts';
import { inform } from './informing.ts';
import { endPasses } from './passes.ts';

export interface RolesAndGroups {
  /**
   * Gives another role and signs them out everywhere, so that it holds at once; with it a Temporary Access
   * Pass ends that was made for whom they were before. False when they had it.
   * Throws `NOT_ALLOWED` where whoever acts could not act on that role.
   */
  changeRole(userId: string, role: Role, by: By): Promise<boolean>;
  /** Lets them join groups and leave some; false when nothing is different. */
  changeGroups(userId: string, change: GroupChange, by: By): Promise<boolean>;
}

/** Makes the service. */
export function createRolesAndGroups(parts: ActParts): RolesAndGroups {
  return {
    changeRole: (userId, role, by) =>
      actOn(parts, { userId, act: 'change-role', by, role }, async (doing) => {
        const { held, user, at, who } = doing;
        if (user.role === role) return false;
        await admitToGive(parts, held, by, role, at);
        await held.users.change(userId, { role });
        await held.audit.append(roleChanged({ at, userId, ...who, from: user.role, to: role }));
        await signOutEverywhere(doing, 'role-changed');
        if (role !== 'user') await endPassesFromBefore(parts, doing);
        await inform(parts, held, user, at, 'roleChangedByAdmin');
        return true;
      }),

    changeGroups: (userId, change, by) => {
      const values = (user: User) => {
        const { joined, left } = groupsMoved(user, change);
        return { joins: joined.join(', '), leaves: left.join(', ') };
      };
      return actOn(parts, { userId, act: 'change-groups', by, values }, async (doing) => {
        const { held, user, at, who } = doing;
        const { groups, joined, left } = groupsMoved(user, change);
        if (joined.length + left.length === 0) return false;
        await requireOwnGroups(held, user, left);
        await held.users.change(userId, { groups });
        await held.audit.append(groupsChanged({ at, userId, ...who, joined, left }));
        await inform(parts, held, user, at, 'groupsChangedByAdmin');
        return true;
      });
    },
  };
}

/** Whoever made one may be nobody who could make it for this role, and knows it still (attack ATK-37). */
async function endPassesFromBefore({ methods }: ActParts, doing: Doing): Promise<void> {
  const { held, user, at, who } = doing;
  for (const { kind, slot } of await endPasses(methods, doing)) {
    await held.audit.append(methodRemovedByAdmin({ at, userId: user.id, ...who, kind, slot }));
  }
}

/** The groups after a change, and which of them are new or gone. */
function groupsMoved(
  user: Pick<User, 'groups'>,
  change: GroupChange,
): Readonly<Record<'groups' | 'joined' | 'left', readonly string[]>> {
  const groups = groupsAfter(user.groups, change);
  return {
    groups,
    joined: groups.filter((name) => !user.groups.includes(name)),
    left: user.groups.filter((name) => !groups.includes(name)),
  };
}
