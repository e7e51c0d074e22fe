/** Owns the pages on which the organisation says what its calls say. */
import { z } from 'zod';

import type { Greetings, NewSaying } from '../../../administration/greetings.ts';
import { greetingMoments } from '../../../delivery/greeting-store.ts';
import { seeOther, sendPage } from '../../../http/answer.ts';
import { form, params, query } from '../../../http/parse.ts';
import { upload } from '../../../http/upload.ts';
import { locales } from '../../../i18n/locale.ts';
import { settings as callSettings } from '../../../methods/phone-call/settings.ts';
import { byOf, type AdminGuardParts, type Open } from '../guard.ts';
import { greetingPage, greetingsPage } from './greetings-page.ts';
import { greetingsPath } from './path.ts';

export interface GreetingPageParts extends AdminGuardParts {
  readonly greetings: Greetings;
  /** Where a sound is fetched. */
  readonly soundAt: (soundId: string) => string;
  /** The numbers that calls come from. */
  readonly callerIds: readonly string[];
}

const itsAddress = z.object({ language: z.enum(locales), moment: z.enum(greetingMoments) });
const done = z.object({ done: z.literal('changed').optional().catch(undefined) });
const sent = z.object({
  what: z.enum(['words', 'sound', 'built-in']).default('words').catch('words'),
  words: z.string().max(2_000).default(''),
  sound: upload.optional(),
});

/** Registers the pages. */
export function greetingRoutes(open: Open, parts: GreetingPageParts): void {
  const { stores, policies, greetings, soundAt, callerIds } = parts;

  const known = async () => {
    const policy = await policies.current();
    return {
      organisation: policy.organisation.name,
      reportKey: callSettings.parse(policy.methods['phone-call']?.settings ?? {}).reportKey,
      own: await stores.greetings.list(),
      soundAt,
    };
  };

  open('GET /admin/settings/greetings', async (admin, request, reply) => {
    const isDone = query(request, done).done !== undefined;
    return sendPage(reply, greetingsPage({ ...admin, ...(await known()), callerIds, isDone }));
  });

  open('GET /admin/settings/greetings/:language/:moment', async (admin, request, reply) => {
    const place = params(request, itsAddress);
    return sendPage(reply, greetingPage({ ...admin, ...(await known()), place }));
  });

  open('POST /admin/settings/greetings/:language/:moment', async (admin, request, reply) => {
    const place = params(request, itsAddress);
    const { what, words, sound } = form(request, sent);
    const to: NewSaying | undefined =
      what === 'built-in' ? what : what === 'words' ? { words } : sound && { sound: sound.bytes };
    const is =
      to === undefined
        ? ('missing' as const)
        : await greetings.change(place.language, place.moment, to, byOf(admin, request));
    if (is === undefined) return seeOther(reply, `${greetingsPath}?done=changed`);
    const view = { ...admin, ...(await known()), place, typed: words === '' ? undefined : words };
    const fault = { field: what === 'sound' ? what : ('words' as const), is };
    return sendPage(reply, greetingPage({ ...view, fault }), { status: 422 });
  });
}
