/** Owns the events of the whole database: it was copied into a file, and a file was put in its place. */
import type { AuditEvent } from './audit-event.ts';
import { installationEvent } from './installation-event.ts';

/** Everything was written into a file, which says so in its name only here. */
export const backupMade = (made: {
  readonly at: Date;
  readonly actor: string;
  /** As it was named. */
  readonly file: string;
  readonly rows: number;
}): AuditEvent => installationEvent('backup-made', made, { file: made.file, rows: made.rows });

/** All that is here came out of a backup; every session and whatever was under way has ended. */
export const backupRestored = (restored: {
  readonly at: Date;
  readonly actor: string;
  readonly takenAt: Date;
  /** Which program wrote it. */
  readonly version: string;
  /** Which life of the data began. */
  readonly epoch: number;
}): AuditEvent =>
  installationEvent('backup-restored', restored, {
    takenAt: restored.takenAt.toISOString(),
    version: restored.version,
    epoch: restored.epoch,
  });
