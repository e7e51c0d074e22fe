/** Owns how the sign-ins of a person and their history are told: on their page, and each on its own. */
import type { ChainedEvent } from '../../../audit/audit-event.ts';
import type { SignInEvent } from '../../../audit/sign-in-event.ts';
import type { User } from '../../../accounts/user.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { actions, linkButton } from '../../../ui/components/button.ts';
import { card } from '../../../ui/components/card.ts';
import { badge } from '../../../ui/components/list.ts';
import { table } from '../../../ui/components/table.ts';
import { timeAgo } from '../../../ui/components/time.ts';
import {
  nameOfWay,
  reasonOfStep,
  seenOf,
  type Named,
} from '../../my-profile/recent-sign-ins/views.ts';
import { personPath } from '../path.ts';
import { adminPage, type Admin } from '../portal.ts';
import { wordFor, wordsIn } from '../words.ts';
import { detailsOf } from './event-details.ts';

/** What both lists are drawn with. */
interface Shown {
  readonly frame: Admin['frame'];
  readonly now: Date;
}

const tones = { success: 'success', interrupted: 'warning', failure: 'error' } as const;

/** Sign-ins with every step of them, and why it went as it did. */
export function signInTable(
  { frame, now }: Shown,
  events: readonly SignInEvent[],
  names: Named,
): SafeHtml {
  const { locale } = frame;
  const { person } = wordsIn(locale);
  const { columns } = person;
  if (events.length === 0) return html`<p class="hint">${person.signInsNone}</p>`;
  return table({
    locale,
    caption: person.signIns,
    captionHidden: true,
    columns: [
      { label: columns.when },
      { label: columns.application },
      { label: columns.result },
      { label: columns.steps },
      { label: columns.from },
    ],
    rows: events.map((event) => {
      const seen = seenOf(event, names, locale);
      return [
        timeAgo({ locale, at: event.at, now }),
        seen.application,
        html`<div>${badge(person.results[event.result], tones[event.result])}${
          event.result === 'success' ? undefined : html`<p class="hint">${seen.reason}</p>`
        }</div>`,
        html`<div>${event.steps.map(
          (step) =>
            html`<p>${nameOfWay(step.method, names, locale)}: ${
              step.result === 'success'
                ? person.stepResults.success
                : reasonOfStep(step, locale).toLowerCase()
            }</p>`,
        )}</div>`,
        html`<div><p>${seen.address}</p><p class="hint">${seen.browser}</p></div>`,
      ];
    }),
  });
}

/** What happened to the account: who did what, from where. */
export function historyTable(
  { frame, now }: Shown,
  user: User,
  events: readonly ChainedEvent[],
  nameOf: (actor: string) => string | undefined,
  names: Named,
): SafeHtml {
  const { locale } = frame;
  const { person, events: named } = wordsIn(locale);
  const columns = person.historyColumns;
  if (events.length === 0) return html`<p class="hint">${person.historyNone}</p>`;
  const known = {
    [user.id]: person.themselves,
    stranger: person.somebody,
    system: person.system,
    'command-line': person.commandLine,
    sample: person.sample,
    directory: person.directory,
  };
  return table({
    locale,
    caption: person.history,
    captionHidden: true,
    rowHeader: 1,
    columns: [
      { label: columns.when },
      { label: columns.what },
      { label: columns.who },
      { label: columns.details },
      { label: columns.from },
    ],
    rows: events.map((event) => [
      timeAgo({ locale, at: event.at, now }),
      // What is new to the log and has no words here yet is told by its own name.
      wordFor(named, event.kind, event.kind),
      isUnproven(event)
        ? person.somebody
        : wordFor(known, event.actor, nameOf(event.actor) ?? event.actor),
      detailsOf(event, names, locale).join(', '),
      event.address === '' ? undefined : event.address,
    ]),
  });
}

/** Whether it only came in somebody's name: a wrong answer says nothing of who gave it. */
export function isUnproven({ kind, actor, userId }: ChainedEvent): boolean {
  return actor === userId && unproven.includes(kind);
}

const unproven: readonly string[] = [
  'password-rejected',
  'password-not-evaluated',
  'password-unanswered',
  'answer-rejected',
  'answer-not-evaluated',
  'second-steps-paused',
  'reset-requested',
  'reset-stopped',
  'door-refused',
  'trusted-device-reused',
];

interface LogView extends Admin, Shown {
  readonly user: User;
  /** Where the older ones begin; undefined where there are none. */
  readonly older: number | undefined;
  /** Whether this is the page of the newest. */
  readonly isFirst: boolean;
}

/** Every sign-in, fifty at a time. */
export function signInsPage(
  view: LogView & { readonly events: readonly SignInEvent[]; readonly names: Named },
): SafeHtml {
  const { person } = wordsIn(view.frame.locale);
  return logPage(view, 'sign-ins', person.signIns, signInTable(view, view.events, view.names));
}

/** The whole history, fifty events at a time. */
export function historyPage(
  view: LogView & {
    readonly events: readonly ChainedEvent[];
    readonly nameOf: (actor: string) => string | undefined;
    readonly names: Named;
  },
): SafeHtml {
  const { person } = wordsIn(view.frame.locale);
  const { user, events, nameOf, names } = view;
  return logPage(view, 'history', person.history, historyTable(view, user, events, nameOf, names));
}

function logPage(view: LogView, name: string, title: string, body: SafeHtml): SafeHtml {
  const { user, older, isFirst, frame } = view;
  const { person } = wordsIn(frame.locale);
  const path = `${personPath(user.id)}/${name}`;
  const ways = [
    isFirst ? undefined : linkButton({ label: person.newest, href: path }),
    older === undefined
      ? undefined
      : linkButton({ label: person.older, href: `${path}?before=${older}` }),
  ].filter((each) => each !== undefined);
  return adminPage(view, 'users', {
    title: `${title}: ${user.displayName}`,
    back: { href: personPath(user.id), label: user.displayName },
    body: html`${card({ body })}${ways.length === 0 ? undefined : actions(...ways)}`,
  });
}
