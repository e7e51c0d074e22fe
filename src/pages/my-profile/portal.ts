/** Owns what the pages of somebody's own account have in common: the navigation, and who is asking. */
import type { FastifyReply, FastifyRequest } from 'fastify';

import { frameOf } from '../../http/answer.ts';
import { csrfToken } from '../../http/csrf.ts';
import { localeFor } from '../../http/site.ts';
import { sessionToken } from '../../http/sign-in-cookies.ts';
import type { Locale } from '../../i18n/locale.ts';
import type { SafeHtml } from '../../lib/html.ts';
import type { CurrentSession, FindCurrentSession } from '../../signin/current-session.ts';
import type { IconName } from '../../ui/icons.ts';
import { askToSignIn } from '../attempt.ts';
import { portalPage, type PageFrame, type PortalPageOptions } from '../../ui/layout.ts';
import { isPrivileged } from '../../accounts/user.ts';
import { usersPath } from '../admin/path.ts';
import { appPasswordsPath } from './app-passwords/path.ts';
import { changePasswordPath } from './change-password/path.ts';
import { recentSignInsPath } from './recent-sign-ins/path.ts';
import { securityInfoPath } from './security-info/path.ts';
import { trustedDevicesPath } from './trusted-devices/path.ts';
import { wordsIn } from './words.ts';

/** The pages in the navigation, in its order; their names are in `strings.*.ts`. */
const profilePages = [
  { id: 'profile', path: '/my-profile', icon: 'person' },
  { id: 'securityInfo', path: securityInfoPath, icon: 'shield' },
  { id: 'appPasswords', path: appPasswordsPath, icon: 'app-password' },
  { id: 'trustedDevices', path: trustedDevicesPath, icon: 'device' },
  { id: 'recentSignIns', path: recentSignInsPath, icon: 'history' },
  { id: 'changePassword', path: changePasswordPath, icon: 'edit' },
] as const satisfies readonly { id: string; path: string; icon: IconName }[];
export type ProfilePage = (typeof profilePages)[number]['id'];

/** Who is looking at their own account, and what every such page is drawn with. */
export interface Own {
  readonly current: CurrentSession;
  readonly frame: PageFrame;
  readonly csrf: string;
}

/** Finds who is signed in; sends whoever is not to the sign-in, and answers undefined then. */
export async function ownOf(
  find: FindCurrentSession,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Own | undefined> {
  const current = await find(sessionToken(request));
  if (current === undefined) {
    askToSignIn(request, reply);
    return undefined;
  }
  const locale = localeFor(request, current.user.preferredLanguage);
  return { current, frame: frameOf(request, { locale }), csrf: csrfToken(request, reply) };
}

/** The names and addresses of all these pages, in the order of the navigation. */
export function namesOfPages(
  locale: Locale,
): readonly { readonly label: string; readonly href: string; readonly icon: IconName }[] {
  const { navigation } = wordsIn(locale);
  return profilePages.map(({ id, path, icon }) => ({ label: navigation[id], href: path, icon }));
}

/** A page of the portal, with `page` as the current one in the navigation. */
export function ownPage(
  { current, frame, csrf }: Own,
  page: ProfilePage,
  options: Pick<
    PortalPageOptions,
    'title' | 'heading' | 'intro' | 'actions' | 'back' | 'body' | 'error'
  >,
): SafeHtml {
  const { navigation } = wordsIn(frame.locale);
  const items = profilePages.map(({ id, path, icon }) => ({
    label: navigation[id],
    href: path,
    icon,
    current: id === page,
  }));
  return portalPage({
    ...frame,
    ...options,
    homeHref: '/my-profile',
    navigation: isPrivileged(current.user)
      ? [{ items }, { items: [{ label: navigation.admin, href: usersPath, icon: 'people' }] }]
      : [{ items }],
    account: { name: current.user.displayName, signOut: { action: '/sign-out', csrf } },
  });
}
