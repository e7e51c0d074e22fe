/**
 * Makes the threads that do heavy work in the background give way to the one that answers. A hash
 * takes a core for 12 ms; without this, whoever only reads a page waits that long for a core.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/** How much they give way: "nice" as in setpriority(2), where 19 is the most. */
const niceness = 10;
const nameOfWorkers = 'libuv-worker';

/**
 * Lowers the priority of this process's worker threads, as far as there are any yet (they start with
 * the first work). On Linux a priority belongs to a thread; elsewhere nothing is done.
 */
export function lowerWorkerPriority(): void {
  if (process.platform !== 'linux') return;
  try {
    for (const thread of readdirSync('/proc/self/task')) {
      const name = readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim();
      if (name === nameOfWorkers) setPriority(Number(thread), niceness);
    }
  } catch {
    // Where that may not be looked at, or done, all threads are equal.
  }
}
