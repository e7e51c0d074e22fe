/** Owns `tweestap user import`: accounts from a file, read and done by the same code as in the portal. */
import { createReadStream, existsSync } from 'node:fs';

import { readUserFile } from '../administration/jobs/user-file.ts';
import { csvLine } from '../lib/csv.ts';
import { actor, CommandFailure, type Call, type Command } from './command.ts';
import { count } from './words.ts';

export const userImport: Command = {
  name: 'user import',
  does: 'Adds an account for each line of a table (CSV).',
  more: 'The first line names the columns, in English or Dutch: User name, Name, Mailbox, Other mail address, Mobile phone, Office phone, Extension, Language, Role, Groups, State, May sign in, Password. Passwords that are made are written to standard output, once.',
  arguments: [{ name: 'FILE' }],
  options: {
    'dry-run': { takes: 'nothing', does: 'Only says what is wrong, and with which line.' },
  },
  run: importUsers,
};

async function importUsers(call: Call): Promise<void> {
  // A start loads every command, and this one's words are many.
  const { resultText } = await import('../pages/admin/jobs/told.ts');
  const path = call.argument('FILE');
  if (!existsSync(path)) throw new CommandFailure(`There is no file ${path}.`);
  const installation = await call.installation();
  const { jobs, administration, policies, database, random } = installation;
  const read = await readUserFile(
    { jobs, users: database.stores.users, administration, policies, random },
    { kind: 'import', pieces: createReadStream(path), by: actor },
  );
  if (read.kind === 'refused') throw new CommandFailure(refusal(read));
  const id = read.job;
  let faulty = 0;
  for await (const { number, name, result } of jobs.results(id, '!')) {
    faulty += 1;
    call.warn(
      `Line ${number}: ${name === '' ? '' : `${name}: `}${resultText(result ?? '', 'en')}.`,
    );
  }
  const good = (await jobs.look(id))?.tally.open ?? 0;
  if (call.flag('dry-run')) {
    await jobs.discard(id);
    call.say(`${count(good, 'account')} can be added; nothing was done.`);
    if (faulty > 0) throw new CommandFailure(`${count(faulty, 'line')} cannot.`);
    return;
  }
  if (good > 0) await jobs.beginDraft(id, actor);
  else await jobs.discard(id);
  await toTheEnd(call, id);
  const tally = (await jobs.look(id))?.tally;
  const added = tally?.results.get('done') ?? 0;
  call.warn(`${count(added, 'account')} added.`);
  if (added > 0) await tellPasswords(call, id);
  for await (const { name, number, result } of jobs.results(id)) {
    if (result === undefined || result === 'done' || result.startsWith('!')) continue;
    call.warn(`Line ${number}: ${name}: ${resultText(result, 'en')}.`);
  }
  const left = good + faulty - added;
  if (left > 0) throw new CommandFailure(`${count(left, 'line')} left out.`);
}

/** Does it here, slice by slice; where a server runs beside, either of them does the next. */
async function toTheEnd(call: Call, id: string): Promise<void> {
  const { jobs } = await call.installation();
  for (;;) {
    const looked = await jobs.look(id);
    if (looked === undefined || looked.job.state !== 'running') return;
    if (!(await jobs.work({ link: '', id }))) await pause();
  }
}

/** The server has it for a moment. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 200);
  });
}

async function tellPasswords(call: Call, id: string): Promise<void> {
  const { jobs } = await call.installation();
  let isFirst = true;
  for await (const { name, secret } of await jobs.tellSecrets(id, actor)) {
    if (isFirst) call.say(csvLine(['User name', 'Temporary password']).trimEnd());
    isFirst = false;
    call.say(csvLine([name, secret]).trimEnd());
  }
}

function refusal(
  refused: Extract<Awaited<ReturnType<typeof readUserFile>>, { readonly kind: 'refused' }>,
): string {
  switch (refused.why) {
    case 'empty':
      return 'The file is empty.';
    case 'unreadable':
      return 'This is no table as text (CSV).';
    case 'missing':
      return `The first line does not name: ${refused.columns.join(', ')}.`;
    case 'twice':
      return `The first line names twice: ${refused.columns.join(', ')}.`;
  }
}
