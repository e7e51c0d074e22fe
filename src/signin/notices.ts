/** Owns the mails that tell a person what happened to their account: to every address we know of them. */
import type { User } from '../accounts/user.ts';
import type { MailMessage, TextMessage } from '../delivery/message.ts';
import { formatDateTime } from '../i18n/format.ts';
import type { Locale } from '../i18n/locale.ts';
import { html, render } from '../lib/html.ts';
import { mailFacts, mailHeading, mailPage, mailParagraph } from '../ui/mail.ts';
import { en } from './strings.en.ts';
import { nl } from './strings.nl.ts';

/** The events that a person is told about. */
export type NoticeKind =
  | 'methodRegistered'
  | 'methodChanged'
  | 'methodRemoved'
  | 'defaultMethodChanged'
  | 'tooManyWrong'
  | 'fraudReported'
  | 'passwordChanged'
  | 'appPasswordMade'
  | 'appPasswordRemoved'
  | 'appPasswordsRemoved'
  | 'passwordSetByAdmin'
  | 'blocked'
  | 'unblocked'
  | 'reRegistrationRequired'
  | 'signedOutByAdmin'
  | 'appPasswordsRemovedByAdmin'
  | 'deviceTrusted'
  | 'trustedDeviceRemoved'
  | 'trustedDevicesRemoved'
  | 'trustedDeviceReused';

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
  const body = mailPage({
    locale,
    organisation,
    title: subject,
    body: html`${mailParagraph(strings.greeting(user.displayName))}${mailParagraph(
      words.body,
    )}${mailFacts(facts)}${mailHeading(strings.notYou)}${mailParagraph(words.notYou)}`,
  });
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

/** The text to a phone whose number was replaced; it does not say by which. */
export function phoneChanged(context: {
  /** E.164. */
  readonly to: string;
  readonly organisation: string;
  readonly locale: Locale;
}): TextMessage {
  const { to, organisation, locale } = context;
  const words = locale === 'nl' ? nl : en;
  return { kind: 'text', to, language: locale, body: words.phoneChanged(organisation) };
}
