/**
 * Owns how a password reaches the command line: typed unseen at a terminal, piped in, or made here
 * and told once. Never as an argument: those are seen by everybody who lists processes.
 */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

import type { Administration } from '../administration/administration.ts';
import { CommandFailure, type Call, type Io, type Option } from './command.ts';

/** The options of a command that gives a person a password. */
export const passwordOptions = {
  'password-stdin': {
    takes: 'nothing',
    does: 'Reads the password from standard input; at a terminal it asks, unseen. Otherwise one is made and told once.',
  },
  permanent: {
    takes: 'nothing',
    does: 'The person may keep it. Otherwise they choose their own at the next sign-in.',
  },
} as const satisfies Readonly<Record<string, Option>>;

/** The password as those options say: what was brought, or one that is made, which can be told once. */
export async function givenOrMade(
  call: Call,
  administration: Pick<Administration, 'generatePassword'>,
): Promise<{ readonly password: string; readonly isMade: boolean }> {
  return call.flag('password-stdin')
    ? { password: await readPassword(call.io), isMade: false }
    : { password: administration.generatePassword(), isMade: true };
}

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
