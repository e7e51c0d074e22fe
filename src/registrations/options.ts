/** Owns which ways a person can be asked: their registrations, seen through the methods policy allows. */
import type { User } from '../accounts/user.ts';
import { byStrength, type Strength } from '../lib/strength.ts';
import type { Method, Methods } from '../methods/method.ts';
import { standingOf, type Policy } from '../policies/policy.ts';
import type { Registration } from './registration.ts';

/** One way to ask one registration. */
export interface Option {
  /** `registrationId.methodId`: what a picker posts back. */
  readonly id: string;
  readonly method: Method;
  readonly registration: Registration;
  readonly strength: Strength;
}

/** How the way to ask this registration with this method is called. */
export function optionId(registrationId: string, methodId: string): string {
  return `${registrationId}.${methodId}`;
}

/** Every way this person may be asked now, the default first, then the strongest. */
export function optionsOf(parts: {
  readonly user: User;
  readonly registrations: readonly Registration[];
  readonly methods: Methods;
  readonly policy: Policy;
}): readonly Option[] {
  const { user, registrations, methods, policy } = parts;
  const options = registrations.flatMap((registration) =>
    methods.all
      .filter((method) => method.registers === registration.kind)
      .filter((method) => standingOf(policy, method, user) === 'allowed')
      .filter((method) => method.appliesTo(registration.secret))
      .map((method): Option => ({
        id: optionId(registration.id, method.id),
        method,
        registration,
        strength: method.strength,
      })),
  );
  const { defaultMethod } = user;
  const isDefault = (option: Option): boolean =>
    defaultMethod?.registrationId === option.registration.id &&
    defaultMethod.methodId === option.method.id;
  return options.toSorted(
    (one, other) =>
      Number(isDefault(other)) - Number(isDefault(one)) || byStrength(one.strength, other.strength),
  );
}
