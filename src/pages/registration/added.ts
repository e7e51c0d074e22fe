/**
 * Owns what somebody came to add from Security info: what the attempt says of it, and what a filled-in
 * form asks of the state machine.
 */
import type { Locale } from '../../i18n/locale.ts';
import { authenticatorApp } from '../../methods/authenticator-app.ts';
import type { Kind } from '../../methods/kind.ts';
import type { Method, Methods } from '../../methods/method.ts';
import { phone } from '../../methods/phone.ts';
import { methodsToBegin } from '../../own-account/security-info.ts';
import { progressOf } from '../../signin/registering.ts';
import type { Progress } from '../../signin/progress.ts';
import {
  contactForm,
  isProving,
  isUnderWay,
  readApp,
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
  /** The methods that it may begin with; none where policy allows none any more. */
  readonly methods: readonly Method[];
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
    methods: methodsToBegin(methods, kind, slot, user, policy),
    replaced: old?.kind === kind.id ? kind.detail(old.secret, locale) : undefined,
  };
}

/** Phones have a form of these pages: country and number, and how to be reached there. */
export function isPhone({ kind }: Pick<Added, 'kind'>): boolean {
  return kind.id === phone.id;
}

/** So have apps: how they are to be used. */
export function isApp({ kind }: Pick<Added, 'kind'>): boolean {
  return kind.id === authenticatorApp.id;
}

/** The method that it begins with where nothing has to be asked before; undefined where something has. */
export function methodAtOnce(added: Pick<Added, 'kind' | 'methods'>): Method | undefined {
  const [first, ...others] = added.methods;
  if (isPhone(added) || (isApp(added) && others.length > 0)) return undefined;
  return first?.form === undefined ? first : undefined;
}

/** Reads a filled-in form, as far as it can be judged without the method. */
export function readAdded(
  added: Added,
  input: Readonly<Record<string, string>>,
  possible: Possible,
  locale: Locale,
): ReadContact | undefined {
  const [first] = added.methods;
  if (first === undefined) return undefined;
  const typed = contactForm.parse(input);
  if (isApp(added)) return readApp(typed, possible, locale);
  if (!isPhone(added)) return { kind: 'contact', contact: { methodId: first.id, input } };
  return added.slot === 'office'
    ? readOffice(typed, possible, locale)
    : readPhone(typed, added.slot, possible, locale);
}

/** Whether this form asks for what is being proved already: whoever sends it twice is asked once. */
export function isAsked(
  added: Added,
  input: Readonly<Record<string, string>>,
  progress: Progress,
  possible: Possible,
): boolean {
  const { draft } = progressOf(progress.attempt);
  if (draft === undefined || !isUnderWay(progress)) return false;
  const atOnce = methodAtOnce(added);
  if (atOnce !== undefined) return draft.methodId === atOnce.id;
  if (!isPhone(added) && !isApp(added)) return false;
  const way = isApp(added) ? 'app' : added.slot === 'office' ? 'office' : 'mobile';
  return isProving(draft, { ...contactForm.parse(input), way }, possible);
}
