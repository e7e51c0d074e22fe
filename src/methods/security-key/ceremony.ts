/** Owns what a browser is asked: to make a new credential, or to sign with one that we know. */
import type { Random } from '../../lib/random.ts';
import type { Ask, ChallengeStart } from '../method.ts';
import type { Credential, KeySecret } from './secret.ts';
import type { Settings } from './settings.ts';
import type { CreationOptions, RequestOptions, State } from './state.ts';

/** How long a question is good (entra-map, "WebAuthn challenge"). */
export const ceremonySeconds = 5 * 60;

/** 256 bits; 128 is the least (ATK-50). */
const challengeBytes = 32;

/** COSE: ES256, EdDSA (Ed25519), RS256. What is not asked for is not taken either (ATK-50). */
export const algorithms = [-7, -8, -257] as const;

/** Asks a draft to become a credential, and every registered key of the person at once to sign. */
export function challenge(ask: Ask<Settings, KeySecret>): ChallengeStart<State> {
  const { secret, others, random, origin } = ask;
  const expiresAt = questionEnds(ask.now);
  const theirs = [secret, ...others.map((other) => other.secret)].flatMap((one) =>
    one.credential === undefined ? [] : [one.credential],
  );
  const state: State =
    secret.credential === undefined
      ? { ceremony: 'create', options: creationFor(ask, theirs), expiresAt: expiresAt.getTime() }
      : {
          ceremony: 'get',
          options: requestFor(origin, random, theirs),
          expiresAt: expiresAt.getTime(),
        };
  return { state, messages: [], expiresAt };
}

/** When a question that is asked now is good no longer. */
export function questionEnds(now: Date): Date {
  return new Date(now.getTime() + ceremonySeconds * 1000);
}

/** Asks to sign with one of these; with none of them named, whoever has a passkey here may. */
export function requestFor(
  origin: string,
  random: Random,
  credentials: readonly Credential[],
): RequestOptions {
  return {
    challenge: random.token(challengeBytes),
    rpId: relyingPartyId(origin),
    allowCredentials: credentials.map(descriptorOf),
    userVerification: 'required',
    timeout: ceremonySeconds * 1000,
  };
}

function creationFor(
  { random, origin, organisation, userId, userPrincipalName }: Ask<Settings, KeySecret>,
  theirs: readonly Credential[],
): CreationOptions {
  return {
    challenge: random.token(challengeBytes),
    rp: { id: relyingPartyId(origin), name: organisation },
    user: {
      id: userHandleOf(userId),
      name: userPrincipalName,
      displayName: userPrincipalName,
    },
    pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
    excludeCredentials: theirs.map(descriptorOf),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    attestation: 'none',
    timeout: ceremonySeconds * 1000,
  };
}

/** What keys are bound to: the host of our origin, and no wider domain (ATK-51). */
export function relyingPartyId(origin: string): string {
  return new URL(origin).hostname;
}

/**
 * What a passkey remembers of its owner: our own id, which is random and says nothing of the person
 * (WebAuthn §14.6.1), so that it can be found by it again.
 */
export function userHandleOf(userId: string): string {
  return Buffer.from(userId).toString('base64url');
}

/** The user id that a passkey remembered. */
export function userIdOf(userHandle: string): string {
  return Buffer.from(userHandle, 'base64url').toString();
}

function descriptorOf({ id, transports }: Credential): RequestOptions['allowCredentials'][number] {
  return {
    type: 'public-key',
    id,
    ...(transports.length === 0 ? {} : { transports: [...transports] }),
  };
}
