/**
 * Owns how a record of ours becomes text and a record again. JSON knows no dates: they travel as
 * ISO 8601 and are known again by the name of their field, which by the rule of the house is `at`
 * or ends in `At`. What belongs to others (`state`, `secret`, `payload`) stays as it is: plain JSON.
 */

export function toJson(value: unknown): string {
  return JSON.stringify(value);
}

/**
 * Reads what `toJson` wrote. The type is taken on trust, so give only text that this program wrote
 * into a column of its own.
 */
export function fromJson<value>(text: string): value {
  const parsed: value = JSON.parse(text);
  reviveDates(parsed);
  return parsed;
}

/** Reads text without dates in it. */
export function fromPlainJson<value>(text: string): value {
  const parsed: value = JSON.parse(text);
  return parsed;
}

const foreign: ReadonlySet<string> = new Set(['state', 'secret', 'payload']);

function reviveDates(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) reviveDates(item);
    return;
  }
  for (const name of Object.keys(value)) {
    const item: unknown = Reflect.get(value, name);
    if (typeof item === 'string') {
      if (name === 'at' || name.endsWith('At')) Reflect.set(value, name, new Date(item));
    } else if (!foreign.has(name)) {
      reviveDates(item);
    }
  }
}
