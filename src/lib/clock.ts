/** Tells the time. Handed in wherever time matters, so that a test can stand still. */
export interface Clock {
  /** The present moment; every call gives a `Date` of its own. */
  now(): Date;
}

/** A clock that somebody else moves: for tests and for the simulator. */
export interface SettableClock extends Clock {
  /** Moves by this many seconds (fractions and negative values are fine). */
  advanceSeconds(seconds: number): void;
  /** Jumps to this moment. */
  set(moment: Date): void;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still at `start` until it is moved. */
export function settableClock(start: Date): SettableClock {
  let milliseconds = start.getTime();
  return {
    now: () => new Date(milliseconds),
    advanceSeconds: (seconds) => {
      milliseconds += Math.round(seconds * 1000);
    },
    set: (moment) => {
      milliseconds = moment.getTime();
    },
  };
}
