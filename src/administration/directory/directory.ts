/**
 * Owns the synchronisation with the organisation's directory as those in charge meet it: looked at, asked for, told
 * beforehand, and its conflicts settled. One node at a time does it (`synchronising.ts`), in many small transactions, each
 * of which holds only while it is still its turn; whoever is killed is followed by another, which reads anew: what
 * is right already is left alone.
 */
import { directoryGroupLinked, directorySyncAsked } from '../../audit/directory-events.ts';
import { TweestapError } from '../../errors/errors.ts';
import { canonicalUserPrincipalName } from '../../lib/names.ts';
import { admit, admitToOrganisation, type By } from '../acting-admin.ts';
import { linkAccount, unlinkAccount } from './applying.ts';
import { plan, type Planned } from './planning.ts';
import { directorySyncTopic, type DirectorySyncParts, type SyncRules } from './sync-parts.ts';
import type { DirectorySyncStore, KnownEntry, KnownGroup, SyncState } from './sync-store.ts';
import { LeavingError, synchronise } from './synchronising.ts';
import { bringForward, isUnderWay, neverBefore, takeTurn, TurnLostError } from './turn.ts';

/** What those who look are told. */
export interface LookedAtSync {
  readonly rules: SyncRules;
  /** Undefined before the first. */
  readonly state: SyncState | undefined;
  readonly isRunning: boolean;
  /** How many accounts the directory owns and lets in. */
  readonly accounts: number;
  /** How many entries something is wrong with. */
  readonly troubled: number;
  /** Groups that are not here by the name that they have there. */
  readonly groupConflicts: readonly KnownGroup[];
}

export interface DirectorySync {
  look(): Promise<LookedAtSync>;
  /** When the directory was last read to its end; undefined: never. */
  readAt(): Promise<Date | undefined>;
  /** What its groups are called here. */
  ownGroups(): Promise<ReadonlySet<string>>;
  /** Whom something is wrong with, page after page. */
  troubled: DirectorySyncStore['troubled'];
  /** How many these are. */
  countTroubled: DirectorySyncStore['countTroubled'];
  /** The one entry of this user name that has no account, since another one has the name. */
  inConflict(userPrincipalName: string): Promise<KnownEntry | undefined>;
  /**
   * Lets the next one begin now; false where one is under way. With `confirms` so many accounts may be
   * switched off by it. Throws as every act of those in charge.
   */
  ask(by: By, options?: { readonly confirms?: number | undefined }): Promise<boolean>;
  /** What it would change, without changing anything. It keeps the ids of all entries while it looks. */
  plan(): AsyncIterable<Planned>;
  /**
   * Gives an account to the entry of its name with this id, which is in conflict with it; false where that is
   * not the one. Throws as every act on a person.
   */
  link(userId: string, entryId: string, by: By): Promise<boolean>;
  /**
   * Takes an account back from the directory; false where it is none of its. It keeps everything but a password,
   * which somebody here has to set. Throws as every act on a person.
   */
  unlink(userId: string, by: By): Promise<boolean>;
  /** Lets a group that was here before be that of this name in the directory; false where there is none. */
  linkGroup(name: string, by: By): Promise<boolean>;
  /**
   * Synchronises where it is due, or was left undone by a node that is gone; false where neither is so. Between
   * two portions `isLeaving` is asked; then another node goes on with it.
   */
  work(options?: { readonly isLeaving?: () => boolean }): Promise<boolean>;
}

/** Makes the service. `stores` are read outside transactions. */
export function createDirectorySync(parts: DirectorySyncParts): DirectorySync {
  const { stores, transact, rules, clock, signals } = parts;

  const look = async (): Promise<LookedAtSync> => {
    const state = await stores.directorySync.state();
    const { in: accounts } = await stores.directorySync.tally(0);
    const groups = await stores.directorySync.groups();
    return {
      rules,
      state,
      isRunning: state !== undefined && isUnderWay(state, clock.now()),
      accounts,
      troubled: await stores.directorySync.countTroubled(),
      groupConflicts: groups.filter(({ conflict }) => conflict !== undefined),
    };
  };

  return {
    look,
    readAt: async () => (await stores.directorySync.state())?.succeededAt,
    ownGroups: async () => {
      const groups = await stores.directorySync.groups();
      return new Set(groups.flatMap(({ name }) => (name === undefined ? [] : [name])));
    },
    troubled: (page) => stores.directorySync.troubled(page),
    countTroubled: () => stores.directorySync.countTroubled(),
    inConflict: (name) => stores.directorySync.inConflict(canonicalUserPrincipalName(name) ?? ''),

    ask: async (by, { confirms } = {}) => {
      const isAsked = await transact(async (held) => {
        const at = clock.now();
        const act = confirms === undefined ? 'synchronise' : 'confirm-synchronisation';
        const who = await admitToOrganisation(parts, held, by, act, at);
        const state = (await held.directorySync.state()) ?? neverBefore(at);
        if (isUnderWay(state, at)) return false;
        const asked = { by: who.actor, confirms };
        const next = { ...state, dueAt: at, asked };
        if (!(await held.directorySync.save(next, state.version))) return false;
        await held.audit.append(directorySyncAsked({ at, ...who, confirms }));
        return true;
      });
      signals.tell(directorySyncTopic);
      return isAsked;
    },

    plan: () => plan(parts),

    link: async (userId, entryId, by) => {
      const isLinked = await transact(async (held) => {
        const user = await held.users.lock(userId);
        if (user === undefined) throw new TweestapError('NOT_FOUND');
        const at = clock.now();
        const name = canonicalUserPrincipalName(user.userPrincipalName) ?? '';
        const entry = await held.directorySync.inConflict(name);
        // Only the one that was shown: by now another may go by this name.
        if (entry?.id !== entryId || user.upstream !== undefined) return false;
        const values = { userPrincipalName: user.userPrincipalName, entry: entry.dn };
        const who = await admit(parts, held, by, 'link-account', user, at, { values });
        await linkAccount(parts, { held, at, who }, user, entry);
        await held.directorySync.put([{ ...entry, state: 'in', conflict: undefined }]);
        await bringForward(held.directorySync, at);
        return true;
      });
      signals.tell(directorySyncTopic);
      return isLinked;
    },

    unlink: (userId, by) =>
      transact(async (held) => {
        const user = await held.users.lock(userId);
        if (user === undefined) throw new TweestapError('NOT_FOUND');
        const { upstream } = user;
        if (upstream === undefined) return false;
        const at = clock.now();
        const values = { userPrincipalName: user.userPrincipalName, entry: '' };
        const who = await admit(parts, held, by, 'link-account', user, at, { values });
        await unlinkAccount(parts, { held, at, who }, user);
        const entry = (await held.directorySync.entries([upstream.id])).get(upstream.id);
        // The next reading says whether the directory still names them, and lists the conflict.
        if (entry !== undefined) {
          await held.directorySync.put([
            { ...entry, state: 'none', brought: [], mailBefore: undefined },
          ]);
        }
        return true;
      }),

    linkGroup: async (name, by) => {
      const isLinked = await transact(async (held) => {
        const at = clock.now();
        const who = await admitToOrganisation(parts, held, by, 'confirm-synchronisation', at);
        const group = (await held.directorySync.groups()).find(
          ({ told, conflict }) => told.trim() === name && conflict === 'local',
        );
        if (group === undefined) return false;
        await held.directorySync.putGroups([{ ...group, name, conflict: undefined }]);
        await held.audit.append(directoryGroupLinked({ at, ...who, group: name }));
        await bringForward(held.directorySync, at);
        return true;
      });
      signals.tell(directorySyncTopic);
      return isLinked;
    },

    work: async ({ isLeaving = () => false } = {}) => {
      const turn = await takeTurn(parts);
      if (turn === undefined) return false;
      try {
        await synchronise(parts, turn, isLeaving);
      } catch (error) {
        // Whoever took over does all of it anew.
        if (error instanceof TurnLostError) return false;
        if (!(error instanceof LeavingError)) throw error;
      }
      signals.tell(directorySyncTopic);
      return true;
    },
  };
}
