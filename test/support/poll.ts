/** Waiting in tests: never for a while, always for something, and not for ever. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until there is something; fails, saying what was missing, when the time is over. */
export async function until<result>(
  what: string,
  ask: () => result | undefined | false | Promise<result | undefined | false>,
  withinMs = 5_000,
): Promise<result> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const found = await ask();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > giveUpAt) throw new Error(`waited ${withinMs} ms in vain for ${what}`);
    await sleep(15);
  }
}
