/**
 * Owns the answer to "what would happen if this person signed in from there now?". It walks a sign-in
 * that never was through the same code that decides the real ones (`gather`, `nextStep`), proves at
 * each ask what is asked, and changes nothing.
 */
import type { User } from '../accounts/user.ts';
import { isInNetworks, normaliseAddress } from '../lib/ip.ts';
import type { Method } from '../methods/method.ts';
import { standingOf, type MethodStanding, type Policy } from '../policies/policy.ts';
import type { Option } from '../registrations/options.ts';
import { requirementNamed } from '../sessions/proven.ts';
import type { Proof } from '../sessions/session.ts';
import type { Attempt } from '../signin/attempt.ts';
import { nextStep, usableOptions, type Step } from '../signin/next-step.ts';
import type { SigninParts } from '../signin/parts.ts';
import { gather, type Known } from '../signin/situation.ts';

/** A sign-in as somebody imagines it. */
export interface Supposed {
  readonly user: User;
  /** What they sign in to; undefined for My Profile. */
  readonly application:
    | { readonly id: string; readonly name: string; readonly required: string }
    | undefined;
  /** In its one spelling (`normaliseAddress`). */
  readonly address: string;
  /** One of their trusted devices; undefined for a device that nobody knows. */
  readonly trustedDevice: string | undefined;
}

/** One thing that would come, in order. `proves` is what it would be answered with. */
export interface SupposedStep {
  readonly step: Step | { readonly kind: 'password-typed' };
  /** The way that starts by itself, where one does. */
  readonly option?: Option | undefined;
  /** The other ways that would do as well. */
  readonly others: readonly Option[];
}

/** Why a second step is asked, or is not: what decided, by the setting or the fact behind it. */
export type SupposedReason =
  | { readonly kind: 'state'; readonly state: User['perUserMfaState'] }
  | { readonly kind: 'application'; readonly required: string }
  | { readonly kind: 'trusted-ip'; readonly range: string }
  | { readonly kind: 'trusted-device' }
  | { readonly kind: 'password-suspect' };

/** What policy says of one method for this person. */
export interface SupposedMethod {
  readonly method: Method;
  readonly standing: MethodStanding;
  readonly isRegistered: boolean;
}

export interface WhatIf {
  readonly steps: readonly SupposedStep[];
  readonly reasons: readonly SupposedReason[];
  readonly methods: readonly SupposedMethod[];
  /** The methods that may take the place of name and password. */
  readonly alone: readonly Method[];
}

/** More steps than any sign-in has. */
const mostSteps = 12;

/** Walks it. Reads only. */
export async function whatIf(parts: SigninParts, supposed: Supposed): Promise<WhatIf> {
  const { stores, clock, methods } = parts;
  const now = clock.now();
  let attempt = begun(supposed, now);
  const steps: SupposedStep[] = [{ step: { kind: 'password-typed' }, others: [] }];
  let known = await gather(parts, stores, attempt, supposed.user);
  const first = known;
  for (let count = 0; count < mostSteps; count += 1) {
    const step = nextStep(attempt, known);
    const wouldDo = usableOptions(attempt, known);
    const isAsked = step.kind === 'start' || step.kind === 'choose';
    const usable = isAsked ? known.options.filter(({ id }) => wouldDo.has(id)) : [];
    const option =
      step.kind === 'start' ? usable.find(({ id }) => id === step.optionId) : usable[0];
    steps.push({ step, option, others: usable.filter((each) => each !== option) });
    const after = answered(attempt, known, step, option, now);
    if (after === undefined) break;
    ({ attempt, known } = after);
    known = { ...(await gather(parts, stores, attempt, supposed.user)), ...kept(known) };
  }
  return {
    steps,
    reasons: reasonsOf(supposed, first),
    methods: methods.all
      .filter(({ provesIn }) => provesIn.includes('sign-in'))
      .map((method) => ({
        method,
        standing: standingOf(first.policy, method, supposed.user),
        isRegistered: first.registrations.some(({ kind }) => kind === method.registers.id),
      })),
    alone: methods.all.filter(
      (method) =>
        method.alone !== undefined &&
        standingOf(first.policy, method, supposed.user) === 'allowed' &&
        method.alone.isAllowed(first.policy.methods[method.id]?.settings ?? {}) &&
        first.registrations.some(({ kind }) => kind === method.registers.id),
    ),
  };
}

/** An attempt as it is behind the right password; it is never kept. */
function begun({ user, application, address, trustedDevice }: Supposed, now: Date): Attempt {
  const { required, strengths } = requirementNamed(application?.required ?? 'password');
  return {
    id: 'what-if',
    version: 1,
    request: {
      applicationId: application?.id,
      applicationName: application?.name,
      required,
      ...(strengths === undefined ? {} : { strengths }),
      anew: 'nothing',
      returnTo: '/',
      subject: undefined,
    },
    browser: 'what-if',
    replaces: undefined,
    isKnownBrowser: false,
    locale: user.preferredLanguage ?? 'en',
    address,
    userAgent: '',
    createdAt: now,
    expiresAt: new Date(now.getTime() + 60_000),
    finishedAt: undefined,
    identified: { typed: user.userPrincipalName, userId: user.id },
    proofs: [passwordAt(now)],
    trustedDevice,
    challenge: undefined,
    choosing: false,
    registration: undefined,
    notice: undefined,
    steps: [],
  };
}

function passwordAt(at: Date): Proof {
  return { method: 'password', strength: 'knowledge', amr: ['pwd'], registrationId: undefined, at };
}

/** The attempt once this was answered as it should be; undefined where the walk ends here. */
function answered(
  attempt: Attempt,
  known: Known,
  step: Step,
  option: Option | undefined,
  at: Date,
): { readonly attempt: Attempt; readonly known: Known } | undefined {
  switch (step.kind) {
    case 'start':
    case 'choose': {
      if (option === undefined) return undefined;
      const { method, registration, strength } = option;
      const proof: Proof = {
        method: method.id,
        strength,
        amr: method.amr,
        registrationId: registration.id,
        at,
      };
      return { attempt: { ...attempt, proofs: [...attempt.proofs, proof] }, known };
    }
    case 'change-password': {
      const { standing } = known;
      if (standing === undefined) return undefined;
      return { attempt, known: { ...known, standing: { ...standing, mustChangePassword: false } } };
    }
    case 'prepare-reset':
      return { attempt: { ...attempt, preparesReset: 'later' }, known };
    case 'stay-signed-in':
      return { attempt: { ...attempt, staysSignedIn: false }, known };
    case 'add-method':
      return step.reason === 'campaign' && step.maySnooze
        ? { attempt: { ...attempt, snoozed: true }, known }
        : undefined;
    default:
      // In at last, stopped, or something is registered, which nobody can suppose for them.
      return undefined;
  }
}

/** What was supposed to be done and would be read anew as it is. */
function kept({ standing }: Known): Partial<Known> {
  return standing?.mustChangePassword === false ? { standing } : {};
}

function reasonsOf(
  { application, address, user }: Supposed,
  { policy, options, trustedDevice, standing }: Known,
): readonly SupposedReason[] {
  const range = rangeOf(address, policy);
  const required = application?.required ?? 'password';
  const isSuspect = standing?.mustChangePassword === true && options.length > 0;
  return [
    { kind: 'state', state: user.perUserMfaState },
    ...(required === 'password' ? [] : [{ kind: 'application', required } as const]),
    ...(range === undefined ? [] : [{ kind: 'trusted-ip', range } as const]),
    ...(trustedDevice ? [{ kind: 'trusted-device' } as const] : []),
    ...(isSuspect ? [{ kind: 'password-suspect' } as const] : []),
  ];
}

/** The first range of trusted IPs that this address is in. */
function rangeOf(address: string, { trustedIps }: Policy): string | undefined {
  return trustedIps.find((range) => isInNetworks(address, [range]));
}

/** An address as it was typed, in its one spelling; undefined where it is none. */
export function addressTyped(text: string): string | undefined {
  return normaliseAddress(text.trim()) ?? undefined;
}
