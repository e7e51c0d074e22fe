/** Owns what is made for a person and shown once: a new password, and a Temporary Access Pass. */
import { z } from 'zod';

import { yesOrNo } from '../../../accounts/approval.ts';
import type { User } from '../../../accounts/user.ts';
import type { Administration } from '../../../administration/administration.ts';
import type { AskedPass } from '../../../administration/passes.ts';
import { sendPage } from '../../../http/answer.ts';
import { form } from '../../../http/parse.ts';
import { passLengths, passMinutes } from '../../../methods/temporary-access-pass/code.ts';
import { byOf } from '../guard.ts';
import type { Once } from '../once.ts';
import { personPath } from '../path.ts';
import type { Admin } from '../portal.ts';
import { actPage, passForm, secretPage, type Refused } from './act-page.ts';
import type { OpenFor } from './reach.ts';

const passFields = z.object({
  minutes: z.string().default(''),
  length: z.string().default(''),
  once: z.string().optional(),
  lost: z.string().optional(),
});

/** Registers the pages. */
export function secretRoutes(
  openFor: OpenFor,
  {
    administration,
    once,
  }: {
    readonly administration: Pick<
      Administration,
      'generatePassword' | 'setPassword' | 'passRules' | 'issuePass'
    >;
    readonly once: Once;
  },
): void {
  openFor('GET /admin/users/:id/password', async ({ admin, user, reply }) =>
    sendPage(reply, actPage({ ...admin, user, act: 'password' })),
  );

  openFor('POST /admin/users/:id/password', async ({ admin, user, request, reply }) => {
    const password = administration.generatePassword();
    const by = byOf(admin, request);
    const fault = await administration.setPassword(user.id, password, { temporary: true, by });
    if (fault !== undefined) throw new Error('a password that we made was refused');
    return once.hand(reply, admin, `${personPath(user.id)}/password/made`, { plain: password });
  });

  openFor('GET /admin/users/:id/password/made', async ({ admin, user, request, reply }) => {
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

  openFor('GET /admin/users/:id/pass', async ({ admin, user, reply }) =>
    sendPage(reply, await passPage(admin, user)),
  );

  openFor('POST /admin/users/:id/pass', async ({ admin, user, request, reply }) => {
    const typed = form(request, passFields);
    const rules = await administration.passRules(user);
    const asked = passAsked(typed, rules.longestMinutes);
    if (typeof asked === 'string' || !rules.isAllowed) {
      const refused = typeof asked === 'string' ? asked : undefined;
      return sendPage(reply, await passPage(admin, user, refused, typed), { status: 422 });
    }
    const pass = await administration.issuePass(user.id, asked, byOf(admin, request));
    return once.hand(reply, admin, `${personPath(user.id)}/pass/made`, {
      plain: pass.plain,
      endsAt: pass.endsAt.toISOString(),
      once: yesOrNo(pass.once),
    });
  });

  openFor('GET /admin/users/:id/pass/made', async ({ admin, user, request, reply }) => {
    const { plain, endsAt = '', once: isOnce } = once.take(request, reply, admin) ?? {};
    const until = { endsAt: new Date(endsAt), once: isOnce === 'yes' };
    return sendPage(reply, secretPage({ ...admin, user, kind: 'pass', plain, ...until }));
  });
}

/** The pass that was asked for, or what was typed wrongly. */
function passAsked(
  typed: z.infer<typeof passFields>,
  longestMinutes: number,
): AskedPass | Extract<Refused, 'wrongMinutes' | 'wrongLength'> {
  const minutes = wholeNumberWithin(typed.minutes, passMinutes.shortest, longestMinutes);
  if (minutes === undefined) return 'wrongMinutes';
  const length = wholeNumberWithin(typed.length, passLengths.shortest, passLengths.longest);
  if (length === undefined) return 'wrongLength';
  return { minutes, length, once: typed.once !== undefined, forgets: typed.lost !== undefined };
}

function wholeNumberWithin(text: string, least: number, most: number): number | undefined {
  const number = /^\d{1,6}$/.test(text.trim()) ? Number(text.trim()) : undefined;
  return number === undefined || number < least || number > most ? undefined : number;
}
