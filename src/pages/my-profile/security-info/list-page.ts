/** Owns the list of Security info: what is registered, what it is good for, and what was just done. */
import type { Locale } from '../../../i18n/locale.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { appSecret } from '../../../methods/authenticator-app.ts';
import type { Kind } from '../../../methods/kind.ts';
import { passSecret } from '../../../methods/temporary-access-pass/secret.ts';
import type { Entry, Overview } from '../../../own-account/security-info.ts';
import type { KnownToken } from '../../../registrations/hardware-token.ts';
import { button, linkButton } from '../../../ui/components/button.ts';
import { card } from '../../../ui/components/card.ts';
import { form } from '../../../ui/components/form.ts';
import { badge, emptyState, facts, itemList, type ListItem } from '../../../ui/components/list.ts';
import { notice } from '../../../ui/components/notice.ts';
import { tiles } from '../../../ui/components/tile.ts';
import { timeAgo } from '../../../ui/components/time.ts';
import { iconNameOf } from '../../../ui/icons.ts';
import { namesOfPages, ownPage, type Own } from '../portal.ts';
import type { Done } from './done.ts';
import { securityInfoPath } from './path.ts';
import { tokensCard } from './token-page.ts';
import { wordsIn } from './words.ts';

export interface ListView extends Own {
  readonly now: Date;
  readonly overview: Overview;
  /** Whether this person may add something by themselves, from where they are. */
  readonly mayAdd: boolean;
  readonly done: Done | undefined;
  /** Hardware tokens that wait for a first code. */
  readonly tokens: readonly KnownToken[];
}

/** Everything somebody can prove with that it is them, and the way to what else is theirs. */
export function listPage(view: ListView): SafeHtml {
  const { locale } = view.frame;
  const words = wordsIn(locale);
  return ownPage(view, 'securityInfo', {
    title: words.title,
    intro: words.intro,
    body: html`${doneNotice(view)}${tokensCard(view.tokens, locale)}${defaultCard(view)}${methodsCard(view)}${moreCard(locale)}`,
  });
}

/** What somebody who has as many of a kind as there may be is told, where they look for one more. */
export function fullHints(full: readonly Kind[], locale: Locale): readonly SafeHtml[] {
  const words = wordsIn(locale);
  return full.map((kind) => {
    const { length } = kind.slots;
    const name = kind.places(locale)[0]?.label ?? '';
    const told =
      kind.id === 'authenticator-app' ? words.fullApps(length) : words.full(name, length);
    return html`<p class="hint">${told}</p>`;
  });
}

function doneNotice(view: ListView): SafeHtml | undefined {
  const { done, overview } = view;
  if (done === undefined) return undefined;
  const { locale } = view.frame;
  const isDone = !['last', 'gone', 'full'].includes(done);
  return notice({
    locale,
    kind: isDone ? 'success' : 'warning',
    body: sentences(done, overview, locale).join(' '),
    announce: true,
  });
}

function sentences(done: Done, overview: Overview, locale: Locale): readonly string[] {
  const words = wordsIn(locale).done;
  const { defaultOption, entries } = overview;
  const label = defaultOption?.method.views.label(defaultOption.registration.secret, locale);
  switch (done) {
    case 'added': {
      // The list is oldest first; what was just added is the last of it.
      const newest = entries.at(-1);
      const name = newest?.kind.name(newest.registration.secret, locale);
      return [
        name === undefined ? words.addedSomething : words.added(name),
        ...(label === undefined ? [] : [words.stays(label)]),
      ];
    }
    case 'deleted-default':
      return [
        words['deleted-default'],
        label === undefined ? words.noDefault : words.nowDefault(label),
      ];
    case 'default':
      return [label === undefined ? words.noDefault : words.default(label)];
    case 'changed':
    case 'deleted':
    case 'last':
    case 'gone':
    case 'full':
      return [words[done]];
  }
}

/** Nobody chooses a default who has nothing to choose from. */
function defaultCard({ frame, overview }: ListView): SafeHtml | undefined {
  const { locale } = frame;
  const words = wordsIn(locale).defaultMethod;
  const { defaultOption, entries, options, policy } = overview;
  const [first] = options;
  if (first === undefined || options.every(({ standsIn }) => standsIn)) return undefined;
  const setAside = entries.find(
    ({ isDefault, registration }) => isDefault && registration.suspendedAt !== undefined,
  );
  const isOther = policy.systemPreferred && first.id !== defaultOption?.id;
  return card({
    body: html`${facts([
      {
        term: words.heading,
        value:
          defaultOption?.method.views.label(defaultOption.registration.secret, locale) ??
          (setAside === undefined
            ? words.none
            : words.setAside(setAside.kind.name(setAside.registration.secret, locale))),
        action: linkButton({
          label: words.change,
          href: `${securityInfoPath}/default`,
          about: words.heading,
          compact: true,
        }),
      },
    ])}<p class="hint">${
      isOther
        ? words.preferred(first.method.views.label(first.registration.secret, locale))
        : words.intro
    }</p>`,
  });
}

function methodsCard(view: ListView): SafeHtml {
  const { frame, overview, mayAdd } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const { entries, addable, full, options } = overview;
  const add =
    addable.length === 0 || !mayAdd
      ? undefined
      : linkButton({
          label: words.methods.add,
          href: `${securityInfoPath}/add`,
          kind: 'primary',
          icon: 'add',
        });
  if (entries.length === 0) {
    return card({
      heading: words.methods.heading,
      body: emptyState({
        title: words.none.title,
        icon: 'shield',
        body: whyNothing(view),
        action: add,
      }),
    });
  }
  const isForReset = options.every(({ standsIn }) => standsIn);
  return card({
    heading: words.methods.heading,
    action: add,
    body: [
      ...(isForReset && mayAdd && add !== undefined
        ? [notice({ locale, kind: 'warning', body: words.resetOnly })]
        : []),
      itemList(entries.map((entry) => itemOf(view, entry))),
      ...fullHints(full, locale),
      ...(mayAdd ? [] : [html`<p class="hint">${words.none.closed}</p>`]),
    ],
  });
}

function whyNothing({ frame, overview, mayAdd, current: { user } }: ListView): string {
  const words = wordsIn(frame.locale).none;
  if (overview.addable.length === 0) return words.notAllowed;
  if (!mayAdd) return words.closed;
  return user.perUserMfaState === 'disabled' ? words.free : words.required;
}

function itemOf(view: ListView, entry: Entry): ListItem {
  const { frame, csrf, now } = view;
  const { locale } = frame;
  const words = wordsIn(locale).methods;
  const { registration, kind, isDefault, isRemovable, isReplaceable } = entry;
  const { id, secret, createdAt, lastUsedAt } = registration;
  const path = `${securityInfoPath}/${id}`;
  const detail = kind.detail(secret, locale);
  const name = kind.name(secret, locale);
  const about = detail === '' ? name : `${name}, ${detail}`;
  const used =
    lastUsedAt === undefined
      ? words.neverUsed
      : html`${words.used} ${timeAgo({ locale, at: lastUsedAt, now })}`;
  return {
    icon: iconNameOf(kind.icon),
    title: name,
    badge: isDefault ? badge(words.default, 'brand') : undefined,
    detail: html`${detail !== '' && html`<p>${detail}</p>`}${usesOf(view, entry)}${provesOf(entry, now, locale)}<p>${
      words.added
    } ${timeAgo({ locale, at: createdAt, now })} · ${used}</p>${
      isRemovable ? undefined : html`<p>${isReplaceable ? words.last.replace : words.last.keep}</p>`
    }`,
    actions: [
      ...(isReplaceable
        ? [
            form({
              action: `${path}/change`,
              csrf,
              inline: true,
              body: button({ label: words.change, compact: true, about }),
            }),
          ]
        : []),
      ...(isRemovable
        ? [linkButton({ label: words.delete, href: `${path}/delete`, compact: true, about })]
        : []),
    ],
  };
}

/** What an app of ours is asked for: whoever gets no notifications sees here why. */
function usesOf({ overview, frame }: ListView, { registration }: Entry): SafeHtml | undefined {
  const device = appSecret.safeParse(registration.secret).data?.device;
  if (device === undefined) return undefined;
  const words = wordsIn(frame.locale).methods.uses;
  const asked = overview.options.filter((option) => option.registration.id === registration.id);
  const isAskedToApprove = asked.some(({ method }) => method.sends === 'push');
  const uses = asked.map(({ method }) => (method.sends === 'push' ? words.approvals : words.codes));
  const why = isAskedToApprove
    ? device.push === undefined && words.silent
    : registration.suspendedAt !== undefined && words.setAside;
  return html`${uses.length > 0 && html`<p>${uses.join(' · ')}</p>`}${why && html`<p>${why}</p>`}`;
}

/** What it is good for; undefined for a pass that was used or is over, which its own detail says. */
function provesOf(
  { proves: { signIn, reset }, registration }: Entry,
  now: Date,
  locale: Locale,
): SafeHtml | undefined {
  const words = wordsIn(locale).methods.proves;
  const said = (sentence: string): SafeHtml => html`<p>${sentence}</p>`;
  if (!signIn && registration.suspendedAt !== undefined) return said(words.suspended);
  if (signIn && reset) return said(words.both);
  if (signIn) return said(words.signIn);
  if (reset) return said(words.reset);
  const pass = passSecret.safeParse(registration.secret).data;
  const isSpent = pass !== undefined && (pass.usedAt !== undefined || pass.endsAt <= now.getTime());
  return isSpent ? undefined : said(words.nothing);
}

/** What else is somebody's own, as far as it is there. */
function moreCard(locale: Locale): SafeHtml | undefined {
  const words = wordsIn(locale).more;
  const about: Readonly<Record<string, string>> = words;
  const links = namesOfPages(locale).flatMap(({ label, href, icon }) => {
    const detail = about[href];
    return detail === undefined ? [] : [{ label, detail, icon, to: { href } }];
  });
  return links.length === 0 ? undefined : card({ heading: words.heading, body: tiles(links) });
}
