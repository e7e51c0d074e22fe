/**
 * Owns what those in charge register for somebody: a phone, an address for resets, a security key, and
 * what is asked first.
 */
import type { ApprovedValues } from '../accounts/approval.ts';
import type { User } from '../accounts/user.ts';
import { defaultMethodChangedByAdmin } from '../audit/provided-method-events.ts';
import { email } from '../methods/email/kind.ts';
import { phone } from '../methods/phone.ts';
import { securityKeyKind } from '../methods/security-key/kind.ts';
import type { Created } from '../methods/security-key/response.ts';
import { settings as keySettings } from '../methods/security-key/settings.ts';
import { settingsOf, standingOf, type Policy } from '../policies/policy.ts';
import { optionsOf, type Option } from '../registrations/options.ts';
import type { Registration } from '../registrations/registration.ts';
import type { Owner } from '../signin/taking-away.ts';
import { actOn, type ActParts } from './account-act.ts';
import type { By } from './acting-admin.ts';
import {
  draftEmail,
  draftPhone,
  phoneValues,
  type Draft,
  type DraftFault,
  type TypedPhone,
} from './drafting.ts';
import { inform } from './informing.ts';
import { keep, type OwnerDoing } from './keeping.ts';
import { askKey, judgeKey, type KeyFor, type KeyQuestion } from './key-for-another.ts';

/** Why it was not registered. */
export type ProvidingFault =
  | DraftFault
  /** There is one already: change it. */
  | 'taken'
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
  addPhone(userId: string, asked: TypedPhone, by: By): Promise<Provided>;
  /** Another number in the same place. */
  changePhone(userId: string, asked: TypedPhone, by: By): Promise<Provided>;
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

export interface ProvidingParts extends ActParts {
  /** The origin that people see. */
  readonly origin: string;
  readonly box: KeyFor['box'];
}

/** Where something is registered, and whether something has to be there already, which it replaces. */
interface Place {
  readonly kind: string;
  readonly slot: string;
  readonly isThere: boolean;
}

/** Makes the service. */
export function createProviding(parts: ProvidingParts): Providing {
  const { policies, methods } = parts;

  /** One act on somebody, with all that they have. */
  const actOnOwner = <result>(
    userId: string,
    by: By,
    work: (doing: OwnerDoing) => Promise<result>,
    values: (policy: Policy) => ApprovedValues | undefined,
  ): Promise<result> =>
    actOn(
      parts,
      {
        userId,
        act: 'set-phone',
        by,
        values: async (_user, held) => values(await policies.current(held.policies)),
      },
      async (doing) => {
        const policy = await policies.current(doing.held.policies);
        const registrations = await doing.held.registrations.list(userId);
        return work({ ...doing, registrations, policy });
      },
    );

  /** Adds what was read, or puts it in the place of what is there. */
  const provide = (
    userId: string,
    by: By,
    place: Place,
    read: (owner: Owner) => Draft | DraftFault,
    values: (policy: Policy) => ApprovedValues,
  ): Promise<Provided> =>
    actOnOwner(
      userId,
      by,
      async (doing): Promise<Provided> => {
        const old = doing.registrations.find(
          ({ kind, slot }) => kind === place.kind && slot === place.slot,
        );
        if (place.isThere && old === undefined) return refused('gone');
        if (!place.isThere && old !== undefined) return refused('taken');
        const draft = read(doing);
        if (typeof draft === 'string') return refused(draft);
        return { kind: 'registered', registration: await keep(parts, doing, draft, old) };
      },
      values,
    );

  const setPhone = (userId: string, asked: TypedPhone, isThere: boolean, by: By) =>
    provide(
      userId,
      by,
      { kind: phone.id, slot: asked.phoneType, isThere },
      (owner) => draftPhone(methods, owner, asked),
      (policy) => phoneValues(policy, asked),
    );

  const setEmail = (userId: string, address: string, isThere: boolean, by: By) =>
    provide(
      userId,
      by,
      { kind: email.id, slot: '1', isThere },
      (owner) => draftEmail(parts, owner, address),
      () => ({ address: address.trim() }),
    );

  return {
    addPhone: (userId, asked, by) => setPhone(userId, asked, false, by),
    changePhone: (userId, asked, by) => setPhone(userId, asked, true, by),
    addEmail: (userId, address, by) => setEmail(userId, address, false, by),
    changeEmail: (userId, address, by) => setEmail(userId, address, true, by),

    askKey: (userId, by) =>
      actOnOwner(
        userId,
        by,
        async (doing) => {
          const known = keyFor(parts, doing);
          return known === undefined ? undefined : askKey(known);
        },
        // Nothing has happened yet that a second administrator would have to agree to.
        () => undefined,
      ),

    addKey: (userId, { name, credential }, by) =>
      actOnOwner(
        userId,
        by,
        async (doing): Promise<Provided> => {
          const known = keyFor(parts, doing);
          if (known === undefined) return refused('not-allowed');
          const secret = await judgeKey(known, name, credential);
          if (secret === undefined) return refused('not-accepted');
          const { id: kind, slots } = securityKeyKind;
          const taken = doing.registrations.filter((one) => one.kind === kind);
          const slot = slots.find((each) => taken.every((one) => one.slot !== each));
          if (slot === undefined) return refused('full');
          const registration = await keep(parts, doing, { kind, slot, secret });
          return { kind: 'registered', registration };
        },
        () => ({ key: name }),
      ),

    chooseDefault: (userId, optionId, by) =>
      actOnOwner(
        userId,
        by,
        async ({ held, user, registrations, policy, at, who }) => {
          const option = optionsOf({ user, registrations, methods, policy }).find(
            ({ id, standsIn }) => id === optionId && !standsIn,
          );
          if (option === undefined) return false;
          if (isDefault(user, option)) return true;
          const { method, registration } = option;
          const chosen = { registrationId: registration.id, methodId: method.id };
          await held.users.setDefaultMethod(userId, chosen);
          const event = { at, userId, ...who, method: method.id };
          await held.audit.append(defaultMethodChangedByAdmin(event));
          const locale = user.preferredLanguage ?? policy.organisation.defaultLanguage;
          const label = method.views.label(registration.secret, locale);
          await inform(parts, held, user, at, 'defaultMethodChanged', label);
          return true;
        },
        () => ({ asksFirst: optionId }),
      ),
  };
}

/** Whose key it is to be, and who asks; undefined where policy lets them have none. */
function keyFor(
  { methods, random, origin, box }: ProvidingParts,
  { user, registrations, policy, at, who }: OwnerDoing,
): KeyFor | undefined {
  const method = methods.all.find(({ registers }) => registers.id === securityKeyKind.id);
  if (method === undefined || standingOf(policy, method, user) !== 'allowed') return undefined;
  const settings = keySettings.parse(settingsOf(policy, method));
  const organisation = policy.organisation.name;
  const { actor } = who;
  return { user, registrations, settings, organisation, origin, actor, now: at, random, box };
}

function refused(reason: ProvidingFault): Provided {
  return { kind: 'refused', reason };
}

function isDefault({ defaultMethod }: User, { method, registration }: Option): boolean {
  return defaultMethod?.methodId === method.id && defaultMethod.registrationId === registration.id;
}
