/** Owns tables. On phones each row becomes a small list, and stays a row for screen readers. */
import type { Locale } from '../../i18n/locale.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { attributes, joined } from '../attributes.ts';
import { icon } from '../icons.ts';
import { wordsIn } from '../words.ts';

export interface Column {
  readonly label: string;
  /** `end` for numbers. */
  readonly align?: 'start' | 'end' | undefined;
  /** The head is for screen readers only: a column of buttons or boxes. */
  readonly labelHidden?: boolean | undefined;
  /** Pressing the head sorts: where that link goes, and how the column is sorted now. */
  readonly sort?:
    | { readonly href: string; readonly direction?: 'ascending' | 'descending' | undefined }
    | undefined;
}

export type Cell = string | number | SafeHtml | undefined;

export interface TableOptions {
  readonly locale: Locale;
  /** What the table shows. */
  readonly caption: string;
  /** The caption is for screen readers only: where a heading already says the same. */
  readonly captionHidden?: boolean | undefined;
  readonly columns: readonly Column[];
  /** One cell for each column; undefined is shown as a dash. */
  readonly rows: readonly (readonly Cell[])[];
  /** Which column names the row; the first unless told. */
  readonly rowHeader?: number | undefined;
}

/** A table. For no rows show `emptyState` instead. */
export function table(options: TableOptions): SafeHtml {
  const { columns, rowHeader = 0 } = options;
  const words = wordsIn(options.locale);
  const heads = columns.map((column) => {
    const label =
      column.labelHidden === true
        ? html`<span class="hidden">${column.label}</span>`
        : column.label;
    const direction = column.sort?.direction;
    const content =
      column.sort === undefined
        ? label
        : html`<a href="${column.sort.href}">${label}${
            direction === undefined
              ? undefined
              : html`<span class="sorted ${direction}">${icon('chevron-down')}</span><span class="hidden"> (${words.sorted[direction]})</span>`
          }</a>`;
    return html`<th${attributes({
      role: 'columnheader',
      scope: 'col',
      class: column.align === 'end' ? 'end' : undefined,
      'aria-sort': direction,
    })}>${content}</th>`;
  });
  const rows = options.rows.map((cells) => {
    const drawn = columns.map((column, index) => {
      const cell = cells[index];
      const content = cell === undefined || cell === '' ? '–' : cell;
      const className = joined(
        column.align === 'end' && 'end',
        column.labelHidden === true && 'unnamed',
      );
      const label = column.labelHidden === true ? undefined : column.label;
      return index === rowHeader
        ? html`<th${attributes({ role: 'rowheader', scope: 'row', class: className, 'data-label': label })}>${content}</th>`
        : html`<td${attributes({ role: 'cell', class: className, 'data-label': label })}>${content}</td>`;
    });
    return html`<tr role="row">${drawn}</tr>`;
  });
  // Roles are written out because `display` on phones would take them away.
  return html`<table role="table"><caption${attributes({
    class: options.captionHidden === true ? 'hidden' : undefined,
  })}>${options.caption}</caption><thead role="rowgroup"><tr role="row">${heads}</tr></thead><tbody role="rowgroup">${rows}</tbody></table>`;
}

/** Links to the pages before and after this one. Nothing where there is one page only. */
export function pager(options: {
  readonly locale: Locale;
  readonly page: number;
  readonly total: number;
  readonly href: (page: number) => string;
}): SafeHtml {
  const { page, total, href } = options;
  if (total <= 1) return html``;
  const words = wordsIn(options.locale);
  return html`<nav class="pager" aria-label="${words.pages}">${
    page > 1
      ? html`<a class="button secondary compact" rel="prev" href="${href(page - 1)}">${words.previousPage}</a>`
      : undefined
  }<span>${words.pageOf(page, total)}</span>${
    page < total
      ? html`<a class="button secondary compact" rel="next" href="${href(page + 1)}">${words.nextPage}</a>`
      : undefined
  }</nav>`;
}
