/**
 * Owns what somebody came to add from Security info: what the attempt says of it, and what a filled-in
 * form asks of the state machine.
 */
import type { Locale } from '../../i18n/locale.ts';
import type { Kind } from '../../methods/kind.ts';
import type { Method, Methods } from '../../methods/method.ts';
import { phone } from '../../methods/phone.ts';
import { isOpen } from '../../signin/attempt.ts';
import { progressOf } from '../../signin/registering.ts';
import { methodsToBegin } from '../../signin/security-info.ts';
import type { Progress } from '../../signin/progress.ts';
import {
  contactForm,
  isProving,
  readOffice,
  readPhone,
  type Possible,
  type ReadContact,
} from './ways.ts';

/** What is added, or put in the place of another one. */
export interface Added {
  readonly kind: Kind;
  readonly slot: string;
  /** As **Add method** calls it: "Alternate authentication phone". */
  readonly label: string;
  /** The method that it begins with; undefined where policy allows none any more. */
  readonly method: Method | undefined;
  /** What it replaces, masked: "+31 ·· ·· ·· 12"; undefined where it replaces nothing. */
  readonly replaced: string | undefined;
}

/** What this attempt adds; undefined for a first registration. */
export function addedIn(
  { attempt, known }: Progress,
  methods: Methods,
  locale: Locale,
): Added | undefined {
  const { adds } = attempt.request;
  const kind = methods.kind(adds?.kind ?? '');
  const { policy, user, registrations } = known;
  if (adds === undefined || kind === undefined || user === undefined) return undefined;
  const { slot } = adds;
  const old = registrations.find(({ id }) => id === adds.replaces);
  return {
    kind,
    slot,
    label: kind.places(locale).find((place) => place.slot === slot)?.label ?? '',
    method: methodsToBegin(methods, kind, slot, user, policy)[0],
    replaced: old?.kind === kind.id ? kind.detail(old.secret, locale) : undefined,
  };
}

/** Phones have a form of these pages: country and number, and how to be reached there. */
export function isPhone({ kind }: Pick<Added, 'kind'>): boolean {
  return kind.id === phone.id;
}

/** Whether nothing has to be asked before it begins. */
export function beginsAtOnce(added: Pick<Added, 'kind' | 'method'>): boolean {
  return added.method !== undefined && added.method.form === undefined && !isPhone(added);
}

/** Reads a filled-in form, as far as it can be judged without the method. */
export function readAdded(
  added: Added,
  input: Readonly<Record<string, string>>,
  possible: Possible,
  locale: Locale,
): ReadContact | undefined {
  if (added.method === undefined) return undefined;
  if (!isPhone(added)) {
    return { kind: 'contact', contact: { methodId: added.method.id, input } };
  }
  const typed = contactForm.parse(input);
  return added.slot === 'office'
    ? readOffice(typed, possible, locale)
    : readPhone(typed, added.slot, possible, locale);
}

/** Whether this form asks for what is being proved already: whoever sends it twice is asked once. */
export function isAsked(
  added: Added,
  input: Readonly<Record<string, string>>,
  { attempt, known }: Progress,
  possible: Possible,
): boolean {
  const { challenge } = attempt;
  const { draft } = progressOf(attempt);
  if (challenge === undefined || draft === undefined || !isOpen(challenge, known.now)) return false;
  if (!isPhone(added)) return beginsAtOnce(added) && draft.methodId === added.method?.id;
  const way = added.slot === 'office' ? 'office' : 'mobile';
  return isProving(draft, { ...contactForm.parse(input), way }, possible);
}
