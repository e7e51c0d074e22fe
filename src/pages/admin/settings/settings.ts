/** Owns the addresses of the settings: the overview, and a form for each group. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

import { mayAct } from '../../../accounts/administering.ts';
import type { Role } from '../../../accounts/user.ts';

import { visitorOf } from '../../../http/site.ts';
import { sendPage } from '../../../http/answer.ts';
import { query } from '../../../http/parse.ts';
import type { Locale } from '../../../i18n/locale.ts';
import { isInNetworks } from '../../../lib/ip.ts';
import { actions, linkButton } from '../../../ui/components/button.ts';
import type { Open } from '../guard.ts';
import { settingsPath } from '../path.ts';
import type { Admin } from '../portal.ts';
import { keepDraft } from './draft.ts';
import { groupNamesIn } from './group-names.ts';
import { groupIds, sectionsOf, takesGroups, type GroupId } from './groups.ts';
import { methodRoutes } from './methods.ts';
import { overviewIds, overviewPage, type OverviewId } from './overview-page.ts';
import { logoRoutes } from './logo.ts';
import { groupPath, logoPath } from './path.ts';
import { previewStyles, signInPreview } from './preview.ts';
import { saveForm, showForm, type PageOf } from './saving.ts';
import { strengthRoutes, type StrengthParts } from './strengths.ts';
import { wordsIn } from './words.ts';

const previewQuery = z.object({
  colour: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/)
    .catch('#000000'),
});

/** Registers the pages. */
export function settingsRoutes(open: Open, parts: StrengthParts): void {
  const { methods, policies, stores } = parts;

  open('GET /admin/settings', async (admin, _request, reply) =>
    sendPage(reply, overviewPage(admin, overviewIds.filter(isThere))),
  );

  methodRoutes(open, parts);
  logoRoutes(open, parts);
  strengthRoutes(open, parts);

  open('GET /admin/settings/preview.css', async (_admin, request, reply) => {
    const { colour } = query(request, previewQuery);
    return reply.header('content-type', 'text/css; charset=utf-8').send(previewStyles(colour));
  });

  for (const group of groupIds) {
    open(`GET /admin/settings/${group}`, async (admin, request, reply) =>
      showForm(
        admin,
        request,
        reply,
        await pageOf(admin, request, group),
        await policies.current(),
      ),
    );
    open(
      `POST /admin/settings/${group}`,
      async (admin, request, reply) =>
        saveForm(parts, admin, request, reply, await pageOf(admin, request, group)),
      keepDraft,
    );
  }

  function isThere(id: OverviewId): boolean {
    return (
      id === 'methods' ||
      id === 'greetings' ||
      id === 'strengths' ||
      sectionsOf(id, { methods, groupNames: [] }).length > 0
    );
  }

  async function pageOf(
    { frame, current }: Admin,
    request: FastifyRequest,
    group: GroupId,
  ): Promise<PageOf> {
    const words = wordsIn(frame.locale);
    const { title, intro } = words.groups[group];
    const { address } = visitorOf(request);
    const { trustedIps } = await policies.current();
    const isIn = isInNetworks(address, trustedIps);
    const groupNames = takesGroups(group, methods) ? await groupNamesIn(stores.users) : [];
    return {
      title,
      intro,
      back: { href: settingsPath, label: words.back },
      path: groupPath(group),
      sections: sectionsOf(group, { methods, groupNames }),
      ...(group === 'organisation' ? brandingOf(frame.locale, current.user.role) : {}),
      notes: {
        trustedIps: `${words.yourAddress(address)} ${isIn ? words.yourAddressIn : words.yourAddressOut}`,
      },
    };
  }
}

/** The logo has a page of its own, and the rest is shown before it is saved. */
function brandingOf(locale: Locale, role: Role): Pick<PageOf, 'above' | 'previewOf'> {
  const words = wordsIn(locale);
  return {
    previewOf: ({ organisation }) => signInPreview(organisation, locale),
    ...(mayAct(role, 'change-policy')
      ? { above: actions(linkButton({ label: words.logo.change, href: logoPath, icon: 'edit' })) }
      : {}),
  };
}
