/** Owns Groups: which there are, and how far each is. Its people, and changing them, is Users. */
import { formatNumber, formatPercentage } from '../../../i18n/format.ts';
import type { GroupSize } from '../../../accounts/user-store.ts';
import { sendPage } from '../../../http/answer.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { signInKinds } from '../../../registrations/options.ts';
import { link, linkButton } from '../../../ui/components/button.ts';
import { card } from '../../../ui/components/card.ts';
import { emptyState } from '../../../ui/components/list.ts';
import { table } from '../../../ui/components/table.ts';
import type { AdminGuardParts, Open } from '../guard.ts';
import { usersPath } from '../path.ts';
import { adminPage, type Admin } from '../portal.ts';
import { wordsIn } from './words.ts';

/** Registers the page. */
export function groupRoutes(open: Open, parts: AdminGuardParts): void {
  open('GET /admin/groups', async (admin, _request, reply) => {
    const groups = await parts.stores.users.groups(signInKinds(parts.methods));
    return sendPage(reply, groupsPage({ ...admin, groups }));
  });
}

function groupsPage(view: Admin & { readonly groups: readonly GroupSize[] }): SafeHtml {
  const { frame, groups } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  return adminPage(view, 'groups', {
    title: words.title,
    intro: words.intro,
    body: card({
      body:
        groups.length === 0
          ? emptyState({
              icon: 'people',
              title: words.none,
              body: words.noneBody,
              action: linkButton({ label: words.toUsers, href: usersPath }),
            })
          : html`${table({
              locale,
              caption: words.title,
              captionHidden: true,
              columns: [
                { label: words.columns.name },
                { label: words.columns.people, align: 'end' },
                { label: words.columns.registered, align: 'end' },
                { label: words.columns.share, align: 'end' },
              ],
              rows: groups.map(({ name, people, registered }) => [
                link({
                  label: name,
                  href: `${usersPath}?${new URLSearchParams({ group: name }).toString()}`,
                }),
                formatNumber(people, locale),
                formatNumber(registered, locale),
                formatPercentage(registered / people, locale),
              ]),
            })}<p class="hint">${words.change}</p>`,
    }),
  });
}
