/**
 * The languages Tweestap speaks, and the choice among them. English is the source: the texts of
 * every other language have its shape (`translation.ts`). A language more is one name here and one
 * `strings.<locale>.ts` beside each `strings.en.ts`.
 */

/** All languages; the first is the source. */
export const locales = ['en', 'nl'] as const;

export type Locale = (typeof locales)[number];

/** What each language calls itself. */
export const localeNames: Readonly<Record<Locale, string>> = { en: 'English', nl: 'Nederlands' };

/** Whether the text names a language we speak; exact, without region. */
export function isLocale(text: unknown): text is Locale {
  return locales.some((locale) => locale === text);
}

/**
 * The language for a person: their own setting, else the first of their browser's that we speak,
 * else `fallback` (the operator's default). Regions count as their language (`nl-BE` is `nl`). What
 * cannot be read is passed over; this never throws.
 */
export function chooseLocale(
  preferred: string | null | undefined,
  acceptLanguage: string | undefined,
  fallback: Locale,
): Locale {
  const own = preferred === null || preferred === undefined ? undefined : spoken(preferred);
  return own ?? fromBrowser(acceptLanguage, fallback) ?? fallback;
}

// RFC 9110 §12.5.4: ranges with weights; the heaviest first, of equal ones the earlier.
function fromBrowser(header: string | undefined, fallback: Locale): Locale | undefined {
  if (header === undefined) return undefined;
  const wanted = header
    .slice(0, 1000)
    .split(',')
    .map(readRange)
    .filter((range) => range !== undefined);
  const refused = new Set(wanted.filter(({ weight }) => weight === 0).map(({ tag }) => tag));
  for (const { tag, weight } of wanted.toSorted((one, other) => other.weight - one.weight)) {
    if (weight === 0) continue;
    const locale =
      tag === '*'
        ? [fallback, ...locales].find((candidate) => !refused.has(candidate))
        : spoken(tag);
    if (locale !== undefined) return locale;
  }
  return undefined;
}

interface LanguageRange {
  readonly tag: string;
  readonly weight: number;
}

const languageRange =
  /^\s*(\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*(0(?:\.\d*)?|1(?:\.0*)?)\s*)?$/i;

function readRange(text: string): LanguageRange | undefined {
  const found = languageRange.exec(text);
  if (found === null) return undefined;
  return { tag: (found[1] ?? '').toLowerCase(), weight: Number(found[2] ?? 1) };
}

/** The language that a tag names, whatever its region; undefined for none of ours. */
export function spoken(tag: string): Locale | undefined {
  const [language] = tag.trim().toLowerCase().split(/[-_]/);
  return locales.find((locale) => locale === language);
}
