/**
 * Owns what a paired device does: it joins a registration, sees what is asked of its owner, decides,
 * and leaves. It has no browser and no session; whoever speaks for it proved its key before. A
 * decision is heard like what a phone answers: it never opens a session, that is the browser's to fetch.
 */
import { maySignIn, type User } from '../accounts/user.ts';
import { devicePaired } from '../audit/audit.ts';
import type { SignInEvent } from '../audit/sign-in-event.ts';
import type { DeviceDecision } from '../delivery/message.ts';
import type { Locale } from '../i18n/locale.ts';
import { networkOf } from '../lib/ip.ts';
import type { DeviceUpdate, Method, PairedDevice, RejectionReason } from '../methods/method.ts';
import { settingsOf, standingOf, type Policy } from '../policies/policy.ts';
import type { Registration } from '../registrations/registration.ts';
import { wrongPairings } from '../throttle/rules.ts';
import { raise, takeBack, type Permission } from '../throttle/throttle.ts';
import { isOpen, isReset, type Attempt } from './attempt.ts';
import { createFrame } from './frame.ts';
import { takeReport } from './fraud-report.ts';
import { createHearing } from './hearing.ts';
import { nextStep } from './next-step.ts';
import { origin } from './origin.ts';
import type { SigninParts } from './parts.ts';
import { pairingMark } from './registering.ts';
import { gather } from './situation.ts';
import { isLast, takeAway } from './taking-away.ts';
import { lastingHash } from './target.ts';
import type { Visitor } from './telling.ts';
import { saveAttempt } from './topics.ts';
import { inWork } from './work.ts';

/** A device that is paired, with a registration or with the draft of one. */
export interface FoundDevice {
  /** How it names itself. */
  readonly account: string;
  readonly device: PairedDevice;
  readonly method: Method;
  readonly user: User;
  readonly policy: Policy;
  /** What the method keeps of it. */
  readonly secret: unknown;
  /** The method's own settings. */
  readonly settings: unknown;
  /** Undefined while it is not proved yet. */
  readonly registration: Registration | undefined;
  readonly draftOf: string | undefined;
}

export type Pairing =
  | { readonly kind: 'paired'; readonly found: FoundDevice }
  | {
      readonly kind: 'refused';
      readonly reason: 'unknown-code' | 'unreadable' | 'clock' | 'pin-needed';
    }
  | { readonly kind: 'paused'; readonly untilAt: Date };

/** A sign-in, or a reset, that waits for the device's owner. The number to type is not in it. */
export interface PendingSignIn {
  readonly challengeId: string;
  readonly purpose: 'sign-in' | 'reset';
  readonly applicationName: string | undefined;
  readonly address: string;
  readonly userAgent: string;
  readonly startedAt: Date;
  readonly expiresAt: Date;
  /** Whether it is the test of a registration that is not proved yet. */
  readonly isTest: boolean;
}

/** What came of a decision: let in, refused and why, or over before it came. */
export type Decided =
  | { readonly kind: 'approved' }
  | { readonly kind: 'rejected'; readonly reason: RejectionReason }
  | { readonly kind: 'over' };

export interface Devices {
  /**
   * Lets a device join the draft that waits for this code. Counted by address before it is looked
   * at. `device` is what the method wants of it, unread.
   */
  pair(code: string, device: unknown, address: string): Promise<Pairing>;
  /** The device that names itself so, where it is paired still: a block of its owner may end. */
  find(account: string): Promise<FoundDevice | undefined>;
  /** What is asked of it now. */
  pending(found: FoundDevice): Promise<readonly PendingSignIn[]>;
  /** Judges what its owner decided about this request. Whether the device signed it is judged here. */
  decide(
    found: FoundDevice,
    challengeId: string,
    decision: DeviceDecision,
    address: string,
  ): Promise<Decided>;
  /** Keeps what has changed of the device; false where it cannot be kept. */
  change(found: FoundDevice, update: DeviceUpdate): Promise<boolean>;
  /**
   * Its push service knows this address no more: it is not woken there again. One that it has
   * brought since stays.
   */
  forgetPush(userId: string, deviceId: string, endpoint: string): Promise<void>;
  /** The newest sign-ins of its owner. */
  activity(found: FoundDevice): Promise<readonly SignInEvent[]>;
  /**
   * Its owner took the account out of the app: the registration goes, unless it is the last one of
   * somebody who must have one.
   */
  leave(found: FoundDevice, address: string): Promise<void>;
}

const activityShown = 30;

/** Makes the service. */
export function createDevices(parts: SigninParts): Devices {
  const { stores, clock, methods } = parts;
  const frame = createFrame(parts);
  const hear = createHearing(parts, frame);

  const find = async (account: string): Promise<FoundDevice | undefined> => {
    const [userId = '', deviceId = '', ...more] = account.split('.');
    if (deviceId === '' || more.length > 0) return undefined;
    const user = await stores.users.find(userId);
    if (user === undefined) return undefined;
    const policy = await parts.policies.current();
    const of = (
      secret: unknown,
      method: Method | undefined,
      where: Pick<FoundDevice, 'registration' | 'draftOf'>,
    ): FoundDevice | undefined => {
      const device = method?.pairing?.device(secret);
      return method === undefined || device?.id !== deviceId
        ? undefined
        : {
            account,
            device,
            method,
            user,
            policy,
            secret,
            settings: settingsOf(policy, method),
            ...where,
          };
    };
    for (const registration of await stores.registrations.list(userId)) {
      const method = methods.all.find(
        ({ pairing, registers }) => pairing !== undefined && registers.id === registration.kind,
      );
      const found = of(registration.secret, method, { registration, draftOf: undefined });
      if (found !== undefined) return found;
    }
    const attempt = await stores.attempts.findPairing(pairingMark(parts, 'device', deviceId));
    const draft = attempt?.registration?.draft;
    if (attempt?.identified?.userId !== userId || draft === undefined) return undefined;
    if (attempt.expiresAt <= clock.now()) return undefined;
    const where = { registration: undefined, draftOf: attempt.id };
    return of(draft.secret, methods.get(draft.methodId), where);
  };

  /** Whether the open challenge of this attempt asks this device. */
  const isAsked = ({ challenge, registration }: Attempt, found: FoundDevice): boolean => {
    if (challenge === undefined || !isOpen(challenge, clock.now())) return false;
    if (challenge.registrationId !== undefined) {
      return challenge.registrationId === found.registration?.id;
    }
    const draft = registration?.draft;
    return found.method.pairing?.device(draft?.secret)?.id === found.device.id;
  };

  /** Nothing is asked of whoever may not sign in. */
  const asking = async (found: FoundDevice): Promise<readonly Attempt[]> => {
    const { user } = found;
    if (!maySignIn(user, clock.now())) return [];
    return (await stores.attempts.listAsking(found.user.id)).filter((attempt) =>
      isAsked(attempt, found),
    );
  };

  /** Keeps what `change` makes of what is kept of a device now; false where that is nothing. */
  const keep = (found: FoundDevice, change: (secret: unknown) => unknown): Promise<boolean> =>
    inWork(parts, async (work) => {
      const user = await work.stores.users.lock(found.user.id);
      const { registration, draftOf } = found;
      if (user === undefined) return false;
      if (registration !== undefined) {
        const now = await work.stores.registrations.find(registration.id);
        const secret = now && change(now.secret);
        if (now === undefined || secret === undefined) return false;
        return work.stores.registrations.replace(now.id, now.version, secret);
      }
      const attempt = await work.stores.attempts.lock(draftOf ?? '');
      const progress = attempt?.registration;
      if (attempt === undefined || progress?.draft === undefined) return false;
      const secret = change(progress.draft.secret);
      if (secret === undefined) return false;
      const draft = { ...progress.draft, secret };
      await saveAttempt(work, { ...attempt, registration: { ...progress, draft } });
      return true;
    });

  return {
    find,

    pair: async (code, device, address) => {
      const key = `${wrongPairings.name}:${networkOf(address)}`;
      const at = clock.now();
      const permission = await stores.throttle.update<Permission>(key, (record) =>
        raise(wrongPairings, record, at),
      );
      if (!permission.allowed) return { kind: 'paused', untilAt: permission.until };
      const mark = pairingMark(parts, 'code', code);
      const unknown: Pairing = { kind: 'refused', reason: 'unknown-code' };
      const seen = await stores.attempts.findPairing(mark);
      if (seen === undefined) return unknown;
      const paired = await frame.inTransaction(async (work): Promise<Pairing> => {
        const user = await frame.hold(work, seen.identified?.userId);
        const attempt = await work.stores.attempts.lock(seen.id);
        const progress = attempt?.registration;
        if (user === undefined || attempt === undefined || progress?.draft?.pairing !== mark) {
          return unknown;
        }
        const { draft } = progress;
        const known = await gather(parts, work.stores, attempt, user);
        const method = methods.get(draft.methodId);
        const isWaiting = nextStep(attempt, known).kind === 'register';
        if (method?.pairing === undefined || !isWaiting) return unknown;
        if (standingOf(known.policy, method, user) !== 'allowed') return unknown;

        const settings = settingsOf(known.policy, method);
        const result = method.pairing.pair(
          {
            settings,
            random: parts.random,
            now: work.now,
            origin: parts.origin,
            lastingHash: lastingHash(parts, method),
          },
          draft.secret,
          device,
        );
        if (result.kind === 'refused') return result;
        const { secret } = result;
        const joined = method.pairing.device(secret);
        if (joined === undefined) return unknown;
        await work.stores.audit.append(devicePaired(origin(attempt, work.now), method.id));
        await saveAttempt(work, {
          ...attempt,
          registration: {
            ...progress,
            draft: { ...draft, secret, pairing: pairingMark(parts, 'device', joined.id) },
          },
        });
        const account = `${user.id}.${joined.id}`;
        const { policy } = known;
        const where = { registration: undefined, draftOf: attempt.id };
        return {
          kind: 'paired',
          found: { account, device: joined, method, user, policy, secret, settings, ...where },
        };
      });
      const isGuess = paired.kind === 'refused' && paired.reason === 'unknown-code';
      if (isGuess) return paired;
      // This one was no guess; those before it were, whoever has a code of their own as well.
      await stores.throttle.update(key, (record) => ({
        record: takeBack(record, at),
        result: undefined,
      }));
      return paired;
    },

    pending: async (found) =>
      (await asking(found)).flatMap((attempt) => {
        const { challenge, request, address, userAgent } = attempt;
        return challenge === undefined
          ? []
          : {
              challengeId: challenge.id,
              purpose: isReset(attempt) ? 'reset' : 'sign-in',
              applicationName: request.applicationName,
              address,
              userAgent,
              startedAt: challenge.startedAt,
              expiresAt: challenge.expiresAt,
              isTest: challenge.registrationId === undefined,
            };
      }),

    decide: async (found, challengeId, decision, address) => {
      const attempt = (await asking(found)).find(({ challenge }) => challenge?.id === challengeId);
      if (attempt !== undefined) {
        const { id: attemptId } = attempt;
        const { heard, reason } = await hear({
          attemptId,
          challengeId,
          userId: found.user.id,
          event: decision,
        });
        if (heard === 'verified') return { kind: 'approved' };
        if (reason !== undefined) return { kind: 'rejected', reason };
      }
      return decision.decision === 'report' &&
        (await reportLate(found, challengeId, decision, address))
        ? { kind: 'rejected', reason: 'fraud-reported' }
        : { kind: 'over' };
    },

    change: (found, update) =>
      keep(found, (secret) => found.method.pairing?.update(secret, update)),

    forgetPush: async (userId, deviceId, endpoint) => {
      const found = await find(`${userId}.${deviceId}`);
      const pairing = found?.method.pairing;
      if (found === undefined || pairing === undefined) return;
      await keep(found, (secret) =>
        pairing.device(secret)?.push?.endpoint === endpoint
          ? pairing.update(secret, { push: null })
          : undefined,
      );
    },

    activity: (found) => stores.signInEvents.list({ userId: found.user.id, limit: activityShown }),

    leave: (found, address) =>
      inWork(parts, async (work) => {
        const user = await work.stores.users.lock(found.user.id);
        if (user === undefined || found.registration === undefined) return;
        const registrations = await work.stores.registrations.list(user.id);
        const registration = registrations.find(({ id }) => id === found.registration?.id);
        const owner = { user, registrations, policy: found.policy };
        if (registration === undefined || isLast(methods, owner, registration)) return;
        const doer = visitorOf(found, address);
        await takeAway(parts, work, owner, registration, {
          origin: { at: work.now, userId: user.id, attemptId: undefined, address },
          doer,
        });
      }),
  };

  /** That a request was not theirs counts, whatever became of it (attack ATK-42). */
  async function reportLate(
    { account, device, method, user, secret, policy }: FoundDevice,
    challengeId: string,
    decision: DeviceDecision,
    address: string,
  ): Promise<boolean> {
    return inWork(parts, async (work) => {
      const held = await work.stores.users.lock(user.id);
      const known = { origin: parts.origin, userId: user.id, now: work.now };
      const isTrue = method.pairing?.isFrom(known, secret, challengeId, decision) ?? false;
      if (held === undefined || !isTrue) return false;
      const found = { account, device, method, user, secret, policy };
      const from = {
        id: undefined,
        identified: { typed: held.userPrincipalName, userId: held.id },
        ...visitorOf(found, address),
      };
      await takeReport(parts, work, from, { policy }, held, method);
      return true;
    });
  }
}

/** Whoever holds the device, for the mails that tell of what was done on it. */
function visitorOf(
  { user, policy }: Pick<FoundDevice, 'user' | 'policy'>,
  address: string,
): Visitor {
  const locale: Locale = user.preferredLanguage ?? policy.organisation.defaultLanguage;
  return { locale, address };
}
