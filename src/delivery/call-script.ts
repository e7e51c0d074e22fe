/**
 * Owns how a call goes that we hold ourselves, whoever carries it: ringing → answered → ended, when keys
 * count, what is said after silence and after a judgement. Pure: what happens comes in; the next call, what
 * has to be reported and what is to be said come out.
 */
import type { CallMessage, DeliveryEvent } from './message.ts';

export type CallPhase = 'ringing' | 'answered' | 'ended';

/** Why a call is over; `completed`: the service hung up after saying goodbye. */
export type CallEnd = Extract<DeliveryEvent, { readonly kind: 'ended' }>['reason'] | 'completed';

/** What is told of a call. */
export type CallReport = Extract<DeliveryEvent, { readonly kind: 'answered' | 'keys' | 'ended' }>;

/** A part of the script. */
export type CallPart = 'greeting' | 'instruction' | 'thanks' | 'refused';

/** What the sign-in says to a report: what of the script comes next, and whether the call ends then. */
export interface CallTurn {
  readonly say?: 'thanks' | 'refused' | undefined;
  readonly hangUp?: boolean | undefined;
}

export interface Call {
  readonly script: CallMessage;
  readonly phase: CallPhase;
  readonly end: CallEnd | undefined;
  /** Whether the instruction was spoken to its end: only then keys count. */
  readonly promptSpoken: boolean;
  /** Keys pressed one by one that no # has ended yet. */
  readonly typed: string;
  /** How often the instruction was repeated on silence. */
  readonly repeats: number;
  /** When the telephone began to ring, was answered, or the last thing was said or pressed. */
  readonly since: Date;
}

/** What comes of something that happened; where nothing comes of it, it cannot happen to this call. */
export interface CallStep<call extends Call = Call> {
  readonly call: call;
  readonly reports: readonly CallReport[];
  /** To be said now, in this order. */
  readonly says: readonly CallPart[];
}

/** Seconds a telephone rings before we give up (`product.md`, "push or call waits"). */
export const ringSeconds = 60;
/** Seconds of silence before the instruction is said again; after the third silence we hang up. */
export const silenceSeconds = 10;
/** Seconds after the last key before an entry without # counts as complete. */
export const entrySeconds = 5;
/** Seconds after which an answered call is over, whoever stays on the line: it costs by the minute. */
export const longestCallSeconds = 120;

const repeatsOnSilence = 2;

/** A telephone begins to ring. */
export function ringing(script: CallMessage, now: Date): Call {
  return {
    script,
    phase: 'ringing',
    end: undefined,
    promptSpoken: false,
    typed: '',
    repeats: 0,
    since: now,
  };
}

/** Somebody answers: greeting and instruction follow, and then `prompted`. */
export function answer<call extends Call>(call: call, now: Date): CallStep<call> | undefined {
  if (call.phase !== 'ringing') return undefined;
  return {
    call: { ...call, phase: 'answered', since: now },
    reports: [{ kind: 'answered' }],
    says: ['greeting', 'instruction'],
  };
}

/** What was to be said has been said to its end; from the first instruction on keys count. */
export function prompted<call extends Call>(call: call, now: Date): call {
  return call.phase === 'answered' ? { ...call, promptSpoken: true, since: now } : call;
}

/** A whole entry, as somebody would type it without pausing. */
export function enter<call extends Call>(
  call: call,
  keys: string,
  now: Date,
): CallStep<call> | undefined {
  if (call.phase !== 'answered') return undefined;
  return submitted({ ...call, typed: call.typed + keys, since: now });
}

/** One key of the keypad: `#` ends the entry, so does a pause (`wait`). */
export function press<call extends Call>(
  call: call,
  key: string,
  now: Date,
): CallStep<call> | undefined {
  if (call.phase !== 'answered') return undefined;
  const typed = { ...call, typed: call.typed + key, since: now };
  // Before the prompt nothing is collected: each key is told as the early key it is.
  return key === '#' || !call.promptSpoken
    ? submitted(typed)
    : { call: typed, reports: [], says: [] };
}

/** The receiver is put down, or the call declined. */
export function hangUp<call extends Call>(call: call, now: Date): CallStep<call> | undefined {
  switch (call.phase) {
    case 'ringing':
      return over(call, 'busy', now);
    case 'answered':
      return over(call, 'hung-up', now);
    case 'ended':
      return undefined;
  }
}

/** The call is over for a reason that is known: nobody answered, or a machine did. */
export function over<call extends Call>(
  call: call,
  end: Exclude<CallEnd, 'completed'>,
  now: Date,
): CallStep<call> | undefined {
  if (call.phase === 'ended') return undefined;
  return {
    call: { ...call, phase: 'ended', end, typed: '', since: now },
    reports: [{ kind: 'ended', reason: end }],
    says: [],
  };
}

/** Time went by: no answer, a pause after keys, silence. To be repeated until nothing comes of it. */
export function wait<call extends Call>(call: call, now: Date): CallStep<call> | undefined {
  const dueAt = waitsUntil(call);
  if (dueAt === undefined || now < dueAt) return undefined;
  if (call.phase === 'ringing') return over(call, 'no-answer', now);
  if (call.typed !== '') return submitted({ ...call, since: now });
  if (call.repeats >= repeatsOnSilence) return over(call, 'no-key', now);
  // Counted from the end of the silence, so that a clock that jumps finds the call where it would be.
  return {
    call: { ...call, repeats: call.repeats + 1, since: dueAt },
    reports: [],
    says: ['instruction'],
  };
}

/** When `wait` makes something of it that nothing happens; undefined where nothing is waited for. */
export function waitsUntil({
  phase,
  promptSpoken,
  typed,
  since,
}: Pick<Call, 'phase' | 'promptSpoken' | 'typed' | 'since'>): Date | undefined {
  if (phase === 'ended' || (phase === 'answered' && !promptSpoken)) return undefined;
  const seconds = phase === 'ringing' ? ringSeconds : typed === '' ? silenceSeconds : entrySeconds;
  return new Date(since.getTime() + seconds * 1_000);
}

/** Does what the sign-in says after a report. A call that it ends is over once that was said. */
export function obey<call extends Call>(call: call, turn: CallTurn, now: Date): CallStep<call> {
  if (call.phase !== 'answered') return { call, reports: [], says: [] };
  const { say, hangUp: isLast = false } = turn;
  const next = { ...call, since: now };
  return {
    call: isLast ? { ...next, phase: 'ended', end: 'completed', typed: '' } : next,
    reports: [],
    // Who may try again is told again what to press.
    says: say === undefined ? [] : say === 'refused' && !isLast ? [say, 'instruction'] : [say],
  };
}

function submitted<call extends Call>(call: call): CallStep<call> {
  const { typed, promptSpoken } = call;
  return {
    call: { ...call, typed: '' },
    reports: [{ kind: 'keys', keys: typed, promptSpoken }],
    says: [],
  };
}
