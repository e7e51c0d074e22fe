/** Owns the addresses of the settings: the overview, and a form for each group. */
import type { FastifyRequest } from 'fastify';

import { visitorOf } from '../../../http/site.ts';
import { sendPage } from '../../../http/answer.ts';
import { isInNetworks } from '../../../lib/ip.ts';
import type { Open } from '../guard.ts';
import { settingsPath } from '../path.ts';
import type { Admin } from '../portal.ts';
import { groupNamesIn } from './group-names.ts';
import { groupIds, sectionsOf, takesGroups, type GroupId } from './groups.ts';
import { methodRoutes } from './methods.ts';
import { overviewIds, overviewPage, type OverviewId } from './overview-page.ts';
import { groupPath } from './path.ts';
import { saveForm, showForm, type PageOf, type SettingsParts } from './saving.ts';
import { wordsIn } from './words.ts';

/** Registers the pages. */
export function settingsRoutes(open: Open, parts: SettingsParts): void {
  const { methods, policies, stores } = parts;

  open('GET /admin/settings', async (admin, _request, reply) =>
    sendPage(reply, overviewPage(admin, overviewIds.filter(isThere))),
  );

  methodRoutes(open, parts);

  for (const group of groupIds) {
    open(`GET /admin/settings/${group}`, async (admin, request, reply) =>
      showForm(admin, reply, await pageOf(admin, request, group), await policies.current()),
    );
    open(`POST /admin/settings/${group}`, async (admin, request, reply) =>
      saveForm(parts, admin, request, reply, await pageOf(admin, request, group)),
    );
  }

  function isThere(id: OverviewId): boolean {
    return id === 'methods' || sectionsOf(id, { methods, groupNames: [] }).length > 0;
  }

  async function pageOf(
    { frame }: Admin,
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
      notes: {
        trustedIps: `${words.yourAddress(address)} ${isIn ? words.yourAddressIn : words.yourAddressOut}`,
      },
    };
  }
}
