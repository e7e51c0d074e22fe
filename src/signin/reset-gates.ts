/**
 * Owns the gates of a reset: which are offered, what each asks and shows, and what an answer to it is
 * worth. Until something is proved, each asks blindly: what it shows is made of what was typed, what it
 * does is the same for everybody, and only its owner, who named the number or address in full, is sent
 * anything or can be right (attacks ATK-30 and ATK-32).
 */
import { isPrivileged, type User } from '../accounts/user.ts';
import { challengeStarted } from '../audit/audit.ts';
import type { DeliveryEvent } from '../delivery/message.ts';
import { canonicalUserPrincipalName } from '../lib/names.ts';
import type { Ask, ChallengeStart, Judgement, Method, Verdict } from '../methods/method.ts';
import { spokenName } from '../methods/phone-call/script.ts';
import { isForReset } from '../policies/policy.ts';
import type { Registration } from '../registrations/registration.ts';
import { resetMessages } from '../throttle/rules.ts';
import { pausedUntil, raise, type Permission } from '../throttle/throttle.ts';
import {
  begunChallenge,
  isOpen,
  type Attempt,
  type Challenge,
  type Notice,
  type ResetGate,
} from './attempt.ts';
import { greeted } from './greeted-call.ts';
import { judgeHeard, judgeTyped, resetAnswersKey } from './judging.ts';
import { queued } from './messages.ts';
import { provedGates } from './next-reset-step.ts';
import { origin } from './origin.ts';
import type { SigninParts, Work } from './parts.ts';
import type { Progress } from './progress.ts';
import { isLater } from './reset-standing.ts';
import { mayBeSent } from './sending-limits.ts';
import { gather, type Known } from './situation.ts';
import { askOf, type Asked, type Target } from './target.ts';

/** The registration id that a page sees of a gate: what it shows is not what is registered. */
const gateId = 'gate';

/** The methods that are offered as gates now: the same for every name, those that send nothing first. */
export function gatesOffered(
  { proofs }: Pick<Attempt, 'proofs'>,
  known: Pick<Known, 'policy' | 'reset'>,
  methods: SigninParts['methods'],
): readonly Method[] {
  const isProved = known.reset !== undefined && provedGates(proofs, known.reset).length > 0;
  const isOpenToAll = (method: Method): boolean =>
    isForReset(known.policy, method) && !isLater(method);
  // What may come later only is listed where it is there: one gate was proved by then.
  const isTheirs = (method: Method): boolean =>
    isProved && isLater(method) && waysLeft(proofs, known, method).length > 0;
  return methods.all
    .filter((method) => isOpenToAll(method) || isTheirs(method))
    .filter(({ id }) => !proofs.some((proof) => proof.method === id))
    .toSorted((one, other) => sending[one.sends] - sending[other.sends]);
}

const sending = { nothing: 0, mail: 1, push: 2, text: 3, call: 4 } as const;

/** What pages are drawn from: the same for whoever was named, as far as nothing is proved. */
export function asShown(progress: Progress, methods: SigninParts['methods']): Progress {
  const { attempt, known } = progress;
  const { challenge, gate, identified } = attempt;
  return {
    ...progress,
    attempt: {
      ...attempt,
      challenge:
        challenge === undefined || gate?.shown === undefined
          ? challenge
          : { ...challenge, state: gate.shown },
    },
    known: {
      ...known,
      user: nobody('', identified?.typed ?? ''),
      registrations: shownInstead(attempt, known, methods),
    },
  };
}

/** What stands in the place of the account's registrations. */
function shownInstead(
  { gate }: Pick<Attempt, 'gate'>,
  known: Pick<Known, 'reset'>,
  methods: SigninParts['methods'],
): readonly Registration[] {
  const method = gate === undefined ? undefined : methods.get(gate.methodId);
  if (gate === undefined || method === undefined) return [];
  const own = known.reset?.registrations.find(({ id }) => id === gate.asked[0]);
  const secret = method.blind?.decoy(gate.named ?? '') ?? own?.secret;
  if (secret === undefined) return [];
  return [
    {
      id: isLater(method) ? (own?.id ?? gateId) : gateId,
      userId: '',
      kind: method.registers.id,
      slot: '',
      secret,
      version: 1,
      createdAt: new Date(0),
      lastUsedAt: undefined,
    },
  ];
}

/** Their registrations that this method may ask, and that proved nothing yet. */
function waysLeft(
  proofs: Attempt['proofs'],
  { reset }: Pick<Known, 'reset'>,
  method: Method,
): readonly Registration[] {
  const proved = reset === undefined ? [] : provedGates(proofs, reset);
  const ids = (reset?.ways ?? [])
    .filter(({ methodId, isLeft }) => methodId === method.id && isLeft)
    .filter(({ thing }) => !proved.includes(thing))
    .map(({ registrationId }) => registrationId);
  return (reset?.registrations ?? []).filter(({ id }) => ids.includes(id));
}

/** A reset, and who is named in it: somebody, or somebody made up who has nothing. */
export interface Resetter {
  readonly attempt: Attempt;
  readonly known: Known;
  readonly user: User;
}

/** Whoever is named, or somebody made up who has nothing: the same is done for both. */
export function personNamed(
  { box }: Pick<SigninParts, 'box'>,
  { identified }: Attempt,
  held: User | undefined,
): User {
  if (held !== undefined) return held;
  const typed = identified?.typed ?? '';
  const name = canonicalUserPrincipalName(typed) ?? typed;
  return nobody(box.keyedHash('nobody', name).toString('base64url').slice(0, 22), typed);
}

/** Asks with this gate: its owner, or nobody at all. Or says why nothing is asked now. */
export async function askAtGate(
  parts: SigninParts,
  work: Work,
  { attempt, known, user }: Resetter,
  wanted: ResetGate,
): Promise<Attempt> {
  const method = parts.methods.get(wanted.methodId);
  if (method === undefined) return attempt;
  const untilAt = await mayAsk(work, user, method);
  if (untilAt !== undefined) return { ...attempt, notice: { kind: 'message-limit', untilAt } };

  const { named = '' } = wanted;
  const ways = waysLeft(attempt.proofs, known, method).filter(
    ({ secret }) => method.blind?.naming?.isOf(secret, named) ?? true,
  );
  const chosen: ResetGate = { ...wanted, asked: ways.map(({ id }) => id) };
  const target = targetOf(chosen, known, method);
  if (target === undefined) return attempt;
  const asked: Asked = { attempt, known: knownOf(known, user), user, target };
  const closedUntil = pausedUntil(
    await work.stores.throttle.peek(resetAnswersKey(user.id, method.id)),
    work.now,
  );
  if (method.sends === 'push') {
    // An app shows what is asked, whether it was woken or not: what may not be asked must not be there.
    const refused: Notice | undefined =
      closedUntil === undefined
        ? await mayBeSent(parts, work, asked)
        : { kind: 'gate-closed', untilAt: closedUntil };
    if (refused !== undefined) {
      return { ...attempt, gate: undefined, challenge: undefined, notice: refused };
    }
  }
  const id = parts.random.token(16);
  const started = begin(method, askOf(parts, asked, id));
  const gate = isLater(method) ? chosen : { ...chosen, shown: started.state };
  const registrationId = isLater(method) ? target.registrationId : gateId;
  const challenge: Challenge = {
    ...begunChallenge({ id, methodId: method.id, registrationId }, started, work.now),
    ...(method.sends === 'push' ? { asksApp: true as const } : {}),
  };
  const isOwner = target.registrationId !== undefined;
  // A limit that is met here is not told: only of a number that is registered could it be.
  const isSent =
    isOwner && (method.sends === 'push' || (await mayBeSent(parts, work, asked)) === undefined);
  const messages = await greeted(work.stores, isSent ? started.messages : [], {
    organisation: known.policy.organisation.name,
    person: spokenName(user.userPrincipalName),
  });
  await work.send(messages.map((message) => queued(parts, message, attempt, challenge, user.id)));
  await work.stores.audit.append(challengeStarted(origin(attempt, work.now), method.id));
  return {
    ...attempt,
    gate,
    challenge,
    notice: closedUntil === undefined ? undefined : { kind: 'gate-closed', untilAt: closedUntil },
  };
}

/** How many messages one name may ask for, whether any is sent or not. */
async function mayAsk(work: Work, user: User, method: Method): Promise<Date | undefined> {
  // What comes later only goes to somebody who proved something: its own limits are enough.
  if (method.sends === 'nothing' || isLater(method)) return undefined;
  const what = method.sends === 'mail' ? 'mail' : 'phone';
  const permission = await work.stores.throttle.update<Permission>(
    `${resetMessages.name}:${user.id}:${what}`,
    (record) => raise(resetMessages, record, work.now),
  );
  return permission.allowed ? undefined : permission.until;
}

/** What is judged, or a decoy that no answer is right for. */
function targetOf(gate: ResetGate, known: Known, method: Method): Target | undefined {
  const [first] = theirs(gate, known, method);
  const secret = first?.secret ?? method.blind?.decoy(gate.named ?? '');
  return secret === undefined ? undefined : { method, secret, registrationId: first?.id };
}

function theirs(
  gate: ResetGate,
  { reset }: Pick<Known, 'reset'>,
  method: Method,
): readonly Registration[] {
  const ways = reset?.ways.filter(({ methodId }) => methodId === method.id) ?? [];
  const ids = new Set(ways.map(({ registrationId }) => registrationId));
  return (reset?.registrations ?? []).filter(({ id }) => gate.asked.includes(id) && ids.has(id));
}

/** Slow work on an answer, for a decoy as well: while nobody is held. */
export async function weighAtGate(
  parts: SigninParts,
  seen: Attempt,
  challengeId: string,
  answer: unknown,
): Promise<Judgement | undefined> {
  const { challenge, gate } = seen;
  const method = gate && parts.methods.get(gate.methodId);
  if (challenge?.id !== challengeId || !isOpen(challenge, parts.clock.now())) return undefined;
  if (gate === undefined || method?.weigh === undefined) return undefined;
  const known = await gather(parts, parts.stores, seen);
  const target = targetOf(gate, known, method);
  return target && method.weigh(target.secret, answer, parts.hasher);
}

/** Judges what was typed for the challenge with this id; `weighed` is what slow work on it found, if any. */
export async function judgeAtGate(
  parts: SigninParts,
  work: Work,
  { attempt, known, user }: Resetter,
  challengeId: string,
  answer: unknown,
  weighed: Judgement | undefined,
): Promise<Attempt> {
  const { challenge, gate } = attempt;
  const method = gate && parts.methods.get(gate.methodId);
  if (challenge?.id !== challengeId || gate === undefined || method === undefined) {
    return {
      ...attempt,
      notice:
        challenge === undefined
          ? undefined
          : { kind: 'rejected', methodId: challenge.methodId, reason: 'superseded' },
    };
  }
  const target = targetOf(gate, known, method);
  if (target === undefined) return { ...attempt, gate: undefined, challenge: undefined };
  const typed: Judgement = weighed ?? ((ask, state) => method.verify(ask, state, answer));
  const judged = await judgeTyped(
    parts,
    work,
    { attempt, known: knownOf(known, user), user, target },
    answer,
    anyOf(theirs(gate, known, method), typed),
  );
  return proceed(judged);
}

/** Any of their registrations may answer; a decoy never does. */
function anyOf(own: readonly Registration[], typed: Judgement): Judgement {
  return async (ask, state) => {
    let verdict: Verdict = noAnswer(await typed(ask, state), own.length > 0);
    for (const { id, secret } of own.slice(1)) {
      if (verdict.kind === 'verified') break;
      const others = own.filter((one) => one.id !== id);
      const again = await typed({ ...ask, secret, others }, state);
      if (again.kind === 'verified') verdict = { ...again, by: again.by ?? id };
    }
    return verdict;
  };
}

/** Where nothing is registered, no answer is right, not even one that happens to fit. */
function noAnswer(verdict: Verdict, isTheirs: boolean): Verdict {
  return verdict.kind === 'verified' && !isTheirs
    ? { kind: 'rejected', reason: 'incorrect-code', counts: true, ends: false }
    : verdict;
}

/**
 * What comes of a provider's report in a reset. Only a right answer, and a word of fraud, change what
 * the page shows: that a phone rang, was busy or was not there is nobody's to know who only has its number.
 */
export async function hearAtGate(
  parts: SigninParts,
  work: Work,
  { attempt, known, user }: Resetter,
  event: DeliveryEvent,
): Promise<{ readonly attempt: Attempt; readonly judged: Attempt; readonly isSeen: boolean }> {
  const { gate } = attempt;
  const own = known.reset?.registrations.find(({ id }) => id === gate?.asked[0]);
  const method = gate && parts.methods.get(gate.methodId);
  if (own === undefined || method === undefined) return { attempt, judged: attempt, isSeen: false };
  const target: Target = { method, secret: own.secret, registrationId: own.id };
  const judged = await judgeHeard(
    parts,
    work,
    { attempt, known: knownOf(known, user), user, target },
    event,
  );
  if (judged.challenge === undefined) return { attempt: proceed(judged), judged, isSeen: true };
  if (isLater(method)) return { attempt: judged, judged, isSeen: true };
  const silent: Attempt = {
    ...judged,
    notice: attempt.notice,
    challenge: {
      ...judged.challenge,
      delivery: 'none',
      outcome: judged.challenge.outcome === 'fraud-reported' ? 'fraud-reported' : undefined,
    },
  };
  return { attempt: silent, judged, isSeen: judged.challenge.outcome === 'fraud-reported' };
}

/** Asked without naming anything that is registered, where the method can. */
function begin(method: Method, ask: Ask): ChallengeStart {
  return method.alone === undefined ? method.challenge(ask) : method.alone.challenge(ask);
}

/** The facts that asking and judging draw on, of whoever was named. */
function knownOf(known: Known, user: User): Known {
  return {
    ...known,
    user: known.reset?.user,
    registrations: known.reset?.registrations ?? [],
    privileged: isPrivileged(user),
  };
}

/** A gate that was passed is behind. */
function proceed(attempt: Attempt): Attempt {
  return attempt.challenge === undefined ? { ...attempt, gate: undefined } : attempt;
}

function nobody(id: string, typed: string): User {
  return {
    id,
    userPrincipalName: typed,
    displayName: '',
    mail: undefined,
    otherMail: undefined,
    mobilePhone: undefined,
    businessPhone: undefined,
    businessPhoneExtension: undefined,
    preferredLanguage: undefined,
    role: 'user',
    groups: [],
    accountEnabled: false,
    blocked: undefined,
    passwordHash: undefined,
    mustChangePassword: false,
    perUserMfaState: 'disabled',
    mfaRequiredAt: undefined,
    defaultMethod: undefined,
    upstream: undefined,
    createdAt: new Date(0),
  };
}
