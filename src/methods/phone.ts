/**
 * Owns the registration kind `phone`: a number in one of three places, as a person gives it or as
 * the directory has it. The methods that send a text or make a call draw on it.
 */
import { z } from 'zod';

import { countryName, formatList } from '../i18n/format.ts';
import type { Locale } from '../i18n/locale.ts';
import {
  formatInternational,
  maskNumber,
  parse as parseNumber,
  type PhoneNumber,
} from '../lib/phone-number.ts';
import type { BlindDefinition } from './blind.ts';
import { halfWidth } from './code.ts';
import { defineKind } from './kind.ts';
import type { Begun, Setup, Verdict } from './method.ts';
import { sharedWordsIn } from './words.ts';

/** The places for phones; Microsoft Graph's `authenticationPhoneType`. */
export const phoneTypes = ['mobile', 'alternateMobile', 'office'] as const;
export type PhoneType = (typeof phoneTypes)[number];

const extensionDigits = z.string().regex(/^\d{1,7}$/);

/** E.164. */
const numberPattern = /^\+[1-9]\d{4,14}$/;

/** What is kept of a registered phone. */
export const phoneSecret = z.strictObject({
  /** E.164. */
  number: z.string().regex(numberPattern),
  /** Office phones only: dialled once the call is answered (row S-007). */
  extension: extensionDigits.exactOptional(),
  phoneType: z.enum(phoneTypes),
  /** Present where the number is known to receive no texts: a landline. */
  landline: z.literal(true).exactOptional(),
  /** An extension typed on a mobile number, taken away: told until the phone is proved (row S-093). */
  removedExtension: extensionDigits.exactOptional(),
});
export type PhoneSecret = z.infer<typeof phoneSecret>;

/** A phone, in one of its three places. */
export const phone = defineKind({
  id: 'phone',
  slots: phoneTypes,
  icon: 'phone-call',
  secret: phoneSecret,
  name: phoneName,
  detail: maskPhone,
  places: (locale) =>
    phoneTypes.map((slot) => ({ slot, label: sharedWordsIn(locale).phoneTypes[slot] })),
  change: 'replace',
});

/** What the form sends. Every field may be absent: what is missing is told in words. */
export const phoneInput = z.object({
  phoneType: z.string().max(40).default(''),
  /** ISO 3166 code: the country that the number is read in when it has no `+`. */
  country: z.string().max(8).default(''),
  number: z.string().max(200).default(''),
  extension: z.string().max(40).default(''),
});
export type PhoneInput = z.infer<typeof phoneInput>;

/** What a method wants of the phone, and what its settings allow. */
export interface PhoneUse {
  readonly by: 'text' | 'call';
  /** Whether a person may type an office number that the directory does not have. */
  readonly officeTyped: boolean;
}

/**
 * Makes a draft of what was typed, or says which field is wrong and what to do. The office number is
 * the directory's where it has one (rows S-062, S-063); what was typed for it is not looked at.
 */
export function beginPhone(
  use: PhoneUse,
  setup: Pick<Setup, 'directory' | 'countries'>,
  input: PhoneInput,
  locale: Locale,
): Begun<PhoneSecret> {
  const words = sharedWordsIn(locale).number;
  const phoneType = phoneTypes.find((type) => type === input.phoneType);
  if (phoneType === undefined) return refused('phoneType', words.choosePhone);
  if (phoneType !== 'office') return beginMobile(use, setup, input, phoneType, locale);

  if (use.by === 'text') return refused('phoneType', words.officeTakesNoTexts);
  const { businessPhone } = setup.directory;
  if (businessPhone !== undefined) return beginFromDirectory(setup, businessPhone, locale);
  if (!use.officeTyped) return refused('phoneType', words.officeFromAdmin);
  return beginTypedOffice(setup, input, locale);
}

function beginMobile(
  use: PhoneUse,
  setup: Pick<Setup, 'countries'>,
  input: PhoneInput,
  phoneType: Exclude<PhoneType, 'office'>,
  locale: Locale,
): Begun<PhoneSecret> {
  const read = readNumber(setup, input, locale);
  if (typeof read === 'string') return refused('number', read);
  const landline = read.type === 'fixed' || read.type === 'other';
  if (landline && use.by === 'text') return refused('number', sharedWordsIn(locale).number.noTexts);
  const removed = read.extension ?? digitsOf(input.extension).slice(0, 7);
  return begun({
    number: read.e164,
    phoneType,
    ...(landline ? { landline } : {}),
    ...(removed === '' ? {} : { removedExtension: removed }),
  });
}

function beginTypedOffice(
  setup: Pick<Setup, 'countries'>,
  input: PhoneInput,
  locale: Locale,
): Begun<PhoneSecret> {
  const read = readNumber(setup, input, locale);
  if (typeof read === 'string') return refused('number', read);
  // Its own box says it last, so what stands there goes before what was typed behind the number.
  const typed = input.extension.trim();
  const extension = typed === '' ? (read.extension ?? '') : digitsOf(typed);
  if (typed !== '' && !extensionDigits.safeParse(extension).success) {
    return refused('extension', sharedWordsIn(locale).number.extension);
  }
  return begun(officePhone(read.e164, extension));
}

/** Nobody can correct it here, so whatever is wrong with it is a matter for the admin. */
function beginFromDirectory(
  setup: Pick<Setup, 'directory' | 'countries'>,
  businessPhone: string,
  locale: Locale,
): Begun<PhoneSecret> {
  const read = readNumber(setup, { country: '', number: businessPhone }, locale);
  if (typeof read === 'string')
    return refused('phoneType', sharedWordsIn(locale).number.officeFaulty);
  const { businessPhoneExtension = read.extension ?? '' } = setup.directory;
  return begun(officePhone(read.e164, digitsOf(businessPhoneExtension)));
}

function officePhone(number: string, extension: string): PhoneSecret {
  return { number, phoneType: 'office', ...(extension === '' ? {} : { extension }) };
}

/** The number, or in words why we would send nothing to it. */
function readNumber(
  setup: Pick<Setup, 'countries'>,
  input: Pick<PhoneInput, 'country' | 'number'>,
  locale: Locale,
): PhoneNumber | string {
  const words = sharedWordsIn(locale).number;
  const read = parseNumber(input.country === '' ? null : input.country, input.number);
  if (typeof read === 'string') return words[read];
  if (read.country === null) return words.nowhere;
  if (setup.countries.includes(read.country)) return read;
  const country = countryName(read.country, locale);
  if (setup.countries.length === 0 || setup.countries.length > countriesTold) {
    return words.countryUnlisted(country);
  }
  const allowed = setup.countries.map((code) => countryName(code, locale));
  return words.country(country, formatList(allowed, locale, 'or'));
}

/** More countries than this make no sentence. */
const countriesTold = 5;

/** A phone as its owner recognises it: `+31 ·· ·· ·· 12`, `+31 ·· ·· ·· 12 x·23`. */
export function maskPhone(phone: PhoneSecret): string {
  const number = maskNumber(phone.number);
  if (phone.extension === undefined) return number;
  return `${number}\u00a0x${phone.extension.slice(-2).padStart(phone.extension.length, '·')}`;
}

/** What this place for a phone is called. */
export function phoneName(phone: PhoneSecret, locale: Locale): string {
  return sharedWordsIn(locale).phoneTypes[phone.phoneType];
}

/** The number for whoever typed it: `+31 6 12345612`, or only that of its owner, masked. */
export function phoneShown(phone: PhoneSecret, isTypedByReader = false): string {
  return isTypedByReader ? formatInternational(phone.number, phone.extension) : maskPhone(phone);
}

/** What limits are counted for. Behind one switchboard number each extension is a phone of its own. */
export function phoneDestination(phone: PhoneSecret): string {
  return phone.extension === undefined ? phone.number : `${phone.number}x${phone.extension}`;
}

/** The number alone in what `phoneDestination` gave, without what is dialled after the answer. */
export function numberIn(destination: string): string {
  return destination.replace(/x\d+$/, '');
}

/** A phone in a reset: its number is typed in full, and the alternate one takes no part (row A-100). */
export const blindPhone: BlindDefinition<PhoneSecret> = {
  decoy: (named) => ({ number: named, phoneType: 'mobile' }),
  naming: {
    read: (typed, country) => {
      const read = parseNumber(country, typed);
      return typeof read === 'string' || !numberPattern.test(read.e164) ? undefined : read.e164;
    },
    of: ({ number }) => number,
  },
  appliesTo: ({ phoneType }) => phoneType !== 'alternateMobile',
};

/** The phone was proved. What was only to be told until then is not kept. */
export function provedPhone(phone: PhoneSecret): Verdict<never, PhoneSecret> {
  if (phone.removedExtension === undefined) return { kind: 'verified' };
  const { removedExtension: _told, ...kept } = phone;
  return { kind: 'verified', secret: kept };
}

function begun(secret: PhoneSecret): Begun<PhoneSecret> {
  return { kind: 'begun', secret, slot: secret.phoneType };
}

function refused(field: string, message: string): Begun<PhoneSecret> {
  return { kind: 'refused', field, message };
}

function digitsOf(text: string): string {
  return halfWidth(text).replaceAll(/\D/g, '');
}
