/**
 * Owns one challenge from its start to its verdict: what is sent, how answers are counted before they
 * are looked at, and what each verdict makes of the attempt.
 */
import { spokenName } from '../methods/phone-call/script.ts';
import {
  answerAccepted,
  answerNotEvaluated,
  answerRejected,
  challengeStarted,
  fraudReported,
  messageRefused,
  secondStepsPaused,
  userBlocked,
} from '../audit/audit.ts';
import type { User } from '../accounts/user.ts';
import type { DeliveryEvent, OutgoingMessage, QueuedMessage } from '../delivery/message.ts';
import type { Locale } from '../i18n/locale.ts';
import type { Ask, Judgement, Method, RejectionReason } from '../methods/method.ts';
import { parse as parseNumber } from '../lib/phone-number.ts';
import { deliveryCountries, settingsOf, wrongStepsRule } from '../policies/policy.ts';
import { reachesOut } from '../registrations/options.ts';
import type { Registration } from '../registrations/registration.ts';
import type { Proof } from '../sessions/session.ts';
import {
  mailsPerAddress,
  mailsPerUser,
  messagesPerNumber,
  messagesPerUser,
  pushesPerUser,
  wrongResetAnswers,
  wrongResetKnowledge,
} from '../throttle/rules.ts';
import { raise, type CounterRecord, type Permission, type Rule } from '../throttle/throttle.ts';
import {
  isOpen,
  isReset,
  triesPerChallenge,
  type Attempt,
  type Challenge,
  type Notice,
} from './attempt.ts';
import { greeted } from './greeted-call.ts';
import { notice, phoneChanged, type NoticeKind } from './notices.ts';
import { origin, withStep } from './origin.ts';
import type { SigninParts, Work } from './parts.ts';
import { closedTo } from './pumping.ts';
import { revokeEverything } from './revoke-everything.ts';
import { secondStepKey, type Known } from './situation.ts';

/** What is asked: a registration, or a draft that becomes one when it is proved. */
export interface Target {
  readonly method: Method;
  readonly secret: unknown;
  readonly registrationId: string | undefined;
}

const dayMs = 86_400_000;

/** Starts a challenge, or says why nothing may be sent now. An older challenge is superseded. */
export async function startChallenge(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  known: Known,
  user: User,
  target: Target,
): Promise<Attempt> {
  const { method, registrationId } = target;
  const refused = await mayBeSent(parts, work, attempt, known, user, target);
  if (refused !== undefined)
    return { ...attempt, challenge: undefined, choosing: true, notice: refused };

  const id = parts.random.token(16);
  const started = method.challenge(askOf(parts, attempt, known, user, target, id));
  const challenge: Challenge = {
    id,
    methodId: method.id,
    registrationId,
    state: started.state,
    startedAt: work.now,
    expiresAt: started.expiresAt,
    wrongTries: 0,
    delivery: started.messages.length === 0 ? 'none' : 'queued',
    ...(method.sends === 'push' ? { asksApp: true } : {}),
    outcome: undefined,
  };
  const messages = await greeted(work.stores, started.messages, {
    organisation: known.policy.organisation.name,
    person: spokenName(user.userPrincipalName),
  });
  await work.send(messages.map((message) => queued(parts, message, attempt, challenge, user.id)));
  await work.stores.audit.append(challengeStarted(origin(attempt, work.now), method.id));
  return { ...attempt, challenge, choosing: false, notice: undefined };
}

/** Judges what was typed on a page or at a prompt; `weighed` is what slow work on it found, if any. */
export async function judgeTyped(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  known: Known,
  user: User,
  target: Target,
  answer: unknown,
  weighed?: Judgement,
): Promise<Attempt> {
  const judgement: Judgement =
    weighed ?? ((ask, state) => target.method.verify(ask, state, answer));
  return judge(parts, work, attempt, known, user, target, judgement);
}

/** Judges what a provider reports of this challenge's call or text. */
export async function judgeHeard(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  known: Known,
  user: User,
  target: Target,
  event: DeliveryEvent,
): Promise<Attempt> {
  const { challenge } = attempt;
  if (challenge === undefined || !isOpen(challenge, work.now)) return attempt;
  if (event.kind === 'sent') return { ...attempt, challenge: { ...challenge, delivery: 'sent' } };
  return judge(parts, work, attempt, known, user, target, async (ask, state) =>
    target.method.hear(ask, state, event),
  );
}

async function judge(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  known: Known,
  user: User,
  target: Target,
  verdictOf: Judgement,
): Promise<Attempt> {
  const { challenge } = attempt;
  const { stores, now } = work;
  const { method } = target;
  if (challenge === undefined || challenge.outcome !== undefined) return attempt;
  if (challenge.expiresAt <= now) return over(attempt, challenge, method, 'expired', work);

  // Weighed before it is looked at, and counted with what comes of it: this transaction holds the counter,
  // so no other answer that it counts is looked at meanwhile.
  const { key, rule } = counterOf(attempt, known, user, method);
  const { record, result: permission } = raise(rule, await stores.throttle.lock(key), now);
  if (!permission.allowed) {
    await stores.audit.append(answerNotEvaluated(origin(attempt, now), method.id));
    return isReset(attempt)
      ? { ...attempt, notice: { kind: 'gate-closed', untilAt: permission.until } }
      : attempt;
  }

  const ask = askOf(parts, attempt, known, user, target, challenge.id);
  const verdict = await verdictOf(ask, challenge.state);
  // What is right, or no guess, leaves the counter as it is. The wrong ones before it stay counted: they
  // may be a stranger's, who has the password and tries between its owner's sign-ins (attack ATK-01).
  const count = (): Promise<void> => stores.throttle.put(key, record);
  switch (verdict.kind) {
    case 'verified': {
      const answered =
        verdict.by === undefined ? target : { ...target, registrationId: verdict.by };
      const kept = await keepUse(work, answered, known, verdict.secret);
      if (!kept) {
        await count();
        return rejected(parts, work, attempt, known, user, method, permission, 'code-already-used');
      }
      if (method.sends === 'text' || method.sends === 'call') {
        await stores.outbox.markAnswered(challenge.id, now);
      }
      // Whoever approves wants to be asked: only what nobody wanted counts towards the limit.
      if (method.sends === 'push') await stores.throttle.clear(`${pushesPerUser.name}:${user.id}`);
      if (answered.registrationId !== undefined) await resumePhones(work, known, method);
      if (answered.registrationId !== undefined && method.standsIn) {
        await tellOfStandIn(parts, work, attempt, known, user, target, verdict.secret);
      }
      return proved(work, attempt, answered, verdict.secret);
    }
    case 'pending':
      return { ...attempt, challenge: { ...challenge, state: verdict.state, delivery: 'sent' } };
    case 'rejected': {
      const { registrationId } = target;
      const refused = registrationOf(known, registrationId);
      if (verdict.secret !== undefined && refused !== undefined) {
        await stores.registrations.replace(refused.id, refused.version, verdict.secret);
      }
      if (verdict.suspends === true && registrationId !== undefined) {
        await stores.registrations.suspend(registrationId, now);
      }
      if (verdict.counts || verdict.reason === 'fraud-reported') await count();
      if (verdict.reason === 'fraud-reported')
        return fraud(parts, work, attempt, known, user, method);
      if (verdict.counts) {
        return rejected(
          parts,
          work,
          attempt,
          known,
          user,
          method,
          permission,
          verdict.reason,
          verdict.ends,
        );
      }
      if (verdict.ends) return over(attempt, challenge, method, verdict.reason, work);
      return {
        ...attempt,
        notice: { kind: 'rejected', methodId: method.id, reason: verdict.reason },
      };
    }
  }
}

/**
 * What wrong answers are counted by. Those of a reset have their own: whoever knows no password must
 * not be able to end its owner's sign-ins.
 */
function counterOf(
  attempt: Attempt,
  { policy }: Known,
  user: User,
  method: Method,
): { key: string; rule: Rule } {
  if (!isReset(attempt)) return { key: secondStepKey(user.id), rule: wrongStepsRule(policy) };
  const rule = method.strength === 'knowledge' ? wrongResetKnowledge : wrongResetAnswers;
  return { key: resetAnswersKey(user.id, method.id), rule };
}

/** The counter of wrong answers in resets: one for each person and method. */
export function resetAnswersKey(userId: string, methodId: string): string {
  return `${wrongResetAnswers.name}:${userId}:${methodId}`;
}

/** Its owner is here again: phones that a stranger may have set off are asked again from now on. */
async function resumePhones(work: Work, known: Known, method: Method): Promise<void> {
  const isSuspended = known.registrations.some(({ suspendedAt }) => suspendedAt !== undefined);
  if (known.user === undefined || !isSuspended || reachesOut(method)) return;
  await work.stores.registrations.resumeAll(known.user.id);
}

/** What is kept for a bad day was used: its owner hears of it, and what is left of it. */
async function tellOfStandIn(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  known: Known,
  user: User,
  { method: { registers }, secret }: Target,
  left = secret,
): Promise<void> {
  const locale = user.preferredLanguage ?? known.policy.organisation.defaultLanguage;
  const what = `${registers.name(left, locale)}: ${registers.detail(left, locale)}`;
  await tell(parts, work, attempt, known, user, 'stoodIn', what);
}

/** Notes the use where it changes the secret: only the first of two equal answers gets through. */
export async function keepUse(
  work: Work,
  target: Target,
  known: Pick<Known, 'registrations'>,
  secret: unknown,
): Promise<boolean> {
  if (target.registrationId === undefined) return true;
  const registration = registrationOf(known, target.registrationId);
  if (registration === undefined) return false;
  if (secret === undefined) {
    await work.stores.registrations.touch(registration.id, work.now);
    return true;
  }
  return work.stores.registrations.use(registration.id, registration.version, secret, work.now);
}

async function proved(
  work: Work,
  attempt: Attempt,
  target: Target,
  secret: unknown,
): Promise<Attempt> {
  const { method, registrationId } = target;
  // Who came with a passkey alone is still known by it, when it is asked once more.
  const isAlone = attempt.proofs.some((one) => one.method === method.id && one.alone === true);
  const proof: Proof = {
    method: method.id,
    strength: method.strength,
    amr: method.amr,
    registrationId,
    ...(method.standsIn ? { standsIn: true } : {}),
    ...(isAlone ? { alone: true } : {}),
    at: work.now,
  };
  // What we made ourselves proves nothing of the person by being registered.
  const proves = registrationId !== undefined || method.draftProves;
  await work.stores.audit.append(answerAccepted(origin(attempt, work.now), method.id));
  const { registration } = attempt;
  const draft =
    registrationId === undefined && registration?.draft !== undefined
      ? { ...registration.draft, secret: secret ?? registration.draft.secret }
      : registration?.draft;
  return withStep(
    {
      ...attempt,
      challenge: undefined,
      choosing: false,
      notice: undefined,
      proofs: proves
        ? [...attempt.proofs.filter(({ method: id }) => id !== method.id), proof]
        : attempt.proofs,
      registration: registration === undefined ? undefined : { ...registration, draft },
    },
    { at: work.now, method: method.id, result: 'success', reason: 'ok' },
  );
}

async function rejected(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  known: Known,
  user: User,
  method: Method,
  permission: Permission & { readonly allowed: true },
  reason: RejectionReason,
  ends = false,
): Promise<Attempt> {
  const { challenge } = attempt;
  if (challenge === undefined) return attempt;
  const { stores, now } = work;
  await stores.audit.append(answerRejected(origin(attempt, now), method.id, reason));
  if (permission.reached && !isReset(attempt))
    await suspectPassword(parts, work, attempt, known, user);
  const wrongTries = challenge.wrongTries + 1;
  const outcome = ends ? reason : wrongTries >= triesPerChallenge ? 'too-many-wrong' : undefined;
  return withStep(
    {
      ...attempt,
      challenge: { ...challenge, wrongTries, outcome },
      notice: { kind: 'rejected', methodId: method.id, reason: outcome ?? reason },
    },
    { at: now, method: method.id, result: 'failure', reason },
  );
}

async function over(
  attempt: Attempt,
  challenge: Challenge,
  method: Method,
  reason: RejectionReason,
  work: Work,
): Promise<Attempt> {
  await work.stores.audit.append(answerRejected(origin(attempt, work.now), method.id, reason));
  return withStep(
    {
      ...attempt,
      challenge: { ...challenge, outcome: reason },
      notice: { kind: 'rejected', methodId: method.id, reason },
    },
    { at: work.now, method: method.id, result: 'failure', reason },
  );
}

/** After the last wrong second step that is let pass: the person is told, and the password counts as known to a stranger. */
async function suspectPassword(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  known: Known,
  user: User,
): Promise<void> {
  const { stores, now } = work;
  const until = (await stores.throttle.peek(secondStepKey(user.id)))?.pausedUntil ?? now.getTime();
  await stores.audit.append(secondStepsPaused(origin(attempt, now), new Date(until)));
  if (known.policy.passwordSuspicion)
    await stores.users.change(user.id, { mustChangePassword: true });
  await tell(parts, work, attempt, known, user, 'tooManyWrong');
}

/** "It wasn't me": the challenge is over, and where policy says so the account is blocked. */
async function fraud(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  known: Known,
  user: User,
  method: Method,
): Promise<Attempt> {
  const { challenge } = attempt;
  if (challenge === undefined) return attempt;
  await takeReport(parts, work, attempt, known, user, method, attempt.id);
  return over(attempt, challenge, method, 'fraud-reported', work);
}

/** Where a report of fraud came from: the attempt it is about, or only whose phone it is. */
export type Reported = Pick<Attempt, 'identified' | 'address' | 'locale'> & {
  readonly id: string | undefined;
  /** Absent where the attempt is over and gone. */
  readonly request?: Pick<Attempt['request'], 'purpose'>;
};

/** What a report of fraud brings about, whether its challenge is still open or not. */
export async function takeReport(
  parts: SigninParts,
  work: Work,
  attempt: Reported,
  known: Pick<Known, 'policy'>,
  user: User,
  method: Method,
  keepAttempt?: string,
): Promise<void> {
  const { stores, now } = work;
  const { fraud: rules } = known.policy;
  await stores.audit.append(fraudReported(origin(attempt, now), method.id));
  if (rules.blockOnReport) {
    const until = new Date(now.getTime() + rules.blockDays * dayMs);
    await stores.users.setBlock(user.id, { at: now, until, reason: 'fraud-reported' });
    await stores.audit.append(
      userBlocked({ at: now, userId: user.id, actor: 'system', reason: 'fraud-reported' }),
    );
    await revokeEverything(stores, {
      userId: user.id,
      reason: 'fraud-reported',
      actor: 'system',
      appPasswords: false,
      at: now,
      ...(keepAttempt === undefined ? {} : { keepAttempt }),
    });
  }
  const isOfReset = attempt.request?.purpose === 'reset';
  await tell(parts, work, attempt, known, user, isOfReset ? 'resetReported' : 'fraudReported');
}

/** What people are told of themselves, in the language they did it in; a stranger's is not theirs. */
const ownDoings: readonly NoticeKind[] = [
  'methodRegistered',
  'methodChanged',
  'methodRemoved',
  'defaultMethodChanged',
  'passwordChanged',
  'passwordReset',
  'passwordUnlocked',
  'deviceTrusted',
  'trustedDeviceRemoved',
  'trustedDevicesRemoved',
  'signInDenied',
  'appPasswordMade',
  'appPasswordRemoved',
  'appPasswordsRemoved',
];

/** Who did what a person is told of: in which language, and from where. */
export interface Doer {
  readonly locale: Locale;
  /** Undefined where somebody in charge did it. */
  readonly address: string | undefined;
}

/** The person, or whoever is in their browser. */
export interface Visitor extends Doer {
  readonly address: string;
}

/** Mails the person, in the same transaction as what they are told. */
export async function tell(
  parts: Pick<SigninParts, 'random'>,
  work: Work,
  doer: Doer,
  known: Pick<Known, 'policy'>,
  user: User,
  kind: NoticeKind,
  subject?: string,
): Promise<void> {
  const { organisation } = known.policy;
  const mails = notice(kind, {
    user,
    organisation: organisation.name,
    fallbackLocale: ownDoings.includes(kind) ? doer.locale : organisation.defaultLanguage,
    at: work.now,
    address: doer.address,
    ...(subject === undefined ? {} : { subject }),
  });
  await work.send(mails.map((message) => told(parts, work, user, message)));
}

/** Texts a phone that somebody else answers from now on, for all we know: it asks for nothing. */
export async function tellOldPhone(
  parts: Pick<SigninParts, 'random'>,
  work: Work,
  doer: Doer,
  known: Pick<Known, 'policy'>,
  user: User,
  number: string,
): Promise<void> {
  if (!isCountryOpen(number, deliveryCountries(known.policy))) return;
  const message = phoneChanged({
    to: number,
    organisation: known.policy.organisation.name,
    locale: user.preferredLanguage ?? doer.locale,
  });
  await work.send([told(parts, work, user, message)]);
}

/** A message to queue: what a person is told belongs to no challenge, and nothing waits for it. */
export function told(
  { random }: Pick<SigninParts, 'random'>,
  { now }: Work,
  user: User,
  message: OutgoingMessage,
): QueuedMessage {
  return {
    id: random.token(16),
    message,
    attemptId: undefined,
    challengeId: undefined,
    userId: user.id,
    createdAt: now,
    deliverBefore: new Date(now.getTime() + 3 * dayMs),
    tries: 0,
  };
}

/** The registration that a challenge asks, if it is still there. */
export function registrationOf(
  known: Pick<Known, 'registrations'>,
  registrationId: string | undefined,
): Registration | undefined {
  return known.registrations.find(({ id }) => id === registrationId);
}

/** Whether something may be sent to this person and number or address now; undefined when it may. */
export async function mayBeSent(
  parts: Pick<SigninParts, 'random'>,
  work: Work,
  attempt: Attempt,
  known: Known,
  user: User,
  { method, secret }: Target,
): Promise<Notice | undefined> {
  if (method.sends === 'nothing') return undefined;
  const { stores, now } = work;
  const refuse = async (limit: string, answer: Notice): Promise<Notice> => {
    await stores.audit.append(messageRefused(origin(attempt, now), method.id, limit));
    return answer;
  };
  if (method.sends === 'push') {
    const open = await otherRequest(work, attempt, user);
    if (open !== undefined) return refuse('open-request', { kind: 'request-open', untilAt: open });
  }
  const limits = limitsOf[method.sends];
  const destination = method.destination(secret) ?? '';
  if (method.sends === 'text' || method.sends === 'call') {
    if (await isBudgetSpent(work, known.policy.delivery.dayBudget)) {
      return refuse('day-budget', { kind: 'day-budget' });
    }
    // Policy may have closed a country since the phone was registered.
    if (!isCountryOpen(destination, deliveryCountries(known.policy))) {
      return refuse('country', { kind: 'country-closed' });
    }
    const closed = await closedTo(work, known.policy, destination, (admin, mails) =>
      work.send(mails.map((message) => told(parts, work, admin, message))),
    );
    if (closed !== undefined) return refuse(closed, { kind: 'number-closed' });
  }
  for (const [rule, subject] of [
    [limits.perUser, user.id],
    ...('perDestination' in limits ? ([[limits.perDestination, destination]] as const) : []),
  ] as const) {
    const permission = await stores.throttle.update<Permission>(
      `${rule.name}:${subject}`,
      (record) => raise(rule, record, now),
    );
    if (!permission.allowed) {
      return refuse(rule.name, { kind: 'message-limit', untilAt: permission.until });
    }
  }
  return undefined;
}

const phoneLimits = { perUser: messagesPerUser, perDestination: messagesPerNumber };
/** How often each kind of message goes to one person, and to one number or address. */
export const limitsOf = {
  push: { perUser: pushesPerUser },
  text: phoneLimits,
  call: phoneLimits,
  mail: { perUser: mailsPerUser, perDestination: mailsPerAddress },
} as const;

/**
 * Until when another sign-in of theirs waits for their app; undefined where none does. One at a time:
 * who is asked twice approves the wrong one (attack ATK-26). This one's own is replaced.
 */
async function otherRequest(
  { stores, now }: Work,
  attempt: Attempt,
  user: User,
): Promise<Date | undefined> {
  const asking = await stores.attempts.listAsking(user.id);
  return asking
    .filter(({ id }) => id !== attempt.id)
    .map(({ challenge }) => challenge)
    .find((challenge) => challenge !== undefined && isOpen(challenge, now))?.expiresAt;
}

/** Whether the organisation texts and calls numbers of that country. */
export function isCountryOpen(number: string, countries: readonly string[]): boolean {
  const read = parseNumber(null, number);
  return typeof read !== 'string' && read.country !== null && countries.includes(read.country);
}

/**
 * Whether the organisation has sent all that it pays for in a day. Near the end of it those who ask
 * come one after another: together each would find the last message still to be had.
 */
export async function isBudgetSpent(
  { stores, now }: Pick<Work, 'stores' | 'now'>,
  budget: number,
): Promise<boolean> {
  const since = new Date(now.getTime() - dayMs);
  const sent = (): Promise<number> => stores.outbox.countSince(['text', 'call'], since);
  if ((await sent()) < budget - mostAtOnce) return false;
  const queue: CounterRecord = { events: [now.getTime()], pausedUntil: 0, level: 0, recent: [] };
  await stores.throttle.update('day-budget', () => ({ record: queue, result: undefined }));
  return (await sent()) >= budget;
}

/** More transactions than this are not under way at one time, on all nodes together. */
const mostAtOnce = 200;

/** Everything a method may know while it asks this person. */
export function askOf(
  parts: SigninParts,
  attempt: Attempt,
  known: Pick<Known, 'now' | 'policy' | 'registrations' | 'privileged'>,
  user: User,
  target: Target,
  challengeId: string,
): Ask {
  return {
    settings: settingsOf(known.policy, target.method),
    secret: target.secret,
    others: target.method.together ? othersOf(known, target) : [],
    challengeId,
    now: known.now,
    random: parts.random,
    keyedHash: (value) =>
      parts.box.keyedHash(`challenge:${target.method.id}`, `${challengeId} ${value}`),
    lastingHash: lastingHash(parts, target.method),
    locale: attempt.locale,
    organisation: known.policy.organisation.name,
    origin: parts.origin,
    userId: user.id,
    userPrincipalName: user.userPrincipalName,
    // In a reset everybody is asked as an admin is: the page must not tell who is one.
    privileged: known.privileged || isReset(attempt),
    codeSeconds: isReset(attempt) ? 300 : 180,
  };
}

/** How a method keeps what is good for more than one challenge. */
export function lastingHash(
  { box }: Pick<SigninParts, 'box'>,
  { id }: Pick<Method, 'id'>,
): Ask['lastingHash'] {
  return (value) => box.keyedHash(`lasting:${id}`, value);
}

/** What the person has of the same kind, besides the one that is asked. */
function othersOf(
  known: Pick<Known, 'registrations'>,
  { method, registrationId }: Target,
): Ask['others'] {
  return known.registrations
    .filter(({ kind, id }) => kind === method.registers.id && id !== registrationId)
    .map(({ id, secret }) => ({ id, secret }));
}

/** A message of a challenge, to queue. */
export function queued(
  parts: SigninParts,
  message: OutgoingMessage,
  attempt: Attempt,
  challenge: Challenge,
  userId: string,
): QueuedMessage {
  return {
    id: parts.random.token(16),
    message,
    attemptId: attempt.id,
    challengeId: challenge.id,
    userId,
    createdAt: challenge.startedAt,
    deliverBefore: challenge.expiresAt,
    tries: 0,
  };
}
