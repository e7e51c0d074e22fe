/**
 * Owns what those in charge register for somebody: a phone, an address for resets, a security key, and
 * what is asked first. Nothing of it is proved by its owner, who therefore hears of it at every address and at the
 * number that counts no longer; whatever the old one had opened ends.
 */
import type { AdminAct } from '../accounts/administering.ts';
import type { ApprovedValues } from '../accounts/approval.ts';
import type { User } from '../accounts/user.ts';
import { methodRemovedByAdmin } from '../audit/audit.ts';
import {
  defaultMethodChangedByAdmin,
  methodRegisteredByAdmin,
} from '../audit/provided-method-events.ts';
import { TweestapError } from '../errors/errors.ts';
import type { Clock } from '../lib/clock.ts';
import { parse as parseNumber } from '../lib/phone-number.ts';
import type { Random } from '../lib/random.ts';
import type { Transact } from '../lib/transact.ts';
import type { Methods } from '../methods/method.ts';
import { phone, phoneSecret, type PhoneType } from '../methods/phone.ts';
import { readAddress } from '../methods/email/address.ts';
import { email } from '../methods/email/kind.ts';
import { securityKeyKind } from '../methods/security-key/kind.ts';
import type { Created } from '../methods/security-key/response.ts';
import { settings as keySettings } from '../methods/security-key/settings.ts';
import type { Policies } from '../policies/policies.ts';
import { deliveryCountries, settingsOf, standingOf, type Policy } from '../policies/policy.ts';
import { isForSignIn, optionsOf, type Option } from '../registrations/options.ts';
import type { Registration } from '../registrations/registration.ts';
import { endWhatItOpened, revokeEverything } from '../signin/revoke-everything.ts';
import type { SigninStores } from '../signin/stores.ts';
import { titleOf } from '../signin/taking-away.ts';
import { tellOldPhone } from '../signin/telling.ts';
import { admit, admitToAsk, type Actor, type By } from './acting-admin.ts';
import { inform } from './informing.ts';
import { askKey, judgeKey, type KeyFor, type KeyQuestion } from './key-for-another.ts';

/** Why it was not registered. */
export type ProvidingFault =
  /** This is no number, or no address. */
  | 'unreadable'
  /** Texts and calls may not go to that country. */
  | 'country'
  /** The account's own mailbox proves nothing of somebody who forgot its password. */
  | 'own-mailbox'
  /** There is one already: change it. */
  | 'taken'
  /** An alternate mobile phone comes after a mobile phone (Graph's rule). */
  | 'needs-mobile'
  /** Policy lets this person use it in no way. */
  | 'not-allowed'
  /** What was to be changed is not there. */
  | 'gone'
  /** There are as many as there may be. */
  | 'full'
  /** What the key said proves nothing, or is too late. */
  | 'not-accepted';

export type Provided =
  | { readonly kind: 'registered'; readonly registration: Registration }
  | { readonly kind: 'refused'; readonly reason: ProvidingFault };

/**
 * Every act of somebody at their pages or with their token may throw `NOT_SIGNED_IN`, `STEP_UP_REQUIRED`
 * or `NOT_ALLOWED`; nothing has happened then.
 */
export interface Providing {
  /** Numbers as people write them; an office number may end in an extension. */
  addPhone(
    userId: string,
    asked: { readonly phoneType: PhoneType; readonly number: string },
    by: By,
  ): Promise<Provided>;
  /** Another number in the same place. */
  changePhone(
    userId: string,
    asked: { readonly phoneType: PhoneType; readonly number: string },
    by: By,
  ): Promise<Provided>;
  /** An address for resets: the only one. */
  addEmail(userId: string, address: string, by: By): Promise<Provided>;
  changeEmail(userId: string, address: string, by: By): Promise<Provided>;
  /** What a security key is asked on behalf of somebody; undefined where policy lets them have none. */
  askKey(userId: string, by: By): Promise<KeyQuestion | undefined>;
  /** Registers the key that answered, for whoever asked within five minutes. */
  addKey(
    userId: string,
    answered: { readonly name: string; readonly credential: Created },
    by: By,
  ): Promise<Provided>;
  /** What is asked first from now on; false where they cannot be asked that. */
  chooseDefault(userId: string, optionId: string, by: By): Promise<boolean>;
}

export interface ProvidingParts {
  readonly transact: Transact<SigninStores>;
  readonly policies: Policies;
  readonly methods: Methods;
  readonly clock: Clock;
  readonly random: Random;
  /** The origin that people see. */
  readonly origin: string;
  readonly box: KeyFor['box'];
}

/** The person whose it is to be, held until it is done. */
interface Held {
  readonly stores: SigninStores;
  readonly user: User;
  readonly registrations: readonly Registration[];
  readonly policy: Policy;
  readonly at: Date;
  readonly who: Actor;
}

/** What is put in which place, or why not. */
type Draft =
  | { readonly kind: string; readonly slot: string; readonly secret: unknown }
  | ProvidingFault;

/** Makes the service. */
export function createProviding(parts: ProvidingParts): Providing {
  const { transact, policies, methods, clock } = parts;

  const act = <result>(
    userId: string,
    what: AdminAct,
    by: By,
    work: (held: Held) => Promise<result>,
    /** What a second administrator agrees to; nothing where none has to. */
    values: ((policy: Policy) => ApprovedValues) | 'asks-nobody',
  ): Promise<result> =>
    transact(async (stores) => {
      const user = await stores.users.lock(userId);
      if (user === undefined) throw new TweestapError('NOT_FOUND');
      const at = clock.now();
      const policy = await policies.current(stores.policies);
      const who =
        values === 'asks-nobody'
          ? await admitToAsk(parts, stores, by, what, user, at)
          : await admit(parts, stores, by, what, user, at, { values: values(policy) });
      const registrations = await stores.registrations.list(userId);
      return work({ stores, user, registrations, policy, at, who });
    });

  /** Adds what was read, or puts it in the place of what is there. */
  const provide = (
    userId: string,
    by: By,
    place: { readonly kind: string; readonly slot: string; readonly isThere: boolean },
    read: (held: Held) => Draft,
    values: (policy: Policy) => ApprovedValues,
  ): Promise<Provided> =>
    act(
      userId,
      'set-phone',
      by,
      async (held): Promise<Provided> => {
        const old = held.registrations.find(
          ({ kind, slot }) => kind === place.kind && slot === place.slot,
        );
        if (place.isThere && old === undefined) return refused('gone');
        if (!place.isThere && old !== undefined) return refused('taken');
        const draft = read(held);
        if (typeof draft === 'string') return refused(draft);
        return { kind: 'registered', registration: await keep(parts, held, draft, old) };
      },
      values,
    );

  const readPhone =
    ({ phoneType, number }: { readonly phoneType: PhoneType; readonly number: string }) =>
    ({ user, registrations, policy }: Held): Draft => {
      const read = parseNumber(policy.organisation.country, number);
      if (typeof read === 'string') return 'unreadable';
      const { country, e164, extension, type } = read;
      if (country === null || !deliveryCountries(policy).includes(country)) return 'country';
      const isSecond = phoneType === 'alternateMobile';
      const hasMobile = registrations.some(
        ({ kind, slot }) => kind === phone.id && slot === 'mobile',
      );
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
      const draft = { kind: phone.id, slot: phoneType, secret: parsed.data };
      return isUsable(user, policy, draft) ? draft : 'not-allowed';
    };

  const readEmail =
    (typed: string) =>
    ({ user, policy }: Held): Draft => {
      if (readAddress(typed) === undefined) return 'unreadable';
      const method = methods.all.find(({ registers }) => registers.id === email.id);
      const begun = method?.begin?.(
        {
          settings: settingsOf(policy, method),
          organisation: policy.organisation.name,
          userPrincipalName: user.userPrincipalName,
          random: parts.random,
          origin: parts.origin,
          mail: user.mail,
          directory: user,
          countries: [],
        },
        { email: typed },
        'en',
      );
      // What is left to refuse in an address that can be read.
      if (begun?.kind !== 'begun') return 'own-mailbox';
      const draft = { kind: email.id, slot: begun.slot, secret: begun.secret };
      return isUsable(user, policy, draft) ? draft : 'not-allowed';
    };

  const isUsable = (
    user: User,
    policy: Policy,
    { kind, secret }: { readonly kind: string; readonly secret: unknown },
  ): boolean =>
    methods.all.some(
      (method) =>
        method.registers.id === kind &&
        method.appliesTo(secret) &&
        standingOf(policy, method, user) === 'allowed',
    );

  const keyFor = ({ user, registrations, policy, at, who }: Held): KeyFor | undefined => {
    const method = methods.all.find(({ registers }) => registers.id === securityKeyKind.id);
    if (method === undefined || standingOf(policy, method, user) !== 'allowed') return undefined;
    const settings = keySettings.parse(settingsOf(policy, method));
    const { random, origin, box } = parts;
    const organisation = policy.organisation.name;
    const { actor } = who;
    return { user, registrations, settings, organisation, origin, actor, now: at, random, box };
  };

  const atPhone = (slot: PhoneType, isThere: boolean) => ({ kind: phone.id, slot, isThere });
  const atEmail = (isThere: boolean) => ({ kind: email.id, slot: '1', isThere });

  return {
    addPhone: (userId, asked, by) =>
      provide(userId, by, atPhone(asked.phoneType, false), readPhone(asked), phoneValues(asked)),
    changePhone: (userId, asked, by) =>
      provide(userId, by, atPhone(asked.phoneType, true), readPhone(asked), phoneValues(asked)),
    addEmail: (userId, address, by) =>
      provide(userId, by, atEmail(false), readEmail(address), () => ({ address: address.trim() })),
    changeEmail: (userId, address, by) =>
      provide(userId, by, atEmail(true), readEmail(address), () => ({ address: address.trim() })),

    askKey: (userId, by) =>
      act(
        userId,
        'set-phone',
        by,
        async (held) => {
          const known = keyFor(held);
          return known === undefined ? undefined : askKey(known);
        },
        // Nothing has happened yet that a second administrator would have to agree to.
        'asks-nobody',
      ),
    addKey: (userId, { name, credential }, by) =>
      act(
        userId,
        'set-phone',
        by,
        async (held): Promise<Provided> => {
          const known = keyFor(held);
          if (known === undefined) return refused('not-allowed');
          const secret = await judgeKey(known, name, credential);
          if (secret === undefined) return refused('not-accepted');
          const { id: kind, slots } = securityKeyKind;
          const taken = held.registrations
            .filter((one) => one.kind === kind)
            .map((one) => one.slot);
          const slot = slots.find((each) => !taken.includes(each));
          if (slot === undefined) return refused('full');
          const draft = { kind, slot, secret };
          return { kind: 'registered', registration: await keep(parts, held, draft, undefined) };
        },
        () => ({ key: name }),
      ),

    chooseDefault: (userId, optionId, by) =>
      act(
        userId,
        'set-phone',
        by,
        async (held) => {
          const { stores, user, registrations, policy, at, who } = held;
          const option = optionsOf({ user, registrations, methods, policy }).find(
            ({ id, standsIn }) => id === optionId && !standsIn,
          );
          if (option === undefined) return false;
          const { method, registration } = option;
          if (isDefault(user, option)) return true;
          await stores.users.setDefaultMethod(userId, {
            registrationId: registration.id,
            methodId: method.id,
          });
          await stores.audit.append(
            defaultMethodChangedByAdmin({ at, userId, ...who, method: method.id }),
          );
          const locale = user.preferredLanguage ?? policy.organisation.defaultLanguage;
          const label = method.views.label(registration.secret, locale);
          await inform(parts, stores, user, at, 'defaultMethodChanged', label);
          return true;
        },
        () => ({ asksFirst: optionId }),
      ),
  };
}

/** A number as it is kept, however it was typed; one that cannot be read is refused later. */
function phoneValues({
  phoneType,
  number,
}: {
  readonly phoneType: PhoneType;
  readonly number: string;
}): (policy: Policy) => ApprovedValues {
  return ({ organisation }) => {
    const read = parseNumber(organisation.country, number);
    const { e164, extension } = typeof read === 'string' ? { e164: number.trim() } : read;
    return {
      place: phoneType,
      number: extension === undefined ? e164 : `${e164} x${extension}`,
    };
  };
}

function refused(reason: ProvidingFault): Provided {
  return { kind: 'refused', reason };
}

function isDefault({ defaultMethod }: User, { method, registration }: Option): boolean {
  return defaultMethod?.methodId === method.id && defaultMethod.registrationId === registration.id;
}

async function keep(
  parts: ProvidingParts,
  held: Held,
  draft: Exclude<Draft, string>,
  old: Registration | undefined,
): Promise<Registration> {
  const { stores, user, registrations, at, who } = held;
  const { id: userId } = user;
  const { methods } = parts;
  const isFirst = !registrations.some((one) => isForSignIn(one, methods));
  const registration: Registration = {
    id: parts.random.token(16),
    userId,
    kind: draft.kind,
    slot: draft.slot,
    secret: draft.secret,
    version: 1,
    createdAt: at,
    lastUsedAt: undefined,
  };
  if (old !== undefined) {
    await stores.registrations.remove(old.id, userId);
    await endWhatItOpened(stores, methods, old, { keepSession: undefined, now: at });
    const { kind, slot } = old;
    await stores.audit.append(methodRemovedByAdmin({ at, userId, ...who, kind, slot }));
  }
  if (!(await stores.registrations.add(registration))) {
    throw new Error('the place of a registration was taken while its owner was held');
  }
  const { kind, slot } = registration;
  await stores.audit.append(methodRegisteredByAdmin({ at, userId, ...who, kind, slot }));
  // Trust was given for what was registered then.
  await stores.trustedDevices.removeAll(userId);
  await moveDefault(parts, held, old, registration);
  if (isFirst && isForSignIn(registration, methods)) {
    // What the password alone had opened ends (attack ATK-34).
    await revokeEverything(stores, {
      userId,
      reason: 'first-method-registered',
      ...who,
      appPasswords: false,
      at,
    });
  }
  await tellOwner(parts, held, old, registration);
  return registration;
}

/** What comes in the place of the default is the default; so is the first thing of all. */
async function moveDefault(
  { methods }: ProvidingParts,
  { stores, user, registrations, policy }: Held,
  old: Registration | undefined,
  registration: Registration,
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
  await stores.users.setDefaultMethod(
    user.id,
    option && { registrationId: registration.id, methodId: option.method.id },
  );
}

async function tellOwner(
  parts: ProvidingParts,
  { stores, user, policy, at }: Held,
  old: Registration | undefined,
  registration: Registration,
): Promise<void> {
  const { methods, random } = parts;
  const locale = user.preferredLanguage ?? policy.organisation.defaultLanguage;
  const title = titleOf(methods, registration, locale);
  if (old === undefined) {
    await inform(parts, stores, user, at, 'methodRegistered', title);
    return;
  }
  const before = methods.kind(old.kind)?.detail(old.secret, locale) ?? '';
  await inform(parts, stores, user, at, 'methodChanged', `${before} → ${title}`);
  const byText = methods.all.find(
    (method) =>
      method.sends === 'text' &&
      method.registers.id === old.kind &&
      method.appliesTo(old.secret) &&
      standingOf(policy, method, user) === 'allowed',
  );
  const number = byText?.destination(old.secret);
  if (number === undefined || number === byText?.destination(registration.secret)) return;
  const work = { stores, now: at, send: stores.outbox.add, tell: () => {} };
  await tellOldPhone({ random }, work, { locale, address: undefined }, { policy }, user, number);
}
