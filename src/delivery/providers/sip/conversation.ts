/**
 * Owns a call from its answer to its goodbye: what is said when, which keys are told to the sign-in, and who
 * hangs up. The laws are the script's (`delivery/call-script.ts`); here they meet a line on which speaking
 * takes time and anything may happen meanwhile.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import {
  answer,
  hangUp,
  longestCallSeconds,
  obey,
  over,
  press,
  prompted,
  ringing,
  wait,
  waitsUntil,
  type Call,
  type CallPart,
  type CallReport,
  type CallStep,
  type CallTurn,
} from '../../call-script.ts';
import type { CallMessage, DeliveryEvent } from '../../message.ts';
import { framesOf, hearFrame, isMachine, isWaiting, nothingHeard, type Heard } from './machine.ts';

/** A telephone at the other end. */
export interface Line {
  /** Resolves when it was played, or at once when aborted. Never rejects. */
  readonly play: (samples: Int16Array, signal: AbortSignal) => Promise<void>;
  readonly dial: (keys: string, signal: AbortSignal) => Promise<void>;
  readonly onKey: (heard: (key: string) => void) => void;
  /** Packets of sound, as they come. */
  readonly onSound: (heard: (samples: Int16Array) => void) => void;
  /** Resolves once the other side has hung up, or is lost. */
  readonly ended: Promise<unknown>;
  /** Resolves when the line is free, whoever hung up. Never rejects. */
  readonly hangUp: () => Promise<void>;
}

export interface ConversationParts {
  readonly script: CallMessage;
  readonly voice: Readonly<Record<CallPart, Int16Array>>;
  readonly line: Line;
  /** Tells the sign-in; `what` tells this report from every other of the call. Must not reject. */
  readonly tell: (what: string, event: DeliveryEvent) => Promise<CallTurn>;
  readonly extensionPauseSeconds: number;
  /** Who speaks this long without a pause is a machine; undefined: nobody is taken for one. */
  readonly machineSpeechSeconds: number | undefined;
  /** How long a second lasts, in milliseconds: less in tests. */
  readonly second: number;
}

export interface Conversation {
  /** Resolves when it is over and everything was told. Never rejects. */
  readonly done: Promise<void>;
  /** Ends it because we stop. */
  readonly stop: () => void;
}

/** Nobody presses more keys than this in two minutes; what does is a machine. */
const mostKeys = 200;
/** Who speaks into our words is a machine only after longer: a person may greet us back. */
const talkingOverSeconds = 2;

/** Begins with the answer of the telephone. */
export function converse(parts: ConversationParts): Conversation {
  const { script, voice, line, tell, second, machineSpeechSeconds } = parts;
  const now = (): Date => new Date((performance.now() * 1_000) / second);
  const isOver = new AbortController();
  const finished = Promise.withResolvers<void>();

  let call: Call = ringing(script, now());
  let count = 0;
  let keys = 0;
  /** What is being said; nothing else happens by itself meanwhile. */
  let speaking: AbortController | undefined;
  /** Reports wait for one another: each is judged before the next one is told. */
  let telling: Promise<void> = Promise.resolve();
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;
  let heard: Heard = nothingHeard;
  let onTurn: (() => void) | undefined;

  const isListening = machineSpeechSeconds !== undefined && script.extension === undefined;

  function become(step: CallStep | undefined): void {
    if (step === undefined) return;
    call = step.call;
    for (const report of step.reports) queue(report);
    if (call.phase === 'ended') end(step.says);
    else if (step.says.length > 0) say(step.says);
    else watchClock();
  }

  function queue(report: CallReport): void {
    waiting += 1;
    count += 1;
    const what = `${report.kind}:${count}`;
    telling = telling.then(async () => {
      // After our goodbye no key says anything any more.
      const isLate = report.kind === 'keys' && call.end === 'completed';
      const turn = isLate ? {} : await tell(what, report);
      waiting -= 1;
      if (report.kind !== 'ended') become(obey(call, turn, now()));
    });
  }

  /** Says it, unless a key that counts breaks it off. */
  function say(says: readonly CallPart[]): void {
    speaking?.abort();
    const mine = new AbortController();
    speaking = mine;
    clearTimeout(timer);
    const play = async (): Promise<void> => {
      for (const part of withGreeting(says)) {
        if (mine.signal.aborted) return;
        await line.play(voice[part], mine.signal);
      }
      if (mine.signal.aborted || speaking !== mine) return;
      speaking = undefined;
      call = prompted(call, now());
      watchClock();
    };
    void play();
  }

  /** Behind an exchange somebody may have picked up only now, and does not know who is calling. */
  function withGreeting(says: readonly CallPart[]): readonly CallPart[] {
    const isRepeated = call.repeats > 0 && says[0] === 'instruction';
    return isRepeated && script.extension !== undefined ? ['greeting', ...says] : says;
  }

  function watchClock(): void {
    clearTimeout(timer);
    const dueAt = waitsUntil(call);
    // Until it is known what comes of a key there is no silence.
    if (dueAt === undefined || speaking !== undefined || waiting > 0) return;
    const milliseconds = ((dueAt.getTime() - now().getTime()) * second) / 1_000;
    timer = setTimeout(() => timeWentBy(), Math.max(1, Math.ceil(milliseconds)));
  }

  function timeWentBy(): void {
    const step = wait(call, now());
    if (step === undefined) return watchClock();
    become(step);
    // A challenge that was answered, cancelled or forgotten meanwhile ends the call.
    if (step.says.length > 0) queue({ kind: 'answered' });
  }

  function end(says: readonly CallPart[]): void {
    if (isOver.signal.aborted) return;
    clearTimeout(timer);
    clearTimeout(longest);
    speaking?.abort();
    isOver.abort();
    const leave = async (): Promise<void> => {
      // What is said last nobody interrupts but who hangs up.
      const goodbye = new AbortController();
      void line.ended.then(() => goodbye.abort());
      for (const part of says) await line.play(voice[part], goodbye.signal);
      await line.hangUp();
      await telling;
      // That it is over frees what was kept of it.
      if (call.end === 'completed') await tell('goodbye', { kind: 'ended', reason: 'hung-up' });
    };
    leave().then(finished.resolve, finished.resolve);
  }

  const longest = setTimeout(
    () => become(over(call, 'no-key', now())),
    longestCallSeconds * second,
  );

  line.onKey((key) => {
    if (!/^[0-9*#]$/.test(key) || call.phase !== 'answered') return;
    keys += 1;
    if (keys > mostKeys) return;
    if (call.promptSpoken && speaking !== undefined) {
      speaking.abort();
      speaking = undefined;
    }
    become(press(call, key, now()));
  });
  const frames = framesOf((frame) => {
    // A key makes no person of it: machines play tones.
    if (!isListening || call.phase !== 'answered' || call.promptSpoken) return;
    heard = hearFrame(heard, frame);
    const seconds = machineSpeechSeconds + (speaking === undefined ? 0 : talkingOverSeconds);
    if (isMachine(heard, seconds)) become(over(call, 'voicemail', now()));
    else if (isWaiting(heard)) onTurn?.();
  });
  line.onSound(frames);
  void line.ended.then(() => become(hangUp(call, now())));

  /** After "Hello?", or when nobody says anything; a machine ends the call meanwhile. */
  const ourTurn = async (): Promise<void> => {
    if (!isListening) return;
    const turn = Promise.withResolvers<void>();
    onTurn = turn.resolve;
    // Where nothing is heard at all it is our turn as well.
    const timeout = sleep(longestListeningSeconds * second, undefined, {
      signal: isOver.signal,
      ref: false,
    }).catch(() => undefined);
    await Promise.race([turn.promise, timeout]);
  };

  const begin = async (): Promise<void> => {
    const answered = answer(call, now());
    if (answered === undefined) return;
    call = answered.call;
    queue({ kind: 'answered' });
    if (script.extension === undefined) {
      await ourTurn();
    } else {
      const { signal } = isOver;
      const pause = parts.extensionPauseSeconds * second;
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      await line.dial(script.extension, signal);
    }
    // Whoever has nobody waiting for them any more hears nothing.
    await telling;
    if (call.phase === 'answered') say(answered.says);
  };
  void begin();

  return {
    done: finished.promise,
    stop: () => {
      if (isOver.signal.aborted) return;
      call = { ...call, phase: 'ended' };
      telling = telling.then(async () => {
        await tell('stopped', { kind: 'failed', reason: 'unreachable' });
      });
      end([]);
    },
  };
}

/** Longer than `isWaiting` needs where anything is heard. */
const longestListeningSeconds = 4;
