/**
 * Whoever is called in tests: when they press which keys and hang up, in a time of the call's own that is
 * told to whoever wants to move a clock with it.
 */

/** Keys, and when whoever is called presses them. */
export type Pressing =
  /** So many seconds after picking up. */
  | { readonly keys: string; readonly at: number }
  /** Each time something like this has been said to its end, after a second. */
  | { readonly keys: string; readonly after: RegExp; readonly isOnce?: true }
  /** While something like this is being said. */
  | { readonly keys: string; readonly during: RegExp }
  /** A machine that plays the same tone for ever. */
  | { readonly keys: string; readonly every: number };

/** Who is called. */
export interface Callee {
  /** A person unless told. A machine is told from a person only where that was asked for. */
  readonly picksUp?: 'person' | 'machine' | 'nobody' | 'busy' | 'unreachable';
  readonly presses?: readonly Pressing[];
  /** Puts the receiver down once this has been said. */
  readonly hangsUpAfter?: RegExp;
}

/** What happened, as one would tell it. */
export interface CallStory {
  readonly status: 'completed' | 'busy' | 'no-answer' | 'failed';
  readonly answeredBy: string | undefined;
  /** What was dialled after the answer. */
  readonly dialled: string;
  /** What was said; what a key cut short is marked with `…`, and a sound is told by its address. */
  readonly spoken: readonly string[];
  readonly languages: readonly string[];
  readonly seconds: number;
  readonly endedBy: 'us' | 'them' | 'time' | 'nobody';
}

export const roundTripSeconds = 0.2;
export const detectionSeconds = 3;
const secondsPerWord = 0.35;
const soundSeconds = 4;
const ringingSeconds = 4;

/** Thrown where a call is over. */
export class Over extends Error {
  readonly by: CallStory['endedBy'];
  constructor(by: CallStory['endedBy']) {
    super(by);
    this.by = by;
  }
}

/** A key, and when it is pressed. */
interface Pressed {
  readonly at: number;
  readonly key: string;
}

/** The line of a call: its time, and the keys on it. */
export interface Line {
  readonly now: () => number;
  /** Lets time pass; ends the call where it lasts too long. */
  readonly goOn: (seconds: number) => Promise<void>;
  /** Rings, and has somebody pick up. */
  readonly pickUp: () => Promise<void>;
  /** Whether a key comes within so many seconds. */
  readonly isPressedWithin: (seconds: number) => boolean;
  /** Waits for the next key, so many seconds at the most, and takes it: each is pressed once. */
  readonly take: (withinSeconds: number) => Promise<string | undefined>;
  /**
   * Says something, or plays the sound at an address. Where keys are heard meanwhile, the first cuts it
   * off: resolves to whether one did. The key waits to be taken.
   */
  readonly say: (
    what: string,
    options: { readonly isSound?: boolean; readonly hearsKeys: boolean },
  ) => Promise<boolean>;
  readonly spoken: string[];
}

/** Opens the line to somebody. */
export function openLine(
  { presses = [], hangsUpAfter }: Callee,
  passes: (seconds: number) => void | Promise<void>,
  mostSeconds: number,
): Line {
  const spoken: string[] = [];
  const done = new Set<Pressing>();
  let now = 0;
  let keys: readonly Pressed[] = [];

  const willPress = (pressed: string, at: number): void => {
    keys = [...keys, ...[...pressed].map((key, index) => ({ at: at + index * 0.3, key }))].toSorted(
      (one, other) => one.at - other.at,
    );
  };
  /** The next key, and no later than `until`. */
  const nextKey = (until: number): Pressed | undefined => {
    const repeated = presses.flatMap((pressing) => {
      if (!('every' in pressing)) return [];
      const at = Math.ceil((now + 1e-9) / pressing.every) * pressing.every;
      return [{ at, key: pressing.keys }];
    });
    return [...keys.filter(({ at }) => at >= now), ...repeated]
      .toSorted((one, other) => one.at - other.at)
      .find(({ at }) => at < until);
  };
  const goOn = async (seconds: number): Promise<void> => {
    now += seconds;
    await passes(seconds);
    if (now > mostSeconds) throw new Over('time');
  };

  return {
    now: () => now,
    goOn,
    pickUp: async () => {
      await passes(ringingSeconds);
      for (const pressing of presses) if ('at' in pressing) willPress(pressing.keys, pressing.at);
    },
    isPressedWithin: (seconds) => nextKey(now + seconds) !== undefined,
    take: async (withinSeconds) => {
      const pressed = nextKey(now + withinSeconds);
      if (pressed === undefined) return undefined;
      keys = keys.filter((key) => key !== pressed);
      await goOn(pressed.at - now + 1e-6);
      return pressed.key;
    },
    say: async (what, { isSound = false, hearsKeys }) => {
      const seconds = isSound ? soundSeconds : what.split(/\s+/).length * secondsPerWord;
      for (const pressing of presses) {
        if ('during' in pressing && pressing.during.test(what)) willPress(pressing.keys, now + 0.5);
      }
      if (hearsKeys && nextKey(now + seconds) !== undefined) {
        spoken.push(`${what.split(/\s+/)[0] ?? ''}…`);
        return true;
      }
      await goOn(seconds);
      spoken.push(what);
      for (const pressing of presses) {
        if (!('after' in pressing) || !pressing.after.test(what) || done.has(pressing)) continue;
        willPress(pressing.keys, now + 1);
        if (pressing.isOnce === true) done.add(pressing);
      }
      if (hangsUpAfter?.test(what) === true) throw new Over('them');
      return false;
    },
    spoken,
  };
}
