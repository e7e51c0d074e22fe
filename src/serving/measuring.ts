/** Owns what is measured of a running service, beside its requests (`/metrics`). */
import type { UpstreamPasswords } from '../accounts/upstream/passwords.ts';
import type { DirectorySync } from '../administration/directory/directory.ts';
import type { EventStreams } from '../http/event-stream.ts';
import type { Metrics } from '../http/metrics.ts';
import type { Installation } from '../installation/installation.ts';

/** Measures what waits, runs and was sent. */
export function measure(
  metrics: Metrics,
  { hasher, database, clock, directorySync }: Installation,
  streams: EventStreams,
  upstream: UpstreamPasswords | undefined,
): void {
  metrics.gauge('tweestap_event_streams', 'Pages and devices that wait for an event now.', () => {
    return streams.count();
  });
  metrics.gauge('tweestap_password_hashes_running', 'Passwords being checked now.', () => {
    return hasher.metrics().running;
  });
  metrics.gauge('tweestap_password_hashes_waiting', 'Passwords waiting to be checked.', () => {
    return hasher.metrics().waiting;
  });
  if (directorySync !== undefined) measureDirectory(metrics, directorySync);
  if (upstream !== undefined) {
    metrics.gauge(
      'tweestap_directory_up',
      'Whether the directory that keeps passwords answers.',
      () => (upstream.fault() === undefined ? 1 : 0),
    );
  }
  metrics.resting(() => database.stores.rests.list());
  metrics.gauge('tweestap_messages_last_hour', 'Texts and calls queued in the last hour.', () =>
    database.stores.outbox.countSince(
      ['text', 'call'],
      new Date(clock.now().getTime() - 3_600_000),
    ),
  );
}

function measureDirectory(metrics: Metrics, sync: DirectorySync): void {
  metrics.gauge(
    'tweestap_directory_sync_success_timestamp_seconds',
    'When the directory was last read to its end, in seconds since 1970; 0: never.',
    async () => {
      const { state } = await sync.look();
      return Math.floor((state?.succeededAt?.getTime() ?? 0) / 1000);
    },
  );
  metrics.gauge(
    'tweestap_directory_sync_held',
    'Accounts that would be switched off, and are not, since they are too many at once.',
    async () => {
      const { state } = await sync.look();
      return state?.last?.end.kind === 'held' ? state.last.end.disabling : 0;
    },
  );
}

/** A reason as a label: our own codes only, never what an administrator typed. */
export function reasonCodeOf(reason: unknown): string {
  return typeof reason === 'string' && /^[a-z][a-z0-9-]{2,40}$/.test(reason) ? reason : '';
}
