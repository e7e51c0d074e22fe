/** Owns `tweestap token …`: hardware tokens, put on the shelf and handed out. */
import { readFile } from 'node:fs/promises';

import type { Activation } from '../administration/hardware-tokens/token-codes.ts';
import { canonicalSerialNumber, type KnownToken } from '../registrations/hardware-token.ts';
import type { Installation } from '../installation/installation.ts';
import { actor, CommandFailure, jsonOption, type Call, type Command } from './command.ts';
import { table } from './words.ts';

const serialNumber = { name: 'SERIAL-NUMBER' };

export const tokenCommands: readonly Command[] = [
  {
    name: 'token import',
    does: 'Puts the hardware tokens of a file on the shelf.',
    more: [
      'FILE is a table (CSV) with the columns of Entra, or PSKC (RFC 6030):',
      '  upn,serial number,secret key,time interval,manufacturer,model',
      'Where upn is empty the token belongs to nobody yet. Lines with a fault are told and left out.',
    ].join('\n'),
    arguments: [{ name: 'FILE' }],
    options: {
      'dry-run': { takes: 'nothing', does: 'Says what would happen, and does nothing.' },
      'password-file': {
        takes: 'a value',
        value: 'FILE',
        does: 'Holds the password of a PSKC file, or its key in hex.',
      },
      ...jsonOption,
    },
    run: importTokens,
  },
  {
    name: 'token list',
    does: 'Lists the hardware tokens.',
    options: jsonOption,
    run: listTokens,
  },
  {
    name: 'token assign',
    does: 'Gives a token to a person, who is told by mail.',
    arguments: [serialNumber, { name: 'USER' }],
    run: async (call) => {
      const installation = await call.installation();
      const token = await tokenOf(call, installation);
      const name = call.argument('USER');
      const user = await installation.administration.find(name);
      if (user === undefined) throw new CommandFailure(`There is no user ${name}.`);
      if (!(await installation.hardwareTokens.assign(token.id, user.id, actor))) {
        throw new CommandFailure(`${token.serialNumber} is somebody's already.`);
      }
      call.say(`${token.serialNumber} is for ${user.userPrincipalName}. It works once activated.`);
    },
  },
  {
    name: 'token activate',
    does: 'Looks at the code that a token shows now; from then on it proves its owner.',
    arguments: [serialNumber, { name: 'CODE' }],
    run: async (call) => {
      const installation = await call.installation();
      const token = await tokenOf(call, installation);
      const { hardwareTokens } = installation;
      const done = await hardwareTokens.activate(token.id, call.argument('CODE'), actor);
      orFail(token, done);
      call.say(`${token.serialNumber} is activated.`);
    },
  },
  {
    name: 'token resync',
    does: 'Sets the clock of a token right by two codes in a row.',
    arguments: [serialNumber, { name: 'FIRST' }, { name: 'SECOND' }],
    run: async (call) => {
      const installation = await call.installation();
      const token = await tokenOf(call, installation);
      const codes = { first: call.argument('FIRST'), second: call.argument('SECOND') };
      orFail(token, await installation.hardwareTokens.resynchronise(token.id, codes, actor));
      call.say(`${token.serialNumber} is set right.`);
    },
  },
  {
    name: 'token unassign',
    does: 'Takes a token back: it proves nobody any more.',
    arguments: [serialNumber],
    run: async (call) => {
      const installation = await call.installation();
      const token = await tokenOf(call, installation);
      if (!(await installation.hardwareTokens.unassign(token.id, actor))) {
        throw new CommandFailure(`${token.serialNumber} is nobody's.`);
      }
      call.say(`${token.serialNumber} is on the shelf again.`);
    },
  },
  {
    name: 'token remove',
    does: 'Takes a token off the shelf for good, and back from whoever has it.',
    arguments: [serialNumber],
    run: async (call) => {
      const installation = await call.installation();
      const token = await tokenOf(call, installation);
      await installation.hardwareTokens.remove(token.id, actor);
      call.say(`Removed ${token.serialNumber}.`);
    },
  },
];

async function importTokens(call: Call): Promise<void> {
  const { hardwareTokens } = await call.installation();
  const isTrial = call.flag('dry-run');
  const path = call.argument('FILE');
  const passwordFile = call.text('password-file');
  const password =
    passwordFile === undefined ? undefined : (await readFile(passwordFile, 'utf8')).trim();
  const done = await hardwareTokens.importFile(await readFile(path), { password, isTrial }, actor);
  // The words of the portal, which only whoever imports needs.
  const { wordsIn } = await import('../pages/admin/tokens/words.ts');
  const { fileFaults, lineFaults } = wordsIn('en');
  if (done.fault !== undefined) {
    const told = fileFaults[done.fault];
    throw new CommandFailure(
      `${path}: ${typeof told === 'string' ? told : told(done.column ?? '')}`,
    );
  }
  if (call.flag('json')) {
    call.json(done.lines.map((line) => ({ ...line, fault: line.fault ?? null })));
    return;
  }
  const faulty = done.lines.filter(({ fault }) => fault !== undefined);
  for (const { line, serialNumber: number, fault } of faulty) {
    const told = fault === undefined ? '' : lineFaults[fault];
    call.say(`line ${line}${number === '' ? '' : ` (${number})`}: ${told}`);
  }
  const count = done.lines.length - faulty.length;
  call.say(`${isTrial ? 'Would add' : 'Added'} ${count} of ${done.lines.length}.`);
  if (faulty.length > 0) throw new CommandFailure(`${faulty.length} left out.`);
}

async function listTokens(call: Call): Promise<void> {
  const { database } = await call.installation();
  const { hardwareTokens, users } = database.stores;
  const rows: Readonly<Record<string, string | null>>[] = [];
  for (let after: string | undefined; ;) {
    const page = await hardwareTokens.search({ after, limit: 500 });
    for (const token of page) {
      const owner = token.assignedTo === undefined ? undefined : await users.find(token.assignedTo);
      rows.push({
        serialNumber: token.serialNumber,
        manufacturer: token.manufacturer,
        model: token.model,
        status: token.status,
        assignedTo: owner?.userPrincipalName ?? null,
        lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
      });
    }
    after = page.at(-1)?.serialNumber;
    if (after === undefined) break;
  }
  if (call.flag('json')) {
    call.json(rows);
    return;
  }
  call.say(
    table(
      ['SERIAL NUMBER', 'MAKE', 'STATUS', 'ASSIGNED TO', 'LAST USED'],
      rows.map((row) => [
        row['serialNumber'] ?? '',
        `${row['manufacturer']} ${row['model']}`.trim(),
        row['status'] ?? '',
        row['assignedTo'] ?? '–',
        row['lastUsedAt']?.slice(0, 10) ?? '–',
      ]),
    ),
  );
}

async function tokenOf(call: Call, { database }: Installation): Promise<KnownToken> {
  const number = call.argument('SERIAL-NUMBER');
  const { hardwareTokens } = database.stores;
  const token = await hardwareTokens.findBySerialNumber(canonicalSerialNumber(number));
  if (token === undefined) throw new CommandFailure(`There is no token ${number}.`);
  return token;
}

function orFail({ serialNumber: number }: KnownToken, done: Activation): void {
  switch (done.kind) {
    case 'activated':
      return;
    case 'wrong':
      throw new CommandFailure('That is not what it shows now.');
    case 'paused':
      throw new CommandFailure(`Too many wrong codes: wait until ${done.untilAt.toISOString()}.`);
    case 'full':
      throw new CommandFailure('Its owner has five apps and tokens; delete one first.');
    case 'gone':
      throw new CommandFailure(
        `${number} is nobody's, or does not wait for that. See tweestap token list.`,
      );
  }
}
