/** Owns how long work looks: all of it in a list, and one job with how far it is and what came of it. */
import { mayAct } from '../../../accounts/administering.ts';
import { actOf, type Job, type JobItem } from '../../../administration/jobs/job.ts';
import type { LookedAtJob } from '../../../administration/jobs/jobs.ts';
import { formatDateTime, formatNumber } from '../../../i18n/format.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { actions, button, link, linkButton } from '../../../ui/components/button.ts';
import { card } from '../../../ui/components/card.ts';
import { form } from '../../../ui/components/form.ts';
import { badge, emptyState } from '../../../ui/components/list.ts';
import { notice } from '../../../ui/components/notice.ts';
import { progressBar } from '../../../ui/components/progress.ts';
import { table } from '../../../ui/components/table.ts';
import { timeAgo } from '../../../ui/components/time.ts';
import { awaitChange } from '../../../ui/components/waiting.ts';
import { usersPath } from '../path.ts';
import { adminPage, type Admin } from '../portal.ts';
import { jobPath, jobsPath } from './path.ts';
import { resultText, taskDetails, taskName } from './told.ts';
import { wordsIn } from './words.ts';

export interface JobsView extends Admin {
  readonly jobs: readonly Job[];
  readonly nameOf: (job: Job) => string;
  readonly now: Date;
}

/** Every job of the last days. */
export function jobsPage(view: JobsView): SafeHtml {
  const { frame, jobs, nameOf, now } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  return adminPage(view, 'users', {
    title: words.title,
    intro: words.intro,
    back: { href: usersPath, label: words.toUsers },
    body: card({
      body:
        jobs.length === 0
          ? emptyState({ icon: 'history', title: words.none, body: words.noneBody })
          : table({
              locale,
              caption: words.title,
              captionHidden: true,
              columns: [
                { label: words.columns.what },
                { label: words.columns.state },
                { label: words.columns.who },
                { label: words.columns.when },
              ],
              rows: jobs.map((job) => [
                link({ label: taskName(job.task, locale), href: jobPath(job.id) }),
                stateBadge(job, locale),
                nameOf(job),
                timeAgo({ locale, at: job.createdAt, now }),
              ]),
            }),
    }),
  });
}

function stateBadge({ state }: Job, locale: Admin['frame']['locale']): SafeHtml {
  const tones = {
    draft: 'neutral',
    running: 'brand',
    done: 'success',
    stopped: 'warning',
  } as const;
  return badge(wordsIn(locale).states[state], tones[state]);
}

export interface JobView extends Admin, LookedAtJob {
  readonly nameOf: (job: Job) => string;
  readonly now: Date;
  /** Some of the lines with which something is wrong. */
  readonly faults: readonly Omit<JobItem, 'input'>[];
  /** Whether it was begun, or its file sent, by whoever looks. */
  readonly isOwn: boolean;
}

/** How many there are, and how many are done with. */
export function sums({ tally }: Pick<LookedAtJob, 'tally'>): {
  readonly all: number;
  readonly over: number;
  readonly faulty: number;
} {
  let over = 0;
  let faulty = 0;
  for (const [result, count] of tally.results) {
    over += count;
    if (result.startsWith('!')) faulty += count;
  }
  return { all: over + tally.open, over, faulty };
}

/** What a page that waits compares: it is drawn anew at each twentieth. */
export function markOf(looked: Pick<LookedAtJob, 'job' | 'tally'>): string {
  const { all, over } = sums(looked);
  const { job } = looked;
  const part = job.gathers !== undefined || all === 0 ? 'gathering' : Math.floor((over * 20) / all);
  return `${job.state}-${part}`;
}

/** One job. */
export function jobPage(view: JobView): SafeHtml {
  const { frame, job, nameOf, now } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const isRunning = job.state === 'running';
  const body = html`${card({
    body: html`<div class="list-head"><p>${stateBadge(job, locale)} ${nameOf(job)} · ${timeAgo({
      locale,
      at: job.createdAt,
      now,
    })}</p></div>${taskDetails(job, locale).map((each) => html`<p>${each}</p>`)}${how(view)}`,
  })}${tallyCard(view)}${passwordsCard(view)}`;
  return adminPage(view, 'users', {
    title: taskName(job.task, locale),
    back: { href: jobsPath, label: words.back },
    autoRefreshSeconds: isRunning ? 5 : undefined,
    body: isRunning
      ? awaitChange({
          locale,
          status: {
            url: `${jobPath(job.id)}/status`,
            step: markOf(view),
            events: `${jobPath(job.id)}/events`,
          },
          body,
        })
      : body,
  });
}

/** How far it is, or what is to be decided. */
function how(view: JobView): SafeHtml {
  const { job } = view;
  switch (job.state) {
    case 'draft':
      return draft(view);
    case 'running':
      return running(view);
    case 'done':
    case 'stopped':
      return over(view);
  }
}

function running(view: JobView): SafeHtml {
  const { frame, csrf, job, now } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const { all, over: done } = sums(view);
  const told = (count: number): string => formatNumber(count, locale);
  const mayStop = mayAct(view.current.user.role, actOf(job.task));
  return html`${
    isLater(job, now)
      ? html`<p>${words.waits(formatDateTime(job.dueAt, locale))}</p>`
      : job.gathers === undefined
        ? progressBar({
            label: words.progressLabel,
            value: done,
            max: all,
            text: words.progress(told(done), told(all)),
          })
        : html`<p>${words.gathering}</p>`
  }${
    mayStop
      ? form({
          action: `${jobPath(job.id)}/stop`,
          csrf,
          body: html`<p class="hint">${words.stopBody}</p>${actions(button({ label: words.stop }))}`,
        })
      : undefined
  }`;
}

/** Whether it waits for its day. A lease looks alike, for a minute at most. */
function isLater({ dueAt }: Job, now: Date): boolean {
  return dueAt.getTime() - now.getTime() > 120_000;
}

function over(view: JobView): SafeHtml {
  const { frame, job, tally } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const { all } = sums(view);
  const done = tally.results.get('done') ?? 0;
  return html`${notice({
    locale,
    kind: job.state === 'done' ? (done === all ? 'success' : 'info') : 'warning',
    title: words.doneTitle(words.progress(formatNumber(done, locale), formatNumber(all, locale))),
    body: job.stopped === undefined ? undefined : words.stoppedWhy[job.stopped.why],
    announce: true,
  })}${fileLink(view)}`;
}

function fileLink({ frame, job }: JobView): SafeHtml {
  const words = wordsIn(frame.locale);
  return actions(
    linkButton({ label: words.file, href: `${jobPath(job.id)}/result.csv`, icon: 'download' }),
  );
}

/** What came of it, for how many. */
function tallyCard(view: JobView): SafeHtml | undefined {
  const { frame, tally, job } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  if (job.state === 'draft' || tally.results.size + tally.open === 0) return undefined;
  const { faulty } = sums(view);
  const rows = [
    ...[...tally.results]
      .filter(([result]) => !result.startsWith('!'))
      .map(([result, count]) => [resultText(result, locale), formatNumber(count, locale)]),
    ...(faulty === 0 ? [] : [[words.results.fault, formatNumber(faulty, locale)]]),
    ...(tally.open === 0 ? [] : [[words.left, formatNumber(tally.open, locale)]]),
  ];
  return card({
    heading: words.tally,
    body: table({
      locale,
      caption: words.tally,
      captionHidden: true,
      columns: [
        { label: words.tallyColumns.result },
        { label: words.tallyColumns.count, align: 'end' },
      ],
      rows,
    }),
  });
}

function passwordsCard(view: JobView): SafeHtml | undefined {
  const { frame, csrf, job, secrets, isOwn } = view;
  const { locale } = frame;
  const { passwords } = wordsIn(locale);
  if (secrets === 0 || !isOwn || job.state === 'running') return undefined;
  return card({
    heading: passwords.title,
    body: form({
      action: `${jobPath(job.id)}/passwords`,
      csrf,
      answersWithFile: true,
      body: html`<p>${passwords.body(formatNumber(secrets, locale))}</p>${actions(
        button({ label: passwords.fetch, kind: 'primary', icon: 'download' }),
      )}`,
    }),
  });
}

/** What a file would come to: every line's fault, and the way to do the rest. */
function draft(view: JobView): SafeHtml {
  const { frame, csrf, job, tally, faults, isOwn } = view;
  const { locale } = frame;
  const { draft: words } = wordsIn(locale);
  const { faulty } = sums(view);
  const told = (count: number): string => formatNumber(count, locale);
  const again = linkButton({
    label: words.again,
    href: job.task.kind === 'import' ? `${usersPath}/import` : `${usersPath}/states`,
  });
  return html`${notice({
    locale,
    kind: tally.open === 0 ? 'error' : faulty === 0 ? 'success' : 'warning',
    title:
      tally.open === 0
        ? words.goodNone
        : tally.open === 1
          ? words.goodOne
          : words.good(told(tally.open)),
    body: words.nothingYet,
  })}${job.isBeingRead ? html`<p>${words.cutOff}</p>` : undefined}${ignoredOf(job, locale)}${
    isOwn && !job.isBeingRead
      ? form({
          action: `${jobPath(job.id)}/begin`,
          csrf,
          body: actions(
            tally.open === 0 ? undefined : button({ label: words.begin, kind: 'primary' }),
            again,
          ),
        })
      : isOwn
        ? undefined
        : html`<p class="hint">${words.only}</p>`
  }${
    faulty === 0
      ? undefined
      : html`<p>${faulty === 1 ? words.faultsOne : words.faults(told(faulty))}</p>${table({
          locale,
          caption: words.columns.fault,
          captionHidden: true,
          rowHeader: 1,
          columns: [
            { label: words.columns.line, align: 'end' },
            { label: words.columns.name },
            { label: words.columns.fault },
          ],
          rows: faults.map(({ number, name, result }) => [
            number,
            name,
            resultText(result ?? '', locale),
          ]),
        })}${faults.length < faulty ? html`<p>${words.faultsMore}</p>` : undefined}${fileLink(view)}`
  }`;
}

function ignoredOf({ task }: Job, locale: Admin['frame']['locale']): SafeHtml | undefined {
  if ((task.kind !== 'import' && task.kind !== 'states') || task.ignored.length === 0) {
    return undefined;
  }
  const names = task.ignored.map((name) => name.slice(0, 60)).join(', ');
  return html`<p>${wordsIn(locale).draft.ignored(names)}</p>`;
}
