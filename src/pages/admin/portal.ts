/** Owns what the administrator's pages have in common: the navigation, and who is in charge. */
import type { SafeHtml } from '../../lib/html.ts';
import { portalPage, type PortalPageOptions } from '../../ui/layout.ts';
import type { Own } from '../my-profile/portal.ts';
import { approvalsPath } from './approvals/path.ts';
import { applicationsPath } from './applications/path.ts';
import { deliveriesPath } from './deliveries/path.ts';
import { directoryPath } from './directory/path.ts';
import { mayAct, type Act } from '../../accounts/administering.ts';
import type { IconName } from '../../ui/icons.ts';
import { auditLogPath, signInLogPath } from './logs/path.ts';
import { reportsPath } from './reports/path.ts';
import { groupsPath, settingsPath, usersPath } from './path.ts';
import { tokensPath } from './tokens/path.ts';
import { whatIfPath } from './what-if/path.ts';
import { wordsIn } from './words.ts';

/** The parts of the portal, in the order of the navigation, each shown to whoever may open it. */
const sections = [
  { id: 'users', path: usersPath, icon: 'people', act: 'see' },
  { id: 'groups', path: groupsPath, icon: 'applications', act: 'see' },
  { id: 'directory', path: directoryPath, icon: 'refresh', act: 'see-directory' },
  { id: 'tokens', path: tokensPath, icon: 'authenticator-code', act: 'see-tokens' },
  {
    id: 'applications',
    path: applicationsPath,
    icon: 'globe',
    act: 'see-applications',
  },
  { id: 'settings', path: settingsPath, icon: 'settings', act: 'see-policy' },
  { id: 'reports', path: reportsPath, icon: 'chart', act: 'see-reports' },
  { id: 'approvals', path: approvalsPath, icon: 'shield', act: 'see-approvals' },
  { id: 'whatIf', path: whatIfPath, icon: 'search', act: 'see-what-if' },
  { id: 'deliveries', path: deliveriesPath, icon: 'email', act: 'see-deliveries' },
  { id: 'signIns', path: signInLogPath, icon: 'history', act: 'see-logs' },
  { id: 'audit', path: auditLogPath, icon: 'log', act: 'see-logs' },
] as const satisfies readonly { id: string; path: string; icon: IconName; act: Act }[];
export type Section = (typeof sections)[number]['id'];

/** Whoever is in charge here, and what every such page is drawn with. */
export type Admin = Own;

/**
 * What a page is drawn with that is shown once, as the answer to a form: no other language is offered,
 * since whoever went there would have lost what it says.
 */
export function shownOnce<admin extends Admin>(admin: admin): admin {
  return { ...admin, frame: { ...admin.frame, languageSwitch: undefined } };
}

/** A page of the portal, with `section` as the current one in the navigation. */
export function adminPage(
  { current, frame, csrf }: Admin,
  section: Section,
  options: Pick<
    PortalPageOptions,
    'title' | 'heading' | 'intro' | 'actions' | 'back' | 'body' | 'error' | 'autoRefreshSeconds'
  >,
): SafeHtml {
  const words = wordsIn(frame.locale);
  return portalPage({
    ...frame,
    ...options,
    homeHref: usersPath,
    navigation: [
      {
        heading: words.title,
        items: sections
          .filter(({ act }) => mayAct(current.user.role, act))
          .map(({ id, path, icon }) => ({
            label: words.navigation[id],
            href: path,
            icon,
            current: id === section,
          })),
      },
      { items: [{ label: words.navigation.profile, href: '/my-profile', icon: 'person' }] },
    ],
    account: { name: current.user.displayName, signOut: { action: '/sign-out', csrf } },
  });
}
