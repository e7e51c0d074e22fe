/**
 * Owns what is sent in a call: a packet every 20 ms by the monotonic clock, without drift, from the first
 * agreement to the end. Sound and keys wait for one another in a queue; where it is empty, silence is sent,
 * so that nobody on the way takes the call for dead.
 */
import { encodeSpeech, sampleRate } from './g711.ts';
import { writeRtp } from './packet.ts';
import type { RtpPeer } from './sdp.ts';
import { keys, writeEvent } from './telephone-events.ts';
import { toneOf } from './tones.ts';

export interface Speaking {
  /** Begins to send, or goes on as was agreed anew. */
  readonly speakTo: (peer: RtpPeer) => void;
  /** Resolves when all was sent; at once when aborted or stopped. */
  readonly play: (samples: Int16Array, signal: AbortSignal) => Promise<void>;
  /** The same for keys, and `,` for a pause of two seconds. */
  readonly dial: (dialled: string, signal: AbortSignal) => Promise<void>;
  readonly stop: () => void;
}

/** Our stream: which it is, and where its numbers begin. */
export interface Stream {
  readonly ssrc: number;
  readonly sequence: number;
  readonly timestamp: number;
}

/** A clock that is never put right, and being woken by it. */
export interface Metronome {
  /** Milliseconds. */
  readonly now: () => number;
  /** Calls once, then or somewhat later; the function that it returns calls it off. */
  readonly wake: (inMs: number, act: () => void) => () => void;
}

/** The machine's own. */
const machineMetronome: Metronome = {
  now: () => performance.now(),
  wake: (inMs, act) => {
    const timer = setTimeout(act, inMs);
    return () => clearTimeout(timer);
  },
};

const packetMs = 20;
const packetSamples = (sampleRate * packetMs) / 1_000;
/** Whoever was held up sends at most so many at once, and lets the rest of the time go. */
const mostAtOnce = 4;
/** A pressed key, and the silence behind it. */
const pressMs = 100;
const betweenPressesMs = 100;
const pauseMs = 2_000;

/** What is sent in one packet: sound, nothing in particular, or a key that is held. */
type Frame =
  | { readonly kind: 'sound'; readonly samples: Int16Array }
  | { readonly kind: 'silence' }
  | {
      readonly kind: 'key';
      readonly event: number;
      readonly isBegin: boolean;
      readonly isEnd: boolean;
      /** In samples. */
      readonly duration: number;
    };

interface Job {
  readonly frames: Iterator<Frame, void>;
  readonly end: () => void;
}

/** Speaks as soon as it is told to whom; `send` puts a packet on its way. */
export function speakInCall(
  stream: Stream,
  send: (packet: Buffer, peer: RtpPeer) => void,
  metronome: Metronome = machineMetronome,
): Speaking {
  let { sequence, timestamp } = stream;
  let peer: RtpPeer | undefined;
  let jobs: readonly Job[] = [];
  let isStopped = false;
  let callOff: (() => void) | undefined;
  let beganAt = 0;
  /** Packets since then, those that time went over among them. */
  let sent = 0;
  let pressedAt = timestamp;
  let isAfterGap = true;

  const nextFrame = (): Frame => {
    for (;;) {
      const [job, ...others] = jobs;
      if (job === undefined) return { kind: 'silence' };
      const next = job.frames.next();
      if (next.done !== true) return next.value;
      jobs = others;
      job.end();
    }
  };

  const sendFrame = (to: RtpPeer, frame: Frame): void => {
    const isKey = frame.kind === 'key';
    if (isKey && frame.isBegin) pressedAt = timestamp;
    if (to.isListening) {
      const samples = frame.kind === 'sound' ? frame.samples : silence;
      const packet = writeRtp({
        marker: isKey ? frame.isBegin : isAfterGap,
        payloadType: isKey ? (to.eventPayloadType ?? to.payloadType) : to.payloadType,
        sequence,
        timestamp: isKey ? pressedAt : timestamp,
        ssrc: stream.ssrc,
        payload: isKey ? writeEvent(frame) : encodeSpeech(to.codec, samples),
      });
      sequence = (sequence + 1) & 0xffff;
      send(packet, to);
    }
    isAfterGap = isKey || !to.isListening;
    timestamp = (timestamp + packetSamples) >>> 0;
    sent += 1;
  };

  const tick = (): void => {
    if (peer === undefined || isStopped) return;
    const due = Math.floor((metronome.now() - beganAt) / packetMs) + 1 - sent;
    const lost = Math.max(due - mostAtOnce, 0);
    if (lost > 0) {
      // The time that went by is silence: what is played goes on behind it, whole.
      sent += lost;
      timestamp = (timestamp + lost * packetSamples) >>> 0;
      isAfterGap = true;
    }
    for (let left = due - lost; left > 0; left -= 1) sendFrame(peer, nextFrame());
    callOff = metronome.wake(Math.max(beganAt + sent * packetMs - metronome.now(), 1), tick);
  };

  const enqueue = (frames: Iterator<Frame, void>, signal: AbortSignal): Promise<void> => {
    if (signal.aborted || isStopped) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        signal.removeEventListener('abort', end);
        resolve();
      };
      signal.addEventListener('abort', end);
      jobs = [...jobs, { frames, end }];
    });
  };

  return {
    speakTo: (agreed) => {
      const isFirst = peer === undefined;
      peer = agreed;
      if (!isFirst || isStopped) return;
      beganAt = metronome.now();
      tick();
    },
    play: (samples, signal) => enqueue(soundFrames(samples, signal), signal),
    dial: (dialled, signal) => {
      const hasEvents = (): boolean => peer?.eventPayloadType !== undefined;
      return enqueue(dialFrames(dialled, hasEvents, signal), signal);
    },
    stop: () => {
      isStopped = true;
      callOff?.();
      for (const job of jobs) job.end();
      jobs = [];
    },
  };
}

const silence = new Int16Array(packetSamples);

function* soundFrames(samples: Int16Array, signal: AbortSignal): Generator<Frame, void> {
  for (let at = 0; at < samples.length && !signal.aborted; at += packetSamples) {
    const part = samples.subarray(at, at + packetSamples);
    const whole = part.length === packetSamples ? part : new Int16Array(packetSamples);
    if (whole !== part) whole.set(part);
    yield { kind: 'sound', samples: whole };
  }
}

/** A key that is being pressed is let go first, whatever is aborted: it would sound on. */
function* dialFrames(
  dialled: string,
  hasEvents: () => boolean,
  signal: AbortSignal,
): Generator<Frame, void> {
  for (const key of dialled.toUpperCase()) {
    if (signal.aborted) return;
    if (key === ',') yield* silentFrames(pauseMs, signal);
    const tone = toneOf(key, pressMs);
    if (tone === undefined) continue;
    if (hasEvents()) yield* pressFrames(keys.indexOf(key));
    else yield* soundFrames(tone, signal);
    yield* silentFrames(betweenPressesMs, signal);
  }
}

/** The end is told three times (RFC 4733 §2.5.1.4). */
function* pressFrames(event: number): Generator<Frame, void> {
  const packets = pressMs / packetMs;
  for (let index = 0; index < packets + 2; index += 1) {
    yield {
      kind: 'key',
      event,
      isBegin: index === 0,
      isEnd: index + 1 >= packets,
      duration: Math.min(index + 1, packets) * packetSamples,
    };
  }
}

function* silentFrames(milliseconds: number, signal: AbortSignal): Generator<Frame, void> {
  for (let past = 0; past < milliseconds && !signal.aborted; past += packetMs) {
    yield { kind: 'silence' };
  }
}
