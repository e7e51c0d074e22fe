/**
 * Owns where people and groups are read from: the organisation's directory, as the settings have it. It is
 * loaded, and connected to, only while somebody reads.
 */
import { openUpstream } from '../accounts/upstream/opening.ts';
import type { UpstreamSettings } from '../accounts/upstream/settings.ts';
import type { UpstreamDirectory } from '../accounts/upstream/upstream.ts';
import type { SyncRules, SyncSource } from '../administration/directory/sync-parts.ts';

/** However large the organisation, so many may always be switched off at once. */
const fewDisabled = 5;

/** What is read of the directory; each reading has a connection of its own, which ends with it. */
export function directorySource(settings: UpstreamSettings): SyncSource {
  return {
    people: () => reading(settings, (directory) => directory.people()),
    groups: () => reading(settings, (directory) => directory.groups()),
  };
}

/** Signs in to the directory and finds its base; throws `UPSTREAM_UNAVAILABLE` with what is wrong. */
export async function probeDirectory(settings: UpstreamSettings): Promise<void> {
  const directory = await openUpstream(settings);
  try {
    await directory.probe();
  } finally {
    directory.close();
  }
}

/** What the operator decides of the synchronisation. */
export function rulesOf({ sync }: UpstreamSettings): SyncRules {
  return {
    minutes: sync.minutes,
    safetyCatch: { share: sync.mostDisabledPercent / 100, atLeast: fewDisabled },
    links: sync.linkByName,
    newState: sync.newState,
  };
}

async function* reading<one>(
  settings: UpstreamSettings,
  all: (directory: UpstreamDirectory) => AsyncIterable<one>,
): AsyncGenerator<one> {
  const directory = await openUpstream(settings);
  try {
    yield* all(directory);
  } finally {
    directory.close();
  }
}
