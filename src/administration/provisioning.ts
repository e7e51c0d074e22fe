/**
 * Owns what a directory does to groups themselves: making one, naming it, taking it away, and what it calls
 * it. Who belongs to one is an act on people (`administration.ts`). Each is one transaction with its event.
 */
import type { ProvisionedGroup } from '../accounts/provisioning-store.ts';
import { groupCalled, groupMade, groupRemoved, groupRenamed } from '../audit/group-events.ts';
import type { Transact } from '../lib/transact.ts';
import type { SigninStores } from '../signin/stores.ts';
import type { ActParts } from './account-act.ts';
import { admitToBegin, type Actor, type By } from './acting-admin.ts';
import { createRolesAndGroups, type RolesAndGroups } from './roles-and-groups.ts';

/** What a directory calls a group; undefined: nothing. */
export interface Called {
  readonly directory: string;
  readonly externalId: string | undefined;
}

/** Everything may throw as `admitToBegin` does; nothing has happened then. */
export interface Provisioning {
  /** False where there is one of this id or name already. */
  addGroup(group: ProvisionedGroup, called: Called, by: By): Promise<boolean>;
  /** False where it has another name than `from` by now, or another one has the new name. */
  renameGroup(id: string, from: string, to: string, by: By): Promise<boolean>;
  /** Lets the directory call it so from now on; does nothing where it does so already. */
  callGroup(group: Pick<ProvisionedGroup, 'id' | 'name'>, called: Called, by: By): Promise<void>;
  /** With what every directory calls it; false where it was gone, or has no row of its own. */
  removeGroup(group: Pick<ProvisionedGroup, 'id' | 'name'>, by: By): Promise<boolean>;
  /**
   * Does all of `work` in one transaction, by what it is given, while all groups and these people are held; what it
   * throws undoes all of it. Keep it short: the embedded database has one writer.
   */
  atOnce<result>(
    userIds: readonly string[],
    work: (within: WithinProvisioning) => Promise<result>,
  ): Promise<result>;
}

/** What reads and acts within one transaction. */
export interface WithinProvisioning {
  readonly stores: SigninStores;
  readonly provisioning: Provisioning;
  readonly changeGroups: RolesAndGroups['changeGroups'];
}

/** Makes the service. */
export function createProvisioning(parts: ActParts): Provisioning {
  const { transact, clock } = parts;

  const act = <result>(
    by: By,
    work: (held: SigninStores, who: Actor & { readonly at: Date }) => Promise<result>,
  ): Promise<result> =>
    transact(async (held) => {
      const at = clock.now();
      const who = await admitToBegin(parts, held, by, 'change-groups', at);
      return work(held, { at, ...who });
    });

  return {
    addGroup: (group, { directory, externalId }, by) =>
      act(by, async (held, who) => {
        if (!(await held.provisioning.addGroup(group))) return false;
        if (externalId !== undefined) {
          await held.provisioning.call(directory, group.id, externalId);
        }
        await held.audit.append(groupMade({ ...who, group: group.name }));
        return true;
      }),

    renameGroup: (id, from, to, by) =>
      act(by, async (held, who) => {
        if (!(await held.provisioning.renameGroup(id, from, to))) return false;
        await held.audit.append(groupRenamed({ ...who, from, to }));
        return true;
      }),

    callGroup: ({ id, name }, { directory, externalId }, by) =>
      act(by, async (held, who) => {
        const is = await held.provisioning.externalIds(directory, [id]);
        if (is.get(id) === externalId) return;
        await held.provisioning.call(directory, id, externalId);
        await held.audit.append(groupCalled({ ...who, group: name }));
      }),

    removeGroup: ({ id, name }, by) =>
      act(by, async (held, who) => {
        if (!(await held.provisioning.removeGroup(id))) return false;
        await held.audit.append(groupRemoved({ ...who, group: name }));
        return true;
      }),

    atOnce: (userIds, work) =>
      transact(async (held) => {
        await held.provisioning.holdGroups();
        // In one order, so that nobody waits for whoever waits for them.
        for (const userId of userIds.toSorted()) await held.users.lock(userId);
        const inside: Transact<SigninStores> = (more) => more(held);
        const within = { ...parts, transact: inside };
        const { changeGroups } = createRolesAndGroups(within);
        return work({ stores: held, provisioning: createProvisioning(within), changeGroups });
      }),
  };
}
