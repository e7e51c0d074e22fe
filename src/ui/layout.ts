/**
 * Owns the two kinds of page. `cardPage`: one question in one card, for sign-in, registration and
 * reset. `portalPage`: navigation on the left and content beside it, for My Profile and admin.
 * Both are whole documents that load one stylesheet and one script and nothing else.
 */
import { localeNames, locales, type Locale } from '../i18n/locale.ts';
import { html, type SafeHtml } from '../lib/html.ts';
import { attributes, joined } from './attributes.ts';
import { button } from './components/button.ts';
import { form } from './components/form.ts';
import { icon, type IconName } from './icons.ts';
import { wordsIn } from './words.ts';

/** What every page of one request has in common: make it once, spread it into each page. */
export interface PageFrame {
  readonly locale: Locale;
  /** From `loadAssets`. */
  readonly assets: { readonly cssHref: string; readonly jsHref: string };
  /** What a page brings beside that: a bundle of `loadAssets` (the simulator, a security key). */
  readonly bundles?: readonly { readonly cssHref?: string; readonly jsHref?: string }[] | undefined;
  readonly organisation: { readonly name: string; readonly logoUrl?: string | undefined };
  /**
   * Path and query of this page, for the links that show it in another language by `?lang=`. Undefined
   * where the page is shown once, as the answer to a form: its address would show something else.
   */
  readonly languageSwitch: { readonly path: string } | undefined;
  /** At the foot of the page: where one gets help. */
  readonly help?: { readonly href: string; readonly label: string } | undefined;
  /** Forces light or dark: for the gallery. The person's own choice unless told. */
  readonly scheme?: 'light' | 'dark' | undefined;
}

interface PageOptions extends PageFrame {
  /** Different for every page; begins with what the page is for. The organisation is added. */
  readonly title: string;
  /** The one `h1`; the title unless told. */
  readonly heading?: string | undefined;
  readonly body: SafeHtml | readonly SafeHtml[];
  /** Something is wrong: the title begins with "Error:". */
  readonly error?: boolean | undefined;
  /** For waiting pages: without script the page asks again after this many seconds. */
  readonly autoRefreshSeconds?: number | undefined;
}

export interface CardPageOptions extends PageOptions {
  /** Who is signing in, above the heading, and the way out if it is somebody else. */
  readonly account?:
    | {
        readonly name: string;
        readonly notYouHref?: string | undefined;
        /** Where leaving the account changes something: a button that posts. */
        readonly notYou?: { readonly action: string; readonly csrf: string } | undefined;
      }
    | undefined;
  /** A page before this one in the same errand. */
  readonly back?: { readonly href: string; readonly label: string } | undefined;
  /** Between account and heading: `steps`. */
  readonly above?: SafeHtml | undefined;
  /** 640 px instead of 440: for the app password and the QR code. */
  readonly wide?: boolean | undefined;
}

/** A page with one card in the middle; on phones the card is the page. */
export function cardPage(options: CardPageOptions): SafeHtml {
  const words = wordsIn(options.locale);
  const { account, back } = options;
  const who =
    account === undefined
      ? undefined
      : html`<div class="account">${icon('person')}<span>${account.name}</span>${
          account.notYouHref === undefined
            ? undefined
            : html` <a href="${account.notYouHref}">${words.notYou}</a>`
        }${
          account.notYou === undefined
            ? undefined
            : form({
                ...account.notYou,
                inline: true,
                body: button({ label: words.notYou, kind: 'link' }),
              })
        }</div>`;
  return page(
    options,
    joined('card-page', options.wide === true && 'wide'),
    html`<div class="card"><header class="brand">${brandOfPage(options.organisation)}</header><main id="main" tabindex="-1">${who}${
      back === undefined ? undefined : backLink(back)
    }${options.above}${heading(options)}${options.body}</main></div>${footer(options)}`,
  );
}

// A sentence of four lines in the size of a title would shout.
const longHeading = 60;

function heading({ heading: text, title }: CardPageOptions): SafeHtml {
  const shown = text ?? title;
  return html`<h1${attributes({ class: shown.length > longHeading ? 'long' : undefined })}>${shown}</h1>`;
}

export interface NavigationItem {
  readonly label: string;
  readonly href: string;
  readonly icon?: IconName | undefined;
  /** This is the page, or the page belongs to it. */
  readonly current?: boolean | undefined;
}

export interface PortalPageOptions extends PageOptions {
  /** Where the organisation's name leads. */
  readonly homeHref: string;
  /** In groups; a group without a heading comes first. */
  readonly navigation: readonly {
    readonly heading?: string | undefined;
    readonly items: readonly NavigationItem[];
  }[];
  /** Undefined where nobody signs in: the simulator. */
  readonly account?:
    | {
        readonly name: string;
        readonly signOut: { readonly action: string; readonly csrf: string };
      }
    | undefined;
  readonly back?: { readonly href: string; readonly label: string } | undefined;
  /** One or two sentences below the heading. */
  readonly intro?: string | SafeHtml | undefined;
  /** Beside the heading: what one can do on this page. */
  readonly actions?: SafeHtml | readonly SafeHtml[] | undefined;
}

/** A page with navigation on the left; on phones it is a drawer behind "Menu" (no script needed). */
export function portalPage(options: PortalPageOptions): SafeHtml {
  const words = wordsIn(options.locale);
  const groups = options.navigation.map(
    (group) =>
      html`${
        group.heading === undefined ? undefined : html`<h2>${group.heading}</h2>`
      }<ul>${group.items.map((item) => html`<li>${navigationLink(item)}</li>`)}</ul>`,
  );
  const account =
    options.account === undefined
      ? undefined
      : html`<div class="bar-account"><span class="bar-name"><span class="hidden">${words.signedInAs} </span>${options.account.name}</span>${form(
          {
            ...options.account.signOut,
            inline: true,
            body: button({ label: words.signOut, kind: 'link', icon: 'sign-out' }),
          },
        )}</div>`;
  return page(
    options,
    'portal-page',
    html`<header class="bar"><button class="menu" type="button" popovertarget="navigation">${icon('menu')}<span>${words.menu}</span></button><a class="brand" href="${options.homeHref}">${brandOfPage(
      options.organisation,
    )}</a>${account}</header><div class="portal"><nav class="side" id="navigation" popover aria-label="${words.mainNavigation}"><button class="menu" type="button" popovertarget="navigation" popovertargetaction="hide">${icon('close')}<span>${words.close}</span></button>${groups}</nav><main id="main" tabindex="-1">${
      options.back === undefined ? undefined : backLink(options.back)
    }<div class="page-head"><div><h1>${options.heading ?? options.title}</h1>${
      options.intro === undefined ? undefined : html`<p class="intro">${options.intro}</p>`
    }</div>${
      options.actions === undefined
        ? undefined
        : html`<div class="page-actions">${options.actions}</div>`
    }</div>${options.body}</main></div>${footer(options)}`,
  );
}

function page(options: PageOptions, bodyClass: string | undefined, body: SafeHtml): SafeHtml {
  const words = wordsIn(options.locale);
  const title = `${options.title} – ${options.organisation.name}`;
  const { assets, bundles = [] } = options;
  const refresh =
    options.autoRefreshSeconds === undefined
      ? undefined
      : html`<noscript><meta http-equiv="refresh" content="${options.autoRefreshSeconds}"></noscript>`;
  const styles = [assets.cssHref, ...bundles.map((bundle) => bundle.cssHref)];
  const scripts = [assets.jsHref, ...bundles.map((bundle) => bundle.jsHref)];
  return html`<!doctype html>
<html${attributes({ lang: options.locale, 'data-scheme': options.scheme })}><head><meta charset="utf-8"><title>${
    options.error === true ? words.errorTitle(title) : title
  }</title><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="format-detection" content="telephone=no">${refresh}${present(
    styles,
  ).map((href) => html`<link rel="stylesheet" href="${href}">`)}${favicon}${present(scripts).map(
    (href) => html`<script type="module" src="${href}"></script>`,
  )}</head><body${attributes({ class: bodyClass })}><a class="skip" href="#main">${words.skipToContent}</a>${body}</body></html>
`;
}

// In the page itself, so that no browser asks for /favicon.ico. Needs `img-src data:`.
const favicon = html`<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20'%3E%3Crect width='20' height='20' rx='4' fill='%230b5394'/%3E%3Cpath d='M4.25 14.5h4V10h3.5V5.5h4' fill='none' stroke='%23fff' stroke-width='2'/%3E%3C/svg%3E">`;

// Two steps up: what stands where the organisation has no logo.
const mark = html`<svg class="mark" viewBox="0 0 20 20" width="24" height="24" aria-hidden="true"><rect width="20" height="20" rx="4"/><path d="M4.25 14.5h4V10h3.5V5.5h4"/></svg>`;

/** The organisation's logo and name, as on top of every page. */
export function brandOfPage({ name, logoUrl }: PageFrame['organisation']): SafeHtml {
  const logo =
    logoUrl === undefined ? mark : html`<img src="${logoUrl}" alt="" height="28" decoding="async">`;
  return html`${logo}<span>${name}</span>`;
}

function backLink(back: { readonly href: string; readonly label: string }): SafeHtml {
  return html`<p class="back"><a href="${back.href}">${icon('back')}<span>${back.label}</span></a></p>`;
}

function navigationLink(item: NavigationItem): SafeHtml {
  const pairs = attributes({
    href: item.href,
    'aria-current': item.current === true ? 'page' : undefined,
  });
  return html`<a${pairs}>${item.icon === undefined ? undefined : icon(item.icon)}<span>${item.label}</span></a>`;
}

function footer(options: PageFrame): SafeHtml {
  return html`<footer class="foot">${languages(options)}${
    options.help === undefined
      ? undefined
      : html`<a href="${options.help.href}">${options.help.label}</a>`
  }</footer>`;
}

function languages({ locale: own, languageSwitch }: PageFrame): SafeHtml | undefined {
  if (languageSwitch === undefined) return undefined;
  const others = locales
    .filter((locale) => locale !== own)
    .map(
      (locale) =>
        html`<a lang="${locale}" hreflang="${locale}" rel="nofollow" href="${inLanguage(
          languageSwitch.path,
          locale,
        )}">${localeNames[locale]}</a>`,
    );
  return html`<nav aria-label="${wordsIn(own).language}">${icon('globe')}${others}</nav>`;
}

// Only paths of ours: whatever the path says, the link stays on this site.
function inLanguage(path: string, locale: Locale): string {
  if (/^\/(?:[\w-]+\/)*[\w-]*$/u.test(path)) return `${path}?lang=${locale}`;
  // What leads nowhere is asked for as well, and answered with a page that says so.
  const url = URL.parse(path, 'http://here.invalid') ?? new URL('http://here.invalid');
  url.searchParams.set('lang', locale);
  return `${url.pathname.replace(/^\/{2,}/u, '/')}${url.search}`;
}

function present(hrefs: readonly (string | undefined)[]): readonly string[] {
  return hrefs.filter((href) => href !== undefined);
}
