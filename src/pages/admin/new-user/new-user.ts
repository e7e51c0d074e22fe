/** Owns adding an account from the portal. */
import { z } from 'zod';

import { mayGive } from '../../../accounts/administering.ts';
import { groupsIn } from '../../../accounts/group.ts';
import type { NewUserFault } from '../../../accounts/new-user.ts';
import { roles, type PerUserMfaState, type Role } from '../../../accounts/user.ts';
import type { Administration } from '../../../administration/administration.ts';
import { TweestapError } from '../../../errors/errors.ts';
import { sendPage } from '../../../http/answer.ts';
import { form, params } from '../../../http/parse.ts';
import { isLocale } from '../../../i18n/locale.ts';
import { byOf, type AdminGuardParts, type Open } from '../guard.ts';
import type { Once } from '../once.ts';
import { newUserPath } from '../path.ts';
import type { Admin } from '../portal.ts';
import { addedPage, newUserPage, type Typed, type TypedFault } from './new-user-page.ts';
import { wordsIn } from './words.ts';

export interface NewUserParts extends AdminGuardParts {
  readonly administration: Administration;
  readonly once: Once;
}

const text = z.string().max(2_000).default('');
const typedFields = z.object({
  userPrincipalName: text,
  displayName: text,
  mail: text,
  otherMail: text,
  mobilePhone: text,
  businessPhone: text,
  preferredLanguage: text,
  // Whoever may give none is not asked.
  role: z.string().max(40).default('user'),
  groups: text,
  state: text,
  off: z.string().optional(),
});

const itsAddress = z.object({ id: z.string().regex(/^[\w-]{1,64}$/) });

/** Registers the pages. */
export function newUserRoutes(open: Open, parts: NewUserParts): void {
  const { administration, once, policies, stores } = parts;

  const pageOf = async (admin: Admin, typed?: Typed, faults: readonly TypedFault[] = []) => {
    const { organisation, administration: rules } = await policies.current();
    const givesRoles = !rules.secondApproval;
    return newUserPage({ ...admin, givesRoles, domain: organisation.domain, typed, faults });
  };

  open('GET /admin/users/new', async (admin, _request, reply) =>
    sendPage(reply, await pageOf(admin)),
  );

  open('POST /admin/users/new', async (admin, request, reply) => {
    const typed = form(request, typedFields);
    const { faults: words } = wordsIn(admin.frame.locale);
    const role = roles.find((one) => one === typed.role);
    const state = stateIn(typed.state);
    const groups = groupsIn(typed.groups);
    const faults: TypedFault[] = [];
    if (role === undefined || !isGivable(admin, role)) {
      faults.push({ field: 'role', message: words.role });
    }
    if (groups === undefined) faults.push({ field: 'groups', message: words.groups });
    if (state === undefined) faults.push({ field: 'state', message: words.state });
    const refused = async (found: readonly TypedFault[]) =>
      sendPage(reply, await pageOf(admin, typed, found), { status: 422 });
    if (faults.length > 0) return refused(faults);

    const password = administration.generatePassword();
    const { organisation } = await policies.current();
    const added = await administration.add(
      {
        userPrincipalName: typed.userPrincipalName,
        displayName: typed.displayName.trim() === '' ? undefined : typed.displayName,
        password,
        mustChangePassword: true,
        mail: orAbsent(typed.mail),
        otherMail: orAbsent(typed.otherMail),
        mobilePhone: orAbsent(typed.mobilePhone),
        businessPhone: orAbsent(typed.businessPhone),
        preferredLanguage: isLocale(typed.preferredLanguage) ? typed.preferredLanguage : undefined,
        role,
        groups,
        perUserMfaState: state,
        accountEnabled: typed.off === undefined,
      },
      { country: organisation.country, by: byOf(admin, request) },
    );
    if (added.kind === 'taken') {
      return refused([{ field: 'userPrincipalName', message: words.taken }]);
    }
    if (added.kind === 'refused') {
      // A name that was not typed is what stands before the @: one fault is enough.
      const isOwnName = typed.displayName.trim() !== '' || added.faults.length === 1;
      const told = added.faults.filter(({ field }) => field !== 'displayName' || isOwnName);
      return refused(told.map((fault) => tell(fault, words)));
    }
    return once.hand(reply, admin, `${newUserPath}/${added.user.id}`, { password });
  });

  open('GET /admin/users/new/:id', async (admin, request, reply) => {
    const { id } = params(request, itsAddress);
    const user = await stores.users.find(id);
    if (user === undefined) throw new TweestapError('NOT_FOUND');
    const { password } = once.take(request, reply, admin) ?? {};
    return sendPage(reply, addedPage({ ...admin, user, password }));
  });
}

function isGivable({ current }: Admin, role: Role): boolean {
  return role === 'user' || mayGive(current.user, role);
}

function stateIn(typed: string): PerUserMfaState | undefined {
  return typed === 'disabled' || typed === 'enabled' || typed === 'enforced' ? typed : undefined;
}

function orAbsent(typed: string): string | undefined {
  const trimmed = typed.trim();
  return trimmed === '' ? undefined : trimmed;
}

function tell(
  { field, reason }: NewUserFault,
  words: ReturnType<typeof wordsIn>['faults'],
): TypedFault {
  switch (field) {
    case 'userPrincipalName':
      return {
        field,
        message: reason === 'mixed-scripts' ? words.mixedScripts : words.userPrincipalName,
      };
    case 'displayName':
      return { field, message: words.displayName };
    case 'mail':
    case 'otherMail':
      return { field, message: words.address };
    case 'mobilePhone':
    case 'businessPhone':
      return { field, message: words.number };
    default:
      // A password of ours that has the name in it: pressing once more draws another.
      return { field: 'userPrincipalName', message: words.other };
  }
}
