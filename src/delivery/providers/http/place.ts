/** Owns finding what the operator pointed at: a place in JSON, or a field of a form. */

/** What stands at `messages.0.id`; undefined where nothing does. A field of that whole name goes first. */
export function placeIn(value: unknown, place: string): unknown {
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, place)) {
    return Reflect.get(value, place);
  }
  let found = value;
  for (const key of place.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = Reflect.get(found, key);
  }
  return found;
}

/** What stands there as text: gateways write numbers as texts, and texts as numbers. */
export function textIn(value: unknown, place: string): string | undefined {
  const found = placeIn(value, place);
  return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean'
    ? String(found)
    : undefined;
}
