/**
 * Owns putting a backup in the place of a database, and what ends with that: whoever copies an older
 * database back brings back what was used or ended since (attack ATK-94). docs/decisions/0028 says what
 * ends and what does not.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';

import { ZodError } from 'zod';

import { backupRestored } from '../audit/backup-events.ts';
import type { Settings } from '../config.ts';
import { TweestapError } from '../errors/errors.ts';
import type { Clock } from '../lib/clock.ts';
import { createMethods, type Methods } from '../methods/method.ts';
import { methods as allMethods } from '../methods/registry.ts';
import { openToRefill, type Refilling, type Standing } from '../stores/sql/refill.ts';
import type { AllStores } from '../stores/sql/stores.ts';
import { openBackup, type Backup, type BackupHead } from './backup-file.ts';
import { databaseFile, keyFileOf, presentKeys } from './keys.ts';

/** What came of a restore. */
export interface Restored {
  /** Which life of the data has begun. */
  readonly epoch: number;
  readonly people: number;
  /** The audit log: how many events, and the first that is not as it was written, if any. */
  readonly audit: { readonly checked: number; readonly brokenAt: number | undefined };
  /** Registrations that could not be read, so that nothing in them was ended. */
  readonly damaged: number;
}

/** A backup and the place it is to be put in, both looked at; nothing is done yet. Close it at the end. */
export interface Restore {
  readonly head: BackupHead;
  /** What stands there now; undefined where only the backup was to be looked at. */
  readonly standing: Standing | undefined;
  /** Does it: all, or where anything fails nothing. Once. */
  run(): Promise<Restored | { readonly refused: string }>;
  close(): Promise<void>;
}

interface Refused {
  readonly refused: string;
}

const inUse =
  'A server, or another command of Tweestap, works with this database: stop it first, on every node.';

/** Reads the backup to its end and looks at the place, or says in one sentence what is in the way. */
export async function prepareRestore(
  settings: Settings,
  {
    file,
    isRehearsal,
    by,
    clock,
  }: {
    readonly file: string;
    /** Only the backup is looked at. */
    readonly isRehearsal: boolean;
    readonly by: string;
    readonly clock: Clock;
  },
): Promise<Restore | Refused> {
  const keys = presentKeys(settings);
  if (keys === undefined) {
    return {
      refused: `There is no secret key here: put the one of the backup into ${keyFileOf(settings)}, or name it in TWEESTAP_SECRET_KEY.`,
    };
  }
  const backup = await openBackup(file, keys);
  if ('refused' in backup) return backup;
  if (isRehearsal) {
    const run = (): Promise<Refused> => Promise.resolve({ refused: 'This only looks.' });
    return { head: backup.head, standing: undefined, run, close: backup.close };
  }
  const place = await openPlace(settings, backup.key.box).catch(async (error: unknown) => {
    await backup.close();
    throw error;
  });
  const standing = await place?.refilling.look();
  if (place === undefined || standing === undefined || standing.unknown.length > 0) {
    await place?.close(false);
    await backup.close();
    return {
      refused:
        standing === undefined
          ? inUse
          : `The database was changed by a newer Tweestap (${standing.unknown.join(', ')}): this one leaves it alone.`,
    };
  }
  let isDone = false;
  return {
    head: backup.head,
    standing,
    run: async () => {
      const result = await refill(place.refilling, backup, { by, clock });
      if (result === 'in use') return { refused: inUse };
      isDone = true;
      return result;
    },
    close: async () => {
      await place.close(isDone);
      await backup.close();
    },
  };
}

interface OpenedPlace {
  readonly refilling: Refilling;
  /** Leaves no empty file behind where there was none and nothing came of it. */
  close(isDone: boolean): Promise<void>;
}

async function openPlace(
  settings: Settings,
  box: Parameters<typeof openToRefill>[0]['box'],
): Promise<OpenedPlace | undefined> {
  const { databaseUrl: url, dataFolder } = settings;
  const file = databaseFile(settings);
  const isNew = url === undefined && !existsSync(file);
  if (url === undefined) mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const refilling = await openToRefill({ url, file, box });
  if (refilling === undefined) return undefined;
  return {
    refilling,
    close: async (isDone) => {
      await refilling.close();
      if (!isNew || isDone) return;
      for (const one of [file, `${file}-wal`, `${file}-shm`]) rmSync(one, { force: true });
    },
  };
}

function refill(
  refilling: Refilling,
  backup: Backup,
  { by, clock }: { readonly by: string; readonly clock: Clock },
): Promise<Restored | 'in use'> {
  const { takenAt, version, migrations } = backup.head;
  const now = clock.now();
  return refilling.refill({ migrations, pieces: backup.pieces(), now }, async (stores) => {
    const audit = await stores.audit.verify();
    const { number: epoch } = await stores.meta.beginEpoch(now);
    const damaged = await endWhatIsUsedUp(stores, createMethods(allMethods), now);
    await stores.audit.append(backupRestored({ at: now, actor: by, takenAt, version, epoch }));
    return { epoch, people: await stores.users.count(), audit, damaged };
  });
}

const registrationsAtOnce = 500;

/** What is good once, by its own account of what was used, is not good again; resolves to the damaged. */
async function endWhatIsUsedUp(
  { registrations }: AllStores,
  methods: Methods,
  now: Date,
): Promise<number> {
  let damaged = 0;
  for (const { id: kind, afterRestore } of methods.kinds) {
    if (afterRestore === undefined) continue;
    for (let after = ''; ;) {
      const ids = await registrations.idsOf(kind, after, registrationsAtOnce);
      for (const id of ids) {
        try {
          const registration = await registrations.find(id);
          if (registration === undefined) continue;
          const { version, secret } = registration;
          await registrations.replace(id, version, afterRestore(secret, now));
        } catch (error) {
          if (!isDamaged(error)) throw error;
          // It opens no door as it is, and never did.
          damaged += 1;
        }
      }
      const last = ids.at(-1);
      if (last === undefined) break;
      after = last;
    }
  }
  return damaged;
}

function isDamaged(error: unknown): boolean {
  if (error instanceof ZodError) return true;
  return error instanceof TweestapError && error.code === 'RECORD_DAMAGED';
}
