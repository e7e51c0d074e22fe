/** Owns that long work goes on by itself on a node that runs: slice after slice, whenever there is some. */
import type { Signals } from '../lib/signals.ts';
import { jobsTopic } from './job.ts';
import type { Jobs } from './jobs.ts';

export interface JobWorker {
  start(): void;
  /** Resolves once whoever is under way is done; the rest is done by another node, or after a restart. */
  stop(): Promise<void>;
}

/** Makes the worker of a node. `link` is where people set up their verification. */
export function createJobWorker(parts: {
  readonly jobs: Pick<Jobs, 'work'>;
  readonly link: string;
  readonly signals: Pick<Signals, 'hear'>;
  /** Told of what went wrong; it is tried again. */
  readonly onFault: (error: unknown) => void;
  /** How often it looks by itself, for what was left by others. Default 10,000. */
  readonly pollMs?: number;
}): JobWorker {
  const { jobs, link, signals, onFault, pollMs = 10_000 } = parts;
  let isRunning = false;
  let isAsked = false;
  let working: Promise<void> | undefined;
  let poll: NodeJS.Timeout | undefined;
  let deafen: (() => void) | undefined;

  const work = async (): Promise<void> => {
    try {
      // Asked while it looked: what it was asked for may have come after that.
      while (isRunning && isAsked) {
        isAsked = false;
        while (isRunning && (await jobs.work({ link, isLeaving: () => !isRunning })));
      }
    } catch (error) {
      onFault(error);
    }
    working = undefined;
  };
  const wake = (): void => {
    isAsked = true;
    if (isRunning) working ??= work();
  };

  return {
    start: () => {
      isRunning = true;
      deafen = signals.hear(jobsTopic, wake);
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
