/** Owns remembering the newest of what was worked out, so many and no more. */

export interface Recent<value> {
  get(key: string): value | undefined;
  /** Remembers; whatever was remembered longest ago is forgotten where there are too many. */
  set(key: string, value: value): void;
  delete(key: string): void;
}

/** Makes a memory for `most` values. */
export function createRecent<value>(most: number): Recent<value> {
  const kept = new Map<string, value>();
  return {
    get: (key) => kept.get(key),
    set: (key, value) => {
      // Behind all others, also where it was there before.
      kept.delete(key);
      kept.set(key, value);
      if (kept.size <= most) return;
      for (const oldest of kept.keys()) {
        kept.delete(oldest);
        return;
      }
    },
    delete: (key) => kept.delete(key),
  };
}
