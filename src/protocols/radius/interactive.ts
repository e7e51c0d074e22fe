/**
 * Owns a sign-in with the account's own password and a second step, as a client has it: the same
 * attempt, counters, policy and log as on our pages. The second step is asked in a further round, or
 * waited for while the client waits, or came along with the password.
 */
import { TweestapError } from '../../errors/errors.ts';
import { canonicalUserPrincipalName } from '../../lib/names.ts';
import type { Methods } from '../../methods/method.ts';
import type { Policies } from '../../policies/policies.ts';
import type { Policy } from '../../policies/policy.ts';
import { isOpen } from '../../signin/attempt.ts';
import type { Progress } from '../../signin/progress.ts';
import type { Signin } from '../../signin/signin.ts';
import { converse, readState, type Conversation, type ConversationParts } from './conversation.ts';
import type { Outcome } from './outcome.ts';
import { challengePrompt, choicePrompt, otherWays, refusal } from './prompts.ts';
import type { AccessRequest } from './request.ts';
import { isStillAsked, untilAnswered, type WaitingParts } from './waiting.ts';
import { wordsIn } from './words.ts';

export interface InteractiveParts extends ConversationParts, WaitingParts {
  readonly signin: Pick<
    Signin,
    'open' | 'look' | 'password' | 'choose' | 'anotherWay' | 'answer' | 'finish'
  >;
  readonly methods: Methods;
  readonly policies: Pick<Policies, 'current'>;
  /** The origin that people see. */
  readonly origin: string;
}

/** The first round: name and password; or a further one, which brings what the client was given. */
export async function answerInRounds(
  parts: InteractiveParts,
  request: AccessRequest,
): Promise<Outcome> {
  const { state } = request;
  if (state !== undefined) return goOnWith(parts, request, state);
  const { talk, progress } = await begin(parts, request, 'later', request.typed);
  return goOn(parts, talk, progress);
}

/** Password and code in one field: everything is there, nothing is asked for. */
export async function answerAtOnce(
  parts: InteractiveParts,
  request: AccessRequest,
): Promise<Outcome> {
  const [, password = request.typed, code] = /^(.+)(\d{6})$/su.exec(request.typed) ?? [];
  const { talk, progress } = await begin(parts, request, 'at-once', password);
  const { challenge, locale } = progress.attempt;
  if (progress.step.kind !== 'challenge' || challenge === undefined) {
    return goOn(parts, talk, progress);
  }
  if (code === undefined) return { kind: 'reject', message: wordsIn(locale).codeBehind };
  const judged = await talk.command((ref) => parts.signin.answer(ref, challenge.id, { code }));
  return isFinishing(judged) ? goOn(parts, talk, judged) : rejected(parts, judged);
}

async function begin(
  parts: InteractiveParts,
  { client, name, address }: AccessRequest,
  asks: 'later' | 'at-once',
  password: string,
): Promise<{ readonly talk: Conversation; readonly progress: Progress }> {
  const { signin, random } = parts;
  const policy = await parts.policies.current();
  const first = random.token(32);
  const at = clientName(client.id);
  const { id } = await signin.open({
    request: {
      applicationId: client.id,
      applicationName: client.name,
      required: 'password',
      anew: 'nothing',
      returnTo: '/',
      subject: undefined,
    },
    locale: policy.organisation.defaultLanguage,
    address,
    userAgent: `RADIUS: ${client.name}`,
    session: undefined,
    door: { name: 'radius', client: at, asks, next: first },
  });
  const talk = converse(parts, { id, client: at, state: first });
  const progress = await talk.command((ref) =>
    signin.password(ref, password, undefined, wholeName(name, policy)),
  );
  return { talk, progress };
}

async function goOnWith(
  parts: InteractiveParts,
  { client, name, typed }: AccessRequest,
  given: string,
): Promise<Outcome> {
  const { signin } = parts;
  const policy = await parts.policies.current();
  const over: Outcome = {
    kind: 'reject',
    message: wordsIn(policy.organisation.defaultLanguage).over,
  };
  const read = readState(given);
  if (read === undefined) return over;
  const talk = converse(parts, { ...read, client: clientName(client.id) });
  try {
    const progress = await talk.command((ref) => signin.look(ref));
    const { attempt } = progress;
    // Bound to the person too: a client mixes up nobody's answers unseen.
    const canonical = canonicalUserPrincipalName(wholeName(name, policy));
    const own = canonicalUserPrincipalName(attempt.identified?.typed ?? '');
    if (canonical === null || canonical !== own) return over;
    return await answerTyped(parts, talk, progress, typed.trim());
  } catch (error) {
    if (error instanceof TweestapError && gone.includes(error.code)) return over;
    throw error;
  }
}

const gone: readonly string[] = ['ATTEMPT_NOT_FOUND', 'ATTEMPT_EXPIRED', 'ATTEMPT_FINISHED'];

/** What somebody typed at a prompt: the number of another way, an answer, or that they are ready. */
async function answerTyped(
  parts: InteractiveParts,
  talk: Conversation,
  progress: Progress,
  typed: string,
): Promise<Outcome> {
  const { signin, methods } = parts;
  const { attempt, step } = progress;
  const isAsked = step.kind === 'challenge' || step.kind === 'choose';
  const way = /^[1-9]$/.test(typed) ? otherWays(progress)[Number(typed) - 1] : undefined;
  if (isAsked && way !== undefined) {
    return goOn(parts, talk, await talk.command((ref) => signin.choose(ref, way.id)));
  }
  if (step.kind === 'choose') {
    return goOn(parts, talk, await talk.command((ref) => signin.anotherWay(ref)));
  }
  const { challenge } = attempt;
  if (step.kind !== 'challenge' || challenge === undefined) return goOn(parts, talk, progress);
  if (methods.get(challenge.methodId)?.answeredBy !== 'elsewhere') {
    return goOn(parts, talk, await answerWith(parts, talk, challenge.id, typed));
  }
  // A code of their app in place of an approval: windows that ask for a code beforehand show no number.
  const byCode = /^\d{6}$/.test(typed)
    ? progress.known.options.find(({ method }) => method.id === codeMethod)
    : undefined;
  if (byCode === undefined) return waitFor(parts, talk, progress);
  const chosen = await talk.command((ref) => signin.choose(ref, byCode.id));
  const asked = chosen.attempt.challenge;
  if (chosen.step.kind !== 'challenge' || asked?.methodId !== codeMethod) {
    return goOn(parts, talk, chosen);
  }
  return goOn(parts, talk, await answerWith(parts, talk, asked.id, typed));
}

/** The method whose codes need nothing to be sent first. */
const codeMethod = 'authenticator-code';

function answerWith(
  { signin }: InteractiveParts,
  talk: Conversation,
  challengeId: string,
  code: string,
): Promise<Progress> {
  return talk.command((ref) => signin.answer(ref, challengeId, { code }));
}

/** Where things stand now, as a client is told. */
async function goOn(
  parts: InteractiveParts,
  talk: Conversation,
  progress: Progress,
): Promise<Outcome> {
  const { signin, methods } = parts;
  const { attempt, step, known } = progress;
  switch (step.kind) {
    case 'finish': {
      const { attempt: ended } =
        attempt.finishedAt === undefined
          ? await talk.command((ref) => signin.finish(ref))
          : progress;
      return ended.finishedAt === undefined ? rejected(parts, progress) : { kind: 'accept' };
    }
    case 'choose':
      return { kind: 'challenge', message: choicePrompt(progress), state: talk.state() };
    case 'challenge': {
      const { challenge } = attempt;
      const method = methods.get(challenge?.methodId ?? '');
      const secret = known.registrations.find(({ id }) => id === challenge?.registrationId)?.secret;
      if (challenge === undefined || method === undefined || secret === undefined) {
        return rejected(parts, progress);
      }
      if (!isOpen(challenge, known.now)) return rejected(parts, progress);
      const isWaitedFor =
        method.answeredBy === 'elsewhere' && method.views.number?.(challenge.state) === undefined;
      if (isWaitedFor) return waitFor(parts, talk, progress);
      const message = challengePrompt(progress, method, secret);
      return { kind: 'challenge', message, state: talk.state() };
    }
    default:
      return rejected(parts, progress);
  }
}

/** Waits until the phone was answered, or is over; the client waits too. */
async function waitFor(
  parts: InteractiveParts,
  talk: Conversation,
  progress: Progress,
): Promise<Outcome> {
  const now = await untilAnswered(parts, talk, progress);
  if (isStillAsked(now)) return { kind: 'silence' };
  return isFinishing(now) ? goOn(parts, talk, now) : rejected(parts, now);
}

function isFinishing({ step }: Progress): boolean {
  return step.kind === 'finish';
}

function rejected({ methods, origin }: InteractiveParts, progress: Progress): Outcome {
  return { kind: 'reject', message: refusal(progress, methods, origin) };
}

/** A client among all the systems that may go on with attempts. */
function clientName(id: string): string {
  return `radius:${id}`;
}

/** One without a domain is of the organisation's own, as at the other doors. */
function wholeName(typed: string, { organisation }: Policy): string {
  const text = typed.trim();
  return text.includes('@') ? text : `${text}@${organisation.domain}`;
}
