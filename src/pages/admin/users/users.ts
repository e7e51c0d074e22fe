/** Owns Users: finding people, and the quick steps on those who were selected. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { refusalOf } from '../../../accounts/administering.ts';
import type { User } from '../../../accounts/user.ts';
import { searchAt, type JobTask, type Why } from '../../../administration/jobs/job.ts';
import type { Jobs } from '../../../administration/jobs/jobs.ts';
import type { Administration } from '../../../administration/administration.ts';
import { steps, type StepId } from '../../../administration/jobs/quick-steps.ts';
import { TweestapError } from '../../../errors/errors.ts';
import { seeOther, sendPage } from '../../../http/answer.ts';
import { form, query } from '../../../http/parse.ts';
import { siteOf } from '../../../http/site.ts';
import { canonicalUserPrincipalName } from '../../../lib/names.ts';
import { signInKinds } from '../../../registrations/options.ts';
import { securityInfoPath } from '../../my-profile/security-info/path.ts';
import { byOf, type AdminGuardParts, type Open } from '../guard.ts';
import type { Admin } from '../portal.ts';
import { usersPath } from '../path.ts';
import { jobPath } from '../jobs/path.ts';
import { everybodyOf, listQuery, type Asked } from './asked.ts';
import { asIn, listPage, type Listed } from './list-page.ts';
import { manyPage } from './many-page.ts';
import {
  actOfMany,
  beginMany,
  isStep,
  judgeMany,
  manyFields,
  manyIds,
  type ManyFaultAt,
  type ManyId,
  type ManyTyped,
} from './many.ts';
import { confirmPage, resultPage, type LeftOut, type Outcome } from './quick-pages.ts';

export interface UserPageParts extends AdminGuardParts {
  readonly administration: Administration;
  readonly jobs: Jobs;
}

/** How many people a page shows; also the most that one quick step is done for. */
const pageSize = 50;
/** Among so many of the newest the last one that succeeded is looked for. */
const signInsLookedAt = 10;

/** Selected people are fields of their own: no form of ours sends a name twice. */
const selectedPrefix = 'p-';
const selectedQuery = z.record(z.string(), z.string());
const untyped: ManyTyped = { join: '', leave: '', from: '' };
const idPattern = /^[\w-]{1,64}$/;

/** Registers the pages. */
export function userRoutes(open: Open, parts: UserPageParts): void {
  const { stores, methods, clock, administration, jobs } = parts;
  const proving = signInKinds(methods);

  open('GET /admin/users', async (admin, request, reply) => {
    const asked = query(request, listQuery);
    const now = clock.now();
    const found = await stores.users.search({
      ...searchAt(everybodyOf(asked, methods), now),
      after: asked.after,
      limit: pageSize + 1,
    });
    const people = found.slice(0, pageSize);
    const last = people.at(-1);
    const next = found.length > pageSize && last !== undefined ? canonical(last) : undefined;
    const listed = await listedOf(people);
    const view = { ...admin, asked, people: listed, next, now, methods };
    return sendPage(reply, listPage(view), { status: asked.none === undefined ? 200 : 422 });
  });

  /** The page before it: of a few people by their names, of many by how many they are. */
  const ask = async (
    admin: Admin,
    request: FastifyRequest,
    reply: FastifyReply,
    id: ManyId,
    typed: ManyTyped = untyped,
    faults: readonly ManyFaultAt[] = [],
  ): Promise<FastifyReply> => {
    const ids = selectedIn(request);
    const asked = query(request, listQuery);
    const status = faults.length === 0 ? 200 : 422;
    if (asked.everybody !== undefined) {
      const task = previewTask(id);
      const everybody = everybodyOf(asked, methods);
      const preview = await jobs.preview(everybody, task, admin.current.user);
      const view = { ...admin, what: id, asked, selected: undefined, preview, typed, faults };
      return sendPage(reply, manyPage(view), { status });
    }
    if (ids.length === 0) return seeOther(reply, noneSelected(asked));
    const { affected, leftOut } = await sorted(admin, id, ids);
    if (isStep(id)) {
      const view = { ...admin, step: id, asked, affected, leftOut, typed, faults };
      return sendPage(reply, confirmPage(view), { status });
    }
    const preview = {
      affected: affected.length,
      leftOut: countsOf(leftOut),
      named: leftOut,
    };
    const selected = affected.map((user) => user.id);
    const view = { ...admin, what: id, asked, selected, preview, typed, faults };
    return sendPage(reply, manyPage(view), { status });
  };

  for (const id of manyIds) {
    open(`GET /admin/users/quick/${id}`, (admin, request, reply) => ask(admin, request, reply, id));

    open(`POST /admin/users/quick/${id}`, async (admin, request, reply) => {
      const ids = selectedIn(request);
      const asked = query(request, listQuery);
      const isEverybody = asked.everybody !== undefined;
      if (!isEverybody && ids.length === 0) return seeOther(reply, noneSelected(asked));
      const typed = form(request, manyFields);
      const judged = judgeMany(id, typed, clock.now());
      if (!('task' in judged)) return ask(admin, request, reply, id, typed, judged.faults);
      const by = byOf(admin, request);
      if (isEverybody) {
        const everybody = everybodyOf(asked, methods);
        return seeOther(reply, jobPath(await beginMany(jobs, everybody, judged, by)));
      }
      const { affected, leftOut } = await sorted(admin, id, ids);
      if (affected.length === 0) return ask(admin, request, reply, id, typed);
      if (!isStep(id) || judged.dueAt !== undefined) {
        return seeOther(reply, jobPath(await beginMany(jobs, affected, judged, by)));
      }
      const link = `${siteOf(request).origin}${securityInfoPath}`;
      const announce = typed.announce === undefined ? undefined : { link };
      const outcomes: Outcome[] = [];
      // One after another: each is a transaction of its own, and what is done stays done.
      for (const user of affected) {
        outcomes.push({ user, why: await outcomeOf(id, user, by, announce, request) });
      }
      return sendPage(reply, resultPage({ ...admin, step: id, asked, outcomes, leftOut }));
    });
  }

  /** Undefined where it was done. */
  async function outcomeOf(
    id: StepId,
    user: User,
    by: ReturnType<typeof byOf>,
    announce: { readonly link: string } | undefined,
    request: FastifyRequest,
  ): Promise<Outcome['why']> {
    try {
      const isChanged =
        id === 'enable'
          ? await administration.setState(user.id, 'enabled', by, announce)
          : await steps[id].run(administration, user, by);
      return isChanged ? undefined : 'already';
    } catch (error) {
      if (error instanceof TweestapError) {
        if (error.code === 'NOT_ALLOWED') {
          return error.details['reason'] === 'approval' ? 'approval' : 'above';
        }
        // The rest would fail alike: whoever acts proves themselves again and goes on.
        if (error.code === 'STEP_UP_REQUIRED' || error.code === 'NOT_SIGNED_IN') throw error;
      }
      request.log.error({ requestId: request.id, err: error }, 'a quick step failed');
      return 'failed';
    }
  }

  /** Who is affected, and who is left out and why. */
  async function sorted(
    { current }: Admin,
    id: ManyId,
    ids: readonly string[],
  ): Promise<{ readonly affected: readonly User[]; readonly leftOut: readonly LeftOut[] }> {
    const affected: User[] = [];
    const leftOut: LeftOut[] = [];
    for (const userId of ids) {
      const user = await stores.users.find(userId);
      if (user === undefined) {
        leftOut.push({ name: userId, why: 'gone' });
        continue;
      }
      const act = actOfMany(id);
      const refusal = act === 'announce' ? undefined : refusalOf(current.user, act, user);
      const isDone =
        act === 'announce'
          ? (await kindsOf(user)).some((kind) => proving.includes(kind))
          : isStep(id) && steps[id].isDone(user);
      const why = refusal ?? (isDone ? 'already' : undefined);
      if (why === undefined) affected.push(user);
      else leftOut.push({ name: user.displayName, why });
    }
    return { affected, leftOut };
  }

  async function kindsOf({ id }: User): Promise<readonly string[]> {
    return (await stores.registrations.kindsOf([id])).get(id) ?? [];
  }

  async function listedOf(people: readonly User[]): Promise<readonly Listed[]> {
    const kinds = await stores.registrations.kindsOf(people.map(({ id }) => id));
    return Promise.all(
      people.map(async (user) => {
        const events = await stores.signInEvents.list({
          userId: user.id,
          limit: signInsLookedAt,
        });
        const lastSignIn = events.find(({ result }) => result === 'success')?.at;
        return { user, kinds: kinds.get(user.id) ?? [], lastSignIn };
      }),
    );
  }
}

function noneSelected(asked: Asked): string {
  const fields = new URLSearchParams({ ...asIn(asked), none: '1' });
  return `${usersPath}?${fields.toString()}`;
}

function selectedIn(request: FastifyRequest): readonly string[] {
  return Object.keys(query(request, selectedQuery))
    .filter((name) => name.startsWith(selectedPrefix))
    .map((name) => name.slice(selectedPrefix.length))
    .filter((id) => idPattern.test(id))
    .slice(0, pageSize);
}

function canonical({ userPrincipalName }: User): string {
  return canonicalUserPrincipalName(userPrincipalName) ?? userPrincipalName;
}

/** As far as whom it leaves out depends on it. */
function previewTask(id: ManyId): JobTask {
  if (id === 'remind') return { kind: 'remind' };
  return id === 'groups' ? { kind: 'groups', join: [], leave: [] } : { kind: 'step', step: id };
}

function countsOf(leftOut: readonly LeftOut[]): ReadonlyMap<Why, number> {
  const counts = new Map<Why, number>();
  for (const { why } of leftOut) counts.set(why, (counts.get(why) ?? 0) + 1);
  return counts;
}
