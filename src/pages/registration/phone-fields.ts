/** Owns the fields that ask for a phone, and what is said where one of them was refused. */
import { formatInternational } from '../../lib/phone-number.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { listCountries } from '../../i18n/format.ts';
import type { Locale } from '../../i18n/locale.ts';
import { deliveryCountries, type Policy } from '../../policies/policy.ts';
import { radioTiles, type RadioTile } from '../../ui/components/choice.ts';
import { field, selectField, type SelectOption } from '../../ui/components/field.ts';
import { errorSummary } from '../../ui/components/notice.ts';
import type { AttemptView } from '../attempt-view.ts';
import type { Possible, Typed } from './ways.ts';
import { wordsIn } from './words.ts';

/** The field that was refused, and why; '' where the method had no words for it. */
export interface Refused {
  readonly field: string;
  readonly message: string;
}

/** What was typed so far, and the field that was refused. */
export interface Filled {
  readonly typed?: Typed | undefined;
  readonly refused?: Refused | undefined;
}

/** What is not allowed is greyed out with its reason on the registration pages, and absent where something is added (rows S-071, S-094). */
export type NotAllowed = 'greyed' | 'absent';

/** What a form asks of a phone. */
export interface PhoneFields {
  readonly number: SafeHtml;
  readonly method: SafeHtml;
  /** The extension, where the office phone is typed; the directory's number, where it has one. */
  readonly office: SafeHtml;
  /** Whether the office phone is typed here, so that it needs country and number as well. */
  readonly isOfficeTyped: boolean;
}

/** The fields of a phone, with what was typed, and the words at the field that was refused. */
export function phoneFields(
  { frame, progress }: AttemptView,
  possible: Possible,
  filled: Filled,
  notAllowed: NotAllowed = 'greyed',
): PhoneFields {
  const { locale } = frame;
  const words = wordsIn(locale).contact;
  const { typed } = filled;
  const { officePhone } = possible;
  const errors = errorsOf(locale, filled);
  return {
    number: html`${countryField(
      locale,
      progress.known.policy,
      typed?.country ?? '',
      errors.country,
    )}${field({
      locale,
      name: 'number',
      label: words.number,
      hint: words.numberHint,
      error: errors.number,
      type: 'tel',
      inputmode: 'tel',
      autocomplete: 'tel',
      maxlength: 60,
      value: typed?.number,
    })}`,
    method: methodField(locale, possible, typed?.by, errors.by, notAllowed),
    office:
      officePhone === undefined
        ? field({
            locale,
            name: 'extension',
            label: words.extension,
            hint: words.extensionHint,
            error: errors.extension,
            optional: true,
            inputmode: 'numeric',
            autocomplete: 'off',
            maxlength: 20,
            width: 'short',
            value: typed?.extension,
          })
        : field({
            locale,
            name: 'officeNumber',
            label: words.officeNumber,
            hint: words.officeWrong,
            readonly: true,
            autocomplete: 'off',
            value: formatInternational(officePhone.number, officePhone.extension),
          }),
    isOfficeTyped: officePhone === undefined,
  };
}

/** The own country first, then those that texts and calls may go to, then the rest, greyed out. */
function countryField(
  locale: Locale,
  policy: Policy,
  value: string,
  error: string | undefined,
): SafeHtml {
  const words = wordsIn(locale).contact;
  const allowed = new Set(deliveryCountries(policy));
  const own = policy.organisation.country;
  const rank = (code: string): number => (code === own ? 0 : allowed.has(code) ? 1 : 2);
  const countries = listCountries(locale).toSorted(
    (one, other) => rank(one.code) - rank(other.code),
  );
  const options = countries.map(({ code, name, callingCode }): SelectOption => {
    const label = `${name} (${callingCode})`;
    return allowed.has(code)
      ? { value: code, label }
      : { value: code, label, disabledReason: words.unavailable };
  });
  return selectField({
    locale,
    name: 'country',
    label: words.country,
    options,
    value: value || own,
    error,
    hint: allowed.size < countries.length ? words.countriesAsk : undefined,
    autocomplete: 'country',
  });
}

function methodField(
  locale: Locale,
  { by }: Possible,
  value: string | undefined,
  error: string | undefined,
  notAllowed: NotAllowed,
): SafeHtml {
  const words = wordsIn(locale);
  const tile = (way: 'text' | 'call', icon: 'text-message' | 'phone-call'): RadioTile => {
    const standing = by[way];
    return {
      value: way,
      label: words.contact.methods[way],
      icon,
      disabledReason: standing === 'allowed' ? undefined : words.methodReasons[standing],
    };
  };
  const tiles = [tile('text', 'text-message'), tile('call', 'phone-call')];
  return radioTiles({
    locale,
    name: 'by',
    legend: words.contact.method,
    options:
      notAllowed === 'greyed'
        ? tiles
        : tiles.filter(({ disabledReason }) => disabledReason === undefined),
    value: value || (by.text === 'allowed' ? 'text' : 'call'),
    error,
  });
}

/** A field of these forms; `way` stands for all that is wrong with no field of a phone. */
type FieldName = 'number' | 'country' | 'extension' | 'by' | 'name' | 'appUse' | 'way';
const fieldNames: readonly FieldName[] = ['number', 'country', 'extension', 'by', 'name', 'appUse'];

/** What is wrong at each field. */
export function errorsOf(
  locale: Locale,
  { refused }: Filled,
): Readonly<Partial<Record<FieldName, string>>> {
  return refused === undefined ? {} : { [fieldOf(refused)]: messageOf(locale, refused) };
}

/** What is wrong, on top of the page. `way`: where the form asks for the way as well. */
export function summaryOf(
  locale: Locale,
  { refused }: Filled,
  way: 'asked' | 'not-asked' = 'asked',
): SafeHtml {
  if (refused === undefined) return html``;
  const field = fieldOf(refused);
  const isThere = field !== 'way' || way === 'asked';
  const message = messageOf(locale, refused);
  return errorSummary({ locale, errors: [isThere ? { field, message } : { message }] });
}

/** The refused field as it is called here. */
function fieldOf({ field }: Refused): FieldName {
  return fieldNames.find((known) => known === field) ?? 'way';
}

/** What was refused, in our own words where the method had none. */
export function messageOf(locale: Locale, { message }: Refused): string {
  return message === '' ? wordsIn(locale).contact.unreadable : message;
}
