/**
 * Owns one simulated call as a state machine: ringing → answered → ended. Pure: what happens comes
 * in, the next call and what has to be reported come out.
 */
import type { CallMessage, DeliveryEvent } from '../../message.ts';

export type CallPhase = 'ringing' | 'answered' | 'ended';

/** Why a call is over; `completed`: the service hung up after saying goodbye. */
export type CallEnd = Extract<DeliveryEvent, { readonly kind: 'ended' }>['reason'] | 'completed';

/** What a network tells of a call. */
export type CallReport = Extract<DeliveryEvent, { readonly kind: 'answered' | 'keys' | 'ended' }>;

/** What we are told to do after a report: what of the script to say, and whether to hang up. */
export interface CallTurn {
  readonly say?: 'thanks' | 'refused' | undefined;
  readonly hangUp?: boolean | undefined;
}

export interface Call {
  readonly script: CallMessage;
  readonly phase: CallPhase;
  readonly end: CallEnd | undefined;
  /** What was said so far, a sentence or two each. */
  readonly spoken: readonly string[];
  /** The extension, once it was dialled: after the answer, never before. */
  readonly dialled: string | undefined;
  /** Whether the instruction was spoken to its end: only then keys count. */
  readonly promptSpoken: boolean;
  /** Keys pressed one by one that no # has ended yet. */
  readonly typed: string;
  /** How often the instruction was repeated on silence. */
  readonly repeats: number;
  /** When the telephone began to ring, was answered, or the last thing was said or pressed. */
  readonly since: Date;
}

/** What comes of something that happened; absent: it cannot happen to this call. */
export interface CallStep {
  readonly call: Call;
  readonly reports: readonly CallReport[];
}

/** Seconds a telephone rings before we give up (`product.md`, "push or call waits"). */
export const ringSeconds = 60;
/** Seconds of silence before the instruction is said again; after the third silence we hang up. */
export const silenceSeconds = 10;
/** Seconds after the last key before an entry without # counts as complete. */
export const entrySeconds = 5;

const repeatsOnSilence = 2;

/** A telephone begins to ring. */
export function ring(script: CallMessage, now: Date): Call {
  return {
    script,
    phase: 'ringing',
    end: undefined,
    spoken: [],
    dialled: undefined,
    promptSpoken: false,
    typed: '',
    repeats: 0,
    since: now,
  };
}

/** Somebody answers. Nothing is said yet: `speak` follows. */
export function answer(call: Call, now: Date): CallStep | undefined {
  if (call.phase !== 'ringing') return undefined;
  return { call: { ...call, phase: 'answered', since: now }, reports: [{ kind: 'answered' }] };
}

/** Dials the extension, if there is one, and says the greeting and the instruction to their end. */
export function speak(call: Call, now: Date): Call {
  if (call.phase !== 'answered' || call.promptSpoken) return call;
  const { extension } = call.script;
  return {
    ...call,
    dialled: extension,
    spoken: [...call.spoken, heard(call, 'greeting'), heard(call, 'instruction')],
    promptSpoken: true,
    since: now,
  };
}

/** A whole entry, as somebody would type it without pausing. */
export function enter(call: Call, keys: string, now: Date): CallStep | undefined {
  if (call.phase !== 'answered') return undefined;
  return submitted({ ...call, typed: call.typed + keys, since: now });
}

/** One key of the keypad: `#` ends the entry, so does a pause (`wait`). */
export function press(call: Call, key: string, now: Date): CallStep | undefined {
  if (call.phase !== 'answered') return undefined;
  const typed = { ...call, typed: call.typed + key, since: now };
  // Before the prompt nothing is collected: each key is told as the early key it is.
  return key === '#' || !call.promptSpoken ? submitted(typed) : { call: typed, reports: [] };
}

/** The receiver is put down, or the call declined. */
export function hangUp(call: Call, now: Date): CallStep | undefined {
  switch (call.phase) {
    case 'ringing':
      return over(call, 'busy', now);
    case 'answered':
      return over(call, 'hung-up', now);
    case 'ended':
      return undefined;
  }
}

/** An answering machine picks up. A call that was answered by a person has none. */
export function toVoicemail(call: Call, now: Date): CallStep | undefined {
  return call.phase === 'ringing' ? over(call, 'voicemail', now) : undefined;
}

/** Time went by: no answer, a pause after keys, silence. To be repeated until nothing comes of it. */
export function wait(call: Call, now: Date): CallStep | undefined {
  const seconds = (now.getTime() - call.since.getTime()) / 1_000;
  if (call.phase === 'ringing') {
    return seconds >= ringSeconds ? over(call, 'no-answer', now) : undefined;
  }
  if (call.phase === 'ended' || !call.promptSpoken) return undefined;
  if (call.typed !== '')
    return seconds >= entrySeconds ? submitted({ ...call, since: now }) : undefined;
  if (seconds < silenceSeconds) return undefined;
  if (call.repeats >= repeatsOnSilence) return over(call, 'no-key', now);
  // Counted from the end of the silence, so that a clock that jumps finds the call where it would be.
  const since = new Date(call.since.getTime() + silenceSeconds * 1_000);
  return { call: { ...repeated(call), repeats: call.repeats + 1, since }, reports: [] };
}

/** Does what the service says after a report. */
export function obey(call: Call, turn: CallTurn, now: Date): Call {
  if (call.phase !== 'answered') return call;
  const spoken = turn.say === undefined ? call.spoken : [...call.spoken, heard(call, turn.say)];
  const next = { ...call, spoken, since: now };
  if (turn.hangUp === true) return { ...next, phase: 'ended', end: 'completed' };
  // Who may try again is told again what to press.
  return turn.say === 'refused' ? repeated(next) : next;
}

function submitted(call: Call): CallStep {
  const { typed, promptSpoken } = call;
  return {
    call: { ...call, typed: '' },
    reports: [{ kind: 'keys', keys: typed, promptSpoken }],
  };
}

function repeated(call: Call): Call {
  return { ...call, spoken: [...call.spoken, heard(call, 'instruction')] };
}

function over(call: Call, end: Exclude<CallEnd, 'completed'>, now: Date): CallStep {
  return {
    call: { ...call, phase: 'ended', end, typed: '', since: now },
    reports: [{ kind: 'ended', reason: end }],
  };
}

/** What is heard: words, or that a sound of the organisation is played in their place. */
export function heard(
  { script }: Pick<Call, 'script'>,
  part: 'greeting' | 'instruction' | 'thanks' | 'refused',
): string {
  return script.sounds?.[part] === undefined ? script[part] : `♪ (${script[part]})`;
}
