/**
 * Telephone numbers: what a person typed becomes one number that can be dialled, or a reason why
 * not. The rules of each country come from libphonenumber's full metadata; the smaller sets take
 * premium numbers for ordinary ones.
 */
import { createRequire } from 'node:module';

import type { NumberType, PhoneNumber as LibraryNumber } from 'libphonenumber-js/max';

export type PhoneNumberType = 'mobile' | 'fixed' | 'fixed-or-mobile' | 'voip' | 'other';

export interface PhoneNumber {
  /** `+` and digits only, as providers take it (ITU-T E.164). */
  readonly e164: string;
  /** ISO 3166 code, or `null` where the number belongs to no country (satellite, +800). */
  readonly country: string | null;
  /** Where one cannot tell from the number (as in the United States): `fixed-or-mobile`. */
  readonly type: PhoneNumberType;
  /** What to dial once the call has been answered: 1 to 7 digits. */
  readonly extension?: string;
}

/**
 * Why something is not a number we would call. `premium`: numbers that earn their owner money, also
 * shared-cost and personal ones (toll fraud). `not-possible`: of a fitting length, but nobody's.
 */
export type PhoneNumberFault =
  | 'empty'
  | 'not-a-number'
  | 'too-short'
  | 'too-long'
  | 'premium'
  | 'not-possible';

/**
 * Reads a number as people type it: national (then `country`, an ISO code, says where) or with `+`
 * or the country's own international prefix; with blanks, hyphens, brackets, `(0)`; with an extension
 * behind `x`, `ext.`, `extension`, `toestel`, `tst.` or `#`. A string is the reason why it is none.
 */
export function parse(country: string | null, typed: string): PhoneNumber | PhoneNumberFault {
  const text = typed.trim();
  if (text === '') return 'empty';
  if (text.length > longestTyped) return 'too-long';
  const { main, extension } = splitExtension(text);
  const { ParseError, parsePhoneNumberWithError, isSupportedCountry } = library();
  const where = country !== null && isSupportedCountry(country) ? country : undefined;
  try {
    const found = parsePhoneNumberWithError(main, {
      extract: false,
      ...(where === undefined ? {} : { defaultCountry: where }),
    });
    return judge(found, extension);
  } catch (error) {
    if (error instanceof ParseError) return faultOf(error.message);
    throw error;
  }
}

/**
 * A number as its owner recognises it and nobody else: `+31 ·· ·· ·· 12`. The dots do not tell how
 * long it is. What is no number becomes dots only. Its blanks do not let a line end within it.
 */
export function maskNumber(e164: string): string {
  const found = library().parsePhoneNumberFromString(e164);
  const code = found === undefined ? '' : `+${found.countryCallingCode}\u00a0`;
  const end = found === undefined ? '··' : e164.slice(-2);
  return `${code}··\u00a0··\u00a0··\u00a0${end}`;
}

/** A number as one reads it: `+31 6 12345612`, with ` x12` behind it where it has an extension. */
export function formatInternational(e164: string, extension?: string): string {
  const number = library().parsePhoneNumberFromString(e164)?.formatInternational() ?? e164;
  return extension === undefined ? number : `${number} x${extension}`;
}

export interface CountryCallingCode {
  /** ISO 3166 code: `NL`. */
  readonly country: string;
  /** With its plus: `+31`. */
  readonly callingCode: string;
}

/** All countries that have telephone numbers, ordered by ISO code. Their names: `i18n/format.ts`. */
export function countries(): readonly CountryCallingCode[] {
  const { getCountries, getCountryCallingCode } = library();
  return getCountries()
    .toSorted()
    .map((country) => ({ country, callingCode: `+${getCountryCallingCode(country)}` }));
}

/** The ISO code of the country a number belongs to, or `null`. */
export function countryOf(e164: string): string | null {
  return library().parsePhoneNumberFromString(e164)?.country ?? null;
}

type Library = typeof import('libphonenumber-js/max');
const require = createRequire(import.meta.url);
let loaded: Library | undefined;

// Measured: 56–97 ms and 20 MB to load, half of a cold start. So it is loaded with the first number,
// and synchronously, so that nobody has to wait in the grammatical sense.
function library(): Library {
  if (loaded === undefined) {
    const module: Library = require('libphonenumber-js/max');
    loaded = module;
  }
  return loaded;
}

const longestTyped = 100;

const extensionBehind =
  /^(.*?\d.*?)[\s,;]*(?:extensie|extension|ext|toestelnummer|toestel|tst|x|#)[\s.:=]*(\d{1,7})[\s.)]*$/i;

function splitExtension(text: string): { main: string; extension: string | undefined } {
  const found = extensionBehind.exec(text);
  return { main: found?.[1] ?? text, extension: found?.[2] };
}

function judge(
  found: LibraryNumber,
  extension: string | undefined,
): PhoneNumber | PhoneNumberFault {
  if (!found.isValid()) {
    const length = library().validatePhoneNumberLength(found.number);
    if (length !== undefined) return faultOf(length);
    // Many countries have service numbers of four or five digits, which makes that a length one can
    // have. Whoever typed so little and got no such number left something out.
    return found.nationalNumber.length < 7 ? 'too-short' : 'not-possible';
  }
  const type = found.getType();
  if (type !== undefined && costly.has(type)) return 'premium';
  const dialled = extension ?? found.ext;
  return {
    e164: found.number,
    country: found.country ?? null,
    type: types.get(type) ?? 'other',
    ...(dialled === undefined ? {} : { extension: dialled }),
  };
}

const costly = new Set<NumberType>(['PREMIUM_RATE', 'SHARED_COST', 'PERSONAL_NUMBER']);

const types = new Map<NumberType, PhoneNumberType>([
  ['MOBILE', 'mobile'],
  ['FIXED_LINE', 'fixed'],
  ['FIXED_LINE_OR_MOBILE', 'fixed-or-mobile'],
  ['VOIP', 'voip'],
]);

function faultOf(said: string): PhoneNumberFault {
  if (said === 'TOO_SHORT') return 'too-short';
  if (said === 'TOO_LONG') return 'too-long';
  return said === 'NOT_A_NUMBER' ? 'not-a-number' : 'not-possible';
}
