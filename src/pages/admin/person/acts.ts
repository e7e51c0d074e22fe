/** Owns the acts on a person that ask at most for a reason, and removing them, which asks for their name. */
import { z } from 'zod';

import type { User } from '../../../accounts/user.ts';
import type { AtPages } from '../../../administration/acting-admin.ts';
import type { Administration } from '../../../administration/administration.ts';
import { seeOther, sendPage } from '../../../http/answer.ts';
import { form } from '../../../http/parse.ts';
import { canonicalUserPrincipalName } from '../../../lib/names.ts';
import { byOf } from '../guard.ts';
import { usersPath } from '../path.ts';
import type { Admin } from '../portal.ts';
import { actPage, nameForm, type ActId, type Refused } from './act-page.ts';
import { backTo, type OpenFor } from './reach.ts';

/** Those that ask at most for a reason. */
type SimpleId = Extract<
  ActId,
  | 'block'
  | 'unblock'
  | 're-register'
  | 'revoke-sessions'
  | 'delete-app-passwords'
  | 'switch-off'
  | 'switch-on'
>;

interface Simple {
  readonly id: SimpleId;
  readonly needsReason?: boolean;
  /** Does it; false where there was nothing to do. */
  readonly run: (userId: string, by: AtPages, reason: string) => Promise<boolean>;
}

const reasonFields = z.object({ reason: z.string().default('') });
const removeFields = z.object({ name: z.string().default('') });
const longestReason = 200;

/** Registers the pages. */
export function actRoutes(openFor: OpenFor, administration: Administration): void {
  for (const act of simpleActs(administration)) simpleRoutes(openFor, act);

  openFor('GET /admin/users/:id/remove', async ({ admin, user, reply }) =>
    sendPage(reply, removePage(admin, user, '')),
  );

  openFor('POST /admin/users/:id/remove', async ({ admin, user, request, reply }) => {
    const { name } = form(request, removeFields);
    if (canonicalUserPrincipalName(name) !== canonicalUserPrincipalName(user.userPrincipalName)) {
      return sendPage(reply, removePage(admin, user, name, 'wrongName'), { status: 422 });
    }
    await administration.remove(user.id, byOf(admin, request));
    return seeOther(reply, `${usersPath}?removed=1`);
  });
}

function simpleActs(administration: Administration): readonly Simple[] {
  return [
    {
      id: 'block',
      needsReason: true,
      run: async (id, by, reason) => {
        await administration.block(id, { reason, by });
        return true;
      },
    },
    {
      id: 'unblock',
      needsReason: true,
      run: (id, by, reason) => administration.unblock(id, reason, by),
    },
    {
      id: 're-register',
      run: async (id, by) => {
        await administration.requireReRegistration(id, by);
        return true;
      },
    },
    {
      id: 'revoke-sessions',
      run: async (id, by) => {
        await administration.revokeSessions(id, by);
        return true;
      },
    },
    {
      id: 'delete-app-passwords',
      run: async (id, by) => (await administration.removeAppPasswords(id, by)) > 0,
    },
    { id: 'switch-off', run: (id, by) => administration.switchAccount(id, false, by) },
    { id: 'switch-on', run: (id, by) => administration.switchAccount(id, true, by) },
  ];
}

function simpleRoutes(openFor: OpenFor, { id, needsReason = false, run }: Simple): void {
  openFor(`GET /admin/users/:id/${id}`, async ({ admin, user, reply }) =>
    sendPage(reply, actPage({ ...admin, user, act: id, needsReason })),
  );

  openFor(`POST /admin/users/:id/${id}`, async (visit) => {
    const { admin, user, request, reply } = visit;
    const reason = form(request, reasonFields).reason.trim().slice(0, longestReason);
    if (needsReason && reason === '') {
      const page = actPage({ ...admin, user, act: id, needsReason, refused: 'missingReason' });
      return sendPage(reply, page, { status: 422 });
    }
    const isDone = await run(user.id, byOf(admin, request), reason);
    return backTo(visit, isDone ? id : 'nothing');
  });
}

function removePage(admin: Admin, user: User, typed: string, refused?: Refused) {
  const fields = nameForm(admin, typed, refused);
  return actPage({ ...admin, user, act: 'remove', refused, fields });
}
