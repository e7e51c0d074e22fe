/**
 * Owns changing the policy by PATCH. What is sent may be all that GET tells: what is the same is left as
 * it is, what can be set here is set, and anything else is refused by its name.
 */
import { isDeepStrictEqual } from 'node:util';

import { TweestapError } from '../../../errors/errors.ts';
import type { Policy } from '../../../policies/policy.ts';
import type { Call, Entity } from '../operation.ts';

/**
 * Applies a change to the newest policy. A `string` in place of a policy is why it cannot be: it is told
 * to the caller, and nothing has changed.
 */
export async function changePolicy(
  { parts, by }: Call,
  edit: (policy: Policy) => Policy | string,
): Promise<void> {
  await parts.governing.changePolicy(by, (policy) => {
    const changed = edit(policy);
    if (typeof changed === 'string') throw faulty(changed);
    return changed;
  });
}

/** What of a body is not so yet, by the names of its properties. */
export function differing<body extends Entity>(asked: body, shown: Entity): Partial<body> {
  const kept = { ...asked };
  for (const name of Object.keys(asked)) {
    if (isDeepStrictEqual(asked[name], shown[name])) Reflect.deleteProperty(kept, name);
  }
  return kept;
}

/** Why properties are refused that nothing here stands behind; undefined where there are none. */
export function unsettable(names: readonly string[]): string | undefined {
  return names.length === 0
    ? undefined
    : `${names.map((name) => `'${name}'`).join(', ')} cannot be changed here.`;
}

function faulty(fault: string): TweestapError {
  return new TweestapError('CONFIGURATION_FAULTY', { details: { faults: [fault] } });
}
