/** Owns how everything that is connected looks together. */
import { mayAct } from '../../../accounts/administering.ts';
import type { ShownApplication } from '../../../applications/applications.ts';
import type { ShownLdapClient } from '../../../applications/ldap-clients.ts';
import type { ShownRadiusClient } from '../../../applications/radius-clients.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { link, linkButton } from '../../../ui/components/button.ts';
import { card } from '../../../ui/components/card.ts';
import { notice } from '../../../ui/components/notice.ts';
import { table, type Cell, type Column } from '../../../ui/components/table.ts';
import { timeAgo } from '../../../ui/components/time.ts';
import { adminPage, type Admin } from '../portal.ts';
import { wordFor, wordsIn as adminWordsIn } from '../words.ts';
import {
  applicationPath,
  kindsOfSystem,
  ldapClientPath,
  newSystemPath,
  radiusClientPath,
  type KindOfSystem,
} from './path.ts';
import { wordsIn } from './words.ts';

export interface SystemsView extends Admin {
  readonly applications: readonly ShownApplication[];
  readonly radiusClients: readonly ShownRadiusClient[];
  readonly ldapClients: readonly ShownLdapClient[];
  readonly sites: readonly { readonly site: string; readonly required: string }[];
  /** The names of the organisation's own strengths, by id. */
  readonly strengths: Readonly<Record<string, string>>;
  readonly now: Date;
  readonly isRemoved: boolean;
}

interface Shown {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

/** The page of everything that asks us. */
export function systemsPage(view: SystemsView): SafeHtml {
  const { frame, isRemoved } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  return adminPage(view, 'applications', {
    title: words.title,
    intro: words.intro,
    body: html`${
      isRemoved
        ? notice({ locale, kind: 'success', body: words.done.removed, announce: true })
        : undefined
    }${kindsOfSystem.map((kind) => sectionOf(view, kind))}${sitesCard(view)}`,
  });
}

/** What a strength is called. */
export function requiredWord(
  { frame, strengths }: Pick<SystemsView, 'frame' | 'strengths'>,
  required: string,
): string {
  return wordFor({ ...strengths, ...wordsIn(frame.locale).required }, required, required);
}

function sectionOf(view: SystemsView, kind: KindOfSystem): SafeHtml {
  const { locale } = view.frame;
  const { sections, add } = wordsIn(locale);
  const { heading, intro, none } = sections[kind];
  const { columns, rows } = shownOf(view, kind);
  return card({
    heading,
    intro,
    action: mayAct(view.current.user.role, 'change-applications')
      ? linkButton({ label: add[kind], href: newSystemPath(kind), icon: 'add' })
      : undefined,
    body:
      rows.length === 0
        ? html`<p>${none}.</p>`
        : table({ locale, caption: heading, captionHidden: true, columns, rows }),
  });
}

function shownOf(view: SystemsView, kind: KindOfSystem): Shown {
  const { frame, applications, radiusClients, ldapClients, now } = view;
  const { locale } = frame;
  const { columns, modes } = wordsIn(locale);
  const { roles } = adminWordsIn(locale);
  const since = (at: Date): SafeHtml => timeAgo({ locale, at, now });
  const heads = (label: string): readonly Column[] => [
    { label: columns.name },
    { label },
    { label: columns.added },
  ];
  switch (kind) {
    case 'app':
    case 'program':
      return {
        columns: heads(kind === 'app' ? columns.requires : columns.role),
        rows: applications
          .filter(({ role }) => (role === undefined) === (kind === 'app'))
          .map(({ clientId, name, role, required, createdAt }) => [
            link({ label: name, href: applicationPath(clientId) }),
            role === undefined ? requiredWord(view, required) : wordFor(roles, role, role),
            since(createdAt),
          ]),
      };
    case 'radius':
      return {
        columns: heads(columns.mode),
        rows: radiusClients.map(({ id, name, mode, createdAt }) => [
          link({ label: name, href: radiusClientPath(id) }),
          modes[mode],
          since(createdAt),
        ]),
      };
    case 'ldap':
      return {
        columns: [{ label: columns.name }, { label: columns.added }],
        rows: ldapClients.map(({ name, createdAt }) => [
          link({ label: name, href: ldapClientPath(name) }),
          since(createdAt),
        ]),
      };
  }
}

function sitesCard(view: SystemsView): SafeHtml {
  const { locale } = view.frame;
  const { sites: words, columns } = wordsIn(locale);
  return card({
    heading: words.heading,
    intro: words.intro,
    body:
      view.sites.length === 0
        ? html`<p>${words.none}</p>`
        : table({
            locale,
            caption: words.heading,
            captionHidden: true,
            columns: [{ label: columns.site }, { label: columns.requires }],
            rows: view.sites.map(({ site, required }) => [site, requiredWord(view, required)]),
          }),
  });
}
