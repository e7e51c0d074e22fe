/** Owns Users: finding people, and the quick steps on those who were selected. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

import { refusalOf } from '../../../accounts/administering.ts';
import type { UserSearch } from '../../../accounts/user-store.ts';
import type { User } from '../../../accounts/user.ts';
import { TweestapError } from '../../../errors/errors.ts';
import { seeOther, sendPage } from '../../../http/answer.ts';
import { query } from '../../../http/parse.ts';
import { canonicalUserPrincipalName } from '../../../lib/names.ts';
import type { Methods } from '../../../methods/method.ts';
import { byOf, type AdminGuardParts, type Open } from '../guard.ts';
import type { Admin } from '../portal.ts';
import { usersPath } from '../path.ts';
import type { Administration } from '../../../signin/administration.ts';
import { asIn, listPage, type Asked, type Listed } from './list-page.ts';
import { confirmPage, resultPage, type LeftOut, type Outcome } from './quick-pages.ts';
import { stepIds, steps, type StepId } from '../../../signin/quick-steps.ts';

export interface UserPageParts extends AdminGuardParts {
  readonly administration: Administration;
}

/** How many people a page shows; also the most that one quick step is done for. */
const pageSize = 50;
/** Among so many of the newest the last one that succeeded is looked for. */
const signInsLookedAt = 10;

const listQuery = z.object({
  text: z.string().max(113).default('').catch(''),
  state: z.enum(['disabled', 'enabled', 'enforced']).optional().catch(undefined),
  standing: z.enum(['blocked', 'off', 'never']).optional().catch(undefined),
  kind: z
    .string()
    .regex(/^[a-z-]{1,40}$/)
    .optional()
    .catch(undefined),
  after: z.string().max(113).optional().catch(undefined),
  none: z.literal('1').optional().catch(undefined),
  all: z.literal('1').optional().catch(undefined),
});

/** Selected people are fields of their own: no form of ours sends a name twice. */
const selectedPrefix = 'p-';
const selectedQuery = z.record(z.string(), z.string());
const idPattern = /^[\w-]{1,64}$/;

/** Registers the pages. */
export function userRoutes(open: Open, parts: UserPageParts): void {
  const { stores, methods, clock, administration } = parts;

  open('GET /admin/users', async (admin, request, reply) => {
    const asked = query(request, listQuery);
    const now = clock.now();
    const found = await stores.users.search(searchOf(asked, methods, now));
    const people = found.slice(0, pageSize);
    const last = people.at(-1);
    const next = found.length > pageSize && last !== undefined ? canonical(last) : undefined;
    const listed = await listedOf(people);
    const view = { ...admin, asked, people: listed, next, now, methods };
    return sendPage(reply, listPage(view), { status: asked.none === undefined ? 200 : 422 });
  });

  for (const id of stepIds) {
    open(`GET /admin/users/quick/${id}`, async (admin, request, reply) => {
      const ids = selectedIn(request);
      const asked = query(request, listQuery);
      if (ids.length === 0) return seeOther(reply, noneSelected(asked));
      return sendPage(
        reply,
        confirmPage({ ...admin, step: id, asked, ...(await sorted(admin, id, ids)) }),
      );
    });

    open(`POST /admin/users/quick/${id}`, async (admin, request, reply) => {
      const ids = selectedIn(request);
      const asked = query(request, listQuery);
      if (ids.length === 0) return seeOther(reply, noneSelected(asked));
      const { affected, leftOut } = await sorted(admin, id, ids);
      const by = byOf(admin, request);
      const outcomes: Outcome[] = [];
      // One after another: each is a transaction of its own, and what is done stays done.
      for (const user of affected) {
        outcomes.push({ user, why: await outcomeOf(id, user, by, request) });
      }
      return sendPage(reply, resultPage({ ...admin, step: id, asked, outcomes, leftOut }));
    });
  }

  /** Undefined where it was done. */
  async function outcomeOf(
    id: StepId,
    user: User,
    by: ReturnType<typeof byOf>,
    request: FastifyRequest,
  ): Promise<Outcome['why']> {
    try {
      return (await steps[id].run(administration, user, by)) ? undefined : 'already';
    } catch (error) {
      if (error instanceof TweestapError) {
        if (error.code === 'NOT_ALLOWED') return 'above';
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
    id: StepId,
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
      const refusal = refusalOf(current.user, steps[id].act, user);
      const why = refusal ?? (steps[id].isDone(user) ? 'already' : undefined);
      if (why === undefined) affected.push(user);
      else leftOut.push({ name: user.displayName, why });
    }
    return { affected, leftOut };
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

function searchOf(asked: Asked, methods: Methods, now: Date): UserSearch {
  const { text, state, standing, kind, after } = asked;
  const registered =
    standing === 'never'
      ? { kinds: signInKinds(methods), has: false }
      : kind === undefined
        ? undefined
        : { kinds: [kind], has: true };
  return {
    text,
    state,
    blockedAt: standing === 'blocked' ? now : undefined,
    switchedOff: standing === 'off',
    registered,
    after,
    limit: pageSize + 1,
  };
}

/** What somebody who has "nothing registered" has nothing of. */
function signInKinds(methods: Methods): readonly string[] {
  const proving = methods.all.filter(
    ({ provesIn, standsIn }) => provesIn.includes('sign-in') && !standsIn,
  );
  return [...new Set(proving.map(({ registers }) => registers.id))];
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
