/**
 * Owns registering in somebody's name what they have not proved: it takes the place of what was there, whatever
 * that had opened ends, and its owner hears of it at every address and at the number that counts no longer.
 */
import { methodRemovedByAdmin } from '../audit/audit.ts';
import { methodRegisteredByAdmin } from '../audit/provided-method-events.ts';
import type { Methods } from '../methods/method.ts';
import { standingOf } from '../policies/policy.ts';
import { isForSignIn, optionsOf } from '../registrations/options.ts';
import type { Registration } from '../registrations/registration.ts';
import { endWhatItOpened } from '../signin/revoke-everything.ts';
import { titleOf, type Owner } from '../signin/taking-away.ts';
import { tellOldPhone } from '../signin/telling.ts';
import { signOutEverywhere, type ActParts, type Doing } from './account-act.ts';
import type { Draft } from './drafting.ts';
import { inform, unwatched, type InformingParts } from './informing.ts';

/** An act on somebody, with all that they have. */
export type OwnerDoing = Doing & Owner;

/** Registers it, in the place of the old one where there is one. */
export async function keep(
  parts: Pick<ActParts, 'methods' | 'policies' | 'random'>,
  doing: OwnerDoing,
  draft: Draft,
  old?: Registration,
): Promise<Registration> {
  const { held, user, registrations, at, who } = doing;
  const { methods, random } = parts;
  const userId = user.id;
  const isFirst = !registrations.some((one) => isForSignIn(one, methods));
  const { kind, slot, secret } = draft;
  const registration: Registration = {
    id: random.token(16),
    userId,
    kind,
    slot,
    secret,
    version: 1,
    createdAt: at,
    lastUsedAt: undefined,
  };
  if (old !== undefined) {
    await held.registrations.remove(old.id, userId);
    await endWhatItOpened(held, methods, old, { keepSession: undefined, now: at });
    const gone = { kind: old.kind, slot: old.slot };
    await held.audit.append(methodRemovedByAdmin({ at, userId, ...who, ...gone }));
  }
  if (!(await held.registrations.add(registration))) {
    throw new Error('the place of a registration was taken while its owner was held');
  }
  await held.audit.append(methodRegisteredByAdmin({ at, userId, ...who, kind, slot }));
  // Trust was given for what was registered then.
  await held.trustedDevices.removeAll(userId);
  await moveDefault(methods, doing, registration, old);
  if (isFirst && isForSignIn(registration, methods)) {
    // What the password alone had opened ends (attack ATK-34).
    await signOutEverywhere(doing, 'first-method-registered');
  }
  await tellOwner(parts, doing, registration, old);
  return registration;
}

/** What comes in the place of the default is the default; so is the first thing of all. */
async function moveDefault(
  methods: Methods,
  { held, user, registrations, policy }: OwnerDoing,
  registration: Registration,
  old: Registration | undefined,
): Promise<void> {
  const { defaultMethod } = user;
  const wasOld = old !== undefined && defaultMethod?.registrationId === old.id;
  if (defaultMethod !== undefined && !wasOld) return;
  const now = [...registrations.filter((one) => one !== old), registration];
  const options = optionsOf({ user, registrations: now, methods, policy }).filter(
    ({ registration: one, standsIn }) => one === registration && !standsIn,
  );
  const asBefore = options.find(({ method }) => method.id === defaultMethod?.methodId);
  const option = asBefore ?? options[0];
  if (option === undefined && !wasOld) return;
  await held.users.setDefaultMethod(
    user.id,
    option && { registrationId: registration.id, methodId: option.method.id },
  );
}

async function tellOwner(
  parts: InformingParts & { readonly methods: Methods },
  doing: OwnerDoing,
  registration: Registration,
  old: Registration | undefined,
): Promise<void> {
  const { held, user, policy, at } = doing;
  const { methods } = parts;
  const locale = user.preferredLanguage ?? policy.organisation.defaultLanguage;
  const title = titleOf(methods, registration, locale);
  if (old === undefined) {
    await inform(parts, held, user, at, 'methodRegistered', title);
    return;
  }
  const before = methods.kind(old.kind)?.detail(old.secret, locale) ?? '';
  await inform(parts, held, user, at, 'methodChanged', `${before} → ${title}`);
  const byText = methods.all.find(
    (method) =>
      method.sends === 'text' &&
      method.registers.id === old.kind &&
      method.appliesTo(old.secret) &&
      standingOf(policy, method, user) === 'allowed',
  );
  const number = byText?.destination(old.secret);
  if (number === undefined || number === byText?.destination(registration.secret)) return;
  const doer = { locale, address: undefined };
  await tellOldPhone(parts, unwatched(held, at), doer, { policy }, user, number);
}
