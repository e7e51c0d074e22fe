/**
 * Owns taking one registered thing away, whoever asks for it: whether it may go, what it opened ends,
 * the default moves, and its owner is told.
 */
import { isPrivileged, type User } from '../accounts/user.ts';
import { methodRemoved, type Origin } from '../audit/audit.ts';
import type { Locale } from '../i18n/locale.ts';
import type { Methods } from '../methods/method.ts';
import type { Policy } from '../policies/policy.ts';
import { optionsOf, type Option } from '../registrations/options.ts';
import type { Registration } from '../registrations/registration.ts';
import type { SigninParts, Work } from './parts.ts';
import { endWhatItOpened } from './revoke-everything.ts';
import type { SigninStores } from './stores.ts';
import { tell, type Doer } from './telling.ts';

/** Whose it is, what they have besides, and what the organisation asks of them. */
export interface Owner {
  readonly user: User;
  readonly registrations: readonly Registration[];
  readonly policy: Policy;
}

/** Whether nothing would be left to sign in with for somebody who must have a second step. */
export function isLast(methods: Methods, owner: Owner, registration: Registration): boolean {
  const { user, registrations } = owner;
  if (user.perUserMfaState === 'disabled' && !isPrivileged(user)) return false;
  const counting = (of: readonly Registration[]): number =>
    optionsOf({ ...owner, registrations: of, methods }).filter(({ standsIn }) => !standsIn).length;
  const left = registrations.filter(({ id }) => id !== registration.id);
  return counting(registrations) > 0 && counting(left) === 0;
}

/** Takes it away, and tells its owner. Resolves to what became the default, where this was it. */
export async function takeAway(
  { methods, random }: Pick<SigninParts, 'methods' | 'random'>,
  work: Work,
  owner: Owner,
  registration: Registration,
  by: { readonly origin: Origin; readonly doer: Doer; readonly keepSession?: Buffer | undefined },
): Promise<Option | undefined> {
  const { stores, now } = work;
  const { user, policy } = owner;
  const { keepSession } = by;
  const newDefault = await putOutOfUse(stores, methods, owner, registration, { keepSession, now });
  await stores.audit.append(methodRemoved(by.origin, registration.kind, registration.slot));
  const title = titleOf(methods, registration, by.doer.locale);
  await tell({ random }, work, by.doer, { policy }, user, 'methodRemoved', title);
  return newDefault;
}

/**
 * Removes it, whoever asked for it: what it opened and trust that was given for what was registered then end,
 * but for the session to keep. The default goes to the strongest left, where it was asked with what is gone
 * now (row S-115). Resolves to that one; undefined where the default stays.
 */
export async function putOutOfUse(
  stores: SigninStores,
  methods: Methods,
  owner: Owner,
  registration: Registration,
  options: { readonly keepSession: Buffer | undefined; readonly now: Date },
): Promise<Option | undefined> {
  const { user } = owner;
  await stores.registrations.remove(registration.id, user.id);
  await stores.trustedDevices.removeAll(user.id);
  await endWhatItOpened(stores, methods, registration, options);
  if (user.defaultMethod?.registrationId !== registration.id) return undefined;
  const strongest = defaultLeft(methods, owner, registration);
  await stores.users.setDefaultMethod(
    user.id,
    strongest && { registrationId: strongest.registration.id, methodId: strongest.method.id },
  );
  return strongest;
}

/** What is asked first once this is gone: the strongest that is left (row S-115). */
function defaultLeft(methods: Methods, owner: Owner, removed: Registration): Option | undefined {
  const registrations = owner.registrations.filter(({ id }) => id !== removed.id);
  return optionsOf({ ...owner, registrations, methods }).find(({ standsIn }) => !standsIn);
}

/** What a registration is called, and which one it is, masked. */
export function titleOf(methods: Methods, { kind, secret }: Registration, locale: Locale): string {
  const known = methods.kind(kind);
  const detail = known?.detail(secret, locale) ?? '';
  const name = known?.name(secret, locale) ?? kind;
  return detail === '' ? name : `${name}, ${detail}`;
}
