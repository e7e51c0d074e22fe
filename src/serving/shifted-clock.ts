/** Owns a clock that can be moved. */
import type { Clock } from '../lib/clock.ts';

/** The machine's time, moved by whoever plays with the simulator. */
export function shiftedClock(clock: Clock): Clock & { advanceSeconds(seconds: number): void } {
  let shiftMs = 0;
  return {
    now: () => new Date(clock.now().getTime() + shiftMs),
    advanceSeconds: (seconds) => {
      shiftMs += Math.round(seconds * 1000);
    },
  };
}
