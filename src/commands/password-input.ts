/**
 * Owns how a password reaches the command line: typed unseen at a terminal, piped in, or made here
 * and told once. Never as an argument: those are seen by everybody who lists processes.
 */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

import { CommandFailure, type Io } from './command.ts';

/** The first line of what is piped in, or what is typed twice at a terminal. */
export async function readPassword(io: Io): Promise<string> {
  if (io.input.isTTY !== true) return (await readLine(io, undefined)) ?? '';
  const first = await readLine(io, 'New password: ');
  const second = await readLine(io, 'Once more: ');
  if (first !== second) throw new CommandFailure('The two passwords are not the same.');
  return first ?? '';
}

async function readLine(io: Io, prompt: string | undefined): Promise<string | undefined> {
  if (prompt !== undefined) io.error.write(prompt);
  // Readline echoes what is typed to its output; this one shows nothing.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({
    input: io.input,
    output: silent,
    terminal: prompt !== undefined,
  });
  try {
    for await (const line of lines) return line;
    return undefined;
  } finally {
    lines.close();
    if (prompt !== undefined) io.error.write('\n');
  }
}
