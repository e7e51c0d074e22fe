/** Owns how a page is answered: shown, or sent on to the next one. */
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Locale } from '../i18n/locale.ts';
import { html, render, type SafeHtml } from '../lib/html.ts';
import { linkButton } from '../ui/components/button.ts';
import { helpPath } from '../ui/help.ts';
import { cardPage, type PageFrame } from '../ui/layout.ts';
import { ownPath } from './own-path.ts';
import { siteOf, visitorOf } from './site.ts';
import { wordsIn } from './words.ts';

/**
 * What every page of this request has in common: spread it into `cardPage` or `portalPage`. Give the
 * language where the person is known (`localeFor`), and the bundles that only this page needs.
 */
export function frameOf(
  request: FastifyRequest,
  options: { readonly locale?: Locale; readonly bundles?: readonly string[] } = {},
): PageFrame {
  const site = siteOf(request);
  const { organisation, locale: visitorsLocale } = visitorOf(request);
  const locale = options.locale ?? visitorsLocale;
  const assets = site.assets();
  return {
    locale,
    assets,
    bundles: (options.bundles ?? []).flatMap((name) => assets.bundles[name] ?? []),
    organisation: { name: organisation.name, logoUrl: organisation.logoUrl },
    languageSwitch: { path: hasPage(request) ? request.url : '/' },
    help: { href: helpPath(), label: wordsIn(locale).help },
  };
}

/** Whether its address can be opened by itself: a form that was refused is shown anew in another language. */
function hasPage({ method, server, routeOptions: { url } }: FastifyRequest): boolean {
  return method === 'GET' || (url !== undefined && server.hasRoute({ method: 'GET', url }));
}

/** Shows a page. 200 unless told. */
export function sendPage(
  reply: FastifyReply,
  page: SafeHtml,
  options: { readonly status?: number } = {},
): FastifyReply {
  return reply
    .code(options.status ?? 200)
    .header('content-type', 'text/html; charset=utf-8')
    .send(render(page));
}

/**
 * Sends the browser on to a page of ours with GET (303), as every form does when it is done. Throws
 * where the address would leave our origin.
 */
export function seeOther(reply: FastifyReply, path: string): FastifyReply {
  return reply.redirect(ownPathOrThrow(reply.request, path), 303);
}

/**
 * Shows a page that goes on by itself to `path`, where the way leads to another site after that (an
 * application waits at the end). Browsers hold a form to `form-action` through every redirect that
 * follows it, so a chain that leaves our origin must not begin with a form: redirect the form to an
 * address that answers with this page, and the way starts anew from there.
 */
export function sendGoOnPage(
  reply: FastifyReply,
  options: { readonly path: string; readonly locale?: Locale; readonly application?: string },
): FastifyReply {
  const { request } = reply;
  const frame = frameOf(request, options.locale === undefined ? {} : { locale: options.locale });
  const words = wordsIn(frame.locale);
  const path = ownPathOrThrow(request, options.path);
  reply.header('refresh', `0; url=${path}`);
  return sendPage(
    reply,
    cardPage({
      ...frame,
      languageSwitch: { path: '/' },
      title: words.goingOn,
      body: html`<p>${
        options.application === undefined ? words.signedIn : words.signedInFor(options.application)
      }</p><div class="actions">${linkButton({ label: words.goOn, href: path, kind: 'primary' })}</div>`,
    }),
  );
}

function ownPathOrThrow(request: FastifyRequest, path: string): string {
  const own = ownPath(siteOf(request).origin, path);
  if (own === undefined) throw new Error('a redirect would have left our origin');
  return own;
}
