/** Owns what was proven, said in the words of OpenID Connect: `acr`, `amr`, and step-up rules. */
import { isAtLeast, type Strength } from '../lib/strength.ts';
import type { Proof } from './session.ts';

/** Authentication context classes we issue, weakest first. The names are REFEDS' and OpenID EAP's. */
export const acrValues = [
  'https://refeds.org/profile/sfa',
  'https://refeds.org/profile/mfa',
  'phr',
] as const;
export type Acr = (typeof acrValues)[number];

/** What must be proven: `password` alone, a second step, or a phishing-resistant one. */
export type Required = 'password' | 'second-step' | 'phishing-resistant';

/**
 * Sets of methods (`password` among them): whoever proved all of one set has proved enough. It is what
 * an authentication strength allows (row A-079).
 */
export type Combinations = readonly (readonly string[])[];

/** A level, and the ids of the authentication strengths that must be met as well. */
export interface Requirement {
  readonly required: Required;
  readonly strengths: readonly string[];
}

/**
 * What the name of a requirement stands for: one of the three levels, or an authentication strength,
 * which always takes a second step. Whether there is such a strength is the policy's to say.
 */
export function requirementNamed(name: string): Requirement {
  switch (name) {
    case 'password':
    case 'second-step':
    case 'phishing-resistant':
      return { required: name, strengths: [] };
    default:
      return { required: 'second-step', strengths: [name] };
  }
}

const strengthPrefix = 'urn:tweestap:strength:';

/** The acr by which an application asks for an authentication strength. */
export function acrOfStrength(id: string): string {
  return `${strengthPrefix}${id}`;
}

/** The id of the authentication strength that an acr asks for; undefined where it asks for none. */
export function strengthOfAcr(acr: string): string | undefined {
  return acr.startsWith(strengthPrefix) ? acr.slice(strengthPrefix.length) : undefined;
}

/** Whether one of the combinations was proved as a whole. */
export function meets(proofs: readonly Proof[], combinations: Combinations): boolean {
  return combinations.some((combination) => isAllProved(proofs, combination));
}

function isAllProved(proofs: readonly Proof[], combination: readonly string[]): boolean {
  return combination.every((id) => proofs.some(({ method }) => method === id));
}

/** The weakest requirement that satisfies an acr; undefined for one we do not know. */
export function requiredBy(acr: string): Required | undefined {
  switch (acr) {
    case 'https://refeds.org/profile/sfa':
      return 'password';
    case 'https://refeds.org/profile/mfa':
      return 'second-step';
    case 'phr':
      return 'phishing-resistant';
    default:
      return undefined;
  }
}

/** Whether what was proven meets the requirement. Two proofs of knowledge are never a second step. */
export function satisfies(proofs: readonly Proof[], required: Required): boolean {
  const has = (strength: Strength): boolean =>
    proofs.some((proof) => isAtLeast(proof.strength, strength));
  switch (required) {
    case 'password':
      return proofs.length > 0;
    case 'second-step':
      return isPersonProved(proofs) && has('possession');
    case 'phishing-resistant':
      return has('phishing-resistant');
  }
}

/** Whether it is proved who they are: by the password, or by what takes its place (a passkey). */
export function isPersonProved(proofs: readonly Proof[]): boolean {
  return proofs.some(({ method, alone }) => method === 'password' || alone === true);
}

/** The acr that these proofs reach. */
export function acrOf(proofs: readonly Proof[]): Acr {
  if (satisfies(proofs, 'phishing-resistant')) return 'phr';
  if (satisfies(proofs, 'second-step')) return 'https://refeds.org/profile/mfa';
  return 'https://refeds.org/profile/sfa';
}

/** RFC 8176 values of these proofs, each once; `mfa` when two kinds of factor were used. */
export function amrOf(proofs: readonly Proof[]): readonly string[] {
  const values = new Set(proofs.flatMap((proof) => proof.amr));
  if (satisfies(proofs, 'second-step')) values.add('mfa');
  return [...values];
}

/** The stricter of two requirements. */
export function stricter(one: Required, other: Required): Required {
  const order: readonly Required[] = ['password', 'second-step', 'phishing-resistant'];
  return order.indexOf(one) >= order.indexOf(other) ? one : other;
}
