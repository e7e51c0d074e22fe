/** Owns what the administrator's pages have in common: the navigation, and who is in charge. */
import type { SafeHtml } from '../../lib/html.ts';
import { portalPage, type PortalPageOptions } from '../../ui/layout.ts';
import type { Own } from '../my-profile/portal.ts';
import { usersPath } from './path.ts';
import { wordsIn } from './words.ts';

/** Whoever is in charge here, and what every such page is drawn with. */
export type Admin = Own;

/**
 * What a page is drawn with that is shown once, as the answer to a form: no other language is offered,
 * since whoever went there would have lost what it says.
 */
export function shownOnce<admin extends Admin>(admin: admin): admin {
  return { ...admin, frame: { ...admin.frame, languageSwitch: undefined } };
}

/** A page of the portal. */
export function adminPage(
  { current, frame, csrf }: Admin,
  options: Pick<
    PortalPageOptions,
    'title' | 'heading' | 'intro' | 'actions' | 'back' | 'body' | 'error'
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
        items: [{ label: words.navigation.users, href: usersPath, icon: 'people', current: true }],
      },
      { items: [{ label: words.navigation.profile, href: '/my-profile', icon: 'person' }] },
    ],
    account: { name: current.user.displayName, signOut: { action: '/sign-out', csrf } },
  });
}
