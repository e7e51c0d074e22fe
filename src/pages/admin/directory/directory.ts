/**
 * Owns the pages of the organisation's directory: what came of the last synchronisation, beginning one, confirming
 * what it held back, and giving it accounts and groups that were here before.
 */
import { z } from 'zod';

import type { UpstreamSettings } from '../../../accounts/upstream/settings.ts';
import type { DirectorySync, LookedAtSync } from '../../../administration/directory/directory.ts';
import { directorySyncTopic } from '../../../administration/directory/sync-parts.ts';
import type { User } from '../../../accounts/user.ts';
import type { ApplicationStore } from '../../../applications/application-store.ts';
import { TweestapError } from '../../../errors/errors.ts';
import { seeOther, sendPage } from '../../../http/answer.ts';
import type { EventStreams } from '../../../http/event-stream.ts';
import { form, params, query } from '../../../http/parse.ts';
import { canonicalUserPrincipalName } from '../../../lib/names.ts';
import { byOf, type AdminGuardParts, type Open } from '../guard.ts';
import { peopleOf } from '../logs/people.ts';
import { named } from '../../my-profile/recent-sign-ins/names.ts';
import { personPath } from '../path.ts';
import {
  accountPage,
  confirmPage,
  directoryPage,
  emptyPage,
  groupPage,
  markOf,
  progressOf,
  troublesOnPage,
} from './directory-pages.ts';
import { directoryPath } from './path.ts';

/** The directory, and what is told of its settings. */
export interface ConnectedDirectory {
  readonly sync: DirectorySync;
  readonly settings: Pick<UpstreamSettings, 'urls' | 'kind' | 'baseDn'>;
}

export interface DirectoryPageParts extends AdminGuardParts {
  /** Undefined where none is configured. */
  readonly directory: ConnectedDirectory | undefined;
  readonly applications: Pick<ApplicationStore, 'list'>;
  readonly streams: Pick<EventStreams, 'open'>;
}

/** Who has no user name is named by where they stand there. */
const longestName = 2_500;

const done = z.object({
  done: z.enum(['asked', 'under-way', 'group']).optional().catch(undefined),
  /** The name and the id of the last entry of the page before. */
  name: z.string().max(longestName).optional().catch(undefined),
  entry: z.string().max(400).optional().catch(undefined),
});
const itsAddress = z.object({ id: z.string().regex(/^[\w-]{1,64}$/) });
const itsEntry = z.object({ entry: z.string().max(400).exactOptional() });
const itsGroup = z.object({ group: z.string().max(400).default('').catch('') });

/** Registers the pages. */
export function directoryRoutes(open: Open, parts: DirectoryPageParts): void {
  const { directory, stores, clock } = parts;

  const connected = (): ConnectedDirectory => {
    if (directory === undefined) throw new TweestapError('NOT_FOUND');
    return directory;
  };

  open('GET /admin/directory', async (admin, request, reply) => {
    if (directory === undefined) return sendPage(reply, emptyPage(admin));
    const { sync, settings } = directory;
    const looked = await sync.look();
    const asked = query(request, done);
    const after =
      asked.name === undefined || asked.entry === undefined
        ? undefined
        : { name: asked.name, id: asked.entry };
    const found = await sync.troubled({ after, limit: troublesOnPage + 1 });
    const troubled = found.slice(0, troublesOnPage);
    const view = {
      ...admin,
      looked,
      settings,
      troubled,
      isFirst: after === undefined,
      more: found.length > troublesOnPage ? troubled.at(-1) : undefined,
      holders: await holdersOf(troubled.map(({ name }) => name)),
      people: await peopleOf(stores.users, [looked.state?.last?.by]),
      names: await named(parts.applications, parts.methods),
      now: clock.now(),
      done: asked.done,
    };
    return sendPage(reply, directoryPage(view));
  });

  open('GET /admin/directory/status', async (admin, _request, reply) => {
    const looked = await directory?.sync.look();
    return reply.send({
      step: looked === undefined ? 'none' : markOf(looked),
      message: looked === undefined ? '' : progressOf(looked, admin.frame.locale),
    });
  });

  // Says when it is time to ask the above.
  open('GET /admin/directory/events', async (_admin, request, reply) =>
    parts.streams.open(request, reply, { topics: [directorySyncTopic], owner: 'directory' }),
  );

  open('POST /admin/directory/synchronise', async (admin, request, reply) => {
    const isAsked = await connected().sync.ask(byOf(admin, request));
    return seeOther(reply, `${directoryPath}?done=${isAsked ? 'asked' : 'under-way'}`);
  });

  open('GET /admin/directory/confirm', async (admin, _request, reply) => {
    const looked = await directory?.sync.look();
    return sendPage(reply, confirmPage({ ...admin, held: heldOf(looked) }));
  });

  open('POST /admin/directory/confirm', async (admin, request, reply) => {
    const { sync } = connected();
    const held = heldOf(await sync.look());
    if (held === undefined) return seeOther(reply, directoryPath);
    const isAsked = await sync.ask(byOf(admin, request), { confirms: held.disabling });
    return seeOther(reply, `${directoryPath}?done=${isAsked ? 'asked' : 'under-way'}`);
  });

  open('GET /admin/directory/groups', async (admin, request, reply) => {
    const { group } = query(request, itsGroup);
    const looked = await directory?.sync.look();
    const isInConflict = looked?.groupConflicts.some(
      ({ told, conflict }) => told.trim() === group && conflict === 'local',
    );
    return sendPage(reply, groupPage({ ...admin, group, isInConflict: isInConflict === true }));
  });

  open('POST /admin/directory/groups', async (admin, request, reply) => {
    const { group } = form(request, itsGroup);
    const isLinked = await connected().sync.linkGroup(group, byOf(admin, request));
    return seeOther(reply, isLinked ? `${directoryPath}?done=group` : directoryPath);
  });

  open('GET /admin/users/:id/directory', async (admin, request, reply) => {
    const user = await stores.users.find(params(request, itsAddress).id);
    if (user === undefined) throw new TweestapError('NOT_FOUND');
    const entry = await directory?.sync.inConflict(user.userPrincipalName);
    return sendPage(reply, accountPage({ ...admin, user, entry }));
  });

  open('POST /admin/users/:id/directory', async (admin, request, reply) => {
    const { id } = params(request, itsAddress);
    const user = await stores.users.find(id);
    if (user === undefined) throw new TweestapError('NOT_FOUND');
    const { sync } = connected();
    const by = byOf(admin, request);
    const { entry = '' } = form(request, itsEntry);
    if (user.upstream === undefined) await sync.link(id, entry, by);
    else await sync.unlink(id, by);
    return seeOther(reply, personPath(id));
  });

  /** Whose accounts have these user names, by the canonical name. */
  async function holdersOf(names: readonly string[]): Promise<ReadonlyMap<string, User>> {
    const canonical = names
      .map((name) => canonicalUserPrincipalName(name))
      .filter((name) => name !== null);
    const ids = await stores.users.idsOfNames(canonical);
    const found = new Map<string, User>();
    for (const [name, id] of ids) {
      const user = await stores.users.find(id);
      if (user !== undefined) found.set(name, user);
    }
    return found;
  }
}

function heldOf(
  looked: LookedAtSync | undefined,
): { readonly disabling: number; readonly of: number } | undefined {
  const end = looked?.state?.last?.end;
  return end?.kind === 'held' ? end : undefined;
}
