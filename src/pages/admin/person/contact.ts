/** Owns changing how a person is reached, and under which name they sign in. */
import { z } from 'zod';

import { mayAct } from '../../../accounts/administering.ts';
import { judgeContact, type AskedContact } from '../../../accounts/contact.ts';
import type { User } from '../../../accounts/user.ts';
import type { Administration } from '../../../administration/administration.ts';
import type { Names } from '../../../administration/changing.ts';
import { sendPage } from '../../../http/answer.ts';
import { form } from '../../../http/parse.ts';
import type { Policies } from '../../../policies/policies.ts';
import { byOf } from '../guard.ts';
import { contactPage } from './contact-page.ts';
import { backTo, type OpenFor } from './reach.ts';
import { renamePage, type NameFault, type TypedNames } from './rename-page.ts';

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

/** Registers the pages. */
export function contactRoutes(
  openFor: OpenFor,
  {
    policies,
    administration,
  }: {
    readonly policies: Policies;
    readonly administration: Pick<Administration, 'changeContact' | 'rename'>;
  },
): void {
  openFor('GET /admin/users/:id/edit', async ({ admin, user, reply }) =>
    sendPage(reply, contactPage({ ...admin, user, typed: undefined, faults: [] })),
  );

  openFor('POST /admin/users/:id/edit', async (visit) => {
    const { admin, user, request, reply } = visit;
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
    const by = byOf(admin, request);
    const changed = await administration.changeContact(user.id, judged.contact, by);
    return backTo(visit, changed.length === 0 ? 'nothing' : 'contact');
  });

  openFor('GET /admin/users/:id/rename', async ({ admin, user, reply }) =>
    sendPage(reply, renamePage({ ...admin, user, typed: undefined, faults: [] })),
  );

  openFor('POST /admin/users/:id/rename', async (visit) => {
    const { admin, user, request, reply } = visit;
    const typed = form(request, nameFields);
    const names = namesBeside(user, typed);
    if (Object.keys(names).length === 0) return backTo(visit, 'nothing');
    const renamed = await administration.rename(user.id, names, byOf(admin, request));
    if (renamed.kind === 'changed') return backTo(visit, 'rename');
    const faults: readonly NameFault[] =
      renamed.kind === 'taken' ? [{ field: 'userPrincipalName', reason: 'taken' }] : renamed.faults;
    return sendPage(reply, renamePage({ ...admin, user, typed, faults }), { status: 422 });
  });
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

/** What is different of the names: a second administrator agrees to nothing that stays. */
function namesBeside(user: User, typed: TypedNames): Names {
  const userPrincipalName = typed.userPrincipalName.trim();
  const mail = typed.mail.trim();
  return {
    ...(userPrincipalName === user.userPrincipalName ? {} : { userPrincipalName }),
    ...(mail === (user.mail ?? '') ? {} : { mail }),
  };
}
