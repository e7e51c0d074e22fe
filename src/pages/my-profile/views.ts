/** Owns how My Profile looks, and the page after signing out. */
import { formatDateTime } from '../../i18n/format.ts';
import { localeNames, locales } from '../../i18n/locale.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import type { Methods } from '../../methods/method.ts';
import type { Option } from '../../registrations/options.ts';
import type { Registration } from '../../registrations/registration.ts';
import type { Proof } from '../../sessions/session.ts';
import { linkButton, actions, button } from '../../ui/components/button.ts';
import { card } from '../../ui/components/card.ts';
import { form } from '../../ui/components/form.ts';
import { badge, emptyState, facts, itemList, type ListItem } from '../../ui/components/list.ts';
import { timeAgo } from '../../ui/components/time.ts';
import { iconNameOf } from '../../ui/icons.ts';
import { cardPage, type PageFrame } from '../../ui/layout.ts';
import { ownPage, type Own } from './portal.ts';
import { securityInfoPath } from './security-info/path.ts';
import { wordsIn } from './words.ts';

export interface ProfileView extends Own {
  readonly now: Date;
  readonly registrations: readonly Registration[];
  /** The ways to ask them that policy allows, the default first. */
  readonly options: readonly Option[];
  readonly methods: Methods;
}

/** Who is signed in, how, and what they have registered. */
export function profilePage(view: ProfileView): SafeHtml {
  return ownPage(view, 'profile', {
    title: wordsIn(view.frame.locale).title,
    body: [accountCard(view), signedInCard(view), methodsCard(view)],
  });
}

/** After signing out. */
export function signedOutPage(frame: PageFrame): SafeHtml {
  const words = wordsIn(frame.locale).signedOut;
  return cardPage({
    ...frame,
    title: words.title,
    body: html`<p>${words.body}</p>${actions(
      linkButton({ label: words.again, href: '/sign-in', kind: 'primary' }),
    )}`,
  });
}

function accountCard({ frame, csrf, current: { user } }: ProfileView): SafeHtml {
  const { locale } = frame;
  const words = wordsIn(locale).account;
  const others = locales
    .filter((other) => other !== locale)
    .map((other) =>
      button({ label: localeNames[other], name: 'language', value: other, compact: true }),
    );
  return card({
    heading: words.heading,
    body: facts([
      { term: words.name, value: user.displayName },
      { term: words.account, value: user.userPrincipalName },
      ...(user.mail === undefined ? [] : [{ term: words.mail, value: user.mail }]),
      {
        term: words.language,
        value: localeNames[locale],
        action: form({ action: '/my-profile/language', csrf, inline: true, body: others }),
      },
    ]),
  });
}

function signedInCard(view: ProfileView): SafeHtml {
  const { frame, now } = view;
  const { session } = view.current;
  const { locale } = frame;
  const words = wordsIn(locale).signedIn;
  const items = session.proofs.map((proof): ListItem => ({
    icon: iconNameOf(proof.method === 'password' ? 'person' : (iconOf(view, proof) ?? '')),
    title: proof.method === 'password' ? words.password : (labelOf(view, proof) ?? words.gone),
    detail: timeAgo({ locale, at: proof.at, now }),
  }));
  return card({
    heading: words.heading,
    intro: words.intro,
    body: html`${itemList(items)}<p class="hint">${words.since(
      formatDateTime(session.expiresAt, locale),
    )}</p>`,
  });
}

function methodsCard(view: ProfileView): SafeHtml {
  const { frame, now, options } = view;
  const { user } = view.current;
  const { locale } = frame;
  const words = wordsIn(locale).methods;
  const items = options.map(({ method, registration }): ListItem => {
    const isDefault =
      user.defaultMethod?.registrationId === registration.id &&
      user.defaultMethod.methodId === method.id;
    const { lastUsedAt } = registration;
    // A phone knows when it was used, not by which of its methods.
    const shared = options.some(
      (other) => other.registration.id === registration.id && other.method.id !== method.id,
    );
    return {
      icon: iconNameOf(method.icon),
      title: method.views.label(registration.secret, locale),
      detail:
        lastUsedAt === undefined
          ? words.never
          : html`${shared ? words.deviceUsed : words.used}: ${timeAgo({ locale, at: lastUsedAt, now })}`,
      badge: isDefault ? badge(words.default, 'brand') : undefined,
    };
  });
  return card({
    heading: words.heading,
    intro: words.intro,
    action: linkButton({ label: words.securityInfo, href: securityInfoPath, icon: 'shield' }),
    body:
      items.length === 0
        ? emptyState({ title: words.none, icon: 'shield', body: words.noneBody })
        : itemList(items),
  });
}

function iconOf({ methods }: ProfileView, proof: Proof): string | undefined {
  return methods.get(proof.method)?.icon;
}

/** What was used, in the words of its method. A first registration was proved while it was made. */
function labelOf({ frame, registrations, methods }: ProfileView, proof: Proof): string | undefined {
  const method = methods.get(proof.method);
  const used = registrations.find(({ id, kind, createdAt }) =>
    proof.registrationId === undefined
      ? kind === method?.registers.id && createdAt.getTime() === proof.at.getTime()
      : id === proof.registrationId,
  );
  return used === undefined ? undefined : method?.views.label(used.secret, frame.locale);
}
