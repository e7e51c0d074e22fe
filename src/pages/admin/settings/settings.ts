/** Owns the addresses of the settings: the overview, and a form for each group. */
import { visitorOf } from '../../../http/site.ts';
import { sendPage } from '../../../http/answer.ts';
import { isInNetworks } from '../../../lib/ip.ts';
import type { AdminGuardParts, Open } from '../guard.ts';
import { settingsPath } from '../path.ts';
import type { Admin } from '../portal.ts';
import { groupIds, sectionsOf, type GroupId } from './groups.ts';
import { overviewIds, overviewPage } from './overview-page.ts';
import { groupPath } from './path.ts';
import { saveForm, showForm, type PageOf, type SettingsParts } from './saving.ts';
import { wordsIn } from './words.ts';

export type SettingsPageParts = SettingsParts & Pick<AdminGuardParts, 'stores'>;

/** Registers the pages. */
export function settingsRoutes(open: Open, parts: SettingsPageParts): void {
  const { methods, policies } = parts;

  open('GET /admin/settings', async (admin, _request, reply) =>
    sendPage(
      reply,
      overviewPage(
        admin,
        overviewIds.filter((id) => id === 'methods' || sectionsOf(id, methods).length > 0),
      ),
    ),
  );

  for (const group of groupIds) {
    open(`GET /admin/settings/${group}`, async (admin, request, reply) => {
      const policy = await policies.current();
      const { address } = visitorOf(request);
      return showForm(admin, reply, pageOf(admin, group, address, policy.trustedIps), policy);
    });
    open(`POST /admin/settings/${group}`, async (admin, request, reply) => {
      const { address } = visitorOf(request);
      const { trustedIps } = await policies.current();
      return saveForm(parts, admin, request, reply, pageOf(admin, group, address, trustedIps));
    });
  }

  function pageOf(
    { frame }: Admin,
    group: GroupId,
    address: string,
    trustedIps: readonly string[],
  ): PageOf {
    const words = wordsIn(frame.locale);
    const { title, intro } = words.groups[group];
    const isIn = isInNetworks(address, trustedIps);
    return {
      title,
      intro,
      back: { href: settingsPath, label: words.back },
      path: groupPath(group),
      sections: sectionsOf(group, methods),
      notes: {
        trustedIps: `${words.yourAddress(address)} ${isIn ? words.yourAddressIn : words.yourAddressOut}`,
      },
    };
  }
}
