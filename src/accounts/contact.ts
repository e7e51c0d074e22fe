/** Owns what the directory knows of what somebody is called and how to reach them, and what may be written there. */
import { isLocale, type Locale } from '../i18n/locale.ts';
import { parse as parseNumber } from '../lib/phone-number.ts';
import { isDisplayName, isMailAddress } from './new-user.ts';
import type { User } from './user.ts';

/** As it was typed; '' clears. Numbers as people write them. */
export interface AskedContact {
  /** Absent: it stays as it is. */
  readonly displayName?: string | undefined;
  readonly mobilePhone: string;
  readonly businessPhone: string;
  /** Digits; for the office number only. */
  readonly businessPhoneExtension: string;
  /** Absent where whoever asks may not change it. */
  readonly otherMail?: string | undefined;
  /** '' for the organisation's own. */
  readonly preferredLanguage: string;
}

export type Contact = Pick<
  User,
  | 'displayName'
  | 'mobilePhone'
  | 'businessPhone'
  | 'businessPhoneExtension'
  | 'otherMail'
  | 'preferredLanguage'
>;

/** One thing that is wrong with what was typed. */
export interface ContactFault {
  readonly field: keyof AskedContact;
  readonly reason:
    | 'not-a-name'
    | 'not-a-number'
    | 'not-an-extension'
    | 'no-office-phone'
    | 'not-an-address';
}

export type JudgedContact =
  | { readonly kind: 'refused'; readonly faults: readonly ContactFault[] }
  | {
      readonly kind: 'contact';
      readonly contact: Omit<Contact, 'displayName' | 'otherMail'> & Partial<Contact>;
    };

/** The longest extension that is dialled. */
const longestExtension = 7;

/** Judges it all at once; numbers without `+` are read in `country`. */
export function judgeContact(asked: AskedContact, country: string): JudgedContact {
  const faults: ContactFault[] = [];
  const number = (field: 'mobilePhone' | 'businessPhone') => {
    const typed = asked[field].trim();
    if (typed === '') return undefined;
    const parsed = parseNumber(country, typed);
    if (typeof parsed !== 'string') return parsed;
    faults.push({ field, reason: 'not-a-number' });
    return undefined;
  };
  const displayName = asked.displayName?.trim();
  if (displayName !== undefined && !isDisplayName(displayName)) {
    faults.push({ field: 'displayName', reason: 'not-a-name' });
  }
  // Typed on a mobile number an extension means nothing (`product.md`, "Where the seeds disagree").
  const mobilePhone = number('mobilePhone')?.e164;
  const office = number('businessPhone');
  const extension = asked.businessPhoneExtension.trim();
  const field = 'businessPhoneExtension';
  if (extension !== '' && (!/^\d+$/.test(extension) || extension.length > longestExtension)) {
    faults.push({ field, reason: 'not-an-extension' });
  } else if (extension !== '' && asked.businessPhone.trim() === '') {
    faults.push({ field, reason: 'no-office-phone' });
  }
  const otherMail = asked.otherMail?.trim();
  if (otherMail !== undefined && otherMail !== '' && !isMailAddress(otherMail)) {
    faults.push({ field: 'otherMail', reason: 'not-an-address' });
  }
  if (faults.length > 0) return { kind: 'refused', faults };
  return {
    kind: 'contact',
    contact: {
      ...(displayName === undefined ? {} : { displayName }),
      mobilePhone,
      businessPhone: office?.e164,
      businessPhoneExtension:
        office === undefined ? undefined : extension === '' ? office.extension : extension,
      preferredLanguage: languageOf(asked.preferredLanguage),
      ...(otherMail === undefined ? {} : { otherMail: otherMail === '' ? undefined : otherMail }),
    },
  };
}

/** The names of what is different. */
export function contactChanges(user: User, contact: Partial<Contact>): readonly (keyof Contact)[] {
  return contactFields.filter((field) => field in contact && contact[field] !== user[field]);
}

/** Only what is different: what stays is not named, so that it is not put back where somebody else changes it. */
export function differentContact(user: User, contact: Partial<Contact>): Partial<Contact> {
  let different: Partial<Contact> = {};
  for (const field of contactChanges(user, contact)) {
    different = { ...different, [field]: contact[field] };
  }
  return different;
}

const contactFields = [
  'displayName',
  'mobilePhone',
  'businessPhone',
  'businessPhoneExtension',
  'otherMail',
  'preferredLanguage',
] as const satisfies readonly (keyof Contact)[];

function languageOf(text: string): Locale | undefined {
  return isLocale(text) ? text : undefined;
}
