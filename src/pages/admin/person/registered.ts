/** Owns what is registered for a person from here: a phone or an address for resets, and what is taken away. */
import { z } from 'zod';

import type { User } from '../../../accounts/user.ts';
import type { AtPages } from '../../../administration/acting-admin.ts';
import type { Administration } from '../../../administration/administration.ts';
import type { Provided, Providing } from '../../../administration/providing.ts';
import { sendPage } from '../../../http/answer.ts';
import { form, params } from '../../../http/parse.ts';
import { email } from '../../../methods/email/kind.ts';
import { phone, phoneTypes } from '../../../methods/phone.ts';
import { titleOf } from '../../../signin/taking-away.ts';
import { byOf, type AdminGuardParts } from '../guard.ts';
import { actPage } from './act-page.ts';
import { phonePage } from './phone-page.ts';
import { backTo, type OpenFor } from './reach.ts';

const phoneFields = z.object({
  what: z.string().max(40).default(''),
  number: z.string().max(254).default(''),
});
const methodAddress = z.object({ registration: z.string().regex(/^[\w-]{1,64}$/) });

/** Registers the pages. */
export function registeredRoutes(
  openFor: OpenFor,
  {
    stores,
    methods,
    administration,
    providing,
  }: {
    readonly stores: Pick<AdminGuardParts['stores'], 'registrations'>;
    readonly methods: AdminGuardParts['methods'];
    readonly administration: Pick<Administration, 'removeMethod'>;
    readonly providing: Providing;
  },
): void {
  /** In the place of what is there, or where nothing is. */
  const provide = async (
    user: User,
    { what, number }: z.infer<typeof phoneFields>,
    by: AtPages,
  ): Promise<Provided> => {
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
  };

  openFor('GET /admin/users/:id/phone', async ({ admin, user, reply }) => {
    const typed = { what: 'mobile', number: '' };
    return sendPage(reply, phonePage({ ...admin, user, typed, fault: undefined }));
  });

  openFor('POST /admin/users/:id/phone', async (visit) => {
    const { admin, user, request, reply } = visit;
    const typed = form(request, phoneFields);
    const set = await provide(user, typed, byOf(admin, request));
    if (set.kind === 'registered') return backTo(visit, 'phone');
    const page = phonePage({ ...admin, user, typed, fault: set.reason });
    return sendPage(reply, page, { status: 422 });
  });

  openFor('GET /admin/users/:id/methods/:registration', async (visit) => {
    const { admin, user, request, reply } = visit;
    const { registration: id } = params(request, methodAddress);
    const registration = (await stores.registrations.list(user.id)).find((one) => one.id === id);
    if (registration === undefined) return backTo(visit, 'nothing');
    const what = titleOf(methods, registration, admin.frame.locale);
    const path = `methods/${id}`;
    return sendPage(reply, actPage({ ...admin, user, act: 'method', what, path }));
  });

  openFor('POST /admin/users/:id/methods/:registration', async (visit) => {
    const { admin, user, request } = visit;
    const { registration } = params(request, methodAddress);
    const isGone = await administration.removeMethod(user.id, registration, byOf(admin, request));
    return backTo(visit, isGone ? 'method' : 'nothing');
  });
}
