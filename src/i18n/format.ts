/**
 * Dates, spans, numbers, lists and countries as people write them. Everything goes through `Intl`;
 * its formatters cost far more to make than to use, so each is made once.
 */
import { countries } from '../lib/phone-number.ts';
import type { Locale } from './locale.ts';

export interface DateTimeOptions {
  /** IANA name. Default: the time zone of the server. */
  readonly timeZone?: string;
  /** `short`: 3 Nov 2026, 14:05. `long`: Tuesday 3 November 2026 at 14:05. Default `short`. */
  readonly style?: 'short' | 'long';
}

/** A moment: "3 Nov 2026, 14:05", "3 nov 2026, 14:05". */
export function formatDateTime(
  moment: Date,
  locale: Locale,
  { timeZone, style = 'short' }: DateTimeOptions = {},
): string {
  return dateTimeFormat(locale, style, true, timeZone).format(moment);
}

/** A day: "3 Nov 2026", "3 nov 2026". */
export function formatDate(
  moment: Date,
  locale: Locale,
  { timeZone, style = 'short' }: DateTimeOptions = {},
): string {
  return dateTimeFormat(locale, style, false, timeZone).format(moment);
}

/**
 * How far a moment is from `now`: "2 minutes ago", "in 3 hours", "yesterday". Beyond a week in
 * either direction the date, which says more.
 */
export function formatRelative(
  moment: Date,
  now: Date,
  locale: Locale,
  options: DateTimeOptions = {},
): string {
  const seconds = (moment.getTime() - now.getTime()) / 1000;
  const away = Math.abs(seconds);
  if (away >= 7 * day) return formatDate(moment, locale, options);
  const relative = relativeFormat(locale);
  // Rounded towards now, so that nothing is older than it says.
  if (away < 45) return relative.format(0, 'second');
  if (away < hour) return relative.format(whole(seconds, minute), 'minute');
  if (away < day) return relative.format(whole(seconds, hour), 'hour');
  return relative.format(whole(seconds, day), 'day');
}

/**
 * A span in its two largest units: "5 seconds", "2 minutes", "1 hour, 15 minutes", "90 days".
 * Fractions of a second are rounded up: what is left is never said to be nothing.
 */
export function formatDuration(seconds: number, locale: Locale): string {
  let left = Math.max(0, Math.ceil(seconds));
  const parts: string[] = [];
  let largest = -1;
  units.forEach(([unit, size], index) => {
    const count = Math.floor(left / size);
    // "2 days, 40 seconds" is exact and useless: only the unit next to the largest is told.
    const told = largest === -1 || index === largest + 1;
    if (count > 0 && told) {
      if (largest === -1) largest = index;
      parts.push(unitFormat(locale, unit).format(count));
      left -= count * size;
    }
  });
  if (parts.length === 0) parts.push(unitFormat(locale, 'second').format(0));
  return parts.join(', ');
}

/** A number with the separators of the language: "1,234.5", "1.234,5". */
export function formatNumber(value: number, locale: Locale): string {
  return numberFormat(locale).format(value);
}

/**
 * An amount of money, in a currency of ISO 4217: "€1,234.50", "€ 1.234,50". Below one whole, as messages
 * cost, no tenth of a cent is rounded away: "€ 0,0735".
 */
export function formatMoney(value: number, currency: string, locale: Locale): string {
  return moneyFormat(locale, currency, Math.abs(value) < 1).format(value);
}

/** A share of one: 0.423 is "42%". */
export function formatPercentage(share: number, locale: Locale): string {
  return percentFormat(locale).format(share);
}

/** "a, b and c", or with `or`: "a, b or c". */
export function formatList(
  items: readonly string[],
  locale: Locale,
  kind: 'and' | 'or' = 'and',
): string {
  return listFormat(locale, kind).format(items);
}

/** What the language calls a country (ISO code); the code itself where it has no name. */
export function countryName(code: string, locale: Locale): string {
  return /^[A-Z]{2}$/.test(code) ? (regionNames(locale).of(code) ?? code) : code;
}

export interface Country {
  /** ISO 3166 code: `NL`. */
  readonly code: string;
  readonly name: string;
  /** With its plus: `+31`. */
  readonly callingCode: string;
}

/**
 * The countries one can choose for a telephone number, ordered by name as the language orders;
 * with `codes` only these. Loads the telephone metadata at its first call.
 */
export function listCountries(locale: Locale, codes?: readonly string[]): readonly Country[] {
  const wanted = codes === undefined ? undefined : new Set(codes);
  return allCountries(locale).filter(({ code }) => wanted?.has(code) ?? true);
}

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

const units = [
  ['day', day],
  ['hour', hour],
  ['minute', minute],
  ['second', 1],
] as const;

function whole(seconds: number, size: number): number {
  return Math.trunc(seconds / size) || Math.sign(seconds);
}

// British English: the day before the month, as everywhere Tweestap's Dutch readers look.
const tags: Readonly<Record<Locale, string>> = { en: 'en-GB', nl: 'nl-NL' };

const allCountries = remember((locale: Locale): readonly Country[] => {
  const byName = new Intl.Collator(tags[locale]);
  return countries()
    .map(({ country, callingCode }) => ({
      code: country,
      name: countryName(country, locale),
      callingCode,
    }))
    .toSorted((one, other) => byName.compare(one.name, other.name));
});

const regionNames = remember(
  (locale: Locale) => new Intl.DisplayNames(tags[locale], { type: 'region', fallback: 'code' }),
);

const relativeFormat = remember(
  (locale: Locale) => new Intl.RelativeTimeFormat(tags[locale], { numeric: 'auto' }),
);

const numberFormat = remember((locale: Locale) => new Intl.NumberFormat(tags[locale]));

const moneyFormat = remember(
  (locale: Locale, currency: string, isSmall: boolean) =>
    new Intl.NumberFormat(tags[locale], {
      style: 'currency',
      currency,
      ...(isSmall ? { maximumFractionDigits: 4 } : {}),
    }),
);

const percentFormat = remember(
  (locale: Locale) => new Intl.NumberFormat(tags[locale], { style: 'percent' }),
);

const unitFormat = remember(
  (locale: Locale, unit: string) =>
    new Intl.NumberFormat(tags[locale], { style: 'unit', unit, unitDisplay: 'long' }),
);

const listFormat = remember(
  (locale: Locale, kind: 'and' | 'or') =>
    new Intl.ListFormat(tags[locale], { type: kind === 'and' ? 'conjunction' : 'disjunction' }),
);

const dateTimeFormat = remember(
  (locale: Locale, style: 'short' | 'long', withTime: boolean, timeZone: string | undefined) =>
    new Intl.DateTimeFormat(tags[locale], {
      dateStyle: style === 'short' ? 'medium' : 'full',
      ...(withTime ? { timeStyle: 'short' } : {}),
      ...(timeZone === undefined ? {} : { timeZone }),
    }),
);

// The parts are few by nature (languages, styles, time zones), so nothing is ever forgotten.
function remember<parts extends readonly (string | boolean | undefined)[], made>(
  make: (...parts: parts) => made,
): (...parts: parts) => made {
  const known = new Map<string, made>();
  return (...parts) => {
    const key = parts.join('|');
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = make(...parts);
    known.set(key, made);
    return made;
  };
}
