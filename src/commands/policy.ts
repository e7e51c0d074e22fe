/** Owns `tweestap policy …`: what the organisation decides, read and written from the command line. */
import { parse, stringify } from 'yaml';

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
      if (found === undefined)
        throw new CommandFailure(`The policy says nothing of ${path.join('.')}.`);
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
];

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
