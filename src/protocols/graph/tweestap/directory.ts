/**
 * Owns `directory`: the organisation's own directory, what came of the last synchronisation with it, beginning one,
 * and whom and what it is given that was here before.
 */
import * as z from 'zod';

import type { DirectorySync, LookedAtSync } from '../../../administration/directory/directory.ts';
import type { KnownEntry } from '../../../administration/directory/sync-store.ts';
import { queryOptions } from '../../../lib/odata/query.ts';
import { notFound, refusal } from '../faults.ts';
import { list } from '../listing.ts';
import {
  organisationOperation,
  noParameters,
  sent,
  userOperation,
  type Operation,
} from '../operation.ts';
import type { GraphParts } from '../parts.ts';

const path = '/directory';

const finished = z.object({
  startedDateTime: z.string(),
  finishedDateTime: z.string(),
  /** An account, a program or `command-line`; null: the clock. */
  askedBy: z.string().nullable(),
  outcome: z.enum(['done', 'held', 'failed']),
  /** Of one that failed. */
  reason: z.string().nullable(),
  /** Accounts that would have been switched off, and were not, since they were too many; else 0. */
  held: z.int(),
  read: z.int(),
  added: z.int(),
  linked: z.int(),
  changed: z.int(),
  enabled: z.int(),
  disabled: z.int(),
});

const schema = z.object({
  isRunning: z.boolean(),
  /** Accounts that the directory owns and lets in. */
  accounts: z.int(),
  /** Entries that something is wrong with. */
  conflicts: z.int(),
  nextDateTime: z.string().nullable(),
  /** When it was last read to its end. */
  lastSuccessDateTime: z.string().nullable(),
  last: finished.nullable(),
  groupConflicts: z.array(z.object({ displayName: z.string(), conflict: z.string() })),
});

const conflict = z.object({
  /** Of the entry, which never changes. */
  id: z.string(),
  userPrincipalName: z.string(),
  distinguishedName: z.string(),
  /** Why it has no account, or keeps its old name; null where it has all it should. */
  conflict: z.string().nullable(),
  /** What of it cannot be used. */
  issues: z.array(z.string()),
});

const none = refusal('badRequest', 'No directory is configured.');

export const directoryOperations: readonly Operation[] = [
  organisationOperation({
    method: 'GET',
    path,
    roots: ['tweestap'],
    act: 'see-directory',
    does: 'Tells what came of the last synchronisation with the organisation’s directory, and when the next is.',
    answers: { kind: 'value', schema },
    run: async ({ parts, base }) => {
      const sync = parts.directorySync;
      if (sync === undefined) return notFound('directory');
      const body = toldOf(await sync.look());
      return { status: 200, body: { '@odata.context': `${base}/$metadata#directory`, ...body } };
    },
  }),
  organisationOperation({
    method: 'GET',
    path: `${path}/conflicts`,
    roots: ['tweestap'],
    act: 'see-directory',
    does: 'Lists the entries of the directory that have no account, or of which something cannot be used, ordered by user name.',
    query: queryOptions,
    answers: { kind: 'collection', schema: conflict },
    run: async (call) => {
      const { directorySync: sync } = call.parts;
      if (sync === undefined) return notFound('directory');
      return list(call, {
        context: 'directory/conflicts',
        properties: Object.keys(conflict.shape),
        orders: ['userPrincipalName asc'],
        count: () => sync.countTroubled(),
        read: async (after, limit) => {
          const found = await sync.troubled({
            after: after === undefined ? undefined : placeFrom(after),
            limit,
          });
          return found.map((entry) => ({ entity: entityOf(entry), cursor: placeOf(entry) }));
        },
      });
    },
  }),
  organisationOperation({
    method: 'POST',
    path: `${path}/synchronize`,
    roots: ['tweestap'],
    act: 'synchronise',
    does: 'Begins a synchronisation now; it goes on by itself.',
    body: noParameters,
    status: 202,
    answers: { kind: 'nothing' },
    run: ({ parts, by }) => begin(parts, (sync) => sync.ask(by)),
  }),
  organisationOperation({
    method: 'POST',
    path: `${path}/confirm`,
    roots: ['tweestap'],
    act: 'confirm-synchronisation',
    does: 'Begins one that may switch off so many accounts, where the last one held back as many.',
    body: sent({ disabling: z.int().min(1) }),
    status: 202,
    answers: { kind: 'nothing' },
    run: ({ parts, by }, { disabling }) =>
      begin(parts, (sync) => sync.ask(by, { confirms: disabling })),
  }),
  organisationOperation({
    method: 'POST',
    path: `${path}/linkGroup`,
    roots: ['tweestap'],
    act: 'confirm-synchronisation',
    does: 'Lets a group of the directory be the one of this name that was here before.',
    body: sent({ displayName: z.string().min(1).max(400) }),
    answers: { kind: 'nothing' },
    run: async ({ parts, by }, { displayName }) => {
      if (parts.directorySync === undefined) return none;
      const isLinked = await parts.directorySync.linkGroup(displayName, by);
      return isLinked ? { status: 204 } : notFound(displayName);
    },
  }),
  userOperation({
    method: 'POST',
    path: '/users/:user/linkToDirectory',
    roots: ['tweestap'],
    act: 'link-account',
    does: 'Gives an account that was made here to the entry of its user name with this id.',
    body: sent({ entryId: z.string().min(1).max(400) }),
    answers: { kind: 'nothing' },
    run: async ({ parts, user, by }, { entryId }) => {
      if (parts.directorySync === undefined) return none;
      const isLinked = await parts.directorySync.link(user.id, entryId, by);
      return isLinked
        ? { status: 204 }
        : refusal('badRequest', 'No entry of this id is in conflict with the account.');
    },
  }),
  userOperation({
    method: 'POST',
    path: '/users/:user/unlinkFromDirectory',
    roots: ['tweestap'],
    act: 'link-account',
    does: 'Takes an account back from the directory: it has no password until one is set.',
    body: noParameters,
    answers: { kind: 'nothing' },
    run: async ({ parts, user, by }) => {
      if (parts.directorySync === undefined) return none;
      const isUnlinked = await parts.directorySync.unlink(user.id, by);
      return isUnlinked
        ? { status: 204 }
        : refusal('badRequest', 'The account does not belong to the directory.');
    },
  }),
];

function entityOf({ id, name, dn, conflict: why, issues }: KnownEntry) {
  return {
    id,
    userPrincipalName: name,
    distinguishedName: dn,
    conflict: why ?? null,
    issues: [...issues],
  } satisfies z.infer<typeof conflict>;
}

/** Where the page behind this entry begins; several may have one name. */
function placeOf({ name, id }: KnownEntry): string {
  return JSON.stringify([name, id]);
}

const place = z.tuple([z.string(), z.string()]).transform(([name, id]) => ({ name, id }));

function placeFrom(cursor: string): Pick<KnownEntry, 'name' | 'id'> {
  return place.parse(JSON.parse(cursor));
}

async function begin(
  { directorySync }: Pick<GraphParts, 'directorySync'>,
  ask: (sync: DirectorySync) => Promise<boolean>,
) {
  if (directorySync === undefined) return none;
  return (await ask(directorySync))
    ? { status: 202 }
    : refusal('Request_Conflict', 'A synchronisation is under way already.');
}

function toldOf({ state, isRunning, accounts, troubled, groupConflicts, rules }: LookedAtSync) {
  const last = state?.last;
  const end = last?.end;
  const isPlanned = rules.minutes > 0 || state?.asked !== undefined;
  return {
    isRunning,
    accounts,
    conflicts: troubled,
    nextDateTime: isPlanned ? (state?.dueAt.toISOString() ?? null) : null,
    lastSuccessDateTime: state?.succeededAt?.toISOString() ?? null,
    last:
      last === undefined
        ? null
        : {
            startedDateTime: last.startedAt.toISOString(),
            finishedDateTime: last.finishedAt.toISOString(),
            askedBy: last.by ?? null,
            outcome: last.end.kind,
            reason: end?.kind === 'failed' ? end.reason : null,
            held: end?.kind === 'held' ? end.disabling : 0,
            ...last.counts,
          },
    groupConflicts: groupConflicts.map(({ told, conflict: why = 'local' }) => ({
      displayName: told,
      conflict: why,
    })),
  } satisfies z.infer<typeof schema>;
}
