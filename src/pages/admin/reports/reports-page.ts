/** Owns how the reports look. */
import { formatNumber } from '../../../i18n/format.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { linkButton } from '../../../ui/components/button.ts';
import { card } from '../../../ui/components/card.ts';
import { barChart, columnChart, lineChart } from '../../../ui/components/chart.ts';
import { attributes } from '../../../ui/attributes.ts';
import { withFields } from '../logs/path.ts';
import { adminPage, type Admin } from '../portal.ts';
import type { Report } from './drawn.ts';
import { reportsPath } from './path.ts';
import { periodLengths, type PeriodLength } from './period.ts';
import { reportWordsIn } from './words.ts';

export interface ReportsView extends Admin {
  readonly days: PeriodLength;
  readonly reports: readonly Report[];
}

/** All of them, one below the other. */
export function reportsPage(view: ReportsView): SafeHtml {
  const { frame, days, reports } = view;
  const words = reportWordsIn(frame.locale);
  const choices = periodLengths.map(
    (length) =>
      html`<a${attributes({
        href: withFields(reportsPath, { days: length }),
        'aria-current': length === days ? 'page' : undefined,
      })}>${words.periods[length]}</a>`,
  );
  return adminPage(view, 'reports', {
    title: words.title,
    intro: words.intro,
    body: html`<nav class="choices" aria-label="${words.period}">${choices}</nav>${reports.map(
      (report) => reportCard(view, report),
    )}`,
  });
}

const charts = { columns: columnChart, lines: lineChart, bars: barChart } as const;

function reportCard({ frame, days }: ReportsView, report: Report): SafeHtml {
  const { locale } = frame;
  const words = reportWordsIn(locale);
  const { id, title, intro, sums, drawnAs } = report;
  const isEmpty = report.series.every(({ values }) => values.every((value) => value === 0));
  return card({
    id,
    heading: title,
    intro,
    action: linkButton({
      label: words.csv,
      about: title,
      href: withFields(`${reportsPath}/export`, { report: id, days }),
      icon: 'download',
      compact: true,
    }),
    body: isEmpty
      ? html`<p class="hint">${words.nothing}</p>`
      : html`${sums === undefined ? undefined : html`<p>${sums}</p>`}${charts[drawnAs]({
          ...report,
          locale,
          format: (value) => formatNumber(value, locale),
        })}`,
  });
}
