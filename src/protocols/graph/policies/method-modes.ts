/**
 * Owns how combinations of methods are written in Graph's `authenticationMethodModes`: `password,sms`.
 * What Graph parts and we do not (codes of an app and of a token; passes for once and for longer) is
 * always allowed together, so that nothing is ever allowed that nobody asked for.
 */
import type { Combinations } from '../../../sessions/proven.ts';

/** Our methods, and what Graph calls each; where there are several, they are one method here. */
const modesOf: Readonly<Record<string, readonly string[]>> = {
  password: ['password'],
  'security-key': ['fido2'],
  notification: ['microsoftAuthenticatorPush'],
  'authenticator-code': ['softwareOath', 'hardwareOath'],
  'text-message': ['sms'],
  'phone-call': ['voice'],
  'temporary-access-pass': ['temporaryAccessPassOneTime', 'temporaryAccessPassMultiUse'],
  // Graph has none of these; its list of words may grow.
  'recovery-codes': ['recoveryCode'],
};

/** What Graph calls these combinations, each written once. */
export function modesIn(combinations: Combinations): readonly string[] {
  return [...new Set(combinations.flatMap(writtenAs))];
}

/** The combinations that were written; a sentence where that cannot be said here. */
export function combinationsOf(written: readonly string[]): Combinations | string {
  const asked = new Set<string>();
  const found = new Map<string, readonly string[]>();
  for (const text of written) {
    const combination: string[] = [];
    for (const mode of text.split(',').map((part) => part.trim())) {
      const method = methodOf(mode);
      if (method === undefined) return `There is no method '${mode.slice(0, 40)}' here.`;
      if (!combination.includes(method)) combination.push(method);
    }
    asked.add(spelling(text.split(',').map((part) => part.trim())));
    found.set(spelling(combination), combination);
  }
  for (const combination of found.values()) {
    const missing = writtenAs(combination).find((each) => !asked.has(spelling(each.split(','))));
    if (missing !== undefined) {
      return `'${missing}' goes with what was named: here both are one method.`;
    }
  }
  return [...found.values()];
}

/** Every way to write one combination, one mode of each method at a time. */
function writtenAs(combination: readonly string[]): readonly string[] {
  // The password stands first, as at Graph.
  return combination
    .toSorted((one, other) => Number(other === 'password') - Number(one === 'password'))
    .map((method) => modesOf[method] ?? [method])
    .reduce<readonly string[]>(
      (begun, modes) =>
        begun.flatMap((text) => modes.map((mode) => (text === '' ? mode : `${text},${mode}`))),
      [''],
    );
}

function methodOf(mode: string): string | undefined {
  return Object.keys(modesOf).find((method) => modesOf[method]?.includes(mode) === true);
}

/** The same whatever the order. */
function spelling(parts: readonly string[]): string {
  return parts.toSorted().join();
}
