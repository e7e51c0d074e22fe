/** Owns the mails that tell a person what happened to their account: to every address we know of them. */
import type { User } from '../accounts/user.ts';
import type { MailMessage } from '../delivery/message.ts';
import { formatDateTime } from '../i18n/format.ts';
import type { Locale } from '../i18n/locale.ts';
import { html, render, type SafeHtml } from '../lib/html.ts';
import { en } from './strings.en.ts';
import { nl } from './strings.nl.ts';

/** The events that a person is told about. */
export type NoticeKind =
  | 'methodRegistered'
  | 'methodRemoved'
  | 'defaultMethodChanged'
  | 'tooManyWrong'
  | 'fraudReported'
  | 'passwordChanged'
  | 'passwordSetByAdmin'
  | 'blocked'
  | 'unblocked'
  | 'reRegistrationRequired'
  | 'signedOutByAdmin'
  | 'appPasswordsRemovedByAdmin';

export interface NoticeContext {
  readonly user: User;
  readonly organisation: string;
  readonly fallbackLocale: Locale;
  readonly at: Date;
  /** From where it was done; undefined where somebody in charge did it. */
  readonly address: string | undefined;
  /** A label of what was added, say; shown in the table. */
  readonly subject?: string;
}

/** One mail for each address of the person, complete as text and as HTML. */
export function notice(kind: NoticeKind, context: NoticeContext): readonly MailMessage[] {
  const { user, organisation, at, address } = context;
  const locale = user.preferredLanguage ?? context.fallbackLocale;
  const strings = locale === 'nl' ? nl : en;
  const words = strings[kind];
  const facts: readonly (readonly [string, string])[] = [
    [strings.account, user.userPrincipalName],
    ...(context.subject === undefined ? [] : [[strings.what, context.subject] as const]),
    [strings.when, formatDateTime(at, locale)],
    ...(address === undefined ? [] : [[strings.where, address] as const]),
  ];
  const text = [
    strings.greeting(user.displayName),
    words.body,
    facts.map(([name, value]) => `${name}: ${value}`).join('\n'),
    `${strings.notYou} ${words.notYou}`,
    organisation,
  ].join('\n\n');
  const subject = words.subject(organisation);
  const body = mailPage(
    locale,
    subject,
    html`<p style="${style.brand}">${organisation}</p>
<h1 style="${style.heading}">${subject}</h1>
<p style="${style.paragraph}">${strings.greeting(user.displayName)}</p>
<p style="${style.paragraph}">${words.body}</p>
<table style="${style.table}">${facts.map(
      ([name, value]) =>
        html`<tr><th align="left" style="${style.name}">${name}</th><td style="${style.value}">${value}</td></tr>`,
    )}</table>
<h2 style="${style.subheading}">${strings.notYou}</h2>
<p style="${style.paragraph}">${words.notYou}</p>`,
  );
  return [user.mail, user.otherMail]
    .filter((to): to is string => to !== undefined)
    .map((to) => ({
      kind: 'mail',
      to,
      language: locale,
      subject,
      text,
      html: render(body),
    }));
}

// Mail programs read nothing but attributes, and some of them not even all of those.
const style = {
  page: 'margin:0;padding:24px 12px;background:#f3f4f6;color:#1b1d21;font:16px/1.5 "Segoe UI",system-ui,Roboto,Arial,sans-serif',
  sheet: 'max-width:560px;margin:0 auto;padding:28px 24px;background:#ffffff;border-radius:8px',
  brand: 'margin:0 0 16px;font-size:14px;font-weight:600;color:#454a52',
  heading: 'margin:0 0 16px;font-size:20px;line-height:1.3;font-weight:600',
  subheading: 'margin:0 0 4px;font-size:16px;font-weight:600',
  paragraph: 'margin:0 0 16px',
  table: 'width:100%;margin:0 0 24px;border-collapse:collapse;border-top:1px solid #dfe2e7',
  name: 'padding:8px 16px 8px 0;border-bottom:1px solid #dfe2e7;font-weight:400;color:#454a52;vertical-align:top',
  value: 'padding:8px 0;border-bottom:1px solid #dfe2e7;vertical-align:top;word-break:break-word',
} as const;

/** One column, as wide as a phone or a little wider. */
function mailPage(locale: Locale, title: string, content: SafeHtml): SafeHtml {
  return html`<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head><body style="${style.page}">
<div style="${style.sheet}">
${content}
</div></body></html>`;
}
