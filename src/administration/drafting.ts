/**
 * Owns what those in charge type of somebody else's phone or address, as it would be registered; or why it may not
 * be. Nothing of it is proved by its owner.
 */
import type { ApprovedValues } from '../accounts/approval.ts';
import { parse as parseNumber } from '../lib/phone-number.ts';
import type { Random } from '../lib/random.ts';
import type { Methods } from '../methods/method.ts';
import { readAddress } from '../methods/email/address.ts';
import { email } from '../methods/email/kind.ts';
import { phone, phoneSecret, type PhoneType } from '../methods/phone.ts';
import { deliveryCountries, standingOf, type Policy } from '../policies/policy.ts';
import { setupOf } from '../signin/registering.ts';
import type { Owner } from '../signin/taking-away.ts';

/** What is put in which place. */
export interface Draft {
  readonly kind: string;
  readonly slot: string;
  readonly secret: unknown;
}

/** Why it may not be. */
export type DraftFault =
  /** This is no number, or no address. */
  | 'unreadable'
  /** Texts and calls may not go to that country. */
  | 'country'
  /** The account's own mailbox proves nothing of somebody who forgot its password. */
  | 'own-mailbox'
  /** An alternate mobile phone comes after a mobile phone (Graph's rule). */
  | 'needs-mobile'
  /** Policy lets this person use it in no way. */
  | 'not-allowed';

export interface TypedPhone {
  readonly phoneType: PhoneType;
  /** As people write it; an office number may end in an extension. */
  readonly number: string;
}

/** A phone as it would be registered for its owner. */
export function draftPhone(
  methods: Methods,
  owner: Owner,
  { phoneType, number }: TypedPhone,
): Draft | DraftFault {
  const { registrations, policy } = owner;
  const read = parseNumber(policy.organisation.country, number);
  if (typeof read === 'string') return 'unreadable';
  const { country, e164, extension, type } = read;
  if (country === null || !deliveryCountries(policy).includes(country)) return 'country';
  const isSecond = phoneType === 'alternateMobile';
  const hasMobile = registrations.some(({ kind, slot }) => kind === phone.id && slot === 'mobile');
  if (isSecond && !hasMobile) return 'needs-mobile';
  const isOffice = phoneType === 'office';
  const isLandline = !isOffice && (type === 'fixed' || type === 'other');
  const parsed = phoneSecret.safeParse({
    number: e164,
    phoneType,
    ...(isOffice && extension !== undefined ? { extension } : {}),
    ...(isLandline ? { landline: true } : {}),
  });
  if (!parsed.success) return 'unreadable';
  return usable(methods, owner, { kind: phone.id, slot: phoneType, secret: parsed.data });
}

/** A number as a second administrator reads it, however it was typed; one that cannot be read is refused later. */
export function phoneValues(
  { organisation }: Policy,
  { phoneType, number }: TypedPhone,
): ApprovedValues {
  const read = parseNumber(organisation.country, number);
  const { e164, extension } = typeof read === 'string' ? { e164: number.trim() } : read;
  return {
    place: phoneType,
    number: extension === undefined ? e164 : `${e164} x${extension}`,
  };
}

/** An address for resets, as it would be registered for its owner. */
export function draftEmail(
  {
    methods,
    random,
    origin,
  }: { readonly methods: Methods; readonly random: Random; readonly origin: string },
  owner: Owner,
  typed: string,
): Draft | DraftFault {
  const { user, policy } = owner;
  if (readAddress(typed) === undefined) return 'unreadable';
  const method = methods.all.find(({ registers }) => registers.id === email.id);
  const begun = method?.begin?.(
    setupOf({ random, origin }, { policy }, user, method),
    { email: typed },
    'en',
  );
  // What is left to refuse in an address that can be read.
  if (begun?.kind !== 'begun') return 'own-mailbox';
  return usable(methods, owner, { kind: email.id, slot: begun.slot, secret: begun.secret });
}

function usable(methods: Methods, { user, policy }: Owner, draft: Draft): Draft | DraftFault {
  const isUsable = methods.all.some(
    (method) =>
      method.registers.id === draft.kind &&
      method.appliesTo(draft.secret) &&
      standingOf(policy, method, user) === 'allowed',
  );
  return isUsable ? draft : 'not-allowed';
}
