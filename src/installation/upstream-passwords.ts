/**
 * Owns the directory that keeps passwords, for as long as the server runs: opened and watched where one is
 * configured. That it does not answer keeps nobody out whom it does not own, so the server starts without it.
 */
import { openUpstream } from '../accounts/upstream/opening.ts';
import { upstreamPasswords, type UpstreamPasswords } from '../accounts/upstream/passwords.ts';
import { watchUpstream } from '../accounts/upstream/watching.ts';
import type { UpstreamSettings } from '../accounts/upstream/settings.ts';
import type { Random } from '../lib/random.ts';

export interface OpenPasswords {
  readonly passwords: UpstreamPasswords;
  stop(): void;
}

/**
 * Begins to watch. `tell` hears when it stops answering, with the reason, and when it is back. Throws
 * `CONFIGURATION_FAULTY` where the settings cannot be used.
 */
export async function openUpstreamPasswords(
  settings: UpstreamSettings,
  random: Random,
  tell: (fault: Error | undefined) => void,
): Promise<OpenPasswords> {
  const watched = watchUpstream(await openUpstream(settings), random, tell);
  return { passwords: upstreamPasswords(watched, settings), stop: watched.stop };
}
