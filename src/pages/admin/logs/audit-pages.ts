/** Owns how the audit log, one event and the check of the chain look. */
import type { ChainedEvent } from '../../../audit/audit-event.ts';
import type { ChainCheck } from '../../../audit/audit-store.ts';
import type { User } from '../../../accounts/user.ts';
import { formatNumber } from '../../../i18n/format.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import type { Named } from '../../my-profile/recent-sign-ins/views.ts';
import { actions, button, link, linkButton } from '../../../ui/components/button.ts';
import { card, details } from '../../../ui/components/card.ts';
import { field, selectField, type SelectOption } from '../../../ui/components/field.ts';
import { fieldRow, form, hiddenField } from '../../../ui/components/form.ts';
import { emptyState, facts } from '../../../ui/components/list.ts';
import { notice } from '../../../ui/components/notice.ts';
import { table } from '../../../ui/components/table.ts';
import { timeAgo } from '../../../ui/components/time.ts';
import { personPath } from '../path.ts';
import { detailsOf } from '../person/event-details.ts';
import { settingsTold } from '../settings/told.ts';
import { isUnproven } from '../person/log-pages.ts';
import { adminPage, type Admin } from '../portal.ts';
import { wordFor, wordsIn } from '../words.ts';
import { dayFields, exactly, logBody, reasonOptions, withOther } from './frame.ts';
import { followedUntil } from './following.ts';
import { auditEventPath, auditLogPath, signInPath, withFields } from './path.ts';
import { logWordsIn } from './words.ts';

/** What was asked for, as it stands in the address; empty where it was not. */
export interface AuditAsked {
  readonly kind: string;
  readonly person: string;
  readonly actor: string;
  readonly attempt: string;
  readonly reason: string;
  readonly from: string;
  readonly to: string;
  /** When somebody began to follow: milliseconds since 1970. */
  readonly follow?: number | undefined;
  readonly before?: number | undefined;
}

interface Told extends Admin {
  /** Whose accounts they are, and who acted. */
  readonly people: ReadonlyMap<string, User>;
  readonly names: Named;
  readonly now: Date;
}

export interface AuditView extends Told {
  readonly asked: AuditAsked;
  readonly events: readonly ChainedEvent[];
  readonly older: number | undefined;
}

/** The page of the log. */
export function auditLogPage(view: AuditView): SafeHtml {
  const { frame, asked, events, older } = view;
  const { audit, filter } = logWordsIn(frame.locale);
  const { follow, before, ...fields } = asked;
  const followed = before === undefined ? followedUntil(follow, view.now) : undefined;
  const isNarrowed = Object.values(fields).some((value) => value !== '');
  const none = emptyState({
    icon: 'history',
    title: audit.none,
    action: isNarrowed ? linkButton({ label: filter.clear, href: auditLogPath }) : undefined,
  });
  return adminPage(view, 'audit', {
    title: audit.title,
    intro: audit.intro,
    autoRefreshSeconds: followed === undefined ? undefined : 5,
    actions: linkButton({ label: audit.verify, href: `${auditLogPath}/verify`, icon: 'shield' }),
    body: logBody({
      frame,
      path: auditLogPath,
      fields: { ...fields },
      follow: followed === undefined ? undefined : { began: follow, until: followed },
      now: view.now,
      isFirst: before === undefined,
      older: older === undefined ? undefined : { before: String(older) },
      newest: String(events[0]?.sequence ?? ''),
      count: events.length,
      form: filterForm(view, isNarrowed),
      list: events.length === 0 ? none : eventTable(view, events),
    }),
  });
}

function filterForm({ frame, asked }: AuditView, isOpen: boolean): SafeHtml {
  const { locale } = frame;
  const { filter } = logWordsIn(locale);
  const named = Object.entries(wordsIn(locale).events)
    .map(([value, label]) => ({ value, label }))
    .toSorted((one, other) => one.label.localeCompare(other.label, locale));
  const select = (name: 'kind' | 'reason', options: readonly SelectOption[]): SafeHtml =>
    selectField({
      locale,
      name,
      label: filter[name],
      mayBeEmpty: true,
      value: asked[name],
      options: [{ value: '', label: filter.any }, ...withOther(options, asked[name])],
    });
  const person = (name: 'person' | 'actor', hint: string): SafeHtml =>
    field({
      locale,
      name,
      type: 'search',
      label: filter[name],
      hint,
      mayBeEmpty: true,
      value: asked[name],
      maxlength: 113,
    });
  return details({
    summary: filter.open,
    open: isOpen,
    body: form({
      action: auditLogPath,
      csrf: undefined,
      method: 'get',
      body: html`${fieldRow(
        select('kind', named),
        select('reason', reasonOptions(locale)),
      )}${fieldRow(person('person', filter.personHint), person('actor', filter.actorHint))}${dayFields(
        frame,
        asked,
      )}${
        asked.attempt === ''
          ? undefined
          : field({
              locale,
              name: 'attempt',
              type: 'search',
              label: filter.attempt,
              mayBeEmpty: true,
              value: asked.attempt,
              maxlength: 64,
            })
      }${asked.follow === undefined ? undefined : hiddenField('follow', String(asked.follow))}${actions(
        button({ label: filter.show, kind: 'primary', icon: 'search' }),
      )}`,
    }),
  });
}

/** Events, each with what it says in words. */
export function eventTable(
  { frame, people, names, now }: Told,
  events: readonly ChainedEvent[],
): SafeHtml {
  const { locale } = frame;
  const { audit } = logWordsIn(locale);
  const { columns } = audit;
  return table({
    locale,
    caption: audit.title,
    captionHidden: true,
    rowHeader: 1,
    columns: [
      { label: columns.when },
      { label: columns.what },
      { label: columns.whom },
      { label: columns.who },
      { label: columns.details },
      { label: columns.from },
    ],
    rows: events.map((event) => [
      timeAgo({ locale, at: event.at, now }),
      link({ label: nameOfEvent(event, locale), href: auditEventPath(event.sequence) }),
      breakable(whoseOf(event, people, locale)),
      breakable(actorOf(event, { people, names }, locale)),
      breakable(detailsOf(event, names, locale).join(', ')),
      event.address === '' ? undefined : event.address,
    ]),
  });
}

/** A name or a detail of any length, which may not push the columns beside it out of sight. */
function breakable(text: string | undefined): SafeHtml | undefined {
  return text === undefined || text === ''
    ? undefined
    : html`<span class="breakable">${text}</span>`;
}

/** What an event is called; what is new to the log and has no words yet, by its own name. */
function nameOfEvent({ kind }: ChainedEvent, locale: Admin['frame']['locale']): string {
  return wordFor(wordsIn(locale).events, kind, kind);
}

function whoseOf(
  { userId }: ChainedEvent,
  people: ReadonlyMap<string, User>,
  locale: Admin['frame']['locale'],
): string | undefined {
  if (userId === undefined) return undefined;
  return people.get(userId)?.displayName ?? wordsIn(locale).person.somebody;
}

function actorOf(
  event: ChainedEvent,
  { people, names }: Pick<Told, 'people' | 'names'>,
  locale: Admin['frame']['locale'],
): string {
  const { actor, userId } = event;
  const { person } = wordsIn(locale);
  if (isUnproven(event)) return person.somebody;
  if (actor === userId) return person.themselves;
  return nameOfActor(actor, { people, names }, locale);
}

/** What somebody or something is called that did something, by the name that the audit log knows it by. */
export function nameOfActor(
  actor: string,
  { people, names }: Pick<Told, 'people' | 'names'>,
  locale: Admin['frame']['locale'],
): string {
  const { person } = wordsIn(locale);
  const known = {
    stranger: person.somebody,
    system: person.system,
    'command-line': person.commandLine,
    sample: person.sample,
    directory: person.directory,
  };
  // Programs act under their id (`administration/acting-admin.ts`).
  const [, program] = /^application:(.+)$/.exec(actor) ?? [];
  if (program !== undefined) return names.applicationOf(program);
  return people.get(actor)?.displayName ?? wordFor(known, actor, actor);
}

export interface AuditEventView extends Told {
  readonly event: ChainedEvent;
  /** Whether the attempt that it belongs to stands in the sign-in log. */
  readonly hasSignIn: boolean;
}

/** One event with everything that is kept of it. */
export function auditEventPage(view: AuditEventView): SafeHtml {
  const { event, people, names, frame, hasSignIn } = view;
  const { locale } = frame;
  const { audit } = logWordsIn(locale);
  const { columns } = audit;
  const title = audit.oneTitle(nameOfEvent(event, locale));
  const user = people.get(event.userId ?? '');
  const changes = changesOf(event);
  // Where it tells of every change, a table of its own says more than their names.
  const { paths } = event.details;
  const isWhole = typeof paths === 'string' && changes.length === paths.split(' ').length;
  const told = isWhole ? [] : detailsOf(event, names, locale);
  const { attemptId } = event;
  return adminPage(view, 'audit', {
    title,
    back: { href: auditLogPath, label: audit.title },
    body: [
      card({
        body: facts([
          { term: columns.when, value: exactly(event.at, locale) },
          {
            term: columns.whom,
            value:
              event.userId === undefined
                ? audit.organisation
                : user === undefined
                  ? wordsIn(locale).person.somebody
                  : html`${link({ label: user.displayName, href: personPath(user.id) })} <span class="hint">${user.userPrincipalName}</span>`,
          },
          { term: columns.who, value: actorOf(event, { people, names }, locale) },
          ...(told.length === 0 ? [] : [{ term: columns.details, value: told.join(', ') }]),
          ...(event.address === undefined || event.address === ''
            ? []
            : [{ term: columns.from, value: event.address }]),
          ...(attemptId === undefined
            ? []
            : [
                {
                  term: columns.attempt,
                  value: html`<code>${attemptId}</code> ${
                    hasSignIn
                      ? link({ label: audit.signIn, href: signInPath(attemptId) })
                      : undefined
                  }`,
                },
              ]),
          { term: columns.kind, value: html`<code>${event.kind}</code>` },
          { term: columns.number, value: formatNumber(event.sequence, locale) },
          {
            term: columns.hash,
            value: html`<code class="long-text">${event.hash.toString('hex')}</code>`,
          },
          {
            term: columns.previousHash,
            value: html`<code class="long-text">${event.previousHash.toString('hex')}</code>`,
          },
        ]),
      }),
      ...changesCard(changes, locale),
    ],
  });
}

/** What a changed policy was and became, where the event says so. */
function changesCard(
  changes: readonly Change[],
  locale: Admin['frame']['locale'],
): readonly SafeHtml[] {
  const { audit } = logWordsIn(locale);
  if (changes.length === 0) return [];
  const { path, from, to } = audit.changeColumns;
  const shown = (value: unknown): SafeHtml =>
    value === undefined || value === null
      ? html`${audit.notSet}`
      : html`<code class="long-text">${JSON.stringify(value)}</code>`;
  return [
    card({
      heading: audit.changes,
      body: table({
        locale,
        caption: audit.changes,
        captionHidden: true,
        columns: [{ label: path }, { label: from }, { label: to }],
        rows: changes.map((change) => [
          html`${settingsTold([change.path], locale)}<div class="hint"><code class="long-text">${change.path}</code></div>`,
          shown(change.from),
          shown(change.to),
        ]),
      }),
    }),
  ];
}

interface Change {
  readonly path: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

/** What the policy was and became; of very much the log keeps the names alone. */
function changesOf({ kind, details: { changes } }: ChainedEvent): readonly Change[] {
  if (kind !== 'policy-changed' || typeof changes !== 'string') return [];
  try {
    const parsed: unknown = JSON.parse(changes);
    return Array.isArray(parsed) ? parsed.filter(isChange) : [];
  } catch {
    return [];
  }
}

function isChange(value: unknown): value is { readonly path: string } {
  return (
    typeof value === 'object' && value !== null && typeof Reflect.get(value, 'path') === 'string'
  );
}

export interface VerifyView extends Admin {
  /** Undefined before it has begun. */
  readonly check: ChainCheck | undefined;
}

/** The check of the chain: how far it is, and what came of it. */
export function verifyPage(view: VerifyView): SafeHtml {
  const { frame, check } = view;
  const { locale } = frame;
  const { verify, audit } = logWordsIn(locale);
  const path = `${auditLogPath}/verify`;
  const number = (value: number): string => formatNumber(value, locale);
  return adminPage(view, 'audit', {
    title: verify.title,
    intro: verify.intro,
    back: { href: auditLogPath, label: audit.title },
    body: card({ body: bodyOf() }),
  });

  function bodyOf(): SafeHtml {
    const begin = (label: string): SafeHtml =>
      actions(linkButton({ label, href: withFields(path, { after: 0 }), kind: 'primary' }));
    if (check === undefined) return begin(verify.start);
    const { checked, brokenAt, isDone, length } = check;
    if (brokenAt !== undefined) {
      return html`${notice({
        locale,
        kind: 'error',
        announce: true,
        title: verify.broken,
        body: verify.brokenBody(number(brokenAt)),
      })}${actions(
        checked > 0 && linkButton({ label: verify.toEvent, href: auditEventPath(checked) }),
        linkButton({ label: verify.again, href: withFields(path, { after: 0 }) }),
      )}`;
    }
    if (isDone) {
      return html`${notice({
        locale,
        kind: 'success',
        announce: true,
        title: verify.whole,
        body: length === 0 ? verify.empty : verify.wholeBody(number(length)),
      })}${actions(linkButton({ label: verify.again, href: withFields(path, { after: 0 }) }))}`;
    }
    return html`<p role="status">${verify.busy(number(checked), number(length))}</p><progress class="progress" aria-label="${verify.bar}" max="${length}" value="${checked}"></progress>${actions(
      linkButton({
        label: verify.goOn,
        href: withFields(path, { after: checked }),
        kind: 'primary',
      }),
      linkButton({ label: verify.stop, href: path }),
    )}`;
  }
}
