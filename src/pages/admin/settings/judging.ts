/** Owns judging what was sent: what the policy would be then, and what is wrong at which field. */
import type { Methods } from '../../../methods/method.ts';
import { policySchema } from '../../../policies/policy-schema.ts';
import { settingsOf, type Policy } from '../../../policies/policy.ts';
import type { SettingField } from './fields.ts';
import { isSame, readSent, valueAt, withValues, type Sent, type SettingFault } from './sent.ts';

export type Judged =
  | {
      readonly kind: 'right';
      readonly policy: Policy;
      /** Only what is different now, by path. */
      readonly values: ReadonlyMap<string, unknown>;
    }
  | { readonly kind: 'wrong'; readonly faults: readonly SettingFault[] };

/** Judges a form by the schema of the policy and those of the methods. Only what changed is put into the policy. */
export function judge(
  before: Policy,
  fields: readonly SettingField[],
  sent: Sent,
  methods: Methods,
): Judged {
  const { values, faults } = readSent(fields, sent);
  const changed = new Map(
    fields
      .filter(({ path }) => values.has(path))
      .filter((field) => !isSame(field, values.get(field.path), effective(before, field)))
      .map(({ path }) => [path, values.get(path)]),
  );
  const parsed = policySchema.safeParse(withValues(before, changed));
  if (!parsed.success)
    return { kind: 'wrong', faults: [...faults, ...faultsAt(parsed.error.issues, fields)] };
  const ofMethods = methodsIn(fields).flatMap((id) => {
    const method = methods.get(id);
    const judged = method?.settings.safeParse(settingsOf(parsed.data, method));
    if (judged === undefined || judged.success) return [];
    const issues = judged.error.issues.map((issue) => ({
      ...issue,
      path: ['methods', id, 'settings', ...issue.path],
    }));
    return faultsAt(issues, fields);
  });
  const all = [...faults, ...ofMethods];
  return all.length > 0
    ? { kind: 'wrong', faults: all }
    : { kind: 'right', policy: parsed.data, values: changed };
}

/** The value that is in force: what was set, else what holds where nothing is. */
export function effective(policy: Policy, { path, fallback }: SettingField): unknown {
  return valueAt(policy, path) ?? fallback;
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly code?: string | undefined;
  readonly origin?: string | undefined;
}

/** Each issue at the setting it is about, once; in a list, with the lines that are wrong. */
function faultsAt(
  issues: readonly Issue[],
  fields: readonly SettingField[],
): readonly SettingFault[] {
  const found = new Map<string, SettingFault>();
  for (const issue of issues) {
    const path = issue.path.map(String);
    const field = fields.find(
      (each) => each.path === path.slice(0, each.path.split('.').length).join('.'),
    );
    const at = field?.path ?? path.join('.');
    const line = field === undefined ? undefined : path[field.path.split('.').length];
    const lines = line === undefined ? undefined : [Number(line) + 1];
    const before = found.get(at);
    if (before === undefined) {
      found.set(at, { path: at, reason: reasonOf(issue, lines), lines });
    } else if (lines !== undefined && before.lines !== undefined) {
      found.set(at, { ...before, lines: [...before.lines, ...lines] });
    }
  }
  return [...found.values()];
}

function reasonOf(
  { code, origin }: Issue,
  lines: readonly number[] | undefined,
): SettingFault['reason'] {
  if (lines !== undefined) return 'lines';
  if (code === 'too_big')
    return origin === 'array' ? 'many' : origin === 'string' ? 'long' : 'refused';
  return code === 'too_small' && origin === 'string' ? 'empty' : 'refused';
}

function methodsIn(fields: readonly SettingField[]): readonly string[] {
  const ids = fields.flatMap(({ path }) => /^methods\.([^.]+)\.settings\./.exec(path)?.[1] ?? []);
  return [...new Set(ids)];
}
