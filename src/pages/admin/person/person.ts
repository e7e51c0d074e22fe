/** Owns the page of one person, and everything that is done for them from there. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { mayAct, mayGive, refusalOf } from '../../../accounts/administering.ts';
import { yesOrNo } from '../../../accounts/approval.ts';
import { judgeContact, type AskedContact } from '../../../accounts/contact.ts';
import { groupsIn } from '../../../accounts/group.ts';
import { roles, type User } from '../../../accounts/user.ts';
import type { Administration } from '../../../administration/administration.ts';
import type { Names } from '../../../administration/changing.ts';
import type { Provided, Providing } from '../../../administration/providing.ts';
import type { ApplicationStore } from '../../../applications/application-store.ts';
import { TweestapError } from '../../../errors/errors.ts';
import { seeOther, sendPage } from '../../../http/answer.ts';
import { form, params, query } from '../../../http/parse.ts';
import { canonicalUserPrincipalName } from '../../../lib/names.ts';
import { titleOf } from '../../../signin/taking-away.ts';
import { email } from '../../../methods/email/kind.ts';
import { phone, phoneTypes } from '../../../methods/phone.ts';
import type { OwnPassword } from '../../../own-account/own-password.ts';
import type { Named } from '../../my-profile/recent-sign-ins/views.ts';
import { access, type Address } from '../access.ts';
import { byOf, type AdminGuardParts, type Open } from '../guard.ts';
import type { Once } from '../once.ts';
import { personPath, usersPath } from '../path.ts';
import type { Admin } from '../portal.ts';
import {
  actPage,
  groupsForm,
  nameForm,
  passForm,
  roleForm,
  secretPage,
  stateForm,
  type ActId,
  type Refused,
} from './act-page.ts';
import { contactPage } from './contact-page.ts';
import { historyPage, signInsPage } from './log-pages.ts';
import { personPage } from './person-page.ts';
import { phonePage } from './phone-page.ts';
import { renamePage, type NameFault, type TypedNames } from './rename-page.ts';
import { doneQuery } from './done.ts';

export interface PersonPageParts extends AdminGuardParts {
  readonly administration: Administration;
  readonly passwordElsewhere: OwnPassword['elsewhere'];
  readonly providing: Providing;
  readonly once: Once;
  readonly applications: Pick<ApplicationStore, 'list'>;
}

/** An address below the page of a person. */
type PersonAddress = Extract<Address, `${string} /admin/users/:id/${string}`>;

const itsAddress = z.object({ id: z.string().regex(/^[\w-]{1,64}$/) });
const methodAddress = itsAddress.extend({ registration: z.string().regex(/^[\w-]{1,64}$/) });
const reasonForm = z.object({ reason: z.string().default('') });
const stateFields = z.object({ state: z.string().default('') });
const roleFields = z.object({ role: z.string().default('') });
const phoneFields = z.object({
  what: z.string().max(40).default(''),
  number: z.string().max(254).default(''),
});
const groupFields = z.object({ groups: z.string().max(4_000).default('') });
const passFields = z.object({
  minutes: z.string().default(''),
  length: z.string().default(''),
  once: z.string().optional(),
  lost: z.string().optional(),
});
const removeFields = z.object({ name: z.string().default('') });
const contactFields = z.object({
  displayName: z.string().default(''),
  mobilePhone: z.string().default(''),
  businessPhone: z.string().default(''),
  businessPhoneExtension: z.string().default(''),
  otherMail: z.string().optional(),
  preferredLanguage: z.string().default(''),
});
const nameFields = z.object({
  userPrincipalName: z.string().default(''),
  mail: z.string().default(''),
});
const signInsQuery = z.object({
  before: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .optional()
    .catch(undefined),
});

const fewOf = 5;
const pageSize = 50;
const longestReason = 200;
/** `product.md`, "Numbers". */
const passLengths = { shortest: 8, longest: 48, shortestMinutes: 10 } as const;

/** Registers the pages. */
export function personRoutes(open: Open, parts: PersonPageParts): void {
  const { stores, methods, policies, clock, administration, providing, once } = parts;

  open('GET /admin/users/:id', async (admin, request, reply) => {
    const user = await personOf(request);
    const now = clock.now();
    const [registrations, appPasswords, devices, sessions, events, history] = await Promise.all([
      stores.registrations.list(user.id),
      stores.appPasswords.list(user.id),
      stores.trustedDevices.list(user.id, now),
      stores.sessions.list(user.id, now),
      stores.signInEvents.list({ userId: user.id, limit: fewOf }),
      stores.audit.list({ userId: user.id, limit: fewOf }),
    ]);
    const page = personPage({
      ...admin,
      user,
      allowance: (await policies.current()).administration,
      passwordElsewhere: parts.passwordElsewhere(user),
      now,
      registrations,
      appPasswords,
      devices,
      sessions,
      events,
      history,
      methods,
      names: await named(),
      nameOf: await actorsOf(history),
      done: query(request, doneQuery).done,
    });
    return sendPage(reply, page);
  });

  open('GET /admin/users/:id/sign-ins', async (admin, request, reply) => {
    const user = await personOf(request);
    const { before } = query(request, signInsQuery);
    const found = await stores.signInEvents.list({
      userId: user.id,
      limit: pageSize + 1,
      ...(before === undefined ? {} : { before: new Date(before) }),
    });
    const events = found.slice(0, pageSize);
    const older = found.length > pageSize ? events.at(-1)?.at.getTime() : undefined;
    const names = await named();
    const view = { ...admin, user, events, older, isFirst: before === undefined, names };
    return sendPage(reply, signInsPage({ ...view, now: clock.now() }));
  });

  open('GET /admin/users/:id/history', async (admin, request, reply) => {
    const user = await personOf(request);
    const { before } = query(request, signInsQuery);
    const found = await stores.audit.list({
      userId: user.id,
      limit: pageSize + 1,
      ...(before === undefined ? {} : { before }),
    });
    const events = found.slice(0, pageSize);
    const older = found.length > pageSize ? events.at(-1)?.sequence : undefined;
    const nameOf = await actorsOf(events);
    const names = await named();
    const view = { ...admin, user, events, older, isFirst: before === undefined, nameOf, names };
    return sendPage(reply, historyPage({ ...view, now: clock.now() }));
  });

  open('GET /admin/users/:id/edit', async (admin, request, reply) => {
    const user = await reachable(admin, request, 'GET /admin/users/:id/edit');
    return sendPage(reply, contactPage({ ...admin, user, typed: undefined, faults: [] }));
  });

  open('POST /admin/users/:id/edit', async (admin, request, reply) => {
    const user = await reachable(admin, request, 'POST /admin/users/:id/edit');
    const { otherMail, ...fields } = form(request, contactFields);
    // Only a field that this role is shown is read.
    const mayMail = mayAct(admin.current.user.role, 'change-other-mail');
    const typed = { ...keptOf(user, fields), otherMail: mayMail ? otherMail : undefined };
    const { organisation } = await policies.current();
    const judged = judgeContact(typed, organisation.country);
    if (judged.kind === 'refused') {
      const page = contactPage({ ...admin, user, typed, faults: judged.faults });
      return sendPage(reply, page, { status: 422 });
    }
    const changed = await administration.changeContact(
      user.id,
      judged.contact,
      byOf(admin, request),
    );
    return told(reply, user, changed.length === 0 ? 'nothing' : 'contact');
  });

  open('GET /admin/users/:id/rename', async (admin, request, reply) => {
    const user = await reachable(admin, request, 'GET /admin/users/:id/rename');
    return sendPage(reply, renamePage({ ...admin, user, typed: undefined, faults: [] }));
  });

  open('POST /admin/users/:id/rename', async (admin, request, reply) => {
    const user = await reachable(admin, request, 'POST /admin/users/:id/rename');
    const typed = form(request, nameFields);
    const names = namesBeside(user, typed);
    if (Object.keys(names).length === 0) return told(reply, user, 'nothing');
    const renamed = await administration.rename(user.id, names, byOf(admin, request));
    if (renamed.kind === 'changed') return told(reply, user, 'rename');
    const faults: readonly NameFault[] =
      renamed.kind === 'taken' ? [{ field: 'userPrincipalName', reason: 'taken' }] : renamed.faults;
    return sendPage(reply, renamePage({ ...admin, user, typed, faults }), { status: 422 });
  });

  /** An act that asks at most for a reason. */
  const simple = (
    id: Exclude<ActId, 'state' | 'role' | 'groups' | 'password' | 'method' | 'pass' | 'remove'>,
    needsReason: boolean,
    run: (user: User, reason: string, by: ReturnType<typeof byOf>) => Promise<boolean>,
  ): void => {
    const get: PersonAddress = `GET /admin/users/:id/${id}`;
    const post: PersonAddress = `POST /admin/users/:id/${id}`;
    open(get, async (admin, request, reply) => {
      const user = await reachable(admin, request, get);
      return sendPage(reply, actPage({ ...admin, user, act: id, needsReason }));
    });
    open(post, async (admin, request, reply) => {
      const user = await reachable(admin, request, post);
      const reason = form(request, reasonForm).reason.trim().slice(0, longestReason);
      if (needsReason && reason === '') {
        const page = actPage({ ...admin, user, act: id, needsReason, refused: 'missingReason' });
        return sendPage(reply, page, { status: 422 });
      }
      return told(reply, user, (await run(user, reason, byOf(admin, request))) ? id : 'nothing');
    });
  };
  simple('block', true, async ({ id }, reason, by) => {
    await administration.block(id, { reason, by });
    return true;
  });
  simple('unblock', true, ({ id }, reason, by) => administration.unblock(id, reason, by));
  simple('re-register', false, async ({ id }, _reason, by) => {
    await administration.requireReRegistration(id, by);
    return true;
  });
  simple('revoke-sessions', false, async ({ id }, _reason, by) => {
    await administration.revokeSessions(id, by);
    return true;
  });
  simple('delete-app-passwords', false, async ({ id }, _reason, by) => {
    return (await administration.removeAppPasswords(id, by)) > 0;
  });
  simple('switch-off', false, ({ id }, _reason, by) => administration.switchAccount(id, false, by));
  simple('switch-on', false, ({ id }, _reason, by) => administration.switchAccount(id, true, by));

  const removePage = (admin: Admin, user: User, typed: string, refused?: Refused) =>
    actPage({ ...admin, user, act: 'remove', refused, fields: nameForm(admin, typed, refused) });

  open('GET /admin/users/:id/remove', async (admin, request, reply) => {
    const user = await reachable(admin, request, 'GET /admin/users/:id/remove');
    return sendPage(reply, removePage(admin, user, ''));
  });

  open('POST /admin/users/:id/remove', async (admin, request, reply) => {
    const user = await reachable(admin, request, 'POST /admin/users/:id/remove');
    const { name } = form(request, removeFields);
    if (canonicalUserPrincipalName(name) !== canonicalUserPrincipalName(user.userPrincipalName)) {
      return sendPage(reply, removePage(admin, user, name, 'wrongName'), { status: 422 });
    }
    await administration.remove(user.id, byOf(admin, request));
    return seeOther(reply, `${usersPath}?removed=1`);
  });

  const statePage = (admin: Admin, user: User, refused?: Refused) =>
    actPage({ ...admin, user, act: 'state', refused, fields: stateForm(admin, user, refused) });

  open('GET /admin/users/:id/state', async (admin, request, reply) => {
    const user = await reachable(admin, request, 'GET /admin/users/:id/state');
    return sendPage(reply, statePage(admin, user));
  });

  open('POST /admin/users/:id/state', async (admin, request, reply) => {
    const user = await reachable(admin, request, 'POST /admin/users/:id/state');
    const { state } = form(request, stateFields);
    if (state !== 'disabled' && state !== 'enabled' && state !== 'enforced') {
      return sendPage(reply, statePage(admin, user, 'wrongState'), { status: 422 });
    }
    const isMoved = await administration.setState(user.id, state, byOf(admin, request));
    return told(reply, user, isMoved ? 'state' : 'nothing');
  });

  const rolePage = (admin: Admin, user: User, refused?: Refused) =>
    actPage({ ...admin, user, act: 'role', refused, fields: roleForm(admin, user, refused) });

  open('GET /admin/users/:id/role', async (admin, request, reply) => {
    const user = await reachable(admin, request, 'GET /admin/users/:id/role');
    return sendPage(reply, rolePage(admin, user));
  });

  open('POST /admin/users/:id/role', async (admin, request, reply) => {
    const user = await reachable(admin, request, 'POST /admin/users/:id/role');
    const { role: typed } = form(request, roleFields);
    const role = roles.find((one) => one === typed);
    if (role === undefined || !mayGive(admin.current.user, role)) {
      return sendPage(reply, rolePage(admin, user, 'wrongRole'), { status: 422 });
    }
    const isChanged = await administration.changeRole(user.id, role, byOf(admin, request));
    return told(reply, user, isChanged ? 'role' : 'nothing');
  });

  /** The groups that the organisation's directory let somebody into: they leave them there. */
  const broughtTo = async ({ upstream }: User): Promise<readonly string[]> =>
    upstream === undefined ? [] : stores.broughtGroups.broughtTo(upstream.id);
  const groupsPage = (
    admin: Admin,
    user: User,
    brought: readonly string[],
    typed: string,
    refused?: Refused,
  ) =>
    actPage({
      ...admin,
      user,
      act: 'groups',
      refused,
      fields: groupsForm(admin, typed, refused, brought),
    });

  open('GET /admin/users/:id/groups', async (admin, request, reply) => {
    const user = await reachable(admin, request, 'GET /admin/users/:id/groups');
    const brought = await broughtTo(user);
    return sendPage(reply, groupsPage(admin, user, brought, user.groups.join(', ')));
  });

  open('POST /admin/users/:id/groups', async (admin, request, reply) => {
    const user = await reachable(admin, request, 'POST /admin/users/:id/groups');
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
    return told(reply, user, isChanged ? 'groups' : 'nothing');
  });

  open('GET /admin/users/:id/phone', async (admin, request, reply) => {
    const user = await reachable(admin, request, 'GET /admin/users/:id/phone');
    const typed = { what: 'mobile', number: '' };
    return sendPage(reply, phonePage({ ...admin, user, typed, fault: undefined }));
  });

  open('POST /admin/users/:id/phone', async (admin, request, reply) => {
    const user = await reachable(admin, request, 'POST /admin/users/:id/phone');
    const typed = form(request, phoneFields);
    const set = await provide(user, typed, byOf(admin, request));
    if (set.kind === 'registered') return told(reply, user, 'phone');
    return sendPage(reply, phonePage({ ...admin, user, typed, fault: set.reason }), {
      status: 422,
    });
  });

  /** In the place of what is there, or where nothing is. */
  async function provide(
    user: User,
    { what, number }: z.infer<typeof phoneFields>,
    by: ReturnType<typeof byOf>,
  ): Promise<Provided> {
    const registrations = await stores.registrations.list(user.id);
    if (what === 'email') {
      const isThere = registrations.some(({ kind }) => kind === email.id);
      return isThere
        ? providing.changeEmail(user.id, number, by)
        : providing.addEmail(user.id, number, by);
    }
    const phoneType = phoneTypes.find((type) => type === what) ?? 'mobile';
    const isThere = registrations.some(({ kind, slot }) => kind === phone.id && slot === phoneType);
    return isThere
      ? providing.changePhone(user.id, { phoneType, number }, by)
      : providing.addPhone(user.id, { phoneType, number }, by);
  }

  open('GET /admin/users/:id/password', async (admin, request, reply) => {
    const user = await reachable(admin, request, 'GET /admin/users/:id/password');
    return sendPage(reply, actPage({ ...admin, user, act: 'password' }));
  });

  open('POST /admin/users/:id/password', async (admin, request, reply) => {
    const user = await reachable(admin, request, 'POST /admin/users/:id/password');
    const password = administration.generatePassword();
    const by = byOf(admin, request);
    const fault = await administration.setPassword(user.id, password, { temporary: true, by });
    if (fault !== undefined) throw new Error('a password that we made was refused');
    return once.hand(reply, admin, `${personPath(user.id)}/password/made`, { plain: password });
  });

  open('GET /admin/users/:id/password/made', async (admin, request, reply) => {
    const user = await reachable(admin, request, 'GET /admin/users/:id/password/made');
    const { plain } = once.take(request, reply, admin) ?? {};
    return sendPage(reply, secretPage({ ...admin, user, kind: 'password', plain }));
  });

  const passPage = async (
    admin: Admin,
    user: User,
    refused?: Refused,
    typed?: z.infer<typeof passFields>,
  ) => {
    const rules = await administration.passRules(user);
    return actPage({
      ...admin,
      user,
      act: 'pass',
      refused,
      isOff: !rules.isAllowed,
      longestMinutes: rules.longestMinutes,
      fields: passForm(admin, { rules, typed, refused }),
    });
  };

  open('GET /admin/users/:id/pass', async (admin, request, reply) => {
    const user = await reachable(admin, request, 'GET /admin/users/:id/pass');
    return sendPage(reply, await passPage(admin, user));
  });

  open('POST /admin/users/:id/pass', async (admin, request, reply) => {
    const user = await reachable(admin, request, 'POST /admin/users/:id/pass');
    const typed = form(request, passFields);
    const rules = await administration.passRules(user);
    const minutes = wholeNumber(typed.minutes);
    const length = wholeNumber(typed.length);
    const refused: Refused | undefined =
      minutes === undefined ||
      minutes < passLengths.shortestMinutes ||
      minutes > rules.longestMinutes
        ? 'wrongMinutes'
        : length === undefined || length < passLengths.shortest || length > passLengths.longest
          ? 'wrongLength'
          : undefined;
    if (
      refused !== undefined ||
      !rules.isAllowed ||
      minutes === undefined ||
      length === undefined
    ) {
      return sendPage(reply, await passPage(admin, user, refused, typed), { status: 422 });
    }
    const by = byOf(admin, request);
    const pass = await administration.issuePass(
      user.id,
      { minutes, length, once: typed.once !== undefined, forgets: typed.lost !== undefined },
      by,
    );
    return once.hand(reply, admin, `${personPath(user.id)}/pass/made`, {
      plain: pass.plain,
      endsAt: pass.endsAt.toISOString(),
      once: yesOrNo(pass.once),
    });
  });

  open('GET /admin/users/:id/pass/made', async (admin, request, reply) => {
    const user = await reachable(admin, request, 'GET /admin/users/:id/pass/made');
    const { plain, endsAt = '', once: isOnce } = once.take(request, reply, admin) ?? {};
    const until = { endsAt: new Date(endsAt), once: isOnce === 'yes' };
    return sendPage(reply, secretPage({ ...admin, user, kind: 'pass', plain, ...until }));
  });

  open('GET /admin/users/:id/methods/:registration', async (admin, request, reply) => {
    const user = await reachable(admin, request, 'GET /admin/users/:id/methods/:registration');
    const registration = await registrationOf(user, request);
    if (registration === undefined) return told(reply, user, 'nothing');
    const what = titleOf(methods, registration, admin.frame.locale);
    const page = actPage({
      ...admin,
      user,
      act: 'method',
      what,
      path: `methods/${registration.id}`,
    });
    return sendPage(reply, page);
  });

  open('POST /admin/users/:id/methods/:registration', async (admin, request, reply) => {
    const user = await reachable(admin, request, 'POST /admin/users/:id/methods/:registration');
    const { registration } = params(request, methodAddress);
    const isGone = await administration.removeMethod(user.id, registration, byOf(admin, request));
    return told(reply, user, isGone ? 'method' : 'nothing');
  });

  async function personOf(request: FastifyRequest): Promise<User> {
    const user = await stores.users.find(params(request, itsAddress).id);
    if (user === undefined) throw new TweestapError('NOT_FOUND');
    return user;
  }

  /** The person, where whoever is in charge here may do this to them; the act itself asks once more. */
  async function reachable(
    admin: Admin,
    request: FastifyRequest,
    address: PersonAddress,
  ): Promise<User> {
    const user = await personOf(request);
    const { administration: allowance } = await policies.current();
    const reason = refusalOf(admin.current.user, access[address], user, allowance);
    if (reason !== undefined) throw new TweestapError('NOT_ALLOWED', { details: { reason } });
    return user;
  }

  async function registrationOf(user: User, request: FastifyRequest) {
    const { registration: id } = params(request, methodAddress);
    return (await stores.registrations.list(user.id)).find((one) => one.id === id);
  }

  /** The names of those who acted: of other accounts only, each looked up once. */
  async function actorsOf(
    events: readonly { readonly actor: string; readonly userId: string | undefined }[],
  ): Promise<(actor: string) => string | undefined> {
    const others = new Set(
      events.filter(({ actor, userId }) => actor !== userId).map(({ actor }) => actor),
    );
    const found = await Promise.all(
      [...others].map(async (id) => [id, (await stores.users.find(id))?.displayName] as const),
    );
    const names = new Map(found);
    // Programs act under their id (`administration/acting-admin.ts`).
    const programs = new Map(
      (await parts.applications.list()).map(({ clientId, name }) => [
        `application:${clientId}`,
        name,
      ]),
    );
    return (actor) => names.get(actor) ?? programs.get(actor);
  }

  async function named(): Promise<Named> {
    const names = new Map(
      (await parts.applications.list()).map(({ clientId, name }) => [clientId, name]),
    );
    return { methods, applicationOf: (id) => names.get(id) ?? id };
  }
}

/** What is different of the names: a second administrator agrees to nothing that stays. */
function namesBeside(user: User, typed: TypedNames): Names {
  const userPrincipalName = typed.userPrincipalName.trim();
  const mail = typed.mail.trim();
  return {
    ...(userPrincipalName === user.userPrincipalName ? {} : { userPrincipalName }),
    ...(mail === (user.mail ?? '') ? {} : { mail }),
  };
}

function told(reply: FastifyReply, user: User, done: string): FastifyReply {
  return seeOther(reply, `${personPath(user.id)}?done=${done}`);
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,6}$/.test(text.trim()) ? Number(text.trim()) : undefined;
}

/** What was typed, but for what the organisation's directory owns: those fields were shown, and not to be typed in. */
function keptOf(
  user: User,
  typed: Omit<AskedContact, 'otherMail'>,
): Omit<AskedContact, 'otherMail'> {
  if (user.upstream === undefined) return typed;
  return {
    preferredLanguage: typed.preferredLanguage,
    mobilePhone: user.mobilePhone ?? '',
    businessPhone: user.businessPhone ?? '',
    businessPhoneExtension: user.businessPhoneExtension ?? '',
  };
}
