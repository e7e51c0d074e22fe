/** Owns what is different between two policies: for the audit log, and for whoever is about to save. */
import { isDeepStrictEqual } from 'node:util';

/** One setting that is different; undefined where it was not, or is not any more, said. */
export interface PolicyChange {
  /** With dots: `methods.text-message.enabled`. */
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** Every setting that is different, in the order of the policy. A list is one setting. */
export function changesBetween(
  before: unknown,
  after: unknown,
  path: readonly string[] = [],
): readonly PolicyChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  const [from, to] = [groupOf(before), groupOf(after)];
  if (from === undefined && to === undefined) {
    return [{ path: path.join('.'), from: before, to: after }];
  }
  const keys = new Set([...Object.keys(from ?? {}), ...Object.keys(to ?? {})]);
  return [...keys].flatMap((key) => changesBetween(from?.[key], to?.[key], [...path, key]));
}

/** A group of settings; undefined for a setting, and for what is not there. */
function groupOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return isRecord(value) ? value : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
