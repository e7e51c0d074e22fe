/**
 * Owns that the synchronisation with the organisation's directory goes on by itself on a node that runs: when it is
 * due, when somebody asks for it, and where a node was killed while it was at it.
 */
import type { Signals } from '../../lib/signals.ts';
import { directorySyncTopic, type DirectorySync } from './directory.ts';

export interface DirectoryWorker {
  start(): void;
  /** Resolves once the portion under way is done; the rest is done by another node, or after a restart. */
  stop(): Promise<void>;
}

/** Makes the worker of a node. */
export function createDirectoryWorker(parts: {
  readonly sync: Pick<DirectorySync, 'work'>;
  readonly signals: Pick<Signals, 'hear'>;
  /** Told of what went wrong here, not in the directory; it is tried again. */
  readonly onFault: (error: unknown) => void;
  /** How often it looks whether one is due. Default 10,000. */
  readonly pollMs?: number;
}): DirectoryWorker {
  const { sync, signals, onFault, pollMs = 10_000 } = parts;
  let isRunning = false;
  let working: Promise<void> | undefined;
  let poll: NodeJS.Timeout | undefined;
  let deafen: (() => void) | undefined;

  const work = async (): Promise<void> => {
    try {
      await sync.work({ isLeaving: () => !isRunning });
    } catch (error) {
      onFault(error);
    }
    working = undefined;
  };
  // Whoever asks while one is under way is told so: nothing is missed by not looking again.
  const wake = (): void => {
    if (isRunning) working ??= work();
  };

  return {
    start: () => {
      isRunning = true;
      deafen = signals.hear(directorySyncTopic, wake);
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
