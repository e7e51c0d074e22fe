/** Owns the mails that tell a person what happened to their account: to every address we know of them. */
import type { User } from '../accounts/user.ts';
import type { MailMessage } from '../delivery/message.ts';
import { formatDateTime } from '../i18n/format.ts';
import type { Locale } from '../i18n/locale.ts';
import { html, render } from '../lib/html.ts';
import { en } from './strings.en.ts';
import { nl } from './strings.nl.ts';

/** The events that a person is told about. */
export type NoticeKind = 'methodRegistered' | 'tooManyWrong' | 'fraudReported' | 'passwordChanged';

export interface NoticeContext {
  readonly user: User;
  readonly organisation: string;
  readonly fallbackLocale: Locale;
  readonly at: Date;
  readonly address: string;
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
    [strings.where, address],
  ];
  const text = [
    strings.greeting(user.displayName),
    words.body,
    facts.map(([name, value]) => `${name}: ${value}`).join('\n'),
    `${strings.notYou}: ${words.notYou}`,
    organisation,
  ].join('\n\n');
  const body = html`<!doctype html>
<html lang="${locale}"><body>
<p>${strings.greeting(user.displayName)}</p>
<p>${words.body}</p>
<table>${facts.map(([name, value]) => html`<tr><th align="left">${name}</th><td>${value}</td></tr>`)}</table>
<p><strong>${strings.notYou}</strong><br>${words.notYou}</p>
<p>${organisation}</p>
</body></html>`;
  return [user.mail, user.otherMail]
    .filter((to): to is string => to !== undefined)
    .map((to) => ({
      kind: 'mail',
      to,
      language: locale,
      subject: words.subject(organisation),
      text,
      html: render(body),
    }));
}
