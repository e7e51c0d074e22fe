/** Owns how the organisation's directory looks to those in charge, and how they are asked about it. */
import { mayAct } from '../../../accounts/administering.ts';
import type { UpstreamSettings } from '../../../accounts/upstream/settings.ts';
import type { User } from '../../../accounts/user.ts';
import type { LookedAtSync } from '../../../administration/directory/directory.ts';
import type { FinishedSync, KnownEntry } from '../../../administration/directory/sync-store.ts';
import { formatDateTime, formatNumber } from '../../../i18n/format.ts';
import type { Locale } from '../../../i18n/locale.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { actions, button, link, linkButton } from '../../../ui/components/button.ts';
import { card, prose } from '../../../ui/components/card.ts';
import { form } from '../../../ui/components/form.ts';
import { badge, emptyState, facts } from '../../../ui/components/list.ts';
import { notice } from '../../../ui/components/notice.ts';
import { progressBar } from '../../../ui/components/progress.ts';
import { table } from '../../../ui/components/table.ts';
import { timeAgo } from '../../../ui/components/time.ts';
import { awaitChange } from '../../../ui/components/waiting.ts';
import type { Named } from '../../my-profile/recent-sign-ins/views.ts';
import { nameOfActor } from '../logs/audit-pages.ts';
import { personPath } from '../path.ts';
import { adminPage, type Admin } from '../portal.ts';
import {
  confirmSyncPath,
  directoryEventsPath,
  directoryPath,
  directoryStatusPath,
  linkAccountPath,
  linkGroupPath,
  synchronisePath,
} from './path.ts';
import { wordsIn } from './words.ts';

/** So many entries that something is wrong with stand on a page. */
export const troublesOnPage = 50;

const docs = 'docs/connecting/directory.md';

/** What stands there while no directory is configured: how to connect one. */
export function emptyPage(admin: Admin): SafeHtml {
  const { locale } = admin.frame;
  const { title, intro, empty } = wordsIn(locale);
  const [account, settings, look, start] = empty.steps;
  const lines = [
    'TWEESTAP_UPSTREAM_URL=ldaps://directory.example.org',
    'TWEESTAP_UPSTREAM_BIND_DN=cn=tweestap,ou=services,dc=example,dc=org',
    'TWEESTAP_UPSTREAM_BIND_PASSWORD_FILE=/etc/tweestap/directory-password',
    'TWEESTAP_UPSTREAM_BASE_DN=ou=people,dc=example,dc=org',
  ];
  return adminPage(admin, 'directory', {
    title,
    intro,
    body: html`${card({
      body: emptyState({ icon: 'people', title: empty.title, body: empty.body }),
    })}${card({
      heading: empty.how,
      body: prose(
        html`<ol><li>${account}</li><li>${settings}<ul>${lines.map((line) => html`<li><code>${line}</code></li>`)}</ul></li><li>${look} <code>tweestap directory test</code>, <code>tweestap directory sync --dry-run</code></li><li>${start}</li></ol><p>${empty.docs} <code>${docs}</code>.</p>`,
      ),
    })}`,
  });
}

export interface DirectoryView extends Admin {
  /** Who asked. */
  readonly people: ReadonlyMap<string, User>;
  readonly names: Named;
  readonly looked: LookedAtSync;
  readonly settings: Pick<UpstreamSettings, 'urls' | 'kind' | 'baseDn'>;
  readonly troubled: readonly KnownEntry[];
  /** Whether these are the first of them. */
  readonly isFirst: boolean;
  /** Behind which the next page begins; undefined where there is none. */
  readonly more: KnownEntry | undefined;
  /** Who has these user names, by the canonical name. */
  readonly holders: ReadonlyMap<string, User>;
  readonly now: Date;
  readonly done: 'asked' | 'under-way' | 'group' | undefined;
}

/** The connection, the last synchronisation, and what needs somebody. */
export function directoryPage(view: DirectoryView): SafeHtml {
  const { frame, looked, done } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const isRunning = looked.isRunning || isDueNow(view);
  const sync = syncCard(view, isRunning);
  return adminPage(view, 'directory', {
    title: words.title,
    intro: words.intro,
    autoRefreshSeconds: isRunning ? 5 : undefined,
    body: html`${
      done === undefined
        ? undefined
        : notice({
            locale,
            kind: done === 'under-way' ? 'info' : 'success',
            body: {
              asked: words.sync.asked,
              'under-way': words.sync.underWay,
              group: words.groups.done,
            }[done],
            announce: true,
          })
    }${endNotice(view)}${
      isRunning
        ? awaitChange({
            locale,
            status: {
              url: directoryStatusPath,
              step: markOf(looked),
              events: directoryEventsPath,
            },
            body: sync,
          })
        : sync
    }${troublesCard(view)}${groupsCard(view)}${connectionCard(view)}`,
  });
}

/** Whether one was asked for, and no node took it yet. */
function isDueNow({ looked, now }: Pick<DirectoryView, 'looked' | 'now'>): boolean {
  const { state } = looked;
  return state?.asked !== undefined && state.dueAt <= now;
}

/** What a page that waits compares: it is drawn anew with each thousand that was read, and at the end. */
export function markOf({ state, isRunning }: LookedAtSync): string {
  const read = state?.current?.counts.read ?? 0;
  return `${isRunning ? 'running' : 'resting'}-${state?.run ?? 0}-${Math.floor(read / 1_000)}`;
}

/** How far it is, in words. */
export function progressOf({ state }: LookedAtSync, locale: Locale): string {
  const { sync } = wordsIn(locale);
  const read = formatNumber(state?.current?.counts.read ?? 0, locale);
  const before = state?.last?.counts.read ?? 0;
  return before === 0 ? sync.read(read) : sync.readOf(read, formatNumber(before, locale));
}

/** What somebody has to know of the last one. */
function endNotice({ frame, current, looked }: DirectoryView): SafeHtml | undefined {
  const { locale } = frame;
  const { held, failed } = wordsIn(locale);
  const end = looked.state?.last?.end;
  if (end === undefined || end.kind === 'done' || looked.isRunning) return undefined;
  if (end.kind === 'failed') {
    return notice({
      locale,
      kind: 'error',
      title: failed.title,
      body: html`<p>${failed.body} <code>${end.reason}</code></p>`,
    });
  }
  const [disabling, of] = [formatNumber(end.disabling, locale), formatNumber(end.of, locale)];
  const mayConfirm = mayAct(current.user.role, 'confirm-synchronisation');
  return notice({
    locale,
    kind: 'warning',
    title: held.title(disabling, of),
    body: html`<p>${held.body}</p>${
      mayConfirm ? actions(linkButton({ label: held.look, href: confirmSyncPath })) : undefined
    }`,
  });
}

function syncCard(view: DirectoryView, isRunning: boolean): SafeHtml {
  const { frame, csrf, current, looked } = view;
  const { locale } = frame;
  const { sync: words } = wordsIn(locale);
  const { state } = looked;
  const before = state?.last?.counts.read ?? 0;
  const read = state?.current?.counts.read ?? 0;
  const last = state?.last;
  const way = mayAct(current.user.role, 'synchronise')
    ? form({
        action: synchronisePath,
        csrf,
        body: html`<p class="hint">${words.nowHint}</p>${actions(
          button({ label: words.now, kind: 'primary', icon: 'refresh' }),
        )}`,
      })
    : html`<p class="hint">${words.isOff}</p>`;
  return card({
    heading: words.heading,
    body: html`${
      isRunning
        ? progressBar({
            label: words.running,
            value: before === 0 ? 0 : Math.min(read, before),
            max: before === 0 ? 1 : before,
            text: progressOf(looked, locale),
          })
        : way
    }${last === undefined ? html`<p>${words.never}</p>` : lastOne(view, last)}`,
  });
}

function lastOne(view: DirectoryView, last: FinishedSync): SafeHtml {
  const { frame, looked, now } = view;
  const { locale } = frame;
  const { sync: words } = wordsIn(locale);
  const { finishedAt, counts, by, end } = last;
  const tone = { done: 'success', held: 'warning', failed: 'error' } as const;
  const succeededAt = looked.state?.succeededAt;
  const kinds = ['added', 'linked', 'changed', 'enabled', 'disabled'] as const;
  const different = kinds.filter((kind) => counts[kind] > 0);
  return facts([
    { term: words.last, value: timeAgo({ locale, at: finishedAt, now }) },
    { term: words.outcome, value: badge(words.ends[end.kind], tone[end.kind]) },
    { term: words.by, value: by === undefined ? words.clock : nameOfActor(by, view, locale) },
    ...(succeededAt === undefined || end.kind !== 'failed'
      ? []
      : [{ term: words.whole, value: timeAgo({ locale, at: succeededAt, now }) }]),
    { term: words.counts.read, value: formatNumber(counts.read, locale) },
    ...(different.length === 0
      ? [{ term: words.changes, value: words.none }]
      : different.map((kind) => ({
          term: words.counts[kind],
          value: formatNumber(counts[kind], locale),
        }))),
  ]);
}

function connectionCard({ frame, looked, settings, now }: DirectoryView): SafeHtml {
  const { locale } = frame;
  const { facts: words } = wordsIn(locale);
  const { rules, state, accounts } = looked;
  const isClock = rules.minutes > 0;
  return card({
    heading: words.heading,
    body: facts([
      { term: words.server, value: settings.urls.join(', ') },
      { term: words.kind, value: words.kinds[settings.kind] },
      { term: words.base, value: settings.baseDn },
      { term: words.accounts, value: formatNumber(accounts, locale) },
      {
        term: words.every,
        value: isClock ? words.everyMinutes(formatNumber(rules.minutes, locale)) : words.onlyAsked,
      },
      ...(isClock
        ? [
            {
              term: words.next,
              value:
                state === undefined || state.dueAt <= now
                  ? words.nextNow
                  : formatDateTime(state.dueAt, locale),
            },
          ]
        : []),
      { term: words.links, value: rules.links ? words.linksByName : words.linksByHand },
    ]),
  });
}

function troublesCard(view: DirectoryView): SafeHtml | undefined {
  const { frame, current, looked, troubled, holders, more, isFirst } = view;
  const { locale } = frame;
  const { troubles: words } = wordsIn(locale);
  if (looked.state?.last === undefined) return undefined;
  const mayLink = mayAct(current.user.role, 'link-account');
  const way = ({ name, conflict }: KnownEntry): SafeHtml | string => {
    const holder = holders.get(name);
    const isLocal = conflict === 'local' || conflict === 'role';
    if (!isLocal || holder === undefined || !mayLink) return words.inDirectory;
    return linkButton({
      label: words.give,
      href: linkAccountPath(holder.id),
      about: name,
      compact: true,
    });
  };
  const named = ({ name }: KnownEntry): SafeHtml | string => {
    const holder = holders.get(name);
    return holder === undefined ? name : link({ label: name, href: personPath(holder.id) });
  };
  const what = ({ conflict, issues }: KnownEntry): SafeHtml =>
    html`<div>${[
      ...(conflict === undefined ? [] : [words.conflicts[conflict]]),
      ...issues.map((issue) => words.issues[issue]),
    ].map((each) => html`<div>${each}</div>`)}</div>`;
  return card({
    heading: words.heading,
    intro: troubled.length === 0 ? undefined : words.intro,
    body:
      troubled.length === 0
        ? html`<p>${words.none}</p>`
        : html`${table({
            locale,
            caption: words.heading,
            captionHidden: true,
            columns: [
              { label: words.columns.name },
              { label: words.columns.what },
              { label: words.columns.way },
            ],
            rows: troubled.map((entry) => [named(entry), what(entry), way(entry)]),
          })}${actions(
            more &&
              linkButton({
                label: words.more,
                href: `${directoryPath}?${new URLSearchParams({ name: more.name, entry: more.id }).toString()}`,
              }),
            !isFirst && linkButton({ label: words.first, href: directoryPath }),
          )}`,
  });
}

function groupsCard({ frame, current, looked }: DirectoryView): SafeHtml | undefined {
  const { locale } = frame;
  const { groups: words } = wordsIn(locale);
  const { groupConflicts } = looked;
  if (groupConflicts.length === 0) return undefined;
  const mayLink = mayAct(current.user.role, 'confirm-synchronisation');
  return card({
    heading: words.heading,
    intro: words.intro,
    body: table({
      locale,
      caption: words.heading,
      captionHidden: true,
      columns: [
        { label: words.columns.name },
        { label: words.columns.what },
        { label: words.columns.way },
      ],
      rows: groupConflicts.map(({ told, conflict = 'local' }) => [
        told,
        words.conflicts[conflict],
        conflict === 'local' && mayLink
          ? linkButton({
              label: words.give,
              href: `${linkGroupPath}?${new URLSearchParams({ group: told.trim() }).toString()}`,
              about: told,
              compact: true,
            })
          : wordsIn(locale).troubles.inDirectory,
      ]),
    }),
  });
}

/** Says what switching so many off means, and asks. */
export function confirmPage(
  view: Admin & { readonly held: { readonly disabling: number; readonly of: number } | undefined },
): SafeHtml {
  const { frame, csrf, held } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const back = { href: directoryPath, label: words.title };
  if (held === undefined) {
    return adminPage(view, 'directory', {
      title: words.held.confirm,
      back,
      body: card({ body: html`<p>${words.held.nothing}</p>` }),
    });
  }
  const disabling = formatNumber(held.disabling, locale);
  return adminPage(view, 'directory', {
    title: words.held.ask(disabling),
    back,
    body: card({
      body: html`<p>${words.held.title(disabling, formatNumber(held.of, locale))}. ${words.held.body}</p>${form(
        {
          action: confirmSyncPath,
          csrf,
          body: html`${prose(
            html`<ul>${words.held.will.map((each) => html`<li>${each}</li>`)}</ul><p>${words.held.who} <code>tweestap directory sync --dry-run</code></p>`,
          )}${actions(
            button({ label: words.held.confirm, kind: 'danger' }),
            linkButton({ label: words.account.cancel, href: directoryPath }),
          )}`,
        },
      )}`,
    }),
  });
}

/** Says what giving a group to the directory means, and asks. */
export function groupPage(
  view: Admin & { readonly group: string; readonly isInConflict: boolean },
): SafeHtml {
  const { frame, csrf, group, isInConflict } = view;
  const { locale } = frame;
  const { groups: words, title, account } = wordsIn(locale);
  return adminPage(view, 'directory', {
    title: isInConflict ? words.ask(group) : words.give,
    back: { href: directoryPath, label: title },
    body: card({
      body: isInConflict
        ? form({
            action: linkGroupPath,
            csrf,
            hidden: { group },
            body: html`${prose(html`<ul>${words.will.map((each) => html`<li>${each}</li>`)}</ul>`)}${actions(
              button({ label: words.confirm, kind: 'primary' }),
              linkButton({ label: account.cancel, href: directoryPath }),
            )}`,
          })
        : html`<p>${words.nothing}</p>`,
    }),
  });
}

/** Says what giving an account to the directory means, or taking it back, and asks. */
export function accountPage(
  view: Admin & { readonly user: User; readonly entry: KnownEntry | undefined },
): SafeHtml {
  const { frame, csrf, user, entry } = view;
  const { locale } = frame;
  const { account: words } = wordsIn(locale);
  const isOwned = user.upstream !== undefined;
  const { displayName: name } = user;
  const will = isOwned ? words.takeWill : words.giveWill;
  return adminPage(view, 'users', {
    title: isOwned ? words.takeTitle(name) : words.giveTitle(name),
    back: { href: personPath(user.id), label: name },
    body: card({
      body:
        isOwned || entry !== undefined
          ? form({
              action: linkAccountPath(user.id),
              csrf,
              body: html`${
                isOwned || entry === undefined
                  ? ''
                  : html`<input type="hidden" name="entry" value="${entry.id}">${facts([
                      { term: words.entry, value: entry.dn },
                    ])}`
              }${prose(html`<ul>${will.map((each) => html`<li>${each}</li>`)}</ul>`)}${actions(
                button({ label: isOwned ? words.take : words.give, kind: 'danger' }),
                linkButton({ label: words.cancel, href: personPath(user.id) }),
              )}`,
            })
          : html`<p>${words.nothing}</p>`,
    }),
  });
}
