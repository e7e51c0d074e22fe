/**
 * `npm run docs`: writes docs/configuration.md from the schemas of the settings and the policy,
 * docs/errors.md from the catalogue of faults and docs/api-operations.md from the operations of the
 * API. With `--check` it writes nothing and fails where a
 * file is not what it would write.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { z } from 'zod';

import { mayAct } from '../src/accounts/administering.ts';
import { roles } from '../src/accounts/user.ts';
import { configVariable, settingsSchema } from '../src/config.ts';
import { errorText } from '../src/errors/error-text.ts';
import { errors, type ErrorCode, type Fault } from '../src/errors/errors.ts';
import { settingsOf, type Setting } from '../src/lib/settings/setting.ts';
import { methods } from '../src/methods/registry.ts';
import { policySchema } from '../src/policies/policy-schema.ts';
import { operations } from '../src/protocols/graph/operations.ts';
import { roots } from '../src/protocols/graph/roots.ts';

const folder = fileURLToPath(new URL('../docs/', import.meta.url));
const generated =
  '<!-- Written by `npm run docs`. Change the schemas or the catalogue instead. -->';

const pages: Readonly<Record<string, string>> = {
  'configuration.md': configurationPage(),
  'errors.md': errorsPage(),
  'api-operations.md': apiPage(),
};

process.exitCode = process.argv.includes('--check') ? check() : write();

function write(): number {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(pages)) writeFileSync(folder + name, text);
  return 0;
}

function check(): number {
  const stale = Object.entries(pages)
    .filter(([name, text]) => readPage(name) !== text)
    .map(([name]) => `docs/${name}`);
  if (stale.length === 0) return 0;
  console.error(`${stale.join(' and ')} differ from the code: npm run docs`);
  return 1;
}

function readPage(name: string): string | undefined {
  try {
    return readFileSync(folder + name, 'utf8');
  } catch {
    return undefined;
  }
}

function configurationPage(): string {
  return [
    generated,
    '',
    '# Configuration',
    '',
    'There are two sorts. *Operator settings* say where things are: addresses, keys, providers. They stand in a file and in variables, and are read at the start. *Policy* says what the organisation decides: which methods, for whom, how strict. It stands in the database, is changed while the service runs, and every change is audited.',
    '',
    '## Operator settings',
    '',
    `A YAML file, named by \`--config\` or by \`${configVariable}\`, and environment variables; the environment wins. A secret can also be given as \`…_FILE\`, the path of a file that holds it. All faults are told at once; \`tweestap check\` tells them without starting.`,
    '',
    ...settingsTable(settingsSchema('service'), true),
    '',
    'A group under `delivery` is left out where it is not used; what is required in it is required once any of it is set.',
    '',
    'With `start --sample` the public address is `http://localhost:<port>` unless set, the simulator is on, and everything stays on this machine.',
    '',
    '## Policy',
    '',
    '`tweestap policy show` shows it; `tweestap policy set appPasswords.allowed true` changes one value.',
    '',
    ...settingsTable(policySchema, false),
    '',
    '### Settings of the methods',
    '',
    'Under `methods.<method>.settings`.',
    '',
    ...methods.flatMap((method) => {
      const own = settingsTable(method.settings, false);
      return [`#### ${method.id}`, '', ...(own.length > 2 ? own : ['Nothing to set.']), ''];
    }),
  ].join('\n');
}

function settingsTable(schema: z.ZodType, hasVariables: boolean): readonly string[] {
  const heading = hasVariables
    ? ['| setting | variable | takes | default | meaning |', '| --- | --- | --- | --- | --- |']
    : ['| setting | takes | default | meaning |', '| --- | --- | --- | --- |'];
  const named = settingsOf(schema).filter(({ path }) => path.length > 0);
  const rows = named.map((setting) => {
    const cells = [
      code(setting.path.join('.')),
      ...(hasVariables ? [variableOf(setting)] : []),
      code(setting.takes),
      defaultOf(setting),
      setting.description ?? '',
    ];
    return `| ${cells.map(cell).join(' | ')} |`;
  });
  return [...heading, ...rows];
}

function variableOf({ env, secret }: Setting): string {
  if (env === undefined) return '–';
  return secret ? `${code(env)}, ${code(`${env}_FILE`)}` : code(env);
}

function defaultOf(setting: Setting): string {
  if (setting.default !== undefined) return code(JSON.stringify(setting.default));
  return setting.optional ? '–' : '**required**';
}

function errorsPage(): string {
  return [
    generated,
    '',
    '# Errors',
    '',
    'Every fault has a code. The log names the code with its cause; a person reads the words beside it, and a reference that stands in the log line of the request as `requestId`. Where people read nothing of their own, they read the words of `INTERNAL`.',
    '',
    '| code | HTTP | for whoever reads the log | what a person reads |',
    '| --- | --- | --- | --- |',
    ...codes().map((name) => {
      const { status, message, expose }: Fault = errors[name];
      const text = errorText(name, 'en');
      const told = expose ? `**${text.title}.** ${text.happened} ${text.now}` : '–';
      return `| ${[code(name), String(status), message, told].map(cell).join(' | ')} |`;
    }),
    '',
  ].join('\n');
}

function apiPage(): string {
  const rows = operations.map((operation) => {
    const { method, path, act, does, own } = operation;
    const address = code(`${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    const places = operation.roots.map((root) => code(roots[root]));
    const people = act === undefined ? [] : roles.filter((role) => mayAct(role, act));
    const everybody = operation.about === 'own' ? 'everybody' : 'everybody at `/me`';
    const who = [...people, ...(own === undefined ? [] : [everybody])];
    return `| ${[address, places.join(' '), does, who.join(', ')].map(cell).join(' | ')} |`;
  });
  return [
    generated,
    '',
    '# Operations of the API',
    '',
    'What each does, under which roots it is found, and which roles do it, to accounts within their reach. How to begin: [api.md](api.md). The documents that a running server gives, `/v1.0/openapi.json`, `/beta/openapi.json` and `/tweestap/v1/openapi.json`, say what is sent and answered.',
    '',
    '| operation | below | does | for |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function codes(): readonly ErrorCode[] {
  return Object.keys(errors).filter((name): name is ErrorCode => name in errors);
}

function code(text: string): string {
  return `\`${text}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
