/** Owns giving a person another per-user state, another role, or other groups. */
import { z } from 'zod';

import { mayGive } from '../../../accounts/administering.ts';
import { groupsIn } from '../../../accounts/group.ts';
import { perUserMfaStates, roles, type User } from '../../../accounts/user.ts';
import type { Administration } from '../../../administration/administration.ts';
import { sendPage } from '../../../http/answer.ts';
import { form } from '../../../http/parse.ts';
import { byOf, type AdminGuardParts } from '../guard.ts';
import type { Admin } from '../portal.ts';
import { actPage, groupsForm, roleForm, stateForm, type Refused } from './act-page.ts';
import { backTo, type OpenFor } from './reach.ts';

const stateFields = z.object({ state: z.string().default('') });
const roleFields = z.object({ role: z.string().default('') });
const groupFields = z.object({ groups: z.string().max(4_000).default('') });

/** Registers the pages. */
export function standingRoutes(
  openFor: OpenFor,
  {
    stores,
    administration,
  }: {
    readonly stores: Pick<AdminGuardParts['stores'], 'broughtGroups'>;
    readonly administration: Pick<Administration, 'setState' | 'changeRole' | 'changeGroups'>;
  },
): void {
  openFor('GET /admin/users/:id/state', async ({ admin, user, reply }) =>
    sendPage(reply, statePage(admin, user)),
  );

  openFor('POST /admin/users/:id/state', async (visit) => {
    const { admin, user, request, reply } = visit;
    const { state: typed } = form(request, stateFields);
    const state = perUserMfaStates.find((one) => one === typed);
    if (state === undefined) {
      return sendPage(reply, statePage(admin, user, 'wrongState'), { status: 422 });
    }
    const isMoved = await administration.setState(user.id, state, byOf(admin, request));
    return backTo(visit, isMoved ? 'state' : 'nothing');
  });

  openFor('GET /admin/users/:id/role', async ({ admin, user, reply }) =>
    sendPage(reply, rolePage(admin, user)),
  );

  openFor('POST /admin/users/:id/role', async (visit) => {
    const { admin, user, request, reply } = visit;
    const { role: typed } = form(request, roleFields);
    const role = roles.find((one) => one === typed);
    if (role === undefined || !mayGive(admin.current.user, role)) {
      return sendPage(reply, rolePage(admin, user, 'wrongRole'), { status: 422 });
    }
    const isChanged = await administration.changeRole(user.id, role, byOf(admin, request));
    return backTo(visit, isChanged ? 'role' : 'nothing');
  });

  /** The groups that the organisation's directory let somebody into: they leave them there. */
  const broughtTo = async ({ upstream }: User): Promise<readonly string[]> =>
    upstream === undefined ? [] : stores.broughtGroups.broughtTo(upstream.id);

  openFor('GET /admin/users/:id/groups', async ({ admin, user, reply }) => {
    const brought = await broughtTo(user);
    return sendPage(reply, groupsPage(admin, user, brought, user.groups.join(', ')));
  });

  openFor('POST /admin/users/:id/groups', async (visit) => {
    const { admin, user, request, reply } = visit;
    const { groups: typed } = form(request, groupFields);
    const groups = groupsIn(typed);
    if (groups === undefined) {
      const page = groupsPage(admin, user, await broughtTo(user), typed, 'wrongGroups');
      return sendPage(reply, page, { status: 422 });
    }
    const change = {
      join: groups.filter((name) => !user.groups.includes(name)),
      leave: user.groups.filter((name) => !groups.includes(name)),
    };
    const isChanged = await administration.changeGroups(user.id, change, byOf(admin, request));
    return backTo(visit, isChanged ? 'groups' : 'nothing');
  });
}

function statePage(admin: Admin, user: User, refused?: Refused) {
  const fields = stateForm(admin, user, refused);
  return actPage({ ...admin, user, act: 'state', refused, fields });
}

function rolePage(admin: Admin, user: User, refused?: Refused) {
  const fields = roleForm(admin, user, refused);
  return actPage({ ...admin, user, act: 'role', refused, fields });
}

function groupsPage(
  admin: Admin,
  user: User,
  brought: readonly string[],
  typed: string,
  refused?: Refused,
) {
  const fields = groupsForm(admin, typed, refused, brought);
  return actPage({ ...admin, user, act: 'groups', refused, fields });
}
