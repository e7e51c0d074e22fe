/**
 * Owns what a command of the command line is: its name, what it takes, what it does. `main.ts` finds
 * it, reads its arguments, and turns whatever it throws into one line and an exit code.
 */
import type { Mode, Settings } from '../config.ts';
import type { Environment, SettingsFault } from '../lib/settings/settings.ts';
import type { Installation } from '../installation/installation.ts';

/** Where a command reads and writes; a test brings its own. */
export interface Io {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly error: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly environment: Environment;
  /** Resolves when the program is asked to end (Ctrl-C, SIGTERM). */
  readonly asked: () => Promise<void>;
}

export interface Option {
  readonly takes: 'nothing' | 'a value' | 'values';
  /** How the value is called in the help: `NAME`. */
  readonly value?: string;
  readonly does: string;
}

export interface Argument {
  /** In capitals: `USER`. */
  readonly name: string;
  readonly optional?: boolean;
}

export interface Command {
  /** One word or two: `user add`. */
  readonly name: string;
  readonly does: string;
  /** Further lines for `--help`. */
  readonly more?: string;
  readonly arguments?: readonly Argument[];
  readonly options?: Readonly<Record<string, Option>>;
  readonly run: (call: Call) => Promise<void>;
}

/** One call of a command, with its arguments read. */
export interface Call {
  readonly io: Io;
  /** The argument of this name; throws for an optional one that is absent: ask `has` first. */
  readonly argument: (name: string) => string;
  readonly has: (name: string) => boolean;
  readonly flag: (option: string) => boolean;
  readonly text: (option: string) => string | undefined;
  readonly texts: (option: string) => readonly string[];
  /** The settings; throws a failure with every fault. */
  readonly settings: (mode: Mode) => Settings;
  /** Opens the installation; it is closed after the command. */
  readonly installation: () => Promise<Installation>;
  /** Writes a line to those who watch, not to those who read the result. */
  readonly warn: (line: string) => void;
  /** Writes a line. */
  readonly say: (line?: string) => void;
  /** Writes a value as JSON. */
  readonly json: (value: unknown) => void;
}

/** A reason why a command did not do what was asked; ends the program with 1, or 2 for wrong usage. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly exitCode: 1 | 2;

  constructor(reason: string, exitCode: 1 | 2 = 1) {
    super(reason);
    this.exitCode = exitCode;
  }
}

/** Faults of the settings, as a reason: each with its path, on a line of its own. */
export function settingsFailure(faults: readonly SettingsFault[]): CommandFailure {
  const lines = faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const heading =
    lines.length === 1 ? 'The settings have a fault.' : `The settings have ${lines.length} faults.`;
  return new CommandFailure([heading, ...lines].join('\n  '));
}

/** Who acts, in the audit log. */
export const actor = 'command-line';

/** `--json`, where something is listed or shown. */
export const jsonOption = {
  json: { takes: 'nothing', does: 'Writes JSON.' },
} as const satisfies Readonly<Record<string, Option>>;
