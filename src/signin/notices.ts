/** Owns the mails that tell a person what happened to their account: to every address we know of them. */
import type { User } from '../accounts/user.ts';
import type { MailMessage, TextMessage } from '../delivery/message.ts';
import { formatDate, formatDateTime } from '../i18n/format.ts';
import type { Locale } from '../i18n/locale.ts';
import { html, render } from '../lib/html.ts';
import { mailFacts, mailHeading, mailLink, mailPage, mailParagraph } from '../ui/mail.ts';
import { deviceName } from './device-name.ts';
import { en } from './strings.en.ts';
import { nl } from './strings.nl.ts';

/** The events that a person is told about. */
export const noticeKinds = [
  'methodRegistered',
  'methodChanged',
  'methodRemoved',
  'stoodIn',
  'defaultMethodChanged',
  'tooManyWrong',
  'fraudReported',
  'resetReported',
  'passwordChanged',
  'passwordReset',
  'passwordUnlocked',
  'adminPasswordReset',
  'signInDenied',
  'appPasswordMade',
  'appPasswordRemoved',
  'appPasswordsRemoved',
  'passwordSetByAdmin',
  'blocked',
  'unblocked',
  'secondStepEnabled',
  'secondStepEnforced',
  'secondStepDisabled',
  'accountSwitchedOff',
  'accountSwitchedOn',
  'accountRemoved',
  'reRegistrationRequired',
  'signedOutByAdmin',
  'appPasswordsRemovedByAdmin',
  'methodRemovedByAdmin',
  'contactChangedByAdmin',
  'contactChangedByDirectory',
  'linkedToDirectory',
  'directoryHeld',
  'roleChangedByAdmin',
  'groupsChangedByAdmin',
  'tokenAssigned',
  'approvalAsked',
  'approvalGiven',
  'approvalDeclined',
  'passIssued',
  'passUsed',
  'deviceTrusted',
  'trustedDeviceRemoved',
  'trustedDevicesRemoved',
  'trustedDeviceReused',
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

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
  return mailsTo(user, {
    locale,
    organisation,
    subject: words.subject(organisation),
    facts,
    body: words.body,
    end: { heading: strings.notYou, body: words.notYou },
  });
}

/** What those in charge are told when somebody says that a sign-in was not theirs. */
export interface DeniedSignIn {
  readonly admin: User;
  /** Whose account it is. */
  readonly user: User;
  readonly organisation: string;
  readonly fallbackLocale: Locale;
  /** The sign-in itself: when, from where, with which browser, to what. */
  readonly at: Date;
  readonly address: string;
  readonly userAgent: string;
  readonly application: string;
}

/** One mail for each address of somebody in charge. */
export function deniedSignIn(denied: DeniedSignIn): readonly MailMessage[] {
  const { admin, user, organisation, at, address, application } = denied;
  const locale = admin.preferredLanguage ?? denied.fallbackLocale;
  const strings = locale === 'nl' ? nl : en;
  const words = strings.deniedSignIn;
  return mailsTo(admin, {
    locale,
    organisation,
    subject: words.subject(user.displayName, organisation),
    facts: [
      [strings.account, user.userPrincipalName],
      [strings.what, application],
      [strings.when, formatDateTime(at, locale)],
      [strings.where, address],
      [words.browser, deviceName(denied.userAgent, locale)],
    ],
    body: words.body,
    end: { heading: words.now, body: words.look },
  });
}

/** What those in charge are told when somebody reports fraud, in a call or in the app (row A-054). */
export interface FraudAlert {
  /** Somebody in charge, or an address that the organisation named. */
  readonly to: User | string;
  /** Whose account it is. */
  readonly user: User;
  readonly organisation: string;
  readonly fallbackLocale: Locale;
  readonly at: Date;
  /** From where the sign-in came that was reported. */
  readonly address: string;
  /** Undefined where policy blocks nobody. */
  readonly blockedUntil: Date | undefined;
  /** The person's page in the administration. */
  readonly link: string;
}

/** One mail for the address, or for each address of somebody in charge. */
export function fraudAlert(alert: FraudAlert): readonly MailMessage[] {
  const { to, user, organisation, at, address, blockedUntil, link } = alert;
  const locale =
    (typeof to === 'string' ? undefined : to.preferredLanguage) ?? alert.fallbackLocale;
  const strings = locale === 'nl' ? nl : en;
  const words = strings.fraudAlert;
  const mail: Mail = {
    locale,
    organisation,
    subject: words.subject(user.displayName, organisation),
    facts: [
      [strings.account, user.userPrincipalName],
      [strings.when, formatDateTime(at, locale)],
      [strings.where, address],
      ...(blockedUntil === undefined
        ? []
        : [[words.blockedUntil, formatDateTime(blockedUntil, locale)] as const]),
    ],
    body: blockedUntil === undefined ? words.noAction : words.blocked,
    link: { before: words.link, href: link },
    end: { heading: words.now, body: words.look },
  };
  return typeof to === 'string'
    ? [mailTo(to, { displayName: organisation }, mail)]
    : mailsTo(to, mail);
}

/** What those in charge are told when a block of numbers closed itself (attack ATK-40). */
export interface PrefixWasClosed {
  readonly admin: User;
  readonly organisation: string;
  readonly fallbackLocale: Locale;
  readonly at: Date;
  readonly prefix: string;
  readonly sent: number;
  readonly answered: number;
}

/** One mail for each address of somebody in charge. */
export function prefixWasClosed(closed: PrefixWasClosed): readonly MailMessage[] {
  const { admin, organisation, at, prefix, sent, answered } = closed;
  const locale = admin.preferredLanguage ?? closed.fallbackLocale;
  const strings = locale === 'nl' ? nl : en;
  const words = strings.prefixClosed;
  return mailsTo(admin, {
    locale,
    organisation,
    subject: words.subject(prefix, organisation),
    facts: [
      [words.block, `${prefix}…`],
      [words.seen, words.answered(answered, sent)],
      [strings.when, formatDateTime(at, locale)],
    ],
    body: words.body,
    end: { heading: words.now, body: words.look(prefix) },
  });
}

/** What somebody is asked to do before it is asked of them at a sign-in (row S-021). */
export interface Announcement {
  readonly user: User;
  readonly organisation: string;
  readonly fallbackLocale: Locale;
  /** Where it is done. */
  readonly link: string;
  /** From when it is required; undefined: from the next sign-in on. */
  readonly from: Date | undefined;
  /** Until when it can be done with the password alone; undefined where that has no end yet. */
  readonly until: Date | undefined;
  /** Whether they were told before. */
  readonly isReminder: boolean;
}

/** One mail for each address of the person. */
export function announcement(announced: Announcement): readonly MailMessage[] {
  const { user, organisation, link, from, until, isReminder } = announced;
  const locale = user.preferredLanguage ?? announced.fallbackLocale;
  const strings = locale === 'nl' ? nl : en;
  const words = strings.announcement;
  return mailsTo(user, {
    locale,
    organisation,
    subject: isReminder ? words.reminder(organisation) : words.subject(organisation),
    facts: [
      [strings.account, user.userPrincipalName],
      [words.from, from === undefined ? words.atNextSignIn : formatDate(from, locale)],
      ...(until === undefined ? [] : [[words.until, formatDate(until, locale)] as const]),
    ],
    body: words.body,
    link: { before: words.link, href: link },
    end: { heading: words.doubt, body: words.doubtBody },
  });
}

/** A mail that somebody in charge sends, to see whether mail arrives. */
export function testMail(context: {
  readonly to: string;
  /** Whose address it is; undefined: somebody without an account. */
  readonly user?: User | undefined;
  readonly organisation: string;
  readonly locale: Locale;
  readonly at: Date;
}): MailMessage {
  const { to, user, organisation, locale, at } = context;
  const strings = locale === 'nl' ? nl : en;
  const words = strings.test;
  return mailTo(to, user ?? { displayName: to }, {
    locale,
    organisation,
    subject: words.subject(organisation),
    facts: [
      ...(user === undefined ? [] : ([[strings.account, user.userPrincipalName]] as const)),
      [strings.when, formatDateTime(at, locale)],
    ],
    body: words.body,
    end: { heading: words.look, body: words.lookBody },
  });
}

interface Mail {
  readonly locale: Locale;
  readonly organisation: string;
  readonly subject: string;
  readonly facts: readonly (readonly [string, string])[];
  readonly body: string;
  readonly link?: { readonly before: string; readonly href: string };
  /** What to do: at the end, under its own heading. */
  readonly end: { readonly heading: string; readonly body: string };
}

function mailsTo(user: User, mail: Mail): readonly MailMessage[] {
  return [user.mail, user.otherMail]
    .filter((to): to is string => to !== undefined)
    .map((to) => mailTo(to, user, mail));
}

function mailTo(to: string, user: Pick<User, 'displayName'>, mail: Mail): MailMessage {
  const { locale, organisation, subject, facts, end } = mail;
  const strings = locale === 'nl' ? nl : en;
  const text = [
    strings.greeting(user.displayName),
    mail.body,
    facts.map(([name, value]) => `${name}: ${value}`).join('\n'),
    ...(mail.link === undefined ? [] : [`${mail.link.before} ${mail.link.href}`]),
    `${end.heading} ${end.body}`,
    organisation,
  ].join('\n\n');
  const page = mailPage({
    locale,
    organisation,
    title: subject,
    body: html`${mailParagraph(strings.greeting(user.displayName))}${mailParagraph(
      mail.body,
    )}${mailFacts(facts)}${
      mail.link === undefined
        ? undefined
        : html`${mailParagraph(mail.link.before)}${mailLink(mail.link.href)}`
    }${mailHeading(end.heading)}${mailParagraph(end.body)}`,
  });
  return { kind: 'mail', to, language: locale, subject, text, html: render(page) };
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
