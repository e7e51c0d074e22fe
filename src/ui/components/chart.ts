/**
 * Owns charts: drawn here as SVG, without script, in whatever width there is. A drawing has no words in
 * it, so it can be stretched; labels stand around it. What it shows stands beside it as a table too,
 * which is what a keyboard and a screen reader use: the drawing itself is for eyes and pointers.
 */
import type { Locale } from '../../i18n/locale.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { attributes, joined } from '../attributes.ts';
import { wordsIn } from '../words.ts';
import { details } from './card.ts';
import { table } from './table.ts';

/** One kind of thing that is counted; a chart has one to four, and they keep their colours in order. */
export interface ChartSeries {
  readonly label: string;
  /** A number for each part. */
  readonly values: readonly number[];
  /** Written large beside the label; the sum of the values unless told. */
  readonly total?: string | undefined;
  /** Leads to all of it. */
  readonly href?: string | undefined;
  /** Which of the four colours: its place unless told. 2 is for what one would rather not have. */
  readonly tone?: 1 | 2 | 3 | 4 | undefined;
}

/** A column, a bar or a point: a day, a method. */
export interface ChartPart {
  readonly label: string;
  /** The list behind it. */
  readonly href?: string | undefined;
}

export interface ChartOptions {
  readonly locale: Locale;
  /** What the chart shows: the caption of its table. */
  readonly title: string;
  /** The heading of the parts in the table: "Day". */
  readonly partHeading: string;
  readonly parts: readonly ChartPart[];
  readonly series: readonly ChartSeries[];
  /** How a number is written. */
  readonly format: (value: number) => string;
  /** Of bars: each is as long as there is room, so that shares can be compared. */
  readonly asShares?: boolean | undefined;
}

/** Columns over time, one series on top of the other. */
export function columnChart(options: ChartOptions): SafeHtml {
  const { parts, series } = options;
  const sums = parts.map((_, index) => sumAt(series, index));
  const top = niceTop(Math.max(0, ...sums));
  const drawn = parts.map((part, index) => {
    let y = 100;
    const pieces = series.map(({ values, tone }, place) => {
      const height = ((values[index] ?? 0) / top) * 100;
      y -= height;
      return height === 0
        ? undefined
        : html`<rect class="s${tone ?? place + 1}" x="${index * 10 + 1}" y="${rounded(y)}" width="8" height="${rounded(height)}"/>`;
    });
    return linked(options, index, part, html`${hitArea(index)}${pieces}`);
  });
  return figure(options, plot(options, top, html`${grid(parts.length)}${drawn}`));
}

/** Lines over time; each has a dash of its own. */
export function lineChart(options: ChartOptions): SafeHtml {
  const { parts, series } = options;
  const top = niceTop(Math.max(0, ...series.flatMap(({ values }) => values)));
  const drawn = series.map(({ values, tone }, place) => {
    const points = values.map(
      (value, index) => `${index * 10 + 5},${rounded(100 - (value / top) * 100)}`,
    );
    return html`<polyline class="line s${tone ?? place + 1}" points="${points.join(' ')}"/>`;
  });
  const areas = parts.map((part, index) => linked(options, index, part, hitArea(index)));
  return figure(options, plot(options, top, html`${grid(parts.length)}${drawn}${areas}`), 'line');
}

/** Bars beside one another's names; for what is no time, and has names of any length. */
export function barChart(options: ChartOptions): SafeHtml {
  const { parts, series, format, asShares = false } = options;
  const sums = parts.map((_, index) => sumAt(series, index));
  const longest = Math.max(1, ...sums);
  const rows = parts.map((part, index) => {
    const top = asShares ? Math.max(1, sums[index] ?? 0) : longest;
    let x = 0;
    const pieces = series.map(({ values, tone }, place) => {
      const width = ((values[index] ?? 0) / top) * 100;
      x += width;
      return width === 0
        ? undefined
        : html`<rect class="s${tone ?? place + 1}" x="${rounded(x - width)}" y="0" width="${rounded(width)}" height="10"/>`;
    });
    const name =
      part.href === undefined ? part.label : html`<a href="${part.href}">${part.label}</a>`;
    return html`<li><span class="chart-name">${name}</span><span class="chart-value">${format(sums[index] ?? 0)}</span><svg class="chart-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><title>${told(options, index)}</title>${pieces}</svg></li>`;
  });
  return figure(options, html`<ul class="chart-bars">${rows}</ul>`);
}

function figure(
  options: ChartOptions,
  drawing: SafeHtml,
  shape: 'area' | 'line' = 'area',
): SafeHtml {
  const { locale, title, series, partHeading, parts, format } = options;
  const words = wordsIn(locale);
  const key = series.map(({ label, values, total, href, tone }, place) => {
    const name = href === undefined ? label : html`<a href="${href}">${label}</a>`;
    const large = total ?? format(values.reduce((sum, value) => sum + value, 0));
    const swatch =
      shape === 'line'
        ? html`<path class="line s${tone ?? place + 1}" d="M0 5H24"/>`
        : html`<rect class="s${tone ?? place + 1}" width="24" height="10"/>`;
    return html`<li><svg class="swatch" viewBox="0 0 24 10" aria-hidden="true">${swatch}</svg><span>${name}</span><strong>${large}</strong></li>`;
  });
  return html`<figure class="chart" aria-label="${title}"><ul class="chart-key">${key}</ul>${drawing}${details(
    {
      summary: words.chartTable,
      body: table({
        locale,
        caption: title,
        captionHidden: true,
        columns: [
          { label: partHeading },
          ...series.map(({ label }) => ({ label, align: 'end' as const })),
        ],
        rows: parts.map((part, index) => [
          part.href === undefined ? part.label : html`<a href="${part.href}">${part.label}</a>`,
          ...series.map(({ values }) => format(values[index] ?? 0)),
        ]),
      }),
    },
  )}</figure>`;
}

/** The drawing with its scale at the left and the first, the middle and the last part below it. */
function plot({ parts, format }: ChartOptions, top: number, inside: SafeHtml): SafeHtml {
  const middle = parts.length > 4 ? parts[Math.floor(parts.length / 2)] : undefined;
  const ticks = [parts[0], middle, parts.length > 1 ? parts.at(-1) : undefined];
  return html`<div class="plot"><div class="scale" aria-hidden="true"><span>${format(top)}</span><span>0</span></div><svg viewBox="0 0 ${parts.length * 10} 100" preserveAspectRatio="none" aria-hidden="true">${inside}</svg><div class="ticks" aria-hidden="true">${ticks.map((tick) => html`<span>${tick?.label ?? ''}</span>`)}</div></div>`;
}

function grid(parts: number): SafeHtml {
  return html`<path class="grid" d="M0 0H${parts * 10}M0 50H${parts * 10}M0 100H${parts * 10}"/>`;
}

/** The whole height of a part: a short column is as easily pressed as a tall one. */
function hitArea(index: number): SafeHtml {
  return html`<rect class="hit" x="${index * 10}" y="0" width="10" height="100"/>`;
}

// Left out of the order of the keyboard: the same links stand in the table.
function linked(options: ChartOptions, index: number, part: ChartPart, inside: SafeHtml): SafeHtml {
  const title = html`<title>${told(options, index)}</title>`;
  return part.href === undefined
    ? html`<g>${title}${inside}</g>`
    : html`<a${attributes({ href: part.href, tabindex: -1, class: joined('part') })}>${title}${inside}</a>`;
}

function told({ parts, series, format }: ChartOptions, index: number): string {
  const numbers = series.map(({ label, values }) => `${label}: ${format(values[index] ?? 0)}`);
  return `${parts[index]?.label ?? ''}\n${numbers.join('\n')}`;
}

function sumAt(series: readonly ChartSeries[], index: number): number {
  return series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0);
}

/** The next round number; at least 1. */
function niceTop(highest: number): number {
  const size = 10 ** Math.floor(Math.log10(Math.max(1, highest)));
  return (
    [1, 2, 3, 4, 5, 6, 8].map((step) => step * size).find((step) => step >= highest) ?? 10 * size
  );
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
