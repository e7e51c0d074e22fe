/** Owns how approvals look: the list, the page that asks for one, the page that decides one. */
import type { Role, User } from '../../../accounts/user.ts';
import { formatDateTime } from '../../../i18n/format.ts';
import { isLocale, localeNames, type Locale } from '../../../i18n/locale.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { formatInternational } from '../../../lib/phone-number.ts';
import {
  approvedValues,
  standingOfApproval,
  type Approval,
  type ApprovalStanding,
  type ApprovedAct,
  type ApprovedValue,
  type ApprovedValues,
} from '../../../accounts/approval.ts';
import { actions, button, link, linkButton } from '../../../ui/components/button.ts';
import { card } from '../../../ui/components/card.ts';
import { field } from '../../../ui/components/field.ts';
import { form } from '../../../ui/components/form.ts';
import { badge, emptyState, facts, type Fact } from '../../../ui/components/list.ts';
import { errorSummary, notice } from '../../../ui/components/notice.ts';
import { table } from '../../../ui/components/table.ts';
import { timeAgo } from '../../../ui/components/time.ts';
import { personPath } from '../path.ts';
import { adminPage, type Admin } from '../portal.ts';
import { wordFor, wordsIn as portalWordsIn } from '../words.ts';
import { approvalPath, approvalsPath, askApprovalPath } from './path.ts';
import { wordsIn } from './words.ts';

/** An approval with the people in it. */
export interface KnownApproval {
  readonly approval: Approval;
  readonly asker: User | undefined;
  readonly target: User | undefined;
  readonly decider: User | undefined;
}

/** What the list may say of what was just done. */
export const doneKinds = [
  'asked',
  'asked-before',
  'agreed',
  'declined',
  'taken-back',
  'too-late',
] as const;
export type DoneKind = (typeof doneKinds)[number];

export interface ApprovalListView extends Admin {
  readonly approvals: readonly KnownApproval[];
  readonly isOn: boolean;
  readonly done: DoneKind | undefined;
  readonly now: Date;
}

/** Everything that waits, and what became of the rest. */
export function approvalsPage(view: ApprovalListView): SafeHtml {
  const { frame, approvals, isOn, done } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  return adminPage(view, 'approvals', {
    title: words.title,
    intro: words.intro,
    body: html`${done === undefined ? undefined : doneNotice(done, locale)}${
      isOn ? undefined : notice({ locale, kind: 'info', body: words.off })
    }${card({
      body:
        approvals.length === 0
          ? emptyState({ icon: 'shield', title: words.none, body: words.noneBody })
          : tableOf(view),
    })}`,
  });
}

function doneNotice(done: DoneKind, locale: Locale): SafeHtml {
  const words = wordsIn(locale);
  const told: Readonly<Record<DoneKind, string>> = {
    asked: words.asked,
    'asked-before': words.askedBefore,
    agreed: words.decided.agreed,
    declined: words.decided.declined,
    'taken-back': words.decided['taken-back'],
    'too-late': words.tooLate,
  };
  const isWarning = done === 'asked-before' || done === 'too-late';
  return notice({
    locale,
    kind: isWarning ? 'warning' : 'success',
    body: told[done],
    announce: true,
  });
}

function tableOf({ frame, approvals, now }: ApprovalListView): SafeHtml {
  const { locale } = frame;
  const { columns, title } = wordsIn(locale);
  return table({
    locale,
    caption: title,
    captionHidden: true,
    columns: [
      { label: columns.what },
      { label: columns.who },
      { label: columns.asked },
      { label: columns.when },
      { label: columns.standing },
    ],
    rows: approvals.map((known) => [
      link({ label: titleOf(known.approval, locale), href: approvalPath(known.approval.id) }),
      targetOf(known, locale),
      nameOf(known.asker, locale),
      timeAgo({ locale, at: known.approval.askedAt, now }),
      standingBadge(known.approval, now, locale),
    ]),
  });
}

/** What is asked for; of a role, which one. */
function titleOf({ act, role }: Pick<Approval, 'act' | 'role'>, locale: Locale): string {
  const title = wordsIn(locale).acts[act];
  return role === undefined ? title : `${title}: ${portalWordsIn(locale).roles[role]}`;
}

/** What exactly is asked, value by value. */
function valueFacts(values: ApprovedValues, locale: Locale): readonly Fact[] {
  const named = { ...portalWordsIn(locale).details.fields, ...wordsIn(locale).values };
  return approvedValues.flatMap((name) => {
    const value = values[name];
    return value === undefined
      ? []
      : [{ term: named[name], value: valueTold(name, value, locale) }];
  });
}

function valueTold(name: ApprovedValue, value: string, locale: Locale): string {
  const words = wordsIn(locale);
  if (value === '') return name === 'joins' || name === 'leaves' ? words.noGroups : words.cleared;
  switch (name) {
    case 'state':
      return wordFor(portalWordsIn(locale).states, value, value);
    case 'place':
      return wordFor(portalWordsIn(locale).details.slots, value, value);
    case 'tokenAct':
      return wordFor(words.tokenActs, value, value);
    case 'number':
    case 'mobilePhone':
    case 'businessPhone': {
      const [number = '', extension] = value.split(' x');
      return /^\+\d+$/.test(number) ? formatInternational(number, extension) : value;
    }
    case 'until': {
      const until = new Date(value);
      return Number.isNaN(until.getTime()) ? value : formatDateTime(until, locale);
    }
    case 'preferredLanguage':
      return isLocale(value) ? localeNames[value] : value;
    case 'enabled':
    case 'temporary':
    case 'once':
    case 'forgets':
      return wordFor(words.yesOrNo, value, value);
    default:
      return value;
  }
}

function standingBadge(approval: Approval, now: Date, locale: Locale): SafeHtml {
  const standing = standingOfApproval(approval, now);
  const tones = {
    open: 'warning',
    agreed: 'success',
    declined: 'error',
    takenBack: 'neutral',
    done: 'neutral',
    over: 'neutral',
  } as const;
  return badge(wordsIn(locale).standings[standing], tones[standing]);
}

function nameOf(user: User | undefined, locale: Locale): string | SafeHtml {
  return user === undefined
    ? wordsIn(locale).gone
    : link({ label: user.displayName, href: personPath(user.id) });
}

function targetOf({ approval, target }: KnownApproval, locale: Locale): string | SafeHtml {
  return approval.targetId === '' ? wordsIn(locale).everybody : nameOf(target, locale);
}

/** Two people may be called the same; whoever decides should not have to guess. */
function withUserName(told: string | SafeHtml, user: User | undefined): string | SafeHtml {
  return user === undefined ? told : html`${told} (${user.userPrincipalName})`;
}

/** What agreement is asked for: an act, of a role where it gives one, with just these values. */
export interface Asking {
  readonly act: ApprovedAct;
  readonly role: Role | undefined;
  readonly values: ApprovedValues;
}

export interface AskView extends Admin, Asking {
  readonly target: User | undefined;
  readonly isMissing: boolean;
}

/** Asks why, before a second administrator is asked. */
export function askPage(view: AskView): SafeHtml {
  const { frame, csrf, act, target, role, values, isMissing } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const asked = valueFacts(values, locale);
  const back = target === undefined ? approvalsPath : personPath(target.id);
  return adminPage(view, 'approvals', {
    title: words.ask.title,
    intro:
      target === undefined
        ? words.ask.introOfAll(titleOf({ act, role }, locale))
        : words.ask.intro(titleOf({ act, role }, locale), target.displayName),
    back: { href: back, label: target?.displayName ?? words.back },
    error: isMissing,
    body: html`${errorSummary({
      locale,
      errors: isMissing ? [{ field: 'reason', message: words.ask.missing }] : [],
    })}${card({
      body: html`${asked.length === 0 ? undefined : facts(asked)}${form({
        action: askApprovalPath,
        csrf,
        hidden: {
          act,
          person: target?.id ?? '',
          ...(role === undefined ? {} : { role }),
          values: JSON.stringify(values),
        },
        body: html`${field({
          locale,
          name: 'reason',
          label: words.ask.why,
          hint: words.ask.whyHint,
          error: isMissing ? words.ask.missing : undefined,
          autocomplete: 'off',
          maxlength: 200,
        })}${actions(
          button({ label: words.ask.confirm, kind: 'primary' }),
          linkButton({ label: words.ask.cancel, href: back }),
        )}`,
      })}`,
    })}`,
  });
}

export interface ApprovalView extends Admin {
  readonly known: KnownApproval;
  readonly now: Date;
  readonly mayDecide: boolean;
}

/** One approval, and the decision where it is open. */
export function approvalPage(view: ApprovalView): SafeHtml {
  const { frame, known, now } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const { approval, asker, target, decider } = known;
  const standing = standingOfApproval(approval, now);
  return adminPage(view, 'approvals', {
    title: titleOf(approval, locale),
    back: { href: approvalsPath, label: words.back },
    body: html`${card({
      body: html`${facts([
        { term: words.columns.standing, value: standingBadge(approval, now, locale) },
        { term: words.columns.who, value: withUserName(targetOf(known, locale), target) },
        ...valueFacts(approval.values, locale),
        {
          term: words.columns.asked,
          value: withUserName(nameOf(asker, locale), asker),
        },
        { term: words.one.reason, value: approval.reason },
        { term: words.columns.when, value: timeAgo({ locale, at: approval.askedAt, now }) },
        { term: words.one.until, value: formatDateTime(approval.expiresAt, locale) },
        ...(approval.decision === undefined
          ? []
          : [{ term: words.one.decidedBy, value: nameOf(decider, locale) }]),
      ])}`,
    })}${whatNext(view, standing)}`,
  });
}

/** What whoever looks can do about it. */
function whatNext(
  { frame, csrf, known, mayDecide, current }: ApprovalView,
  standing: ApprovalStanding,
): SafeHtml | undefined {
  const { locale } = frame;
  const { one } = wordsIn(locale);
  const { approval } = known;
  const isOwn = approval.askedBy === current.user.id;
  const decided = (...buttons: readonly SafeHtml[]): SafeHtml =>
    form({ action: approvalPath(approval.id), csrf, body: actions(...buttons) });
  if (standing === 'agreed') {
    return notice({ locale, kind: 'info', body: isOwn ? one.agreedOwn : one.agreedOther });
  }
  if (standing !== 'open') return undefined;
  if (mayDecide) {
    return html`${notice({ locale, kind: 'warning', body: one.warning })}${decided(
      button({ label: one.agree, kind: 'primary', name: 'decision', value: 'agree' }),
      button({ label: one.decline, name: 'decision', value: 'decline' }),
    )}`;
  }
  if (!isOwn) return notice({ locale, kind: 'info', body: one.notYours });
  return html`${notice({ locale, kind: 'info', body: one.own })}${decided(
    button({ label: one.takeBack, name: 'decision', value: 'take-back' }),
  )}`;
}
