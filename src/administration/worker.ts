/**
 * Owns that work which nobody waits for goes on by itself on a node that runs: as soon as it is asked for on any
 * node, and where a node was killed while it was at it.
 */
import type { Signals } from '../lib/signals.ts';

export interface Worker {
  start(): void;
  /** Resolves once the portion under way is done; the rest is done by another node, or after a restart. */
  stop(): Promise<void>;
}

/** Makes the worker of a node. */
export function createWorker(parts: {
  /** What tells that there is something to do. */
  readonly topic: string;
  readonly signals: Pick<Signals, 'hear'>;
  /**
   * Does a portion, whatever is due; false where nothing is. Between two steps of it `isLeaving` is asked, and
   * ends it early.
   */
  readonly work: (isLeaving: () => boolean) => Promise<boolean>;
  /** Told of what went wrong; it is tried again. */
  readonly onFault: (error: unknown) => void;
  /** How often it looks by itself, for what was left by others. Default 10,000. */
  readonly pollMs?: number;
}): Worker {
  const { topic, signals, work, onFault, pollMs = 10_000 } = parts;
  let isRunning = false;
  let isAsked = false;
  let working: Promise<void> | undefined;
  let poll: NodeJS.Timeout | undefined;
  let deafen: (() => void) | undefined;

  const goOn = async (): Promise<void> => {
    try {
      // Asked while it looked: what it was asked for may have come after that.
      while (isRunning && isAsked) {
        isAsked = false;
        while (isRunning && (await work(() => !isRunning)));
      }
    } catch (error) {
      onFault(error);
    }
    working = undefined;
  };
  const wake = (): void => {
    isAsked = true;
    if (isRunning) working ??= goOn();
  };

  return {
    start: () => {
      isRunning = true;
      deafen = signals.hear(topic, wake);
      poll = setInterval(wake, pollMs).unref();
      wake();
    },
    stop: async () => {
      isRunning = false;
      deafen?.();
      clearInterval(poll);
      await working;
    },
  };
}
