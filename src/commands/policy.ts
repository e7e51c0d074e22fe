/** Owns `tweestap policy …`: what the organisation decides, read and written from the command line. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

import { Document, parse, stringify } from 'yaml';

import { didYouMean } from '../lib/nearest.ts';
import { actor, CommandFailure, jsonOption, type Call, type Command } from './command.ts';

export const policyCommands: readonly Command[] = [
  {
    name: 'policy show',
    does: 'Shows the policy, or one part of it.',
    arguments: [{ name: 'PATH', optional: true }],
    options: jsonOption,
    run: async (call) => {
      const { policies } = await call.installation();
      const path = call.has('PATH') ? pathOf(call.argument('PATH')) : [];
      const found = at(await policies.current(), path);
      if (found === undefined) {
        const all = pathsIn(await policies.current());
        const name = path.join('.');
        throw new CommandFailure(`The policy says nothing of ${name}.${didYouMean(name, all)}`);
      }
      if (call.flag('json')) call.json(found);
      else call.say(stringify(found).trimEnd());
    },
  },
  {
    name: 'policy set',
    does: 'Sets one value of the policy.',
    more: [
      'VALUE is read as YAML: true, 14, [NL, BE], text; null takes the value away, so that its default holds.',
      'For instance: tweestap policy set methods.phone-call.enabled false',
      '              tweestap policy set appPasswords.allowed true',
    ].join('\n'),
    arguments: [{ name: 'PATH' }, { name: 'VALUE' }],
    run: setPolicy,
  },
  {
    name: 'policy export',
    does: 'Writes the whole policy as YAML, for "policy apply".',
    more: 'To FILE, or to the standard output without one. Every setting stands in it, also those that have their default.',
    arguments: [{ name: 'FILE', optional: true }],
    options: {
      force: { takes: 'nothing', does: 'Replaces FILE where it is something else than a policy.' },
    },
    run: exportPolicy,
  },
  {
    name: 'policy apply',
    does: 'Makes the policy what a file says, and says what that changes.',
    more: [
      'FILE is YAML as "policy export" writes it; - reads it from the standard input.',
      'What it does not say has its default afterwards. It is all done or, where anything is wrong with it, nothing.',
    ].join('\n'),
    arguments: [{ name: 'FILE' }],
    options: {
      'dry-run': { takes: 'nothing', does: 'Only says what would change.' },
      ...jsonOption,
    },
    run: applyPolicy,
  },
];

/** What stands above an exported policy. */
const exportHeading = ` The policy of this Tweestap: "tweestap policy apply FILE" makes it so again.
 What each setting means: docs/configuration.md. What is left out has its default.`;

async function exportPolicy(call: Call): Promise<void> {
  const { policies } = await call.installation();
  const document = new Document(await policies.current());
  document.commentBefore = exportHeading;
  const text = document.toString({ lineWidth: 0 });
  if (!call.has('FILE') || call.argument('FILE') === standardStream) {
    call.say(text.trimEnd());
    return;
  }
  const file = call.argument('FILE');
  if (!call.flag('force')) await requireNothingElse(file);
  await writeFile(file, text);
  call.warn(`The policy is in ${file}.`);
}

/** A policy that was exported before may be replaced; a file that was named by mistake is kept. */
async function requireNothingElse(file: string): Promise<void> {
  if (!existsSync(file)) return;
  const text = await readFile(file, 'utf8');
  if (text.trim() === '' || isRecord(readYaml(text)?.['organisation'])) return;
  throw new CommandFailure(`${file} is there, and no policy. --force replaces it.`);
}

function readYaml(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const read: unknown = parse(text);
    return isRecord(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

async function applyPolicy(call: Call): Promise<void> {
  const file = call.argument('FILE');
  const document = documentOf(
    await (file === standardStream ? text(call.io.input) : readFile(file, 'utf8')),
  );
  const { governing } = await call.installation();
  const isRehearsal = call.flag('dry-run');
  const changes = await (isRehearsal
    ? governing.rehearseChange(actor, () => document)
    : governing.changePolicy(actor, () => document));
  if (call.flag('json')) {
    call.json(changes.map(({ path, from = null, to = null }) => ({ path, from, to })));
    return;
  }
  for (const { path, from, to } of changes) call.say(`${path}: ${shown(from)} -> ${shown(to)}`);
  const count = changes.length === 1 ? '1 setting' : `${changes.length} settings`;
  if (changes.length === 0) call.say('Nothing is different.');
  else call.say(isRehearsal ? `${count} would change.` : `${count} changed.`);
}

/** `-` in place of a file. */
const standardStream = '-';

/** Reads a policy; a file that was emptied by mistake does not take everything back to its default. */
function documentOf(yaml: string): object {
  let read: unknown;
  try {
    read = parse(yaml);
  } catch (error) {
    throw new CommandFailure(`This is no YAML: ${error instanceof Error ? error.message : ''}`);
  }
  if (isRecord(read)) return read;
  throw new CommandFailure('There is no policy in it. {} stands for one with every default.');
}

/** A value on one line; long ones (a picture) by how they begin. */
function shown(value: unknown): string {
  if (value === undefined) return '(not set)';
  const line = JSON.stringify(value);
  return line.length > longestShown ? `${line.slice(0, longestShown)}…` : line;
}

const longestShown = 200;

async function setPolicy(call: Call): Promise<void> {
  const path = pathOf(call.argument('PATH'));
  const value = valueOf(call.argument('VALUE'));
  const { governing } = await call.installation();
  await governing.changePolicy(actor, (policy) => put(policy, path, value));
  call.say(`${path.join('.')} is set.`);
}

function pathOf(text: string): readonly string[] {
  const path = text.split('.');
  if (path.some((key) => !/^[A-Za-z][\w-]*$/.test(key) || key === 'constructor')) {
    throw new CommandFailure(`${text} is not a path such as appPasswords.allowed.`, 2);
  }
  return path;
}

function valueOf(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return text;
  }
}

function at(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return value;
  return isRecord(value) && Object.hasOwn(value, key) ? at(value[key], rest) : undefined;
}

/** Every path of a policy, of groups as well. */
function pathsIn(value: unknown, before = ''): readonly string[] {
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, below]) => [
    `${before}${key}`,
    ...pathsIn(below, `${before}${key}.`),
  ]);
}

/** A copy with one value replaced, or removed where it is null. */
function put(value: unknown, [key, ...rest]: readonly string[], leaf: unknown): unknown {
  if (key === undefined) return leaf;
  const { [key]: below, ...others } = isRecord(value) ? value : {};
  const placed = put(below, rest, leaf);
  return placed === null ? others : { ...others, [key]: placed };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
