/**
 * Owns the ways to be contacted that step 1 offers, what stands in the way of each for this person,
 * and what a filled-in form asks of the state machine.
 */
import { z } from 'zod';

import type { User } from '../../accounts/user.ts';
import type { Locale } from '../../i18n/locale.ts';
import { parse as parseNumber } from '../../lib/phone-number.ts';
import type { Method, Methods } from '../../methods/method.ts';
import { settings as callSettings } from '../../methods/phone-call/settings.ts';
import { phoneSecret } from '../../methods/phone.ts';
import { keySecret } from '../../methods/security-key/secret.ts';
import { settingsOf, standingOf, type MethodStanding, type Policy } from '../../policies/policy.ts';
import { isOpen, type Draft } from '../../signin/attempt.ts';
import type { Contact } from '../../signin/registering.ts';
import type { Progress } from '../../signin/progress.ts';
import { wordsIn } from './words.ts';

/** The choices of the drop-down: the three of row S-029, and the key (row S-122). */
export const ways = ['mobile', 'office', 'app', 'key'] as const;
export type Way = (typeof ways)[number];

/** What the form of step 1, or of the backup phone, sends. Everything may be absent. */
export const contactForm = z.object({
  way: z.string().default(''),
  by: z.string().default(''),
  country: z.string().default(''),
  number: z.string().default(''),
  extension: z.string().default(''),
  /** Of a security key. */
  name: z.string().default(''),
  appUse: z.string().default(''),
});
export type Typed = z.infer<typeof contactForm>;

/** How an app may be used (rows S-030, S-032). */
export const appUses = ['notification', 'code'] as const;
export type AppUse = (typeof appUses)[number];

/** Why a way is greyed out. */
export type WayStanding = MethodStanding | 'no-office-number';

/** What is possible for this person. */
export interface Possible {
  readonly ways: Readonly<Record<Way, WayStanding>>;
  /** How a mobile phone may be asked. */
  readonly by: Readonly<Record<'text' | 'call', MethodStanding>>;
  readonly appUse: Readonly<Record<AppUse, MethodStanding>>;
  /** Where the directory has an office number, it is that one and no other (rows S-062, S-063). */
  readonly officePhone:
    | { readonly number: string; readonly extension: string | undefined }
    | undefined;
}

const methodIds = {
  text: 'text-message',
  call: 'phone-call',
  notification: 'notification',
  code: 'authenticator-code',
  key: 'security-key',
} as const;

/** What this person may choose. */
export function possibleFor(
  { known: { policy, user } }: { readonly known: Pick<Progress['known'], 'policy' | 'user'> },
  methods: Methods,
): Possible {
  const standing = (id: string): MethodStanding => standingIn(policy, methods.get(id), user);
  const text = standing(methodIds.text);
  const call = standing(methodIds.call);
  const notification = standing(methodIds.notification);
  const code = standing(methodIds.code);
  const number = user?.businessPhone;
  return {
    ways: {
      mobile: text === 'allowed' ? text : call,
      office:
        call !== 'allowed' || number !== undefined || isOfficeTyped(policy, methods)
          ? call
          : 'no-office-number',
      app: notification === 'allowed' ? notification : code,
      key: standing(methodIds.key),
    },
    by: { text, call },
    appUse: { notification, code },
    officePhone:
      number === undefined ? undefined : { number, extension: user?.businessPhoneExtension },
  };
}

/** What the form asks for, or the field that is missing and why. */
export type ReadContact =
  | { readonly kind: 'contact'; readonly contact: Contact }
  | { readonly kind: 'missing'; readonly field: string; readonly message: string };

/** Reads a filled-in form, as far as it can be judged without the method. */
export function readContact(typed: Typed, possible: Possible, locale: Locale): ReadContact {
  const words = wordsIn(locale).contact;
  const way = ways.find((known) => known === typed.way);
  if (way === undefined) return { kind: 'missing', field: 'way', message: words.missingWay };
  const standing = possible.ways[way];
  if (standing !== 'allowed') {
    const message = wordsIn(locale).reasons[standing]([words.ways[way]]);
    return { kind: 'missing', field: 'way', message };
  }
  switch (way) {
    case 'app':
      return readApp(typed, possible, locale);
    case 'key':
      return contact(methodIds.key, { name: typed.name });
    case 'office':
      return readOffice(typed, possible, locale);
    case 'mobile':
      return readPhone(typed, 'mobile', possible, locale);
  }
}

/** Reads how an app is to be used. Where there is one way only, nobody has to say so. */
export function readApp({ appUse }: Typed, possible: Possible, locale: Locale): ReadContact {
  const words = wordsIn(locale);
  const open = appUses.filter((use) => possible.appUse[use] === 'allowed');
  const only = open.length === 1 ? open[0] : undefined;
  const use = appUses.find((known) => known === appUse) ?? only;
  if (use === undefined) {
    return { kind: 'missing', field: 'appUse', message: words.contact.missingUse };
  }
  const standing = possible.appUse[use];
  return standing === 'allowed'
    ? contact(methodIds[use], {})
    : { kind: 'missing', field: 'appUse', message: words.methodReasons[standing] };
}

/** Reads what was typed of an office phone. */
export function readOffice(typed: Typed, possible: Possible, locale: Locale): ReadContact {
  const standing = possible.ways.office;
  if (standing !== 'allowed') {
    const message = wordsIn(locale).reasons[standing]([wordsIn(locale).contact.ways.office]);
    return { kind: 'missing', field: 'way', message };
  }
  return contact(methodIds.call, { ...numberIn(typed), phoneType: 'office' });
}

/** Reads what was typed of a phone that takes texts and calls. */
export function readPhone(
  typed: Typed,
  phoneType: string,
  possible: Possible,
  locale: Locale,
): ReadContact {
  const { by } = typed;
  const words = wordsIn(locale);
  if (by !== 'text' && by !== 'call') {
    return { kind: 'missing', field: 'by', message: words.contact.missingMethod };
  }
  const standing = possible.by[by];
  return standing === 'allowed'
    ? contact(methodIds[by], { ...numberIn(typed), phoneType })
    : { kind: 'missing', field: 'by', message: words.methodReasons[standing] };
}

function numberIn({ country, number, extension }: Typed): Contact['input'] {
  return { country, number, extension };
}

/** What was typed to get this draft, so that nobody types it twice. */
export function typedFor(draft: Draft | undefined): Typed | undefined {
  if (draft === undefined) return undefined;
  const empty = contactForm.parse({});
  const appUse = appUses.find((use) => methodIds[use] === draft.methodId);
  if (appUse !== undefined) return { ...empty, way: 'app', appUse };
  const key = draft.methodId === methodIds.key ? keySecret.safeParse(draft.secret) : undefined;
  if (key?.success === true) return { ...empty, way: 'key', name: key.data.name };
  const phone = phoneSecret.safeParse(draft.secret);
  if (!phone.success) return undefined;
  const { number, extension = '', phoneType } = phone.data;
  const read = parseNumber(null, number);
  const country = typeof read === 'string' ? '' : (read.country ?? '');
  return phoneType === 'office'
    ? { ...empty, way: 'office', country, number, extension }
    : {
        ...empty,
        way: 'mobile',
        country,
        number,
        by: draft.methodId === methodIds.call ? 'call' : 'text',
      };
}

/** Whether what was begun is still to be proved, so that the same form once more begins nothing anew. */
export function isUnderWay({ attempt, known }: Pick<Progress, 'attempt' | 'known'>): boolean {
  const { challenge, registration } = attempt;
  // A device has joined it, or may join any moment: to throw that away takes more than a second click.
  if (registration?.draft?.pairing !== undefined) return true;
  return challenge !== undefined && isOpen(challenge, known.now);
}

/** Whether a form asks for what is being proved already: whoever sends it twice is asked once. */
export function isProving(draft: Draft | undefined, typed: Typed, possible: Possible): boolean {
  const proving = typedFor(draft);
  if (proving === undefined || proving.way !== typed.way) return false;
  switch (proving.way) {
    case 'app':
      return proving.appUse === typed.appUse;
    case 'key':
      return typed.name.trim() === '' || typed.name.trim() === proving.name;
    case 'office':
      if (possible.officePhone !== undefined) return true;
      return isSameNumber(proving, typed) && proving.extension === typed.extension.trim();
    default:
      return isSameNumber(proving, typed) && proving.by === typed.by;
  }
}

function isSameNumber(proving: Typed, { country, number }: Typed): boolean {
  const read = parseNumber(country === '' ? null : country, number);
  return typeof read !== 'string' && read.e164 === proving.number;
}

/** How a method that is being proved is proved, for the words of its page. */
export function proofOf(methodId: string | undefined): keyof typeof methodIds {
  if (methodId === methodIds.call) return 'call';
  if (methodId === methodIds.key) return 'key';
  if (methodId === methodIds.notification) return 'notification';
  return methodId === methodIds.code ? 'code' : 'text';
}

function contact(methodId: string, input: Contact['input']): ReadContact {
  return { kind: 'contact', contact: { methodId, input } };
}

function standingIn(
  policy: Policy,
  method: Method | undefined,
  user: User | undefined,
): MethodStanding {
  return method === undefined || user === undefined ? 'off' : standingOf(policy, method, user);
}

function isOfficeTyped(policy: Policy, methods: Methods): boolean {
  const call = methods.get(methodIds.call);
  return call !== undefined && callSettings.parse(settingsOf(policy, call)).officePhoneTyped;
}
