/** Owns each report as it is told: its parts with their numbers, and where each of them leads. */
import type { AuditTally } from '../../../audit/audit-store.ts';
import {
  countryName,
  formatDate,
  formatMoney,
  formatNumber,
  formatPercentage,
} from '../../../i18n/format.ts';
import type { Locale } from '../../../i18n/locale.ts';
import { beginOfDay } from '../../../lib/days.ts';
import type { Policy } from '../../../policies/policy.ts';
import type { ChartPart, ChartSeries } from '../../../ui/components/chart.ts';
import { nameOfWay, type Named } from '../../my-profile/recent-sign-ins/views.ts';
import { reasonTold } from '../logs/frame.ts';
import { auditLogPath, signInLogPath, withFields } from '../logs/path.ts';
import { usersPath } from '../path.ts';
import { wordFor, wordsIn } from '../words.ts';
import type { OnDay } from './daily.ts';
import type { Figures, GroupCoverage } from './figures.ts';
import { wholeOf, type Period, type Span } from './period.ts';
import { reportWordsIn } from './words.ts';

/** A report that can be drawn, and written as a table. */
export interface Report {
  readonly id: ReportId;
  readonly title: string;
  readonly intro: string | undefined;
  /** What it amounts to, in a sentence. */
  readonly sums: string | undefined;
  readonly drawnAs: 'columns' | 'lines' | 'bars';
  readonly asShares?: boolean | undefined;
  readonly partHeading: string;
  readonly parts: readonly ChartPart[];
  readonly series: readonly ChartSeries[];
  /** Numbers that only the table for programs has. */
  readonly further?: ChartSeries | undefined;
}

/** In the order of the page. */
export const reportIds = [
  'signIns',
  'methods',
  'failures',
  'registered',
  'kinds',
  'coverage',
  'resets',
  'alarms',
  'messages',
  'countries',
] as const;
export type ReportId = (typeof reportIds)[number];

export interface ReportParts {
  readonly figures: Figures;
  readonly period: Period;
  readonly policy: Policy;
  readonly names: Named;
  readonly locale: Locale;
}

/** One report of a period. */
export function reportOf(id: ReportId, parts: ReportParts): Promise<Report> {
  return makers[id](parts);
}

/** Not the green of a colour for what was refused. */
const tones = { success: 1, interrupted: 4, failure: 2 } as const;
const mostBars = 12;
const mostGroups = 20;

const makers: Readonly<Record<ReportId, (parts: ReportParts) => Promise<Report>>> = {
  signIns: async (parts) => {
    const { figures, period } = parts;
    const rows = await figures.signIns(period);
    const results = ['success', 'interrupted', 'failure'] as const;
    const { series } = reportWordsIn(parts.locale).reports.signIns;
    return {
      ...overTime('signIns', parts, (span) => withFields(signInLogPath, within(span))),
      series: results.map((result) => ({
        label: series[result],
        tone: tones[result],
        href: withFields(signInLogPath, { result, ...within(wholeOf(period)) }),
        values: perColumn(
          period,
          rows.filter((row) => row.result === result),
        ),
      })),
    };
  },

  methods: async (parts) => {
    const { figures, period, names, locale } = parts;
    const rows = (await figures.signIns(period)).filter(({ method = '' }) => method !== '');
    const { series } = reportWordsIn(locale).reports.methods;
    const found = largest(rows, ({ method = '' }) => method);
    const sums = (isRight: boolean): readonly number[] =>
      found.map((method) =>
        sumOf(
          rows.filter((row) => row.method === method && (row.result === 'success') === isRight),
        ),
      );
    return {
      ...bars('methods', parts, 'method'),
      parts: found.map((method) => ({
        label: nameOfWay(method, names, locale),
        href: withFields(signInLogPath, { method, ...within(wholeOf(period)) }),
      })),
      series: [
        { label: series.success, values: sums(true) },
        { label: series.other, values: sums(false) },
      ],
    };
  },

  failures: async (parts) => {
    const { figures, period, locale } = parts;
    const rows = await figures.events('rejected', period);
    const found = largest(rows, (row) => textOf(row, 'reason'));
    return {
      ...bars('failures', parts, 'reason'),
      parts: found.map((reason) => ({
        label: reasonTold(reason, locale),
        href: eventsHref(wholeOf(period), 'answer-rejected', reason),
      })),
      series: [
        {
          label: reportWordsIn(locale).reports.failures.series.refused,
          href: eventsHref(wholeOf(period), 'answer-rejected'),
          values: found.map((reason) =>
            sumOf(rows.filter((row) => textOf(row, 'reason') === reason)),
          ),
        },
      ],
    };
  },

  registered: async (parts) => {
    const { figures, period, locale } = parts;
    const rows = await figures.events('registered', period);
    const found = largest(rows, (row) => textOf(row, 'kind'));
    const shown = found.slice(0, found.length > 4 ? 3 : 4);
    const { kinds } = wordsIn(locale);
    const rest = rows.filter((row) => !shown.includes(textOf(row, 'kind')));
    return {
      ...overTime('registered', parts, (span) => eventsHref(span, 'method-registered')),
      drawnAs: 'lines',
      series: [
        ...shown.map((kind) => ({
          label: wordFor(kinds, kind, kinds.other),
          values: perColumn(
            period,
            rows.filter((row) => textOf(row, 'kind') === kind),
          ),
        })),
        ...(rest.length === 0
          ? []
          : [{ label: reportWordsIn(locale).other, values: perColumn(period, rest) }]),
      ],
    };
  },

  kinds: async (parts) => {
    const { figures, policy, locale } = parts;
    const [everybody] = await figures.coverage(policy);
    const found = [...(everybody?.kinds ?? [])].toSorted(([, one], [, other]) => other - one);
    const { kinds } = wordsIn(locale);
    return {
      ...bars('kinds', parts, 'method'),
      intro: reportWordsIn(locale).now,
      parts: found.map(([kind]) => ({
        label: wordFor(kinds, kind, kinds.other),
        href: withFields(usersPath, { kind }),
      })),
      series: [
        {
          label: reportWordsIn(locale).reports.kinds.series.people,
          // Somebody may have several.
          total: formatNumber(everybody?.people ?? 0, locale),
          values: found.map(([, people]) => people),
        },
      ],
    };
  },

  coverage: async (parts) => {
    const { figures, policy, locale } = parts;
    const words = reportWordsIn(locale);
    const { series, ready, intro } = words.reports.coverage;
    const all = await figures.coverage(policy);
    const shown = all.slice(0, mostGroups + 1);
    const [everybody] = all;
    const of = (label: string, name: 'capable' | 'notAllowed' | 'nothing'): ChartSeries => ({
      label,
      tone: name === 'capable' ? 1 : name === 'nothing' ? 2 : 4,
      total: formatNumber(everybody?.[name] ?? 0, locale),
      values: shown.map((group) => group[name]),
      href: name === 'nothing' ? withFields(usersPath, { standing: 'never' }) : undefined,
    });
    return {
      ...bars('coverage', parts, 'group'),
      asShares: true,
      intro: `${intro} ${words.now}`,
      sums:
        everybody === undefined
          ? undefined
          : ready(formatPercentage(everybody.capable / everybody.people, locale)),
      parts: shown.map(({ group }: GroupCoverage) => ({
        label: group ?? words.everybody,
        href: withFields(usersPath, { group }),
      })),
      series: [
        of(series.capable, 'capable'),
        of(series.notAllowed, 'notAllowed'),
        of(series.nothing, 'nothing'),
      ],
    };
  },

  resets: (parts) => {
    const { series } = reportWordsIn(parts.locale).reports.resets;
    return eventColumns('resets', parts, [
      ['password-reset', series.reset],
      ['password-unlocked', series.unlocked],
      ['password-set-by-admin', series.admin],
    ]);
  },

  alarms: (parts) => {
    const { series } = reportWordsIn(parts.locale).reports.alarms;
    return eventColumns('alarms', parts, [
      ['fraud-reported', series.reported],
      ['sign-in-denied', series.denied],
      ['second-steps-paused', series.paused],
    ]);
  },

  messages: async (parts) => {
    const { figures, period, locale } = parts;
    const rows = (await figures.events('messages', period)).filter(isTelephony);
    const { series } = reportWordsIn(locale).reports.messages;
    const values = (isWanted: (row: AuditTally) => boolean): readonly number[] =>
      perColumn(period, rows.filter(isWanted));
    return {
      ...overTime('messages', parts, (span) => eventsHref(span, 'message-settled')),
      series: [
        { label: series.text, values: values((row) => isSent(row, 'text')) },
        { label: series.call, tone: 3, values: values((row) => isSent(row, 'call')) },
        {
          label: series.failed,
          tone: 2,
          values: values((row) => textOf(row, 'result') !== 'sent'),
        },
      ],
    };
  },

  countries: async (parts) => {
    const { figures, period, policy, locale } = parts;
    const words = reportWordsIn(locale);
    const { series, costs, noPrice, unpriced, cost } = words.reports.countries;
    const rows = (await figures.events('messages', period)).filter(
      (row) => isSent(row, 'text') || isSent(row, 'call'),
    );
    const found = largest(rows, (row) => textOf(row, 'country'));
    const of = (kind: 'text' | 'call'): readonly number[] =>
      found.map((country) =>
        sumOf(rows.filter((row) => isSent(row, kind) && textOf(row, 'country') === country)),
      );
    const [texts, calls] = [of('text'), of('call')];
    const { textPrice, callPrice, currency } = policy.delivery;
    const total = (values: readonly number[], price: string | undefined): number | undefined =>
      price === undefined
        ? undefined
        : values.reduce((sum, value) => sum + value, 0) * Number(price);
    const [forTexts, forCalls] = [total(texts, textPrice), total(calls, callPrice)];
    const told = (sum: number | undefined): string =>
      sum === undefined ? unpriced : formatMoney(sum, currency, locale);
    const isPriced = forTexts !== undefined || forCalls !== undefined;
    return {
      ...bars('countries', parts, 'country'),
      sums: isPriced
        ? costs(told((forTexts ?? 0) + (forCalls ?? 0)), told(forTexts), told(forCalls))
        : noPrice,
      parts: found.map((country) => ({
        label: country === '' ? words.unknownCountry : countryName(country, locale),
        href: eventsHref(wholeOf(period), 'message-settled'),
      })),
      series: [
        { label: series.text, values: texts },
        { label: series.call, tone: 3, values: calls },
      ],
      ...(isPriced
        ? {
            further: {
              label: `${cost} (${currency})`,
              values: found.map((_, index) => {
                const sum =
                  (texts[index] ?? 0) * Number(textPrice ?? 0) +
                  (calls[index] ?? 0) * Number(callPrice ?? 0);
                return Math.round(sum * 10_000) / 10_000;
              }),
            },
          }
        : {}),
    };
  },
};

type Begun = Omit<Report, 'series'>;

function overTime(
  id: 'signIns' | 'registered' | 'resets' | 'alarms' | 'messages',
  { period, locale }: ReportParts,
  hrefOf: (span: Span) => string,
): Begun {
  const words = reportWordsIn(locale);
  const isByDay = period.columns.length === period.days;
  return {
    id,
    title: words.reports[id].title,
    intro: words.reports[id].intro,
    sums: undefined,
    drawnAs: 'columns',
    partHeading: isByDay ? words.parts.day : words.parts.week,
    parts: period.columns.map((span) => ({
      label: formatDate(beginOfDay(span.from) ?? period.begin, locale),
      href: hrefOf(span),
    })),
  };
}

function bars(
  id: 'methods' | 'failures' | 'kinds' | 'coverage' | 'countries',
  { locale }: ReportParts,
  heading: 'method' | 'reason' | 'group' | 'country',
): Omit<Begun, 'parts'> {
  const words = reportWordsIn(locale);
  const told = words.reports[id];
  return {
    id,
    title: told.title,
    intro: 'intro' in told ? told.intro : undefined,
    sums: undefined,
    drawnAs: 'bars',
    partHeading: words.parts[heading],
  };
}

async function eventColumns(
  id: 'resets' | 'alarms',
  parts: ReportParts,
  kinds: readonly (readonly [kind: string, label: string])[],
): Promise<Report> {
  const { figures, period } = parts;
  const rows = await figures.events(id, period);
  return {
    ...overTime(id, parts, (span) => withFields(auditLogPath, within(span))),
    series: kinds.map(([kind, label]) => ({
      label,
      href: eventsHref(wholeOf(period), kind),
      values: perColumn(
        period,
        rows.filter((row) => row.kind === kind),
      ),
    })),
  };
}

function within({ from, to }: Span): { readonly from: string; readonly to: string } {
  return { from, to };
}

function eventsHref(span: Span, kind: string, reason?: string): string {
  return withFields(auditLogPath, { kind, reason, ...within(span) });
}

function perColumn(period: Period, rows: readonly OnDay<{ count: number }>[]): readonly number[] {
  return period.columns.map(({ first, behind }) =>
    sumOf(rows.filter(({ day }) => day >= first && day < behind)),
  );
}

function sumOf(rows: readonly { readonly count: number }[]): number {
  return rows.reduce((sum, { count }) => sum + count, 0);
}

/** The names that stand in most rows, the one with most first. */
function largest<row extends { readonly count: number }>(
  rows: readonly row[],
  nameOf: (row: row) => string,
): readonly string[] {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(nameOf(row), (sums.get(nameOf(row)) ?? 0) + row.count);
  return [...sums]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, mostBars)
    .map(([name]) => name);
}

function textOf({ details }: AuditTally, name: string): string {
  const value = details[name];
  return typeof value === 'string' ? value : '';
}

function isTelephony(row: AuditTally): boolean {
  return ['text', 'call'].includes(textOf(row, 'kind'));
}

function isSent(row: AuditTally, kind: 'text' | 'call'): boolean {
  return textOf(row, 'kind') === kind && textOf(row, 'result') === 'sent';
}
