/** Owns the end of every sign-in: the session, and everything that is written with it. */
import type { User } from '../accounts/user.ts';
import { ownPasswordAccepted, signedIn } from '../audit/audit.ts';
import { TweestapError } from '../errors/errors.ts';
import { sessionLengths } from '../policies/policy.ts';
import { acrOf, amrOf, satisfies } from '../sessions/proven.ts';
import type { Attempt, AttemptDoor } from './attempt.ts';
import { origin, signInEvent } from './origin.ts';
import type { SigninParts, Work } from './parts.ts';
import type { Progress } from './progress.ts';
import type { Known } from './situation.ts';
import { saveAttempt } from './topics.ts';
import { trustIfWished } from './trusting.ts';

/** The last step of every sign-in: checked again here, and written with everything it causes. */
export async function openSession(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  known: Known,
  user: User,
  deviceCookie: string | undefined,
): Promise<Progress> {
  const { now } = work;
  if (attempt.door !== undefined) return letThrough(work, attempt, attempt.door, known, user);
  const trusted = await trustIfWished(parts, work, attempt, known, user, deviceCookie);
  const stays = attempt.staysSignedIn === true && known.mayStaySignedIn;
  const { token, session } = await parts.sessions.open(work.stores.sessions, {
    userId: user.id,
    proofs: attempt.proofs,
    lengths: sessionLengths(known.policy, known.privileged, stays),
    endsAt: attempt.broughtUntilAt,
    address: attempt.address,
    userAgent: attempt.userAgent,
    trustedDevice: trusted?.id ?? attempt.trustedDevice,
    staysSignedIn: stays || undefined,
  });
  if (attempt.replaces !== undefined) {
    const wasThere = await work.stores.sessions.remove(Buffer.from(attempt.replaces, 'base64url'));
    // Whoever signed out this very moment: what their session had proved opens no other one.
    const isGone = attempt.broughtUntilAt !== undefined && !wasThere;
    if (isGone) throw new TweestapError('STEP_NOT_ALLOWED');
  }
  const knownBrowser = attempt.isKnownBrowser
    ? undefined
    : await rememberBrowser(parts, work, user.id);
  const finished = await finish(work, attempt);
  return {
    attempt: finished,
    step: { kind: 'finish' },
    known,
    session: {
      token,
      knownBrowser,
      keptSeconds: stays ? (session.expiresAt.getTime() - now.getTime()) / 1000 : undefined,
    },
    ...(trusted === undefined ? {} : { trustedDevice: trusted.cookie }),
  };
}

/** A system is told that it is them: there is no session, and nothing of a browser to remember. */
async function letThrough(
  work: Work,
  attempt: Attempt,
  { name }: AttemptDoor,
  known: Known,
  { perUserMfaState }: User,
): Promise<Progress> {
  if (!satisfies(attempt.proofs, 'second-step')) {
    const at = origin(attempt, work.now);
    await work.stores.audit.append(ownPasswordAccepted(at, name, perUserMfaState));
  }
  return { attempt: await finish(work, attempt), step: { kind: 'finish' }, known };
}

/** The end of the attempt, and what the logs say of it. */
async function finish(work: Work, attempt: Attempt): Promise<Attempt> {
  const { now } = work;
  const finished: Attempt = {
    ...attempt,
    finishedAt: now,
    challenge: undefined,
    registration: undefined,
    notice: undefined,
  };
  await work.stores.audit.append(
    signedIn(origin(attempt, now), acrOf(attempt.proofs), amrOf(attempt.proofs)),
  );
  await work.stores.signInEvents.put(signInEvent(attempt, now, 'success', 'ok'));
  await saveAttempt(work, finished);
  return finished;
}

/** The token for the cookie of a browser that is new to this person. */
async function rememberBrowser(
  { box, random }: SigninParts,
  work: Work,
  userId: string,
): Promise<string> {
  const token = random.token(16);
  await work.stores.knownBrowsers.remember(box.keyedHash('known-browser', token), userId, work.now);
  return token;
}
