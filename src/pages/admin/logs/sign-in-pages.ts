/** Owns how the sign-in log and one sign-in look. */
import type { ChainedEvent } from '../../../audit/audit-event.ts';
import { decidedBy, type SignInEvent } from '../../../audit/sign-in-event.ts';
import type { User } from '../../../accounts/user.ts';
import type { Application } from '../../../applications/application.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import {
  nameOfWay,
  reasonOfStep,
  seenOf,
  type Named,
} from '../../my-profile/recent-sign-ins/views.ts';
import { actions, button, link, linkButton } from '../../../ui/components/button.ts';
import { card, details } from '../../../ui/components/card.ts';
import { field, selectField, type SelectOption } from '../../../ui/components/field.ts';
import { fieldRow, form, hiddenField } from '../../../ui/components/form.ts';
import { badge, emptyState, facts } from '../../../ui/components/list.ts';
import { table } from '../../../ui/components/table.ts';
import { timeAgo } from '../../../ui/components/time.ts';
import { personPath } from '../path.ts';
import { adminPage, type Admin } from '../portal.ts';
import { wordsIn } from '../words.ts';
import { eventTable } from './audit-pages.ts';
import { dayFields, exactly, logBody, reasonOptions, withOther, type Fields } from './frame.ts';
import { followedUntil } from './following.ts';
import { auditLogPath, signInLogPath, signInPath, withFields } from './path.ts';
import { logWordsIn } from './words.ts';

/** What was asked for, as it stands in the address; empty where it was not. */
export interface SignInsAsked {
  readonly person: string;
  readonly application: string;
  readonly result?: SignInEvent['result'] | undefined;
  readonly reason: string;
  readonly method: string;
  readonly address: string;
  readonly from: string;
  readonly to: string;
  /** When somebody began to follow: milliseconds since 1970. */
  readonly follow?: number | undefined;
  readonly behind?: string | undefined;
}

export interface SignInsView extends Admin {
  readonly asked: SignInsAsked;
  readonly events: readonly SignInEvent[];
  /** Behind which the older ones begin; undefined where there are none. */
  readonly older: string | undefined;
  readonly newest: string;
  /** Whether the person that was asked for is nobody's name. */
  readonly isNobody: boolean;
  readonly people: ReadonlyMap<string, User>;
  readonly names: Named;
  readonly applications: readonly Pick<Application, 'clientId' | 'name'>[];
  readonly now: Date;
}

const results = ['success', 'interrupted', 'failure'] as const;
const tones = { success: 'success', interrupted: 'warning', failure: 'error' } as const;
/** The page of the log. */
export function signInLogPage(view: SignInsView): SafeHtml {
  const { frame, asked, events, older, newest } = view;
  const { signIns, nobody, filter } = logWordsIn(frame.locale);
  const { follow, behind, ...fields } = asked;
  const followed = behind === undefined ? followedUntil(follow, view.now) : undefined;
  const isNarrowed = Object.values(fields).some((value) => value !== undefined && value !== '');
  const none = emptyState({
    icon: 'history',
    title: signIns.none,
    action: isNarrowed ? linkButton({ label: filter.clear, href: signInLogPath }) : undefined,
  });
  const hint = view.isNobody ? html`<p class="hint">${nobody(asked.person.trim())}</p>` : undefined;
  return adminPage(view, 'signIns', {
    title: signIns.title,
    intro: signIns.intro,
    autoRefreshSeconds: followed === undefined ? undefined : 5,
    body: logBody({
      frame,
      path: signInLogPath,
      fields: { ...fields },
      follow: followed === undefined ? undefined : { began: follow, until: followed },
      now: view.now,
      isFirst: behind === undefined,
      older: older === undefined ? undefined : { behind: older },
      newest,
      count: events.length,
      form: filterForm(view, isNarrowed),
      list: html`${hint}${events.length === 0 ? none : tableOf(view)}`,
    }),
  });
}

function filterForm(view: SignInsView, isOpen: boolean): SafeHtml {
  const { frame, asked, names, applications } = view;
  const { locale } = frame;
  const words = logWordsIn(locale);
  const { filter } = words;
  const { person } = wordsIn(locale);
  const any: SelectOption = { value: '', label: filter.any };
  const select = (
    name: 'application' | 'result' | 'reason' | 'method',
    options: readonly SelectOption[],
  ): SafeHtml =>
    selectField({
      locale,
      name,
      label: filter[name],
      mayBeEmpty: true,
      value: asked[name] ?? '',
      // What came by a link and is in no list here is shown as it is.
      options: [any, ...withOther(options, asked[name] ?? '')],
    });
  const ways = ['password', ...names.methods.all.map(({ id }) => id), 'trusted-device'];
  return details({
    summary: filter.open,
    open: isOpen,
    body: form({
      action: signInLogPath,
      csrf: undefined,
      method: 'get',
      body: html`${field({
        locale,
        name: 'person',
        type: 'search',
        label: filter.person,
        hint: filter.personHint,
        mayBeEmpty: true,
        value: asked.person,
        maxlength: 113,
      })}${fieldRow(
        select(
          'result',
          results.map((value) => ({ value, label: person.results[value] })),
        ),
        select('reason', reasonOptions(locale)),
      )}${fieldRow(
        select(
          'method',
          ways.map((value) => ({ value, label: nameOfWay(value, names, locale) })),
        ),
        select('application', [
          { value: '-', label: filter.ours },
          ...applications.map(({ clientId, name }) => ({ value: clientId, label: name })),
        ]),
      )}${field({
        locale,
        name: 'address',
        type: 'search',
        label: filter.address,
        mayBeEmpty: true,
        width: 'medium',
        value: asked.address,
        maxlength: 64,
      })}${dayFields(frame, asked)}${
        asked.follow === undefined ? undefined : hiddenField('follow', String(asked.follow))
      }${actions(button({ label: filter.show, kind: 'primary', icon: 'search' }))}`,
    }),
  });
}

function tableOf({ frame, events, people, names, now }: SignInsView): SafeHtml {
  const { locale } = frame;
  const { signIns } = logWordsIn(locale);
  const { person } = wordsIn(locale);
  const { columns } = signIns;
  return table({
    locale,
    caption: signIns.title,
    captionHidden: true,
    columns: [
      { label: columns.when },
      { label: columns.who },
      { label: columns.application },
      { label: columns.result },
      { label: columns.how },
      { label: columns.from },
    ],
    rows: events.map((event) => {
      const seen = seenOf(event, names, locale);
      const decided = decidedBy(event);
      return [
        html`<a href="${signInPath(event.id)}">${timeAgo({ locale, at: event.at, now })}</a>`,
        whoOf(event, people),
        seen.application,
        html`<div>${badge(person.results[event.result], tones[event.result])}${
          event.result === 'success' ? undefined : html`<p class="hint">${seen.reason}</p>`
        }</div>`,
        decided === '' ? undefined : nameOfWay(decided, names, locale),
        html`<div><p>${seen.address}</p><p class="hint">${seen.browser}</p></div>`,
      ];
    }),
  });
}

function whoOf(event: SignInEvent, people: ReadonlyMap<string, User>): SafeHtml {
  const user = people.get(event.userId ?? '');
  if (user === undefined) return html`<span class="breakable">${event.userPrincipalName}</span>`;
  return html`<div class="breakable"><p>${user.displayName}</p><p class="hint">${user.userPrincipalName}</p></div>`;
}

export interface SignInView extends Admin {
  readonly event: SignInEvent;
  /** What the audit log says of it, oldest first. */
  readonly events: readonly ChainedEvent[];
  readonly people: ReadonlyMap<string, User>;
  readonly names: Named;
  readonly now: Date;
}

/** One sign-in: who, where, with every step in words. */
export function signInPage(view: SignInView): SafeHtml {
  const { event, events, people, names, frame } = view;
  const { locale } = frame;
  const words = logWordsIn(locale);
  const { columns } = words.signIns;
  const { person } = wordsIn(locale);
  const seen = seenOf(event, names, locale);
  const user = people.get(event.userId ?? '');
  const name = user?.displayName ?? event.userPrincipalName;
  const fields: Fields = { attempt: event.id };
  return adminPage(view, 'signIns', {
    title: words.signIns.oneTitle(name),
    back: { href: signInLogPath, label: words.signIns.title },
    body: [
      card({
        body: facts([
          { term: columns.when, value: exactly(event.at, locale) },
          {
            term: columns.who,
            value:
              user === undefined
                ? html`${event.userPrincipalName} <span class="hint">${words.signIns.unknownName}</span>`
                : html`${link({ label: user.displayName, href: personPath(user.id) })} <span class="hint">${user.userPrincipalName}</span>`,
          },
          { term: columns.application, value: seen.application },
          {
            term: columns.result,
            value: html`${badge(person.results[event.result], tones[event.result])}${
              event.result === 'success' ? undefined : html` ${seen.reason}`
            }`,
          },
          {
            term: columns.from,
            value: link({
              label: event.address,
              href: withFields(signInLogPath, { address: event.address }),
            }),
          },
          {
            term: columns.browser,
            value: html`${seen.browser}<p class="hint long-text">${event.userAgent}</p>`,
          },
          { term: columns.attempt, value: html`<code>${event.id}</code>` },
        ]),
      }),
      card({
        heading: words.signIns.steps,
        body:
          event.steps.length === 0
            ? html`<p>${words.signIns.noSteps}</p>`
            : table({
                locale,
                caption: words.signIns.steps,
                captionHidden: true,
                columns: [
                  { label: columns.step },
                  { label: columns.result },
                  { label: columns.reason },
                  { label: columns.when },
                ],
                rows: event.steps.map((step) => [
                  nameOfWay(step.method, names, locale),
                  badge(person.stepResults[step.result], tones[step.result]),
                  step.result === 'success' ? undefined : reasonOfStep(step, locale),
                  exactly(step.at, locale),
                ]),
              }),
      }),
      ...(events.length === 0
        ? []
        : [
            card({
              heading: words.signIns.events,
              body: eventTable(view, events),
              action: linkButton({
                label: words.signIns.inAuditLog,
                href: withFields(auditLogPath, fields),
                compact: true,
              }),
            }),
          ]),
    ],
  });
}
