/** Owns merging a change into a document (RFC 7396): what is null goes, what is not said stays. */

type Json = Readonly<Record<string, unknown>>;

/** Deeper than anything that is kept. */
const deepest = 12;

/** The document with the change in it; throws a `RangeError` where the change is deeper than anything kept. */
export function mergePatch(document: unknown, change: unknown, depth = 0): unknown {
  if (!isRecord(change)) return change;
  if (depth > deepest) throw new RangeError('The change is nested too deeply.');
  const kept = new Map(Object.entries(isRecord(document) ? document : {}));
  for (const [name, value] of Object.entries(change)) {
    if (value === null) kept.delete(name);
    else kept.set(name, mergePatch(kept.get(name), value, depth + 1));
  }
  return Object.fromEntries(kept);
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
