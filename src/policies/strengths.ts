/**
 * Owns authentication strengths (row A-079): which combinations of methods are enough for whoever
 * asks for one by its name. Three are built in, as at Entra; the organisation makes its own.
 */
import { isAtLeast } from '../lib/strength.ts';
import type { Method, Methods } from '../methods/method.ts';
import type { Combinations } from '../sessions/proven.ts';

/** The strengths that are always there, the weakest first; `second-step` is any second step. */
export const builtInStrengths = ['second-step', 'passwordless', 'phishing-resistant'] as const;
export type BuiltInStrength = (typeof builtInStrengths)[number];

/** Everything that an application or a site may require by name, besides the organisation's own strengths. */
export const builtInRequirements = ['password', ...builtInStrengths] as const;

/** The part of the policy that says which strengths the organisation made. */
interface Own {
  readonly strengths: readonly { readonly id: string; readonly combinations: Combinations }[];
}

/** The part that asks for one. */
interface Named {
  readonly sites: readonly { readonly site: string; readonly required: string }[];
}

/** The strengths of an organisation, for whoever judges by them. */
export interface Strengths {
  readonly has: (id: string) => boolean;
  /** What is enough. One that is gone meanwhile asks for a phishing-resistant method: it lets in nobody more. */
  readonly combinations: (id: string) => Combinations;
  /**
   * Whether a sign-in of which only the ways are known that it was proved in (`amr`, RFC 8176) reaches one:
   * it surely did not where this says so. Methods that share a way are not told apart.
   */
  readonly mayReach: (id: string, amr: readonly string[]) => boolean;
}

/** The strengths as policy has them now. */
export function strengthsIn({ strengths }: Own, methods: Methods): Strengths {
  const combinations: Strengths['combinations'] = (id) =>
    strengths.find((own) => own.id === id)?.combinations ??
    builtInCombinations(isBuiltIn(id) ? id : 'phishing-resistant', methods);
  const isAmong = (amr: readonly string[], methodId: string): boolean => {
    const ways = methodId === 'password' ? passwordAmr : methods.get(methodId)?.amr;
    return ways !== undefined && ways.every((way) => amr.includes(way));
  };
  return {
    has: (id) => isBuiltIn(id) || strengths.some((own) => own.id === id),
    combinations,
    mayReach: (id, amr) =>
      combinations(id).some((combination) => combination.every((each) => isAmong(amr, each))),
  };
}

/** How a password is called among the ways that a sign-in was proved in. */
const passwordAmr = ['pwd'];

/** Every name that may be required, built in or the organisation's own. */
export function requirableNames({ strengths }: Own): readonly string[] {
  return [...builtInRequirements, ...strengths.map(({ id }) => id)];
}

/** What a built-in strength allows of the methods there are. */
export function builtInCombinations(id: BuiltInStrength, methods: Methods): Combinations {
  const forSignIn = methods.all.filter(({ provesIn }) => provesIn.includes('sign-in'));
  switch (id) {
    case 'second-step':
      return forSignIn.map((method) =>
        method.issued === undefined ? ['password', method.id] : [method.id],
      );
    case 'passwordless':
      return forSignIn.filter(({ alone }) => alone !== undefined).map((method) => [method.id]);
    case 'phishing-resistant':
      return forSignIn
        .filter(({ strength }) => isAtLeast(strength, 'phishing-resistant'))
        .map((method) => [method.id]);
  }
}

/** What is wrong with the strengths of a policy and with what names one, each fault with its path. */
export function strengthFaults(
  { strengths, sites }: Own & Named,
  methods: Methods,
): readonly string[] {
  const names = requirableNames({ strengths });
  const ofSites = sites.flatMap(({ site, required }, index) =>
    names.includes(required)
      ? []
      : [
          `sites.${index}: ${site} requires the authentication strength ${required}, which is not there`,
        ],
  );
  const ofStrengths = strengths.flatMap(({ id, combinations }, index) => {
    const path = `strengths.${index}`;
    const isTaken = names.filter((name) => name === id).length > 1;
    return [
      ...(isTaken ? [`${path}.id: there is another one that is called ${id}`] : []),
      ...combinations.flatMap((combination, at) =>
        combinationFaults(combination, methods).map(
          (fault) => `${path}.combinations.${at}: ${fault}`,
        ),
      ),
    ];
  });
  return [...ofStrengths, ...ofSites];
}

function combinationFaults(combination: readonly string[], methods: Methods): readonly string[] {
  const unknown = combination.filter((id) => id !== 'password' && !provesSignIn(methods.get(id)));
  if (unknown.length > 0) return unknown.map((id) => `${id} is no method that proves a sign-in`);
  const isSecondStep = combination.some((id) => {
    const method = methods.get(id);
    return method !== undefined && isAtLeast(method.strength, 'possession');
  });
  return isSecondStep ? [] : ['a password alone is no second step'];
}

function provesSignIn(method: Method | undefined): boolean {
  return method?.provesIn.includes('sign-in') === true;
}

function isBuiltIn(id: string): id is BuiltInStrength {
  return builtInStrengths.some((one) => one === id);
}
