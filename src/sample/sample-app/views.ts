/** Owns the pages of the sample application. Nothing here is shared with Tweestap's own pages. */
import { formatDateTime } from '../../i18n/format.ts';
import { localeNames, locales, type Locale } from '../../i18n/locale.ts';
import type { Texts } from '../../i18n/translation.ts';
import { html, type HtmlValue, type SafeHtml } from '../../lib/html.ts';
import type { Visitor } from './visitors.ts';
import { en } from './strings.en.ts';
import { nl } from './strings.nl.ts';

const texts: Texts<typeof en> = { en, nl };

/** Why somebody is not signed in after all. */
export type Trouble = Exclude<keyof (typeof en)['notYet'], 'title' | 'retry'>;

/** The start page of somebody who is not signed in; `notice` says why, where that is news. */
export function welcomePage(
  locale: Locale,
  notice: 'signed-out' | 'signed-out-elsewhere' | undefined,
): SafeHtml {
  const words = texts[locale];
  const told =
    notice === undefined
      ? undefined
      : html`<p class="note" role="status"><strong>${
          notice === 'signed-out' ? words.signedOutHere : words.signedOutElsewhere
        }</strong>${notice === 'signed-out' ? undefined : ` ${words.signedOutElsewhereMore}`}</p>`;
  return page(locale, {
    title: words.welcome.title,
    body: html`${told}<p>${words.welcome.body}</p><div class="actions"><a class="button" href="/sign-in">${words.welcome.signIn}</a></div>`,
  });
}

/** The page of somebody who is signed in: what the application was told. */
export function homePage(locale: Locale, visitor: Visitor): SafeHtml {
  const words = texts[locale];
  const { claims } = visitor;
  const used = claims.amr.map((code) => (isKnownMethod(code) ? words.used[code] : code));
  const raw = {
    sub: claims.sub,
    acr: claims.acr,
    amr: claims.amr.join(' '),
    auth_time: claims.authTime,
  };
  return page(locale, {
    title: words.home.title(claims.name),
    isLive: true,
    body: html`<p>${words.home.body}</p><section class="card">${list([
      [words.home.account, claims.account],
      [words.home.email, claims.email ?? '–'],
      [
        words.home.groups,
        claims.groups.length === 0 ? words.home.noGroups : claims.groups.join(', '),
      ],
      [words.home.proved, html`<strong>${words.strength[strengthOf(claims.acr)]}</strong>`],
      [words.home.methods, used.join(', ')],
      [words.home.at, moment(new Date(claims.authTime * 1000), locale)],
    ])}<details><summary>${words.home.raw}</summary>${list(
      Object.entries(raw).map(([name, value]) => [name, html`<code>${value}</code>`]),
    )}</details></section><div class="actions"><a class="button" href="/step-up">${words.home.stepUp}</a><form method="post" action="/sign-out"><button class="button plain" type="submit">${words.home.signOut}</button></form></div><p class="hint">${words.home.stepUpHint}</p>`,
  });
}

/** Says that signing in did not come to an end. */
export function troublePage(locale: Locale, trouble: Trouble): SafeHtml {
  const words = texts[locale].notYet;
  return page(locale, {
    title: words.title,
    body: html`<p>${words[trouble]}</p><div class="actions"><a class="button" href="/sign-in">${words.retry}</a></div>`,
  });
}

export function notFoundPage(locale: Locale): SafeHtml {
  const words = texts[locale];
  return page(locale, {
    title: words.notFound,
    body: html`<div class="actions"><a class="button" href="/">${words.back}</a></div>`,
  });
}

function page(
  locale: Locale,
  options: { readonly title: string; readonly body: SafeHtml; readonly isLive?: boolean },
): SafeHtml {
  const words = texts[locale];
  const others = locales
    .filter((each) => each !== locale)
    .map(
      (each) =>
        html`<a lang="${each}" hreflang="${each}" href="/?lang=${each}">${localeNames[each]}</a>`,
    );
  const live =
    options.isLive === true ? html`<script type="module" src="/live.js"></script>` : undefined;
  return html`<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><title>${options.title} – ${words.name}</title><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/style.css"><link rel="icon" href="data:,">${live}</head><body><header><div><strong>${words.name}</strong><p>${words.tagline}</p></div></header><main><h1>${options.title}</h1>${options.body}</main><footer><nav aria-label="${words.language}">${others}</nav></footer></body></html>
`;
}

function list(rows: readonly (readonly [string, HtmlValue])[]): SafeHtml {
  return html`<dl>${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

function moment(at: Date, locale: Locale): SafeHtml {
  const shown = formatDateTime(at, locale, { style: 'long' });
  return html`<time datetime="${at.toISOString()}">${shown}</time>`;
}

function strengthOf(acr: string): keyof (typeof en)['strength'] {
  if (acr === 'https://refeds.org/profile/sfa') return 'password';
  if (acr === 'https://refeds.org/profile/mfa') return 'two-steps';
  return acr === 'phr' ? 'key' : 'unknown';
}

function isKnownMethod(code: string): code is keyof (typeof en)['used'] {
  return Object.hasOwn(en.used, code);
}
