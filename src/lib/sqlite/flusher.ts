/**
 * Owns making commits durable. SQLite itself would wait for the disk at each commit, and with it
 * everything else in this process. So it only writes its log (synchronous = NORMAL), and the log is
 * brought to the disk from here, in the background, before anybody is told of a success. Whoever
 * comes while a flush is under way shares the next one.
 */
import { closeSync, fdatasync, openSync } from 'node:fs';

export interface Flusher {
  /** Resolves when all that is committed by now is on the disk; rejects when nobody can say so. */
  flush(): Promise<void>;
  /** After the last flush. */
  close(): void;
}

/** For what need not survive a power cut, or lives in memory. */
export const noFlusher: Flusher = { flush: () => Promise.resolve(), close: () => {} };

interface Waiting {
  readonly done: () => void;
  readonly failed: (reason: unknown) => void;
}

/** The flusher of the write-ahead log of this database file. */
export function createFlusher(file: string): Flusher {
  let descriptor: number | undefined;
  let waiting: Waiting[] = [];
  let isFlushing = false;

  // The log is there as long as a connection is open, and is never replaced by another file.
  const toDisk = (): Promise<void> =>
    new Promise((done, failed) => {
      descriptor ??= openSync(`${file}-wal`, 'r+');
      fdatasync(descriptor, (error) => (error === null ? done() : failed(error)));
    });

  const flushAll = async (): Promise<void> => {
    isFlushing = true;
    while (waiting.length > 0) {
      const these = waiting;
      waiting = [];
      try {
        await toDisk();
        for (const { done } of these) done();
      } catch (reason) {
        for (const { failed } of these) failed(reason);
      }
    }
    isFlushing = false;
  };

  return {
    flush: () =>
      new Promise((done, failed) => {
        waiting.push({ done, failed });
        if (!isFlushing) void flushAll();
      }),
    close: () => {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}
