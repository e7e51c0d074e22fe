/**
 * Owns saying and proving who one is, before the second step: a name, and the password or a Temporary Access
 * Pass for it; or a passkey alone. Whoever proved it goes on with a new token in their browser.
 */
import type { User } from '../accounts/user.ts';
import { answerNotEvaluated } from '../audit/audit.ts';
import { TweestapError } from '../errors/errors.ts';
import { networkOf } from '../lib/ip.ts';
import { canonicalUserPrincipalName } from '../lib/names.ts';
import { wrongPasskeys } from '../throttle/rules.ts';
import { raise, type Permission } from '../throttle/throttle.ts';
import { anew, isAskedAlone, supersededNotice, type Attempt } from './attempt.ts';
import type { Frame } from './frame.ts';
import type { Step } from './next-step.ts';
import { origin } from './origin.ts';
import type { SigninParts } from './parts.ts';
import { judgePass, weighPass } from './pass.ts';
import { askPasskey, judgePasskey } from './passkey.ts';
import { judgePassword, weighPassword } from './password.ts';
import { isKnownBrowser } from './password-counter.ts';
import type { AttemptRef, Progress } from './progress.ts';
import { recogniseDevice, type DeviceCookie } from './trusting.ts';

export interface FirstFactor {
  /** Notes for whom it is. Whether there is such an account shows nowhere. */
  identify(ref: AttemptRef, typedName: string): Promise<Progress>;
  /**
   * Proves the password; `knownBrowser` is the cookie of a browser that signed in before. `typedName`
   * is the name it was typed for, where it came with the password: it then counts, not an earlier one.
   */
  password(
    ref: AttemptRef,
    password: string,
    knownBrowser: string | undefined,
    typedName?: string,
  ): Promise<Progress>;
  /** Proves who it is by a Temporary Access Pass, in place of the password; the rest as there. */
  pass(
    ref: AttemptRef,
    pass: string,
    knownBrowser: string | undefined,
    typedName?: string,
  ): Promise<Progress>;
  /**
   * Asks for a passkey in place of name and password; whoever was named is not any more. Throws
   * `STEP_NOT_ALLOWED` where policy allows none.
   */
  askPasskey(ref: AttemptRef): Promise<Progress>;
  /** Judges the answer to it. `knownBrowser` as for the password. */
  passkey(
    ref: AttemptRef,
    challengeId: string,
    answer: unknown,
    knownBrowser: string | undefined,
  ): Promise<Progress>;
}

/** For whom something was typed, and at which steps that is allowed. */
interface Named {
  readonly identified: Attempt['identified'];
  /** The account, where there is one. */
  readonly user: User | undefined;
  readonly steps: readonly Step['kind'][];
  /** The attempt as it is for them; throws `ATTEMPT_CHANGED` where it is somebody else's by now. */
  attemptOf(before: Attempt): Attempt;
}

/** Makes it, on the frame of every command. */
export function createFirstFactor(parts: SigninParts, frame: Frame): FirstFactor {
  const { stores, clock, random } = parts;
  const { browserHash, find, command, commandFrom } = frame;

  /** Whom a typed name means, or whom the attempt knows; nobody we know is identified all the same. */
  const named = async (seen: Attempt, typedName: string | undefined): Promise<Named> => {
    if (typedName === undefined) {
      const { identified } = seen;
      return {
        identified,
        user: await stores.users.find(identified?.userId ?? ''),
        steps: ['password'],
        attemptOf: (before) => {
          if (before.identified?.userId === identified?.userId) return before;
          throw new TweestapError('ATTEMPT_CHANGED');
        },
      };
    }
    const name = canonicalUserPrincipalName(typedName);
    const user = await stores.users.findByName(name ?? '');
    const identified = { typed: typedOf(typedName), userId: user?.id };
    return {
      identified,
      user,
      steps: ['identify', 'password'],
      attemptOf: (before) => anew(before, identified),
    };
  };

  /** A new token for the browser: whoever put the old one into it does not follow any further (ATK-33). */
  const renewal = (): {
    /** The attempt, now that it is proved whose it is. */
    readonly theirs: (proved: Attempt, user: User | undefined, ref: AttemptRef) => Attempt;
    /** Hands the token out where the attempt took it over. */
    readonly handedOut: (progress: Progress) => Progress;
  } => {
    const browser = random.token(32);
    const hash = browserHash(browser);
    return {
      theirs: (proved, user, { locale }) => ({
        ...proved,
        browser: proved.door === undefined ? hash : undefined,
        locale: locale ?? user?.preferredLanguage ?? proved.locale,
      }),
      handedOut: (progress) =>
        progress.attempt.browser === hash ? { ...progress, browser } : progress,
    };
  };

  return {
    // Nobody is held, and nothing is read of an account but its id: whether there is one takes no time.
    identify: async (ref, typedName) =>
      commandFrom(
        await find(ref),
        undefined,
        ref,
        ['identify', 'password'],
        async (work, attempt) => {
          const name = canonicalUserPrincipalName(typedName);
          const userId = await work.stores.users.idOfName(name ?? '');
          return anew(attempt, { typed: typedOf(typedName), userId });
        },
      ),

    password: async (ref, password, knownBrowser, typedName) => {
      const seen = await find(ref);
      const { identified, user, steps, attemptOf } = await named(seen, typedName);
      const name = identified?.typed ?? '';
      const weighed = await weighPassword(parts, { name, password, user, knownBrowser });
      const { theirs, handedOut } = renewal();
      let deviceCookie: DeviceCookie | undefined;
      const progress = await commandFrom(
        seen,
        // A wrong password changes nothing of the person, and nobody shall be kept waiting by a stranger.
        weighed.found.kind === 'right' ? user?.id : undefined,
        ref,
        steps,
        async (work, before, _, held) => {
          deviceCookie = undefined;
          const attempt = attemptOf(before);
          const judged = await judgePassword(work, attempt, held, weighed);
          if (held === undefined || !isProvedAnew(attempt, judged)) return judged;
          const passed = theirs(judged, held, ref);
          if (ref.trustedDevice === undefined) return passed;
          const known = await recogniseDevice(parts, work, passed, held, ref.trustedDevice);
          deviceCookie = known.cookie;
          return known.attempt;
        },
      );
      const handed = handedOut(progress);
      return deviceCookie === undefined ? handed : { ...handed, trustedDevice: deviceCookie };
    },

    pass: async (ref, pass, knownBrowser, typedName) => {
      const seen = await find(ref);
      const { identified, user, steps, attemptOf } = await named(seen, typedName);
      const name = identified?.typed ?? '';
      const weighed = await weighPass(parts, { name, pass, user, knownBrowser });
      if (weighed === undefined) throw new TweestapError('STEP_NOT_ALLOWED');
      const { theirs, handedOut } = renewal();
      const progress = await commandFrom(
        seen,
        // A wrong pass changes nothing of the person, as a wrong password.
        weighed.judgement === undefined ? undefined : user?.id,
        ref,
        steps,
        async (work, before, known, held) => {
          const attempt = attemptOf(before);
          const judged = await judgePass(parts, work, attempt, known, held, weighed);
          return isProvedAnew(attempt, judged) ? theirs(judged, held, ref) : judged;
        },
      );
      return handedOut(progress);
    },

    askPasskey: (ref) =>
      command(ref, ['identify', 'password', 'passkey'], (work, attempt, known) =>
        askPasskey(parts, work, anew(attempt, undefined), known),
      ),

    passkey: async (ref, challengeId, answer, knownBrowser) => {
      const seen = await find(ref);
      if (!isAskedAlone(seen)) return command(ref, [], async (_work, attempt) => attempt);
      const methodId = seen.challenge?.methodId ?? '';
      const claimed = parts.methods.get(methodId)?.alone?.claimed(answer);
      const key = `${wrongPasskeys.name}:${networkOf(seen.address)}`;
      // Counted before it is looked at, in its own transaction, as a password is.
      const permission = await stores.throttle.update<Permission>(key, (record) =>
        raise(wrongPasskeys, record, clock.now()),
      );
      const isKnown =
        claimed !== undefined && (await isKnownBrowser(parts, claimed, knownBrowser)).isKnown;
      const { theirs, handedOut } = renewal();
      const progress = await commandFrom(
        seen,
        claimed,
        ref,
        ['passkey'],
        async (work, attempt, known, held) => {
          if (attempt.challenge?.id !== challengeId) {
            return { ...attempt, notice: supersededNotice(attempt) };
          }
          if (!permission.allowed) {
            await work.stores.audit.append(answerNotEvaluated(origin(attempt, work.now), methodId));
            return { ...attempt, notice: { kind: 'passkeys-paused', untilAt: permission.until } };
          }
          const judged = await judgePasskey(parts, work, attempt, known, held, answer);
          if (judged.identified === undefined || held === undefined) return judged;
          await work.stores.throttle.clear(key);
          return theirs({ ...judged, isKnownBrowser: isKnown }, held, ref);
        },
      );
      return handedOut(progress);
    },
  };
}

/** Whether something was proved that was not before. */
function isProvedAnew(before: Attempt, judged: Attempt): boolean {
  return judged.proofs.length > before.proofs.length;
}

/** A name as it was typed, as far as it is kept. */
function typedOf(name: string): string {
  return name.trim().slice(0, 113);
}
