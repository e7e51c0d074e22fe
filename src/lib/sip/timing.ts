/** Owns the times of RFC 3261 (§17.1.1.1, appendix A). */

/** All others are made of these three, in milliseconds. */
export interface Timing {
  /** How long there and back takes. */
  readonly t1Ms: number;
  /** The longest pause between two repetitions. */
  readonly t2Ms: number;
  /** How long a message may wander about in the network. */
  readonly t4Ms: number;
}

/** What the RFC says. */
export const standardTiming: Timing = { t1Ms: 500, t2Ms: 4_000, t4Ms: 5_000 };

/** Timers B, F, H, J, L, M and, unreliable, D: when nobody needs to be waited for any longer. */
export function patienceMs({ t1Ms }: Timing): number {
  return 64 * t1Ms;
}

/**
 * Calls `act` after T1, and then after twice as long each time, up to `longestMs`: timers A, E and G.
 * Returns what stops it.
 */
export function repeat(timing: Timing, longestMs: number, act: () => void): () => void {
  let waitMs = timing.t1Ms;
  const again = (): void => {
    act();
    waitMs = Math.min(waitMs * 2, longestMs);
    timer = setTimeout(again, waitMs);
  };
  let timer = setTimeout(again, waitMs);
  return () => clearTimeout(timer);
}
