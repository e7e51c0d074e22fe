/**
 * Owns how much one caller may ask of one node: enough for a script that works through an organisation,
 * not enough to keep everybody else waiting. Kept in memory: it guards against haste, not against guessing.
 */

export interface Limits {
  /** Counts one request; undefined where it may go on, else the seconds until it is worth trying again. */
  pause(caller: string): number | undefined;
}

export interface Limit {
  readonly requests: number;
  readonly seconds: number;
}

/** What one program, or one person through one application, may ask. */
export const perCaller: Limit = { requests: 1_200, seconds: 60 };
/** Requests of one address without a token of ours. */
export const perStranger: Limit = { requests: 120, seconds: 60 };

/** Callers that are counted at once: the window of all of them ends together. */
const mostCallers = 10_000;

/** Makes the counters; `now` in milliseconds, from any beginning. */
export function createLimits({ requests, seconds }: Limit, now: () => number): Limits {
  let counts = new Map<string, number>();
  let endsAt = 0;
  return {
    pause: (caller) => {
      const at = now();
      if (at >= endsAt || counts.size > mostCallers) {
        counts = new Map();
        endsAt = at + seconds * 1000;
      }
      const count = (counts.get(caller) ?? 0) + 1;
      counts.set(caller, count);
      return count > requests ? Math.max(1, Math.ceil((endsAt - at) / 1000)) : undefined;
    },
  };
}
