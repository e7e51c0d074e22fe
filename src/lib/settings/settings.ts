/**
 * Owns the reading of an operator's settings: a YAML file, over it the environment, checked by a zod
 * schema that says everything about each setting. All faults are told at once, each with its path.
 * The only place that looks at the process' environment.
 */
import { readFileSync, statSync } from 'node:fs';

import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';

import { didYouMean } from '../nearest.ts';
import { plainWords } from './plain-words.ts';
import { isMapping, requiredGroups, settingsOf, unknownKeys, type Setting } from './setting.ts';

/** Names to values, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface LoadOptions {
  /** The YAML file; without it only the environment counts. One that is not there is a fault. */
  readonly file?: string | undefined;
  /** Default: the environment of the process. */
  readonly environment?: Environment;
  /** Variables that mean something to the caller and are no settings, such as the file's name. */
  readonly alsoKnown?: readonly string[];
}

export interface SettingsFault {
  /** Where: `http.port`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong, never with the value of a secret in it. */
  readonly message: string;
}

/** What was read: the settings, or everything that is wrong with them. Warnings stop nobody. */
export type Loaded<settings> =
  | {
      readonly settings: settings;
      readonly faults: readonly [];
      readonly warnings: readonly SettingsFault[];
    }
  | {
      readonly settings: undefined;
      readonly faults: readonly SettingsFault[];
      readonly warnings: readonly SettingsFault[];
    };

/**
 * Reads the settings of a schema. A setting noted with `.meta({ env: 'NAME' })` can be given by that
 * variable, which wins over the file (an empty one counts as absent); one noted `secret: true` also by
 * `NAME_FILE`, the path of a file that holds it. Variables are text: numbers, `true`/`false`,
 * comma-separated lists and YAML mappings are read as the setting needs them. The settings come back
 * frozen.
 */
export function load<schema extends z.ZodType>(
  schema: schema,
  { file, environment = processEnvironment(), alsoKnown = [] }: LoadOptions = {},
): Loaded<z.output<schema>> {
  const settings = settingsOf(schema);
  const fromFile = file === undefined ? { tree: {}, faults: [], warnings: [] } : readYaml(file);
  const faults: SettingsFault[] = [...fromFile.faults];
  const warnings: SettingsFault[] = [...fromFile.warnings];
  const tree = fromFile.tree;

  const names = namesOf(settings);
  for (const path of unknownKeys(schema, tree)) {
    const name = path.join('.');
    faults.push({ path: name, message: `There is no such setting.${didYouMean(name, names)}` });
  }
  for (const path of requiredGroups(schema)) {
    if (at(tree, path) === undefined) put(tree, path, {});
  }
  for (const setting of settings) {
    const given = fromEnvironment(setting, environment);
    if (given === undefined) continue;
    if ('fault' in given) faults.push({ path: setting.path.join('.'), message: given.fault });
    else if (!put(tree, setting.path, given.value)) {
      faults.push({
        path: setting.path.join('.'),
        message: `${setting.env} cannot be set: the file has a value where a group should be.`,
      });
    }
  }
  for (const name of unknownVariables(settings, environment, alsoKnown)) {
    const variables = settings.flatMap(({ env }) => (env === undefined ? [] : [env]));
    const meant = didYouMean(name, variables);
    warnings.push({ path: name, message: `No setting is given by this variable.${meant}` });
  }
  for (const { path, attention } of settings) {
    if (attention !== undefined && at(tree, path) === undefined) {
      warnings.push({ path: path.join('.'), message: attention });
    }
  }

  const parsed = schema.safeParse(tree, { error: plainWords });
  if (!parsed.success) faults.push(...faultsOf(parsed.error, tree, settings, environment));
  const hide = withoutSecrets(tree, settings);
  const toldWarnings = warnings.map(hide);
  if (parsed.success && faults.length === 0) {
    return { settings: freeze(parsed.data), faults: [], warnings: toldWarnings };
  }
  return { settings: undefined, faults: faults.map(hide), warnings: toldWarnings };
}

/** A copy of the environment of this process. */
export function processEnvironment(): Environment {
  return { ...process.env };
}

type Tree = Record<string, unknown>;

interface FromFile {
  readonly tree: Tree;
  readonly faults: readonly SettingsFault[];
  readonly warnings: readonly SettingsFault[];
}

function readYaml(file: string): FromFile {
  const refuse = (message: string): FromFile => ({
    tree: {},
    faults: [{ path: '', message }],
    warnings: [],
  });
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return refuse(`${file} cannot be read (${codeOf(error)}).`);
  }
  // Its own messages quote the line they are about, and the line may hold a secret.
  const lines = new LineCounter();
  const document = parseDocument(text, { prettyErrors: false, lineCounter: lines });
  if (document.errors.length > 0) {
    const faults = document.errors.map(({ code, pos }) => {
      const { line, col } = lines.linePos(pos[0]);
      return { path: '', message: `${file}:${line}:${col} is not YAML (${code}).` };
    });
    return { tree: {}, faults, warnings: [] };
  }
  let value: unknown;
  try {
    // A few dozen aliases are convenience; a bomb of them is refused.
    value = document.toJS({ maxAliasCount: 100 });
  } catch {
    return refuse(`${file} refers to itself too often.`);
  }
  if (value === null || value === undefined) return { tree: {}, faults: [], warnings: [] };
  if (!isMapping(value)) return refuse(`${file} does not begin with names of settings.`);
  return { tree: value, faults: [], warnings: openToOthers(file) };
}

function openToOthers(file: string): readonly SettingsFault[] {
  const readableByAll = process.platform !== 'win32' && (statSync(file).mode & 0o004) !== 0;
  const message = `${file} can be read by every account of this machine; chmod 640 mends that.`;
  return readableByAll ? [{ path: '', message }] : [];
}

type Given = { readonly value: unknown } | { readonly fault: string };

function fromEnvironment(setting: Setting, environment: Environment): Given | undefined {
  const { env, secret } = setting;
  if (env === undefined) return undefined;
  const text = environment[env] ?? '';
  const file = secret ? (environment[`${env}_FILE`] ?? '') : '';
  if (text !== '' && file !== '') return { fault: `${env} and ${env}_FILE are both set.` };
  if (text !== '') return { value: fromText(setting.schema, text) };
  if (file === '') return undefined;
  try {
    // Editors and `echo` end a file with a line break that is not part of the secret.
    const content = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    if (content === '') return { fault: `The file named by ${env}_FILE is empty.` };
    return { value: fromText(setting.schema, content) };
  } catch (error) {
    return { fault: `The file named by ${env}_FILE cannot be read (${codeOf(error)}).` };
  }
}

const booleans = new Map([
  ['true', true],
  ['yes', true],
  ['on', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['off', false],
  ['0', false],
]);

// What cannot be read as the setting needs it stays text, and the schema says what is wrong with it.
function fromText(schema: unknown, text: string): unknown {
  if (schema instanceof z.ZodNumber) {
    const number = Number(text);
    return text.trim() === '' || Number.isNaN(number) ? text : number;
  }
  if (schema instanceof z.ZodBoolean) return booleans.get(text.trim().toLowerCase()) ?? text;
  if (schema instanceof z.ZodArray) {
    const items = text.trim().startsWith('[')
      ? yamlValue(text)
      : text.split(',').map((item) => item.trim());
    return Array.isArray(items) ? items.map((item) => readItem(schema, item)) : items;
  }
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return yamlValue(text);
  if (schema instanceof z.ZodUnion || schema instanceof z.ZodLiteral) {
    // `auto | 8080`: text first, since text is what was given.
    if (schema.safeParse(text).success) return text;
    const value = yamlValue(text);
    return schema.safeParse(value).success ? value : text;
  }
  return text;
}

function readItem(schema: z.ZodArray, item: unknown): unknown {
  return typeof item === 'string' ? fromText(schema.element, item) : item;
}

function yamlValue(text: string): unknown {
  const document = parseDocument(text, { prettyErrors: false });
  return document.errors.length > 0 ? text : document.toJS({ maxAliasCount: 0 });
}

/** The names of settings and of the groups in which they stand. */
function namesOf(settings: readonly Setting[]): readonly string[] {
  const names = settings.flatMap(({ path }) =>
    path.map((_, index) => path.slice(0, index + 1).join('.')),
  );
  return [...new Set(names)];
}

// A mistyped variable would otherwise be passed over in silence. Not a fault: Kubernetes sets
// variables of its own that begin with the name of a service.
function unknownVariables(
  settings: readonly Setting[],
  environment: Environment,
  alsoKnown: readonly string[],
): readonly string[] {
  const known = new Set(alsoKnown);
  const prefixes = new Set<string>();
  for (const { env, secret } of settings) {
    if (env === undefined) continue;
    known.add(env);
    if (secret) known.add(`${env}_FILE`);
    prefixes.add(env.slice(0, env.indexOf('_') + 1));
  }
  prefixes.delete('');
  return Object.keys(environment)
    .filter((name) => !known.has(name) && [...prefixes].some((prefix) => name.startsWith(prefix)))
    .toSorted();
}

function faultsOf(
  error: z.ZodError,
  tree: Tree,
  settings: readonly Setting[],
  environment: Environment,
): readonly SettingsFault[] {
  return error.issues.flatMap((issue): SettingsFault[] => {
    // Told already, for every kind of object.
    if (issue.code === 'unrecognized_keys') return [];
    const keys = issue.path.map(String);
    const path = keys.join('.');
    const setting = settings.find((one) => one.path.join('.') === path);
    const env = setting?.env;
    if (at(tree, keys) === undefined && issue.code !== 'custom') {
      return [{ path, message: `It is missing${env === undefined ? '' : ` (or set ${env})`}.` }];
    }
    const isFromEnvironment =
      env !== undefined &&
      ((environment[env] ?? '') !== '' || (environment[`${env}_FILE`] ?? '') !== '');
    return [{ path, message: isFromEnvironment ? `${issue.message} (${env})` : issue.message }];
  });
}

// An owner's own check may quote what it was given.
function withoutSecrets(
  tree: Tree,
  settings: readonly Setting[],
): (fault: SettingsFault) => SettingsFault {
  const secrets = settings
    .filter(({ secret }) => secret)
    .flatMap(({ path }) => valuesAt(tree, path))
    .map(String)
    .filter((text) => text !== '')
    .toSorted((one, other) => other.length - one.length);
  return ({ path, message }) => ({
    path,
    message: secrets.reduce((text, secret) => text.replaceAll(secret, '…'), message),
  });
}

function valuesAt(value: unknown, path: readonly string[]): readonly (string | number)[] {
  const [key, ...rest] = path;
  if (key === undefined)
    return typeof value === 'string' || typeof value === 'number' ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  const below: [string, unknown][] = Object.entries(value);
  return below
    .filter(([name]) => key === '*' || name === key)
    .flatMap(([, item]) => valuesAt(item, rest));
}

function at(tree: unknown, path: readonly string[]): unknown {
  let value = tree;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = new Map<string, unknown>(Object.entries(value)).get(key);
  }
  return value;
}

// False where the file has something else than a group on the way.
function put(tree: Tree, path: readonly string[], value: unknown): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return false;
  if (rest.length === 0) {
    tree[key] = value;
    return true;
  }
  const below = Object.hasOwn(tree, key) ? tree[key] : undefined;
  if (below === undefined || below === null) {
    const made: Tree = {};
    tree[key] = made;
    return put(made, rest, value);
  }
  return isMapping(below) && put(below, rest, value);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}

function freeze<value>(value: value): value {
  if (Array.isArray(value) || isMapping(value)) {
    Object.values(value).forEach((item: unknown) => freeze(item));
    Object.freeze(value);
  }
  return value;
}
