/** Owns the few pages of the engine: sign out, signed out, and what went wrong. */
import type { FastifyRequest } from 'fastify';

import { errorText } from '../../errors/error-text.ts';
import type { ErrorCode } from '../../errors/errors.ts';
import { frameOf } from '../../http/answer.ts';
import { visitorOf } from '../../http/site.ts';
import type { Locale } from '../../i18n/locale.ts';
import type { Texts } from '../../i18n/translation.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { button, linkButton } from '../../ui/components/button.ts';
import { form } from '../../ui/components/form.ts';
import { cardPage } from '../../ui/layout.ts';
import { en } from './strings.en.ts';
import { nl } from './strings.nl.ts';

const texts: Texts<typeof en> = { en, nl };

/** Asks whether somebody wants to sign out: another site may have sent them here (attack ATK-65). */
export function signOutPage(
  request: FastifyRequest,
  options: {
    readonly locale: Locale;
    readonly action: string;
    /** The engine's own token against forged forms. */
    readonly xsrf: string;
    readonly application: string | undefined;
    readonly account: string | undefined;
  },
): SafeHtml {
  const frame = frameOf(request, { locale: options.locale });
  const words = texts[frame.locale].signOut;
  const { account, application } = options;
  const asked = application === undefined ? undefined : html`<p>${words.askedBy(application)}</p>`;
  return cardPage({
    ...frame,
    title: words.title,
    ...(account === undefined ? {} : { account: { name: account } }),
    body: html`${asked}<p>${words.means(frame.organisation.name)}</p>${form({
      action: options.action,
      csrf: undefined,
      hidden: { xsrf: options.xsrf, logout: 'yes' },
      body: html`<div class="actions">${button({ label: words.yes, kind: 'primary' })}${linkButton({
        // The address at the application is for whoever is signed out (RP-Initiated Logout §3).
        label: words.no,
        href: '/',
      })}</div>`,
    })}`,
  });
}

/** Says that it is done; with `back`, the way back to the application that asked. */
export function signedOutPage(
  request: FastifyRequest,
  options: {
    readonly locale?: Locale | undefined;
    readonly back?: { readonly application: string; readonly href: string } | undefined;
  } = {},
): SafeHtml {
  const { locale } = options;
  const frame = frameOf(request, locale === undefined ? {} : { locale });
  const words = texts[frame.locale].signedOut;
  const { back } = options;
  const way =
    back === undefined
      ? linkButton({ label: words.again, href: '/' })
      : linkButton({ label: words.back(back.application), href: back.href, kind: 'primary' });
  const next = back === undefined ? words.shared : words.opens(back.application);
  return cardPage({
    ...frame,
    title: words.title,
    body: html`<p>${words.means} ${next}</p><div class="actions">${way}</div>`,
  });
}

/** Says that an application's request cannot be answered; `details` is for who builds it. */
export function refusedPage(request: FastifyRequest, details: string): SafeHtml {
  const frame = frameOf(request);
  const { refused, reference } = texts[frame.locale];
  return cardPage({
    ...frame,
    title: refused.title,
    error: true,
    body: html`<p>${refused.happened} ${refused.now}</p><p class="hint">${details}</p><p class="hint">${reference}: <code>${visitorOf(request).requestId}</code></p>`,
  });
}

/** Says what went wrong in the catalogue's words. */
export function faultPage(request: FastifyRequest, code: ErrorCode): SafeHtml {
  const frame = frameOf(request);
  const text = errorText(code, frame.locale);
  return cardPage({
    ...frame,
    title: text.title,
    error: true,
    body: html`<p>${text.happened} ${text.now}</p><p class="hint">${
      texts[frame.locale].reference
    }: <code>${visitorOf(request).requestId}</code></p>`,
  });
}
