/**
 * Owns what one authorization request demands of a person, and whether a session meets it. Pure:
 * read once when the request arrives, kept with it, judged again after every sign-in.
 */
import * as z from 'zod';

import { isAtLeast, type Strength } from '../../lib/strength.ts';
import type { Strengths } from '../../policies/strengths.ts';
import {
  acrOf,
  meets,
  requiredBy,
  satisfies,
  strengthOfAcr,
  stricter,
  type Required,
  type Requirement,
} from '../../sessions/proven.ts';
import type { Session } from '../../sessions/session.ts';
import type { AttemptRequest } from '../../signin/attempt.ts';

const requirements = ['password', 'second-step', 'phishing-resistant'] as const;

/** As it is kept with the request: plain JSON, moments in Unix milliseconds. */
export const demandSchema = z.strictObject({
  required: z.enum(requirements),
  /** Ids of the authentication strengths that must be met as well. */
  strengths: z.array(z.string()).default([]),
  /** The classes that were asked for and can be reached, the preferred first. */
  acrs: z.array(z.string()),
  /** The person it must be (`id_token_hint`, or the `sub` of the claims parameter). */
  subject: z.string().exactOptional(),
  maxAgeSeconds: z.number().exactOptional(),
  /** `login` and `select_account` want a new proof; what was proved before `askedAt` is none. */
  prompt: z.enum(['login', 'select_account']).exactOptional(),
  askedAt: z.number(),
});
export type Demand = z.infer<typeof demandSchema>;

/** What a request says, and what its application always requires. */
export interface Asked extends Requirement {
  /** `acr_values`, separated by blanks. */
  readonly acrValues: string | undefined;
  /** The `claims` parameter, as sent (OpenID Connect Core §5.5). */
  readonly claims: string | undefined;
  /** `prompt` and `max_age`, as sent: the engine makes `prompt=login` of `max_age=0`. */
  readonly prompt: string | undefined;
  readonly maxAge: string | undefined;
  /** The subject of the `id_token_hint`, which the engine has verified. */
  readonly hintedSubject: string | undefined;
}

/**
 * Reads the demand; `unmet` where an essential class cannot be reached by anybody here (OpenID
 * Connect Core §5.5.1.1). `acr_values` are wishes: what we do not know or offer is passed over.
 */
export function readDemand(asked: Asked, now: Date, offered: Offered): Demand | 'unmet' {
  const claims = idTokenClaims(asked.claims);
  const isEssential = claims.acr?.essential === true;
  const wanted = isEssential
    ? valuesOf(claims.acr)
    : (asked.acrValues?.split(' ') ?? valuesOf(claims.acr));
  const acrs = wanted.filter((acr) => {
    const [required, strength] = [requiredBy(acr), strengthOfAcr(acr)];
    return (
      (required !== undefined && offered.levels.includes(required)) ||
      (strength !== undefined && offered.has(strength))
    );
  });
  if (isEssential && wanted.length > 0 && acrs.length === 0) return 'unmet';

  // Not everybody has a security key: where anything else would do as well, it is only preferred.
  const preferred = acrs.find((acr) => isForMany(requiredBy(acr))) ?? acrs[0] ?? '';
  const strength = strengthOfAcr(preferred);
  const raised = strength === undefined ? requiredBy(preferred) : 'second-step';
  const maxAge = asked.maxAge === undefined ? undefined : Number(asked.maxAge);
  const subject = claims.sub?.value ?? asked.hintedSubject;
  const prompts = asked.prompt?.split(' ') ?? [];
  const prompt = (['select_account', 'login'] as const).find((one) => prompts.includes(one));
  return {
    required: raised === undefined ? asked.required : stricter(asked.required, raised),
    strengths: [...new Set([...asked.strengths, ...(strength === undefined ? [] : [strength])])],
    acrs,
    ...(subject === undefined ? {} : { subject }),
    ...(maxAge === undefined ? {} : { maxAgeSeconds: maxAge }),
    ...(prompt === undefined ? {} : { prompt }),
    askedAt: now.getTime(),
  };
}

/** A level that most people reach: neither a strength of its own nor a phishing-resistant one. */
function isForMany(required: Required | undefined): boolean {
  return required === 'password' || required === 'second-step';
}

/** What somebody here could prove at best, and which authentication strengths there are. */
export interface Offered {
  readonly levels: readonly Required[];
  readonly has: Strengths['has'];
}

/** How a session stands to a demand. */
export type Judgement = 'met' | 'signed-out' | 'somebody-else' | 'too-old' | 'too-weak';

/** Judges a session. What was proved after the request arrived is never too old for it. */
export function judge(
  session: Session | undefined,
  demand: Demand,
  now: Date,
  { combinations }: Pick<Strengths, 'combinations'>,
): Judgement {
  if (session === undefined) return 'signed-out';
  if (demand.subject !== undefined && demand.subject !== session.userId) return 'somebody-else';
  const isMet = demand.strengths.every((id) => meets(session.proofs, combinations(id)));
  if (!isMet || !satisfies(session.proofs, demand.required)) return 'too-weak';
  const provenAt = lastProof(session, demand.required);
  if (provenAt >= demand.askedAt) return 'met';
  if (demand.prompt !== undefined) return 'too-old';
  const ageSeconds = (now.getTime() - provenAt) / 1000;
  return demand.maxAgeSeconds !== undefined && ageSeconds >= demand.maxAgeSeconds
    ? 'too-old'
    : 'met';
}

/**
 * Whether somebody signed in for this request already who is not the one it must be. Asked again they would
 * go round in circles: the application has to hear of it (OpenID Connect Core §3.1.2.1 and §5.5.1).
 */
export function wasSomebodyElse(session: Session, demand: Demand): boolean {
  const { subject, askedAt } = demand;
  const isAnother = subject !== undefined && subject !== session.userId;
  return isAnother && lastProof(session, 'password') >= askedAt;
}

/** The class to report: the preferred one of those asked for that is reached, else the highest. */
export function reportedAcr(
  session: Session,
  demand: Demand,
  { combinations }: Pick<Strengths, 'combinations'>,
): string {
  const reached = demand.acrs.find((acr) => {
    const [required, strength] = [requiredBy(acr), strengthOfAcr(acr)];
    if (required !== undefined) return satisfies(session.proofs, required);
    return strength !== undefined && meets(session.proofs, combinations(strength));
  });
  return reached ?? acrOf(session.proofs);
}

/** What to ask of the person, where a session (if any) does not meet the demand. */
export function attemptFor(
  demand: Demand,
  judgement: Exclude<Judgement, 'met'>,
  session: Session | undefined,
): Pick<AttemptRequest, 'required' | 'strengths' | 'anew' | 'subject'> {
  const asked = requirementIn(demand);
  const { required } = demand;
  const subject =
    demand.prompt === 'select_account' ? undefined : (demand.subject ?? session?.userId);
  switch (judgement) {
    case 'signed-out':
      return { ...asked, subject, anew: 'nothing' };
    case 'somebody-else':
      return { ...asked, subject, anew: 'everything' };
    case 'too-weak':
      return { ...asked, subject, anew: demand.prompt === undefined ? 'nothing' : 'everything' };
    case 'too-old':
      // A second step once more is enough to step up; where only a password is required, that is
      // what is asked once more. Who says `prompt=login` wants it all.
      return {
        ...asked,
        subject,
        anew: demand.prompt !== undefined || required === 'password' ? 'everything' : 'second-step',
      };
  }
}

/** What the attempt is asked to prove; it says nothing of strengths where there are none. */
function requirementIn({
  required,
  strengths,
}: Demand): Pick<AttemptRequest, 'required' | 'strengths'> {
  return strengths.length === 0 ? { required } : { required, strengths };
}

const needed: Readonly<Record<Required, Strength>> = {
  password: 'knowledge',
  'second-step': 'possession',
  'phishing-resistant': 'phishing-resistant',
};

/** When that was proved last which the requirement turns on, in Unix milliseconds. */
function lastProof(session: Session, required: Required): number {
  const moments = session.proofs
    .filter(({ strength }) => isAtLeast(strength, needed[required]))
    .map(({ at }) => at.getTime());
  return Math.max(0, ...moments);
}

const claimsSchema = z.object({
  id_token: z
    .object({
      sub: z.object({ value: z.string().exactOptional() }).nullish().catch(undefined),
      acr: z
        .object({
          essential: z.boolean().exactOptional(),
          value: z.string().exactOptional(),
          values: z.array(z.string()).exactOptional(),
        })
        .nullish()
        .catch(undefined),
    })
    .exactOptional(),
});
type IdTokenClaims = NonNullable<z.infer<typeof claimsSchema>['id_token']>;

function idTokenClaims(claims: string | undefined): IdTokenClaims {
  if (claims === undefined) return {};
  const parsed = claimsSchema.safeParse(parseJson(claims));
  return parsed.success ? (parsed.data.id_token ?? {}) : {};
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The engine has refused such a request before it comes here.
    return undefined;
  }
}

function valuesOf(acr: IdTokenClaims['acr']): readonly string[] {
  return acr?.values ?? (acr?.value === undefined ? [] : [acr.value]);
}
