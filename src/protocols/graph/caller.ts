/**
 * Owns who asks: a program with a role, or somebody through an application. Looked up anew with every
 * request by its token and nothing else: no cookie is read here. What a person's session must have
 * proved is the same as at the portal (RFC 9470 says how a client is told).
 */
import type { FastifyRequest } from 'fastify';

import { mayAct, onlyLooks, type Act } from '../../accounts/administering.ts';
import type { User } from '../../accounts/user.ts';
import {
  ApprovalNeededError,
  isFreshForAdmin,
  isOpenForAdmin,
  type AtApi,
  type AtPages,
} from '../../administration/acting-admin.ts';
import { TweestapError } from '../../errors/errors.ts';
import { visitorOf } from '../../http/site.ts';
import { optionsOf } from '../../registrations/options.ts';
import { freshSeconds, provesEnough } from '../../signin/own-act.ts';
import { denied, refusal, type Refusal } from './faults.ts';
import type { CallerParts } from './parts.ts';

/** Whoever presented a token that is good now. */
export interface Caller {
  readonly by: AtApi | AtPages;
  readonly actor: Pick<User, 'id' | 'role'>;
  /** What requests are counted by. */
  readonly name: string;
}

/** Who asks; a `Refusal` where nobody may with what was presented. */
export async function callerOf(
  parts: CallerParts,
  request: FastifyRequest,
): Promise<Caller | Refusal> {
  const { authorization } = request.headers;
  if (authorization === undefined) return unauthenticated(parts, 'Access token is empty.');
  const [, token] = /^Bearer +([\w.~+/=-]+)$/i.exec(authorization) ?? [];
  const bearer = token === undefined ? undefined : await parts.bearer(token);
  if (bearer === undefined) {
    return unauthenticated(
      parts,
      'Access token validation failure: it has ended, or was given for something else.',
      'invalid_token',
    );
  }
  const { address } = visitorOf(request);
  if (bearer.kind === 'program') return programAsCaller(bearer.application, address);
  const { current, clientId } = bearer;
  return {
    by: { current, address },
    actor: current.user,
    name: `person:${current.user.id}:${clientId}`,
  };
}

/** A program that has shown who it is. */
export function programAsCaller(application: AtApi['application'], address: string): Caller {
  const { clientId, role } = application;
  return {
    by: { application: { clientId, role }, address },
    actor: { id: clientId, role },
    name: `program:${clientId}`,
  };
}

/** Whoever is signed in; where it is a program, a `Refusal` that says `why` it takes a person. */
export function signedIn({ by }: Pick<Caller, 'by'>, why: string): AtPages | Refusal {
  return 'current' in by ? by : refusal('Authorization_RequestDenied', why);
}

/** Why a caller may not do this in general; undefined where their role does it. */
export async function refusalOfCaller(
  parts: CallerParts,
  { by, actor }: Caller,
  act: Act,
  now: Date,
): Promise<Refusal | undefined> {
  const policy = await parts.policies.current();
  if (!mayAct(actor.role, act, policy.administration)) return denied;
  if ('application' in by) return undefined;
  const { current } = by;
  const isProved =
    isOpenForAdmin(current.session, policy, now) &&
    (onlyLooks(act) || (await isFreshForAdmin(parts, parts.stores, current, now)));
  return isProved ? undefined : insufficient(parts, current.user, onlyLooks(act));
}

/** The same for what everybody may see of themselves. */
export async function refusalOfOwner(
  parts: CallerParts,
  { by }: Caller,
  asked: 'session' | 'second-step',
): Promise<Refusal | undefined> {
  if ('application' in by) {
    return refusal('badRequest', '/me request is only valid with delegated authentication flow.');
  }
  if (asked === 'session') return undefined;
  const { user, session } = by.current;
  const isEnough = await provesEnough(parts, parts.stores, user, session.proofs);
  return isEnough ? undefined : insufficient(parts, user, true);
}

/**
 * What an act threw that looked at its caller once more, or at what the policy would be; anything else
 * is thrown on.
 */
export async function refusalOfFault(
  parts: CallerParts,
  { by }: Caller,
  error: unknown,
): Promise<Refusal> {
  if (error instanceof TweestapError && error.code === 'STEP_UP_REQUIRED' && 'current' in by) {
    return insufficient(parts, by.current.user, false);
  }
  if (error instanceof ApprovalNeededError) {
    const waiting = error.waiting.map(({ act, values }) => {
      const names = Object.keys(values);
      return names.length === 0 ? act : `${act} (${names.join(', ')})`;
    });
    // Names and no values: nothing that was sent is said back.
    return refusal(
      'Authorization_RequestDenied',
      `A second administrator has to agree to this first, and nothing was changed: ask for it in the portal, or at /tweestap/v1/approvals as somebody who is signed in. They agree to: ${waiting.join('; ')}.`,
    );
  }
  if (error instanceof TweestapError && error.code === 'CONFIGURATION_FAULTY') {
    const { faults } = error.details;
    if (Array.isArray(faults)) return refusal('badRequest', faults.map(String).join(' '));
  }
  throw error;
}

/** How a client is told what to bring (RFC 6750 §3). */
export function challengeOf(
  { origin }: Pick<CallerParts, 'origin'>,
  parameters: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const said = Object.entries({ realm: origin, ...parameters });
  return { 'www-authenticate': `Bearer ${said.map(([name, is]) => `${name}="${is}"`).join(', ')}` };
}

function unauthenticated(parts: CallerParts, message: string, error?: string): Refusal {
  const headers = challengeOf(parts, error === undefined ? {} : { error });
  return refusal('InvalidAuthenticationToken', message, headers);
}

/** RFC 9470 §3: the session must prove more, or prove it anew. */
async function insufficient(parts: CallerParts, user: User, isAnyAge: boolean): Promise<Refusal> {
  const registrations = await parts.stores.registrations.list(user.id);
  const policy = await parts.policies.current();
  const options = optionsOf({ user, registrations, methods: parts.methods, policy });
  const hasKey = options.some(
    ({ strength, standsIn }) => strength === 'phishing-resistant' && !standsIn,
  );
  return refusal(
    'InteractionRequired',
    'A second step is needed in the session that this token belongs to: sign in once more.',
    challengeOf(parts, {
      error: 'insufficient_user_authentication',
      error_description: 'A second step is needed, or a more recent one',
      acr_values: hasKey ? 'phr' : 'https://refeds.org/profile/mfa',
      ...(isAnyAge ? {} : { max_age: String(freshSeconds) }),
    }),
  );
}
