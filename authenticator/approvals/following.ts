/**
 * Owns knowing at once that somebody signs in, while the app is open: one event stream for each
 * account, opened again after a growing pause when it ends. In the background it rests: there the push
 * wakes the phone, and coming back asks anew.
 */
import type { PendingRequest } from '../../src/methods/notification/protocol.ts';
import { followEvents } from './event-stream.ts';
import type { Line } from './server-calls.ts';

export interface Heard {
  pending(requests: readonly PendingRequest[]): void;
  unreachable(): void;
  /** The server knows this phone no more. */
  removed(): void;
}

export interface Following {
  /** Asks what waits now, whatever else is going on. */
  ask(): Promise<void>;
  stop(): void;
}

const firstPauseMs = 1_000;
const longestPauseMs = 30_000;
/** A stream that is silent for as long may be dead; then it is asked beside it. */
const silenceMs = 45_000;

/** Follows one account until it is stopped. */
export function follow(line: Line, heard: Heard): Following {
  const ending = new AbortController();
  let failures = 0;
  let lastSignAt = Date.now();

  const ask = async (): Promise<void> => {
    const answer = await line.requests();
    if (ending.signal.aborted) return;
    lastSignAt = Date.now();
    if (answer.kind === 'ok') {
      failures = 0;
      heard.pending(answer.value);
    } else if (answer.kind === 'refused' && answer.error === 'unknown-account') {
      ending.abort();
      heard.removed();
    } else {
      failures += 1;
      heard.unreachable();
    }
  };

  const run = async (): Promise<void> => {
    await ask();
    while (!ending.signal.aborted) {
      const stream = await line.events(ending.signal);
      if (stream.kind === 'ok') {
        // Something may have come between the question and the stream.
        await ask();
        try {
          await followEvents(stream.value, {
            event: () => void ask(),
            sign: () => {
              lastSignAt = Date.now();
            },
          });
        } catch {
          // It broke off: the pause below, then again.
        }
      }
      if (!ending.signal.aborted) await pause(pauseAfter(failures), ending.signal);
      if (!ending.signal.aborted) await ask();
    }
  };

  const watch = setInterval(() => {
    if (Date.now() - lastSignAt > silenceMs) void ask();
  }, silenceMs / 3);
  ending.signal.addEventListener('abort', () => clearInterval(watch));
  void run();

  return { ask, stop: () => ending.abort() };
}

/** Doubled with each failure; part of it is chance, so that phones do not come back all at once. */
export function pauseAfter(failures: number, chance: number = Math.random()): number {
  const whole = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures, 10));
  return whole / 2 + (chance * whole) / 2;
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    const atOnce = (): void => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener('abort', atOnce, { once: true });
    globalThis.addEventListener('online', atOnce, { once: true });
  });
}
