/** Owns taking a backup: everything that is to last, in one file, while the service goes on. */
import type { Settings } from '../config.ts';
import { backupMade } from '../audit/backup-events.ts';
import { writeAuthenticFile } from '../lib/authentic-file.ts';
import type { Clock } from '../lib/clock.ts';
import { openDatabase } from '../stores/sql/database.ts';
import { planFrom } from '../stores/sql/migrate.ts';
import { takeSnapshot, type Snapshot } from '../stores/sql/snapshot.ts';
import { fileKeyOf, headLine, keyAtHand, linesOf, type KeyAtHand } from './backup-file.ts';
import { databaseFile, hashKeyIn, isKeyOf, keyFileOf, presentKeys } from './keys.ts';
import { programVersion } from './version.ts';

/** What was written. */
export interface BackupTaken {
  readonly takenAt: Date;
  readonly rows: number;
  /** Length of the file. */
  readonly bytes: number;
  /** Which key it takes to read the secrets in it. */
  readonly keyId: string;
  /** Whether the audit log tells of it: not where the tables are older than this program. */
  readonly isNoted: boolean;
}

/**
 * Writes a backup, or says in one sentence why there is none. What it holds is as it was when it began;
 * whoever signs in meanwhile waits for nothing. Throws `FileExistsError` for a file that is there
 * already, unless it may be replaced.
 */
export async function takeBackup(
  settings: Settings,
  {
    file,
    replaces,
    by,
    clock,
  }: {
    readonly file: string;
    readonly replaces: boolean;
    /** Who takes it, for the audit log. */
    readonly by: string;
    readonly clock: Clock;
  },
): Promise<BackupTaken | { readonly refused: string }> {
  const keys = presentKeys(settings);
  const { databaseUrl: url, dataFolder } = settings;
  const snapshot = await takeSnapshot({ url, file: databaseFile(settings) });
  if (snapshot === undefined) return { refused: `There is no database in ${dataFolder}.` };
  try {
    if (keys === undefined) return { refused: `${keyFileOf(settings)} is gone: restore it first.` };
    const hashKey = await hashKeyIn(snapshot);
    const key = keyAtHand(keys, hashKey);
    const refused = await refusalOf(snapshot, key, hashKey);
    if (refused !== undefined) return { refused };
    const takenAt = clock.now();
    let rows = 0;
    const bytes = await writeAuthenticFile(
      file,
      {
        head: headLine({
          version: programVersion(),
          engine: snapshot.engine,
          takenAt,
          migrations: [...snapshot.migrations],
          keyCheck: key.check,
          keyId: key.ids[0] ?? '',
          ...(hashKey === undefined ? {} : { hashKey }),
        }),
        lines: linesOf(snapshot.tables(), () => {
          rows += 1;
        }),
        key: fileKeyOf(key),
      },
      { replaces },
    );
    const isNoted = planFrom(snapshot.migrations).pending.length === 0;
    if (isNoted) {
      const database = await openDatabase({ url, dataFolder, box: key.box });
      try {
        const event = backupMade({ at: clock.now(), actor: by, file, rows });
        await database.stores.audit.append(event);
      } finally {
        await database.close();
      }
    }
    return { takenAt, rows, bytes, keyId: key.ids[0] ?? '', isNoted };
  } finally {
    await snapshot.close();
  }
}

async function refusalOf(
  snapshot: Snapshot,
  key: KeyAtHand,
  hashKey: string | undefined,
): Promise<string | undefined> {
  const { migrations } = snapshot;
  if (migrations.length === 0) return 'The database is empty: there is nothing to back up.';
  const { unknown } = planFrom(migrations);
  if (unknown.length > 0) {
    return `The database was changed by a newer Tweestap (${unknown.join(', ')}): take the backup with that one.`;
  }
  const check = await snapshot.fact('key-check');
  return isKeyOf(key.box, { check, hashKey })
    ? undefined
    : 'The secret key is not the one that this database was made with.';
}
