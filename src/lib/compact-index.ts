/**
 * Numbers that are found by texts, without the texts: a million of both take twenty megabytes. A text is
 * known by 64 bits of a keyed hash, so that nobody chooses two that are taken for one another.
 */
import { randomBytes } from 'node:crypto';

import { hmacUnder } from './hmac.ts';

export interface CompactIndex {
  /** Lets this number be found by this text, with all that were before; 0 to 2³²−1. */
  add(text: string, number: number): void;
  /** Every number of a text, each once, in no order. */
  of(text: string): readonly number[];
  /** How many were added. */
  readonly size: number;
}

/** Makes one with nothing in it. It grows as it is filled, and is never smaller again. */
export function createCompactIndex(): CompactIndex {
  const hashed = hmacUnder('sha256', randomBytes(32));
  let size = 0;
  let places = createPlaces(1_024);

  const hashOf = (text: string): readonly [high: number, low: number] => {
    const bytes = hashed(text);
    return [bytes.readUInt32LE(0), bytes.readUInt32LE(4)];
  };
  const grow = (): void => {
    const next = createPlaces(places.numbers.length * 2);
    for (const name of ['highs', 'lows', 'numbers'] as const) next[name].set(places[name]);
    for (let at = 0; at < size; at += 1) link(next, at);
    places = next;
  };

  return {
    add: (text, number) => {
      if (size === places.numbers.length) grow();
      const [high, low] = hashOf(text);
      places.highs[size] = high;
      places.lows[size] = low;
      places.numbers[size] = number;
      link(places, size);
      size += 1;
    },
    of: (text) => {
      const [high, low] = hashOf(text);
      const found = new Set<number>();
      let next = places.heads[low % places.heads.length] ?? 0;
      while (next !== 0) {
        const at = next - 1;
        const number = places.numbers[at];
        const isIt = places.highs[at] === high && places.lows[at] === low;
        if (isIt && number !== undefined) found.add(number);
        next = places.nexts[at] ?? 0;
      }
      return [...found];
    },
    get size() {
      return size;
    },
  };
}

/** A hash table with its chains in arrays; places are counted from 1, and 0 is none. */
interface Places {
  readonly heads: Uint32Array;
  readonly nexts: Uint32Array;
  readonly highs: Uint32Array;
  readonly lows: Uint32Array;
  readonly numbers: Uint32Array;
}

function createPlaces(length: number): Places {
  return {
    heads: new Uint32Array(length),
    nexts: new Uint32Array(length),
    highs: new Uint32Array(length),
    lows: new Uint32Array(length),
    numbers: new Uint32Array(length),
  };
}

function link({ heads, nexts, lows }: Places, at: number): void {
  const head = (lows[at] ?? 0) % heads.length;
  nexts[at] = heads[head] ?? 0;
  heads[head] = at + 1;
}
