/**
 * Owns the command line: finds the command, reads its arguments, runs it, and turns what went wrong
 * into one line and an exit code. 0: done. 1: not done, with the reason. 2: asked in a wrong way.
 */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { appCommands } from './commands/app.ts';
import { appPasswordCommands } from './commands/app-passwords.ts';
import { auditCommands } from './commands/audit.ts';
import { backupCommands } from './commands/backup.ts';
import { checkCommand } from './commands/check.ts';
import {
  CommandFailure,
  settingsFailure,
  type Call,
  type Command,
  type Io,
  type Option,
} from './commands/command.ts';
import { directoryCommands } from './commands/directory.ts';
import { greetingCommands } from './commands/greetings.ts';
import { ldapClientCommands } from './commands/ldap-client.ts';
import { migrateCommand } from './commands/migrate.ts';
import { policyCommands } from './commands/policy.ts';
import { radiusClientCommands } from './commands/radius-client.ts';
import { rotateKeysCommand } from './commands/rotate-keys.ts';
import { startCommand } from './commands/start.ts';
import { numberCommands } from './commands/numbers.ts';
import { tokenCommands } from './commands/token.ts';
import { userCommands } from './commands/user.ts';
import { userImport } from './commands/user-import.ts';
import { loadSettings, type Settings } from './config.ts';
import { TweestapError } from './errors/errors.ts';
import { forTerminal } from './lib/hidden-text.ts';
import { KeyFileError } from './lib/key-file.ts';
import { nearest } from './lib/nearest.ts';
import { processEnvironment } from './lib/settings/settings.ts';
import type { Installation } from './installation/installation.ts';
import { programVersion } from './installation/version.ts';

/** Every command, in the order of the help. */
const commands: readonly Command[] = [
  startCommand,
  checkCommand,
  migrateCommand,
  ...userCommands,
  userImport,
  ...appPasswordCommands,
  ...numberCommands,
  ...greetingCommands,
  ...tokenCommands,
  ...appCommands,
  ...radiusClientCommands,
  ...ldapClientCommands,
  ...directoryCommands,
  ...policyCommands,
  ...auditCommands,
  ...backupCommands,
  rotateKeysCommand,
];

const commonOptions = {
  config: {
    takes: 'a value',
    value: 'FILE',
    does: 'The file of settings; else TWEESTAP_CONFIG names it.',
  },
  help: { takes: 'nothing', does: 'Tells what the command does and takes.' },
} as const satisfies Readonly<Record<string, Option>>;

/** Runs one call of the program; resolves to its exit code. */
export async function main(args: readonly string[], io: Io = processIo()): Promise<number> {
  const faultOfOutput = noteFault(io.output);
  // Whoever reads the log may go away, and its disk may be full: nobody ends for that.
  noteFault(io.error);
  try {
    await run(args, io);
  } catch (error) {
    if (error !== faultOfOutput()) {
      io.error.write(`tweestap: ${forTerminal(reasonOf(error))}\n`);
      return error instanceof CommandFailure ? error.exitCode : 1;
    }
  }
  // What was written last has its fault by then.
  await nextTurn();
  const fault = faultOfOutput();
  // Whoever has read enough (`| head`) closes the pipe, and there is nothing wrong with that.
  if (fault === undefined || fault.code === 'EPIPE') return 0;
  io.error.write(`tweestap: What this command says could not be written: ${fault.message}.\n`);
  return 1;
}

/** Listens to a stream, whose fault would end the process where nobody does; tells the first one. */
function noteFault(stream: NodeJS.WritableStream): () => NodeJS.ErrnoException | undefined {
  let first: NodeJS.ErrnoException | undefined;
  stream.on('error', (fault: NodeJS.ErrnoException) => {
    first ??= fault;
  });
  return () => first;
}

async function run(args: readonly string[], io: Io): Promise<void> {
  const [first = '--help', second = ''] = args;
  if (first === '--version') {
    io.output.write(`tweestap ${programVersion()}\n`);
    return;
  }
  if (first === 'help' || first === '--help' || first === '-h') {
    io.output.write(overview(second));
    return;
  }
  if (first.startsWith('-'))
    throw new CommandFailure('Name the command first, then its options.', 2);
  const command =
    commands.find(({ name }) => name === `${first} ${second}`) ??
    commands.find(({ name }) => name === first);
  const isHelp = args.includes('--help') || args.includes('-h');
  if (command === undefined && isHelp && group(first).length > 0) {
    io.output.write(overview(first));
    return;
  }
  if (command === undefined) throw unknownCommand(first, second.startsWith('-') ? '' : second);
  if (isHelp) {
    io.output.write(helpOf(command));
    return;
  }
  const own = args.slice(command.name.split(' ').length);
  await withCall(command, own, io, (call) => command.run(call));
}

async function withCall(
  command: Command,
  args: readonly string[],
  io: Io,
  work: (call: Call) => Promise<void>,
): Promise<void> {
  const { values, positionals } = read(command, args);
  const text = (option: string): string | undefined => {
    const value = values.get(option);
    return typeof value === 'string' ? value : undefined;
  };
  const settings: Call['settings'] = (mode) => {
    const loaded = loadSettings({ mode, file: text('config'), environment: io.environment });
    if (loaded.settings === undefined) throw settingsFailure(loaded.faults);
    return loaded.settings;
  };
  let opened: Promise<Installation> | undefined;
  const call: Call = {
    io,
    settings,
    argument: (name) => {
      const value = positionals.get(name);
      if (value === undefined) throw new Error(`${command.name} has no argument ${name}`);
      return value;
    },
    has: (name) => positionals.has(name),
    flag: (option) => values.get(option) === true,
    text,
    texts: (option) => {
      const value = values.get(option);
      return Array.isArray(value) ? value.map(String) : [];
    },
    installation: () => {
      opened ??= open(settings('command'));
      return opened;
    },
    warn: (line) => void io.error.write(`tweestap: ${forTerminal(line)}\n`),
    say: (line = '') => void io.output.write(`${forTerminal(line)}\n`),
    json: (value) => void io.output.write(`${jsonFor(value)}\n`),
  };
  try {
    await work(call);
  } finally {
    const installation = await opened?.catch(() => undefined);
    await installation?.close();
  }
}

/** As JSON, in which what commands a terminal is written by its number; JSON itself does so of half of it. */
function jsonFor(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll(
    /[\u007f-\u009f]/g,
    (control) => `\\u00${control.charCodeAt(0).toString(16)}`,
  );
}

// Loaded when it is needed: help and a mistyped option do not wait for a database driver.
async function open(settings: Settings): Promise<Installation> {
  const { openInstallation } = await import('./installation/installation.ts');
  return await openInstallation(settings);
}

interface Read {
  readonly values: ReadonlyMap<string, unknown>;
  readonly positionals: ReadonlyMap<string, string>;
}

function read(command: Command, args: readonly string[]): Read {
  const options = { ...command.options, ...commonOptions };
  const table = Object.fromEntries(
    Object.entries<Option>(options).map(([name, { takes }]) => [
      name,
      { type: takes === 'nothing' ? 'boolean' : 'string', multiple: takes === 'values' } as const,
    ]),
  );
  let parsed: { values: object; positionals: string[] };
  try {
    const told = { options: table, allowPositionals: true, strict: true };
    parsed = parseArgs({ args: args.map(hideDash), ...told });
  } catch (error) {
    throw new CommandFailure(usageFault(error, command, Object.keys(options)), 2);
  }
  const positionals = parsed.positionals.map(showDash);
  const expected = command.arguments ?? [];
  const missing = expected.filter(
    ({ optional }, index) => optional !== true && positionals[index] === undefined,
  );
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(' and ');
    throw new CommandFailure(`${names} is missing: ${usageOf(command)}`, 2);
  }
  const surplus = positionals[expected.length];
  if (surplus !== undefined) {
    throw new CommandFailure(`"${surplus}" is one too many: ${usageOf(command)}`, 2);
  }
  return {
    values: new Map<string, unknown>(Object.entries(parsed.values)),
    positionals: new Map(
      expected.flatMap(({ name }, index) => {
        const value = positionals[index];
        return value === undefined ? [] : [[name, value] as const];
      }),
    ),
  };
}

/** Ids are random, and one in 64 begins with a dash; no option of ours has one dash and this length. */
const idWithDash = /^-[\w-]{21}$/;
const hidden = '\0';

function hideDash(argument: string): string {
  return idWithDash.test(argument) ? `${hidden}${argument}` : argument;
}

function showDash(argument: string): string {
  return argument.startsWith(hidden) ? argument.slice(hidden.length) : argument;
}

function usageFault(error: unknown, command: Command, options: readonly string[]): string {
  const message = error instanceof Error ? error.message : String(error);
  const [, typed] = /Unknown option '--?([\w-]+)'/.exec(message) ?? [];
  if (typed === undefined)
    return (message.split(/\. |\n/, 1)[0] ?? message).replace(/\.$/, '') + '.';
  const meant = nearest(typed, options);
  const hint = meant === undefined ? '' : ` Did you mean --${meant}?`;
  return `${command.name} has no option --${typed}.${hint}`;
}

function unknownCommand(first: string, second: string): CommandFailure {
  const below = group(first);
  if (below.length > 0 && second === '') {
    const names = below.map(({ name }) => name.split(' ')[1]).join(', ');
    return new CommandFailure(`${first} what? One of ${names}.`, 2);
  }
  const typed = `${first} ${second}`.trim();
  const names = commands.map(({ name }) => name);
  const firsts = [...new Set(names.map((name) => name.split(' ', 1)[0] ?? name))];
  const meant = nearest(typed, names) ?? nearest(first, firsts);
  const hint = meant === undefined ? 'tweestap --help lists them.' : `Did you mean "${meant}"?`;
  return new CommandFailure(`There is no command "${typed}". ${hint}`, 2);
}

function group(first: string): readonly Command[] {
  return commands.filter(({ name }) => name.startsWith(`${first} `));
}

/** The commands whose first word is `of`; all of them where there are none. */
function overview(of: string): string {
  const below = group(of);
  const shown = below.length === 0 ? commands : below;
  const width = Math.max(0, ...shown.map(({ name }) => name.length));
  const lines = shown.map(({ name, does }) => `  ${name.padEnd(width)}  ${does}`);
  return [
    'tweestap <command> [options]',
    '',
    ...lines,
    '',
    'tweestap <command> --help tells more.',
    '',
  ].join('\n');
}

function helpOf(command: Command): string {
  const options = Object.entries<Option>({ ...command.options, ...commonOptions });
  const named = options.map(
    ([name, { value }]) => `--${name}${value === undefined ? '' : ` ${value}`}`,
  );
  const width = Math.min(34, Math.max(...named.map((name) => name.length)));
  return [
    usageOf(command),
    '',
    command.does,
    ...(command.more === undefined ? [] : [command.more]),
    '',
    ...options.map(([, { does }], index) => `  ${(named[index] ?? '').padEnd(width)}  ${does}`),
    '',
  ].join('\n');
}

function usageOf(command: Command): string {
  const names = (command.arguments ?? []).map(({ name, optional }) =>
    optional === true ? `[${name}]` : name,
  );
  return ['tweestap', command.name, ...names, '[options]'].join(' ');
}

/** One line for whoever asked; a bug brings its stack, since somebody has to find it. */
function reasonOf(error: unknown): string {
  if (error instanceof CommandFailure || error instanceof KeyFileError) return error.message;
  if (error instanceof TweestapError) {
    const { reason, faults } = error.details;
    const told = Array.isArray(faults) ? faults.join('; ') : reason;
    return `${error.message}${typeof told === 'string' ? ` ${told}` : causeOf(error)}`;
  }
  if (error instanceof Error && 'syscall' in error) return fileFault(error) ?? error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** What is wrong with the file that somebody named; undefined where it is something else that failed. */
function fileFault(error: Error & { readonly code?: unknown; readonly path?: unknown }) {
  if (error.code === 'EISDIR') return 'That is a folder; name a file.';
  if (typeof error.path !== 'string') return undefined;
  switch (error.code) {
    case 'ENOENT':
      return existsSync(dirname(error.path))
        ? `There is no file ${error.path}.`
        : `There is no folder ${dirname(error.path)}.`;
    case 'EACCES':
      return `This account of the machine may not open ${error.path}.`;
    default:
      return undefined;
  }
}

function causeOf(error: TweestapError): string {
  return error.cause instanceof Error ? ` ${error.cause.message}` : '';
}

function processIo(): Io {
  return {
    input: process.stdin,
    output: process.stdout,
    error: process.stderr,
    environment: processEnvironment(),
    asked: () =>
      new Promise((resolve) => {
        // systemd tells every process of a service, and npm and our launcher pass on what they hear.
        process.on('SIGTERM', resolve);
        let askedAt: number | undefined;
        process.on('SIGINT', () => {
          // One Ctrl-C may come twice, by the terminal and by npm. Another one, later, means: now.
          if (askedAt !== undefined && performance.now() - askedAt > sameMilliseconds) {
            process.exit(130);
          }
          askedAt ??= performance.now();
          resolve();
        });
      }),
  };
}

const sameMilliseconds = 300;
