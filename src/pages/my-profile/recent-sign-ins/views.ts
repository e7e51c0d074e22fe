/** Owns how Recent sign-ins looks, and the words for each of them. */
import type { SignInEvent, SignInStep } from '../../../audit/sign-in-event.ts';
import type { Locale } from '../../../i18n/locale.ts';
import { html, joinHtml, type SafeHtml } from '../../../lib/html.ts';
import type { Methods } from '../../../methods/method.ts';
import { isHarmless, type SignInPage } from '../../../own-account/own-sign-ins.ts';
import { deviceName } from '../../../signin/device-name.ts';
import { reusedDevice, trustedDeviceStep } from '../../../signin/trusting.ts';
import { actions, button, link, linkButton } from '../../../ui/components/button.ts';
import { card, details } from '../../../ui/components/card.ts';
import { field, selectField } from '../../../ui/components/field.ts';
import { form } from '../../../ui/components/form.ts';
import { badge, emptyState, facts } from '../../../ui/components/list.ts';
import { table } from '../../../ui/components/table.ts';
import { timeAgo } from '../../../ui/components/time.ts';
import { helpPath } from '../../../ui/help.ts';
import { cardPage, type PageFrame } from '../../../ui/layout.ts';
import { changePasswordPath } from '../change-password/path.ts';
import { ownPage, type Own } from '../portal.ts';
import { recentSignInsPath } from './path.ts';
import { wordsIn } from './words.ts';

/** What things are called that an event names by their ids. */
export interface Named {
  readonly methods: Methods;
  readonly applicationOf: (clientId: string) => string;
}

/** An event in the words of its reader. */
export interface Seen {
  readonly application: string;
  readonly how: string;
  readonly reason: string;
  readonly browser: string;
  readonly address: string;
}

/** Reads an event for people. */
export function seenOf(event: SignInEvent, names: Named, locale: Locale): Seen {
  const words = wordsIn(locale);
  const proved = event.steps.filter(({ result }) => result === 'success');
  const ways = proved.map(({ method }) => nameOfWay(method, names, locale));
  return {
    application:
      event.applicationId === undefined ? words.ours : names.applicationOf(event.applicationId),
    how: [...new Set(ways)].join(', '),
    reason: reasonOf(event, locale),
    browser: deviceName(event.userAgent, locale),
    address: event.address,
  };
}

/** What a step of a sign-in was done with. */
export function nameOfWay(method: string, { methods }: Named, locale: Locale): string {
  const { ways } = wordsIn(locale);
  // Icons are the same everywhere, so they name what no registration is left to name.
  const isNoMethod = method === 'password' || method === trustedDeviceStep;
  const name = isNoMethod ? method : methods.get(method)?.icon;
  return name !== undefined && isKeyOf(ways, name) ? ways[name] : ways.other;
}

/** Why one step went as it did, in a few words. */
export function reasonOfStep({ reason, result }: SignInStep, locale: Locale): string {
  const { rejections } = wordsIn(locale);
  return isKeyOf(rejections, reason) ? rejections[reason] : reasonOf({ result, reason }, locale);
}

function reasonOf(
  { result, reason }: Pick<SignInEvent, 'result' | 'reason'>,
  locale: Locale,
): string {
  const { reasons, rejections, blocked } = wordsIn(locale);
  if (result === 'success') return reasons.ok;
  if (isKeyOf(rejections, reason)) return reasons.verification(rejections[reason]);
  if (isKeyOf(blocked, reason)) return blocked[reason];
  if (reason === 'wrong-password') return reasons.wrongPassword;
  if (reason === 'directory-unavailable') return reasons.directory;
  if (reason === reusedDevice) return reasons.copiedDevice;
  if (result === 'failure') return reasons.other;
  if (reason === 'register') return reasons.setUp;
  return reason === 'change-password' ? reasons.newPassword : reasons.unfinished;
}

function isKeyOf<all extends object>(all: all, key: PropertyKey): key is keyof all {
  return Object.hasOwn(all, key);
}

/** Whether every word of a search is in it somewhere. */
export function narrowed(seen: Seen, search: string): boolean {
  const text = Object.values(seen).join(' ').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

interface Asked {
  readonly result?: SignInEvent['result'] | undefined;
  readonly search: string;
  readonly before?: number | undefined;
}

export interface ListView extends Own {
  readonly names: Named;
  readonly page: SignInPage;
  readonly asked: Asked;
  readonly now: Date;
}

/** A page of them, with what narrows them down. */
export function listPage(view: ListView): SafeHtml {
  const { page, asked, frame } = view;
  const words = wordsIn(frame.locale);
  const older = page.older;
  const ways = [
    asked.before === undefined
      ? undefined
      : linkButton({ label: words.newest, href: hrefOf({ ...asked, before: undefined }) }),
    older === undefined
      ? undefined
      : linkButton({ label: words.older, href: hrefOf({ ...asked, before: older.getTime() }) }),
  ].filter((each) => each !== undefined);
  return ownPage(view, 'recentSignIns', {
    title: words.title,
    intro: words.intro,
    body: html`${filterForm(view)}${card({
      body:
        page.events.length === 0
          ? emptyState({ icon: 'history', title: words.none, body: words.noneBody })
          : tableOf(view),
    })}${ways.length === 0 ? undefined : actions(...ways)}`,
  });
}

function filterForm({ frame, asked }: ListView): SafeHtml {
  const { locale } = frame;
  const { search, filter, results } = wordsIn(locale);
  return details({
    summary: filter.open,
    open: asked.result !== undefined || asked.search !== '',
    body: form({
      action: recentSignInsPath,
      csrf: undefined,
      method: 'get',
      body: html`${selectField({
        locale,
        name: 'result',
        label: filter.label,
        mayBeEmpty: true,
        width: 'medium',
        value: asked.result ?? '',
        options: [
          { value: '', label: filter.all },
          ...(['success', 'interrupted', 'failure'] as const).map((value) => ({
            value,
            label: results[value],
          })),
        ],
      })}${field({
        locale,
        name: 'search',
        type: 'search',
        label: search.label,
        hint: search.hint,
        mayBeEmpty: true,
        value: asked.search,
        maxlength: 100,
      })}${actions(button({ label: filter.show, icon: 'search' }))}`,
    }),
  });
}

const tones = { success: 'success', interrupted: 'warning', failure: 'error' } as const;

function tableOf({ page, names, now, frame }: ListView): SafeHtml {
  const { locale } = frame;
  const words = wordsIn(locale);
  const { columns } = words;
  return table({
    locale,
    caption: words.title,
    captionHidden: true,
    columns: [
      { label: columns.when },
      { label: columns.application },
      { label: columns.result },
      { label: columns.how },
      { label: columns.from },
      { label: columns.act, labelHidden: true, align: 'end' },
    ],
    rows: page.events.map((event) => {
      const seen = seenOf(event, names, locale);
      return [
        timeAgo({ locale, at: event.at, now }),
        seen.application,
        resultOf(event, seen, locale),
        seen.how,
        html`<div><p>${seen.address}</p><p class="hint">${seen.browser}</p></div>`,
        linkButton({
          label: words.notMe,
          about: seen.application,
          href: `${recentSignInsPath}/${event.id}/not-me`,
          compact: true,
        }),
      ];
    }),
  });
}

function resultOf({ result }: SignInEvent, { reason }: Seen, locale: Locale): SafeHtml {
  const { results } = wordsIn(locale);
  const told = badge(results[result], tones[result]);
  return result === 'success' ? told : html`<div>${told}<p class="hint">${reason}</p></div>`;
}

function hrefOf({ result, search, before }: Asked): string {
  const typed = new URLSearchParams({
    ...(result === undefined ? {} : { result }),
    ...(search === '' ? {} : { search }),
    ...(before === undefined ? {} : { before: String(before) }),
  }).toString();
  return typed === '' ? recentSignInsPath : `${recentSignInsPath}?${typed}`;
}

export interface DenyView extends Own {
  readonly event: SignInEvent;
  readonly names: Named;
  readonly now: Date;
}

/** Says what will happen when it was not them, and asks; or that there is nothing to fear. */
export function denyPage(view: DenyView): SafeHtml {
  const { event, frame, csrf } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const { deny } = words;
  const back = { href: recentSignInsPath, label: deny.back };
  if (isHarmless(event)) {
    return ownPage(view, 'recentSignIns', {
      title: deny.harmlessTitle,
      back,
      body: [
        factsCard(view),
        card({
          body: html`<p>${deny.harmless}</p>${actions(
            linkButton({ label: deny.change, href: changePasswordPath, kind: 'primary' }),
          )}`,
        }),
      ],
    });
  }
  return ownPage(view, 'recentSignIns', {
    title: deny.title,
    back,
    body: [
      factsCard(view),
      card({
        body: form({
          action: `${recentSignInsPath}/${event.id}/not-me`,
          csrf,
          body: html`<p>${deny.inside}</p><div class="prose"><ul>${deny.will.map((will) => html`<li>${will}</li>`)}</ul></div>${actions(
            button({ label: deny.confirm, kind: 'danger' }),
            linkButton({ label: deny.cancel, href: recentSignInsPath }),
          )}`,
        }),
      }),
    ],
  });
}

function factsCard({ event, names, now, frame }: DenyView): SafeHtml {
  const { locale } = frame;
  const { columns } = wordsIn(locale);
  const seen = seenOf(event, names, locale);
  return card({
    body: facts([
      { term: columns.when, value: timeAgo({ locale, at: event.at, now }) },
      { term: columns.application, value: seen.application },
      { term: columns.result, value: resultOf(event, seen, locale) },
      ...(seen.how === '' ? [] : [{ term: columns.how, value: seen.how }]),
      {
        term: columns.from,
        value: joinHtml([html`${seen.address}`, html`${seen.browser}`], ' · '),
      },
    ]),
  });
}

/** After everything was ended; nobody is signed in here any more. */
export function deniedPage(frame: PageFrame): SafeHtml {
  const words = wordsIn(frame.locale).denied;
  return cardPage({
    ...frame,
    title: words.title,
    body: html`<p>${words.body}</p>${actions(
      linkButton({ label: words.signIn, href: '/sign-in', kind: 'primary' }),
    )}<p>${link({ label: words.help, href: helpPath('not-me') })}</p>`,
  });
}
