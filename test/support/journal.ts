/**
 * What was acknowledged, on the disk before anything else happens (security.md §5.4): without it
 * nobody could say after a crash what was lost.
 */
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface Journal<entry> {
  write(entry: entry): void;
  read(): readonly entry[];
  /** How many entries there are. */
  length(): number;
  close(): void;
}

/** A journal in a folder that exists. */
export function openJournal<entry>(folder: string): Journal<entry> {
  const file = join(folder, 'acknowledged.jsonl');
  const descriptor = openSync(file, 'a');
  let length = 0;
  return {
    write: (entry) => {
      writeSync(descriptor, `${JSON.stringify(entry)}\n`);
      fsyncSync(descriptor);
      length += 1;
    },
    read: () =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line): entry => JSON.parse(line)),
    length: () => length,
    close: () => closeSync(descriptor),
  };
}
