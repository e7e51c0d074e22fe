/** Owns how every sign-in begins: an attempt, and what the session of its browser already proved. */
import type { Locale } from '../i18n/locale.ts';
import type { Proof, Session } from '../sessions/session.ts';
import { atDoor, type DoorRef } from './at-a-door.ts';
import {
  attemptMinutes,
  resetMinutes,
  type Attempt,
  type AttemptDoor,
  type AttemptRequest,
} from './attempt.ts';
import type { Frame } from './frame.ts';
import { nextStep } from './next-step.ts';
import type { SigninParts } from './parts.ts';
import type { Progress } from './progress.ts';
import { gather } from './situation.ts';

export interface OpenRequest {
  readonly request: AttemptRequest;
  readonly locale: Locale;
  readonly address: string;
  readonly userAgent: string;
  /** The living session of this browser, if there is one: what it proved may count. */
  readonly session: Session | undefined;
  /** Present where there is no browser but a system that asks; `next` is what it goes on with. */
  readonly door?: (Omit<AttemptDoor, 'state'> & Pick<DoorRef, 'next'>) | undefined;
}

/** An attempt that was just opened. */
export interface Opened {
  readonly id: string;
  readonly browser: string;
  readonly progress: Progress;
}

/** Opens an attempt; what it promises stands with `Signin.open`. */
export async function openAttempt(
  parts: SigninParts,
  { browserHash, hold, inTransaction, conclude }: Frame,
  { request, locale, address, userAgent, session, door }: OpenRequest,
): Promise<Opened> {
  const { stores, box, clock, random } = parts;
  const now = clock.now();
  const id = random.token(16);
  const browser = random.token(32);
  const minutes = request.purpose === 'reset' ? resetMinutes : attemptMinutes;
  const current = session === undefined ? undefined : await stores.users.find(session.userId);
  // Whoever is signed in is not asked for their password where somebody else is meant.
  const isMeant = request.subject === undefined || request.subject === current?.id;
  const user = isMeant ? current : undefined;
  const proofs = user === undefined ? [] : countingProofs(session?.proofs ?? [], request, now);
  const attempt: Attempt = {
    id,
    version: 1,
    request,
    browser: door === undefined ? browserHash(browser) : undefined,
    ...(door === undefined ? {} : { door: atDoor(box, door) }),
    replaces: session?.id.toString('base64url'),
    isKnownBrowser: false,
    locale,
    address,
    userAgent: userAgent.slice(0, 400),
    createdAt: now,
    expiresAt: new Date(now.getTime() + minutes * 60_000),
    finishedAt: undefined,
    identified: user === undefined ? undefined : { typed: user.userPrincipalName, userId: user.id },
    proofs,
    broughtUntilAt: proofs.length === 0 ? undefined : session?.expiresAt,
    staysSignedIn: user === undefined ? undefined : session?.staysSignedIn,
    challenge: undefined,
    choosing: false,
    registration: undefined,
    notice: undefined,
    steps: [],
  };
  if (attempt.proofs.length === 0) {
    await stores.attempts.add(attempt);
    const known = await gather(parts, stores, attempt);
    return { id, browser, progress: { attempt, step: nextStep(attempt, known), known } };
  }
  const progress = await inTransaction(async (work) => {
    await work.stores.attempts.add(attempt);
    const held = await hold(work, attempt.identified?.userId);
    const known = await gather(parts, work.stores, attempt, held);
    const step = nextStep(attempt, known);
    // A session's own proofs never open another session by themselves: the browser fetches it.
    return step.kind === 'finish' ? { attempt, step, known } : conclude(work, attempt, held);
  });
  return { id, browser, progress };
}

/** Which of a session's proofs still count for what is asked now. */
function countingProofs(
  proofs: readonly Proof[],
  { anew, freshSeconds = Infinity }: AttemptRequest,
  now: Date,
): readonly Proof[] {
  switch (anew) {
    case 'nothing':
      return proofs.flatMap((proof) =>
        secondsBetween(proof.at, now) <= freshSeconds ? [proof] : whoOf(proof),
      );
    case 'second-step':
      return proofs.flatMap(whoOf);
    case 'everything':
      return [];
  }
}

/** What is left of a proof that is no second step any more: who it is, if it proved that. */
function whoOf(proof: Proof): readonly Proof[] {
  if (proof.strength === 'knowledge') return [proof];
  return proof.alone === true ? [{ ...proof, strength: 'knowledge' }] : [];
}

function secondsBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000;
}
