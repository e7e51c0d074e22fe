/** Owns moments: near ones as people say them, the exact one on hover and for machines. */
import { formatDateTime, formatRelative } from '../../i18n/format.ts';
import type { Locale } from '../../i18n/locale.ts';
import { html, type SafeHtml } from '../../lib/html.ts';

/** "2 minutes ago", and beyond a week the date. `timeZone` is an IANA name; the server's unless told. */
export function timeAgo(options: {
  readonly locale: Locale;
  readonly at: Date;
  readonly now: Date;
  readonly timeZone?: string | undefined;
}): SafeHtml {
  const { at, now, locale, timeZone } = options;
  const zone = timeZone === undefined ? {} : { timeZone };
  const exact = formatDateTime(at, locale, { ...zone, style: 'long' });
  return html`<time datetime="${at.toISOString()}" title="${exact}">${formatRelative(at, now, locale, zone)}</time>`;
}
