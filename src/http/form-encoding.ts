/**
 * Owns reading `application/x-www-form-urlencoded`, in bodies and in addresses (WHATWG URL §5.1), and
 * is stricter than the standard: what an honest form never sends is refused, not repaired.
 */

/** What was sent, by name. Without a prototype, so that no name means anything by itself. */
export type Fields = Readonly<Record<string, string>>;

const mostFields = 200;
const longestName = 100;
const inheritedNames = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * The fields of an encoded text, or undefined where it is malformed: a name twice, a name that
 * objects inherit, a broken percent sign, bytes that are not UTF-8, a NUL, more than 200 fields.
 */
export function parseFields(encoded: string): Fields | undefined {
  const fields: Record<string, string> = Object.create(null);
  const pairs = encoded.split('&', mostFields + 1);
  if (pairs.length > mostFields) return undefined;
  for (const pair of pairs) {
    // Between two ampersands there is none.
    if (pair === '') continue;
    const split = pair.indexOf('=');
    const name = decode(split < 0 ? pair : pair.slice(0, split));
    const value = split < 0 ? '' : decode(pair.slice(split + 1));
    if (name === undefined || value === undefined) return undefined;
    if (!isFieldName(name) || name in fields) return undefined;
    fields[name] = value;
  }
  return fields;
}

/** Whether a field may be called so: by a name that is there, is short, and means nothing by itself. */
export function isFieldName(name: string): boolean {
  return name !== '' && name.length <= longestName && !inheritedNames.has(name);
}

/** Undefined for what no database and no page could hold. */
function decode(text: string): string | undefined {
  try {
    const decoded = decodeURIComponent(text.replaceAll('+', ' '));
    return decoded.includes('\0') ? undefined : decoded;
  } catch {
    return undefined;
  }
}
