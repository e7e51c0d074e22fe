/**
 * Owns what a person sees and changes of their own registrations on Security info. Adding goes through
 * an attempt, like every proof (`adds` of its request); what is done here needs no proof of a new
 * thing, only a second step that is fresh.
 */
import type { DefaultMethod, User } from '../accounts/user.ts';
import { defaultMethodChanged } from '../audit/audit.ts';
import type { Locale } from '../i18n/locale.ts';
import type { Kind, Place } from '../methods/kind.ts';
import type { Method, Methods } from '../methods/method.ts';
import { standingOf, type Policy } from '../policies/policy.ts';
import { isForSignIn, optionsOf, type Option } from '../registrations/options.ts';
import type { Registration } from '../registrations/registration.ts';
import type { CurrentSession } from '../signin/current-session.ts';
import { createOwnActs, originOf } from '../signin/own-act.ts';
import type { SigninParts } from '../signin/parts.ts';
import { mayRegister } from '../signin/situation.ts';
import { isLast, takeAway } from '../signin/taking-away.ts';
import { tell, type Visitor } from '../signin/telling.ts';

/** One thing on the list. */
export interface Entry {
  readonly registration: Registration;
  readonly kind: Kind;
  readonly isDefault: boolean;
  /** Whether it proves a sign-in, a reset of the password, or both, as policy is now. */
  readonly proves: { readonly signIn: boolean; readonly reset: boolean };
  /** False for the last method of somebody who must have one: it can be replaced only. */
  readonly isRemovable: boolean;
  /** Whether **Change** puts another one in its place. */
  readonly isReplaceable: boolean;
}

/** An entry of **Add method**: a place that is free, and the methods that may begin to fill it. */
export interface Addable {
  readonly kind: Kind;
  readonly place: Place;
  readonly methods: readonly Method[];
}

export interface Overview {
  readonly policy: Policy;
  readonly entries: readonly Entry[];
  /** The ways to sign in, the default first: what **Default sign-in method** chooses from. */
  readonly options: readonly Option[];
  /** The default as it is set; undefined where it is gone or not allowed any more. */
  readonly defaultOption: Option | undefined;
  readonly addable: readonly Addable[];
  /** Kinds of which somebody may have several, and has as many as there may be (row E-058). */
  readonly full: readonly Kind[];
  /** Whether anything is registered that proves a sign-in, allowed now or not. */
  readonly hasSignIn: boolean;
}

/** What came of a deletion. */
export type Removed =
  | { readonly kind: 'removed'; readonly newDefault: Option | undefined }
  /** The last method of somebody who must have one. */
  | { readonly kind: 'last' }
  /** It is gone already, or was never theirs. */
  | { readonly kind: 'gone' };

export interface SecurityInfo {
  overview(user: User, locale: Locale): Promise<Overview>;
  /**
   * Whether this person may add something by themselves from this address: whoever has nothing yet
   * that proves a sign-in may so only as long as a first registration is open (attack ATK-23).
   */
  mayAdd(user: User, address: string): Promise<boolean>;
  /** Whether the session proved as much as this person can prove at all, however long ago. */
  isOpen(current: CurrentSession): Promise<boolean>;
  /** The same, not longer ago than `freshSeconds`: what every change asks for. */
  isFresh(current: CurrentSession): Promise<boolean>;
  /** Deletes one thing; the default moves to the strongest left (row S-115). Throws `STEP_UP_REQUIRED`. */
  remove(current: CurrentSession, registrationId: string, visitor: Visitor): Promise<Removed>;
  /** Sets the default; false where there is no such option any more. Throws `STEP_UP_REQUIRED`. */
  setDefault(current: CurrentSession, optionId: string, visitor: Visitor): Promise<boolean>;
}

/** Makes the service. */
export function createSecurityInfo(parts: SigninParts): SecurityInfo {
  const { stores, methods, clock } = parts;
  const acts = createOwnActs(parts);

  const optionsIn = (
    user: User,
    registrations: readonly Registration[],
    policy: Policy,
  ): readonly Option[] => optionsOf({ user, registrations, methods, policy });

  return {
    isOpen: acts.isOpen,
    isFresh: acts.isFresh,

    overview: async (user, locale) => {
      const policy = await parts.policies.current();
      const registrations = await stores.registrations.list(user.id);
      const options = optionsIn(user, registrations, policy);
      const forReset = optionsOf({ user, registrations, methods, policy, purpose: 'reset' });
      const entries = registrations.flatMap((registration): readonly Entry[] => {
        const kind = methods.kind(registration.kind);
        if (kind === undefined) return [];
        return [
          {
            registration,
            kind,
            isDefault: user.defaultMethod?.registrationId === registration.id,
            proves: {
              signIn: isAmong(options, registration),
              reset: isAmong(forReset, registration),
            },
            isRemovable: !isLast(methods, { user, registrations, policy }, registration),
            isReplaceable:
              kind.change === 'replace' &&
              methodsToBegin(methods, kind, registration.slot, user, policy).length > 0,
          },
        ];
      });
      return {
        policy,
        entries,
        options,
        defaultOption: options.find(({ registration, method }) =>
          isDefault(user.defaultMethod, registration, method),
        ),
        addable: addableFor(user, registrations, policy, locale),
        full: methods.kinds.filter(
          (kind) =>
            kind.places(locale).some(({ slot }) => slot === '') &&
            registrations.filter((one) => one.kind === kind.id).length >= kind.slots.length &&
            methodsToBegin(methods, kind, '', user, policy).length > 0,
        ),
        hasSignIn: registrations.some((one) => isForSignIn(one, methods)),
      };
    },

    mayAdd: async (user, address) => {
      const registrations = await stores.registrations.list(user.id);
      if (registrations.some((one) => isForSignIn(one, methods))) return true;
      return mayRegister(user, await parts.policies.current(), address, clock.now());
    },

    remove: (current, registrationId, visitor) =>
      acts.act(current, 'fresh-second-step', async (work, user) => {
        const policy = await parts.policies.current(work.stores.policies);
        const registrations = await work.stores.registrations.list(user.id);
        const registration = registrations.find(({ id }) => id === registrationId);
        if (registration === undefined) return { kind: 'gone' };
        const owner = { user, registrations, policy };
        if (isLast(methods, owner, registration)) return { kind: 'last' };
        const newDefault = await takeAway(parts, work, owner, registration, {
          origin: originOf(current, visitor, work),
          doer: visitor,
          keepSession: current.session.id,
        });
        return { kind: 'removed', newDefault };
      }),

    setDefault: (current, optionId, visitor) =>
      acts.act(current, 'fresh-second-step', async (work, user) => {
        const policy = await parts.policies.current(work.stores.policies);
        const registrations = await work.stores.registrations.list(user.id);
        const option = optionsIn(user, registrations, policy).find(({ id }) => id === optionId);
        if (option === undefined || option.standsIn) return false;
        const { method, registration } = option;
        if (isDefault(user.defaultMethod, registration, method)) return true;
        await work.stores.users.setDefaultMethod(user.id, {
          registrationId: registration.id,
          methodId: method.id,
        });
        const label = method.views.label(registration.secret, visitor.locale);
        await work.stores.audit.append(
          defaultMethodChanged(originOf(current, visitor, work), method.id),
        );
        await tell(parts, work, visitor, { policy }, user, 'defaultMethodChanged', label);
        return true;
      }),
  };

  function addableFor(
    user: User,
    registrations: readonly Registration[],
    policy: Policy,
    locale: Locale,
  ): readonly Addable[] {
    // The first thing has to prove who it is: what is good for a reset only comes after it.
    const isFirst = !registrations.some((one) => isForSignIn(one, methods));
    return methods.kinds.flatMap((kind) => {
      const taken = registrations.filter((one) => one.kind === kind.id).map(({ slot }) => slot);
      const isFree = (slot: string): boolean =>
        slot === '' ? taken.length < kind.slots.length : !taken.includes(slot);
      return kind
        .places(locale)
        .filter(({ slot }) => isFree(slot))
        .map((place) => ({
          kind,
          place,
          methods: methodsToBegin(methods, kind, place.slot, user, policy).filter(
            ({ draftProves }) => draftProves || !isFirst,
          ),
        }))
        .filter((addable) => addable.methods.length > 0);
    });
  }
}

/** The methods that this person may begin to fill a place with; '' is any place of the kind. */
export function methodsToBegin(
  methods: Methods,
  kind: Kind,
  slot: string,
  user: User,
  policy: Policy,
): readonly Method[] {
  return methods.all.filter(
    (method) =>
      method.registers === kind &&
      method.begin !== undefined &&
      (slot === '' || method.beginsIn.includes(slot)) &&
      standingOf(policy, method, user) === 'allowed',
  );
}

/** Whether it is asked in one of these ways, by itself or together with others of its kind. */
function isAmong(options: readonly Option[], { id, kind }: Registration): boolean {
  return options.some(
    ({ registration, method }) =>
      registration.id === id || (method.together && registration.kind === kind),
  );
}

function isDefault(
  set: DefaultMethod | undefined,
  registration: Registration,
  method: Method,
): boolean {
  return set?.registrationId === registration.id && set.methodId === method.id;
}
