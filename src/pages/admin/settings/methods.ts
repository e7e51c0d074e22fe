/** Owns the pages of the methods: the list, and what the organisation decides of each. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

import { TweestapError } from '../../../errors/errors.ts';
import { sendPage } from '../../../http/answer.ts';
import { params } from '../../../http/parse.ts';
import type { Method } from '../../../methods/method.ts';
import { policySchema } from '../../../policies/policy-schema.ts';
import type { Open } from '../guard.ts';
import type { Admin } from '../portal.ts';
import { placesOf } from './dangers.ts';
import { keepDraft } from './draft.ts';
import { entryFieldsOf, fieldsOf, type SettingField } from './fields.ts';
import { groupNamesIn, inBoxes } from './group-names.ts';
import { namesGroups, sectionsWith, type SectionOf } from './groups.ts';
import { aboutMethod, methodsPage } from './methods-page.ts';
import { methodPath, methodsPath } from './path.ts';
import { saveForm, showForm, type PageOf, type SettingsParts } from './saving.ts';
import { methodName } from './told.ts';
import { wordsIn } from './words.ts';

const itsAddress = z.object({ method: z.string().regex(/^[a-z][a-z-]{0,49}$/) });

/** Registers the pages. */
export function methodRoutes(open: Open, parts: SettingsParts): void {
  const { methods, policies, stores } = parts;

  open('GET /admin/settings/methods', async (admin, _request, reply) => {
    const policy = await policies.current();
    // Methods that find what they ask for in the same places are counted once.
    const counts = new Map<string, Promise<number>>();
    const countOnce = (method: Method): Promise<number> => {
      const { kind, slots } = placesOf(method);
      const key = [kind, ...slots].join(' ');
      const count = counts.get(key) ?? countOf(method);
      counts.set(key, count);
      return count;
    };
    const listed = await Promise.all(
      methods.all.map(async (method) => ({ method, people: await countOnce(method) })),
    );
    return sendPage(reply, methodsPage({ ...admin, policy, listed }));
  });

  open('GET /admin/settings/methods/:method', async (admin, request, reply) =>
    showForm(
      admin,
      request,
      reply,
      await pageOf(admin, methodOf(request)),
      await policies.current(),
    ),
  );

  open(
    'POST /admin/settings/methods/:method',
    async (admin, request, reply) =>
      saveForm(parts, admin, request, reply, await pageOf(admin, methodOf(request))),
    keepDraft,
  );

  function methodOf(request: FastifyRequest): Method {
    const method = methods.get(params(request, itsAddress).method);
    if (method === undefined) throw new TweestapError('NOT_FOUND');
    return method;
  }

  function countOf(method: Method): Promise<number> {
    return stores.registrations.countPeople([placesOf(method)]);
  }

  async function pageOf({ frame }: Admin, method: Method): Promise<PageOf> {
    const { locale } = frame;
    const words = wordsIn(locale);
    return {
      title: methodName(method.id, locale),
      intro: undefined,
      back: { href: methodsPath, label: words.methodsCard.title },
      path: methodPath(method.id),
      sections: sectionsOfMethod(method, await groupNamesIn(stores.users)),
      above: aboutMethod(method, await countOf(method), locale),
    };
  }
}

/** Who may use a method, and its own settings. */
function sectionsOfMethod(method: Method, known: readonly string[]): readonly SectionOf[] {
  const who = entryFieldsOf(policySchema, 'methods', method.id).map((field): SettingField => {
    if (namesGroups(field)) return { ...field, shape: { kind: 'names', known: inBoxes(known) } };
    return field.path.endsWith('.enabled')
      ? { ...field, fallback: !method.offByDefault, wordsAt: 'methods.*.enabled' }
      : field;
  });
  const how = fieldsOf(method.settings, `methods.${method.id}.settings`);
  return sectionsWith([
    { id: 'who', fields: who },
    { id: 'how', fields: how },
  ]);
}
