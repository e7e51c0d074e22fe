/**
 * Owns the installation's secret key: where it is kept, how it becomes the keys of the box, and what
 * is wrong with it. Besides, the key by which push services know us, which the box keeps.
 */
import { createHash, hkdfSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { MetaStore } from '../accounts/meta-store.ts';
import type { Settings } from '../config.ts';
import { TweestapError } from '../errors/errors.ts';
import { isOpenToOthers, makeKeyFile, readKeyFile } from '../lib/key-file.ts';
import type { Random } from '../lib/random.ts';
import {
  createSecretBox,
  SecretBoxError,
  type SecretBox,
  type SecretBoxKeys,
} from '../lib/secret-box.ts';
import {
  createVapidKey,
  readVapidKey,
  vapidKeyBytes,
  type VapidKey,
} from '../lib/web-push/vapid.ts';
import { takeSnapshot, type Snapshot } from '../stores/sql/snapshot.ts';

/** Where the key is kept that nobody configured. */
export function keyFileOf(settings: Settings): string {
  return join(settings.dataFolder, 'secret.key');
}

/** The embedded database, where no other is named. */
export function databaseFile(settings: Settings): string {
  return join(settings.dataFolder, 'tweestap.db');
}

/**
 * The keys of an installation, the one in use first: those of the settings, else those of the data
 * folder, else a new one. A database whose key is gone gets no new one: nothing in it would open.
 */
export function secretKeys(settings: Settings, random: Random): readonly [Buffer, ...Buffer[]] {
  const [first, ...previous] = settings.secretKeys;
  if (first !== undefined) return [first, ...previous];
  const file = keyFileOf(settings);
  const kept = readKeyFile(file);
  if (kept !== undefined) return kept;
  if (existsSync(databaseFile(settings))) {
    throw new TweestapError('KEY_MISSING', {
      details: { reason: `${file} is gone, and the database beside it was made with it` },
    });
  }
  return makeKeyFile(file, random.bytes(32));
}

/** The keys that are there, the one in use first; undefined where there are none. Makes none. */
export function presentKeys(settings: Settings): readonly [Buffer, ...Buffer[]] | undefined {
  const [first, ...previous] = settings.secretKeys;
  return first === undefined ? readKeyFile(keyFileOf(settings)) : [first, ...previous];
}

/** What is wrong with the keys; makes none. */
export function keyFaults(settings: Settings): readonly string[] {
  if (settings.secretKeys.length > 0) return [];
  const file = keyFileOf(settings);
  try {
    if (readKeyFile(file) !== undefined) {
      return isOpenToOthers(file) ? [`${file} can be read by others: chmod 600 mends that`] : [];
    }
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  return existsSync(databaseFile(settings))
    ? [`${file} is gone, and the database beside it was made with it: restore it`]
    : [];
}

/**
 * A key is named after itself. What is looked up by a hash is hashed with a key that was made of the
 * very first one, and is kept in the database, sealed (`keptHashKey`), so that the first one may go.
 * Where nothing that these keys open is kept, it is made of the oldest of them: whether that was the
 * first one, `keyCheckOf` tells.
 */
export function boxKeys(
  [current, ...previous]: readonly [Buffer, ...Buffer[]],
  sealedHashKey: string | undefined,
): SecretBoxKeys {
  const named = (key: Buffer): { readonly id: string; readonly key: Buffer } => ({
    id: createHash('sha256').update('tweestap key id 1').update(key).digest('hex').slice(0, 12),
    key,
  });
  const oldest = previous.at(-1) ?? current;
  const keys: SecretBoxKeys = {
    current: named(current),
    previous: previous.map(named),
    hashKey: Buffer.from(hkdfSync('sha256', oldest, Buffer.alloc(0), 'tweestap hash key 1', 32)),
  };
  if (sealedHashKey === undefined) return keys;
  try {
    const hashKey = createSecretBox(keys).open(Buffer.from(sealedHashKey, 'base64'), hashKeyPlace);
    return { ...keys, hashKey };
  } catch (error) {
    if (error instanceof SecretBoxError) return keys;
    throw error;
  }
}

const hashKeyPlace = ['meta', 'value', 'hash-key'];

/** The sealed hash key that the database keeps; undefined where there is no database, or none in it yet. */
export async function keptHashKey(settings: Settings): Promise<string | undefined> {
  const place = { url: settings.databaseUrl, file: databaseFile(settings) };
  const snapshot = await takeSnapshot(place);
  try {
    return snapshot === undefined ? undefined : await hashKeyIn(snapshot);
  } finally {
    await snapshot?.close();
  }
}

/** The same, of a database that is open already. */
export async function hashKeyIn(snapshot: Snapshot): Promise<string | undefined> {
  return snapshot.migrations.length === 0 ? undefined : await snapshot.fact('hash-key');
}

/**
 * Keeps the hash key in the database, under the key in use. First be sure that it is the right one.
 * Throws `KEY_MISSING` where a key that is not among these sealed it: what they seal, that one opens not.
 */
export async function settleHashKey(
  meta: MetaStore,
  box: SecretBox,
  { hashKey }: SecretBoxKeys,
): Promise<void> {
  const seal = (): string => box.seal(hashKey, hashKeyPlace).toString('base64');
  const kept = (await meta.read('hash-key')) ?? (await meta.settle('hash-key', seal()));
  if (box.isCurrent(Buffer.from(kept, 'base64'))) return;
  if (!isKeyOf(box, { check: undefined, hashKey: kept })) throw foreignKey();
  await meta.write('hash-key', seal());
}

/** The fault of keys that are not those of the database. */
export function foreignKey(): TweestapError {
  return new TweestapError('KEY_MISSING', {
    details: { reason: 'the secret key is not the one that this database was made with' },
  });
}

/** Says which key servers seal with, for `rotate-keys`. */
export async function announceSealingKey(
  meta: MetaStore,
  { current }: SecretBoxKeys,
): Promise<void> {
  if ((await meta.read('sealing-key')) !== current.id) await meta.write('sealing-key', current.id);
}

/**
 * Whether this box is the one that a database was made with, by what the database keeps: what only the
 * right key makes, and the sealed hash key, which a key that was taken away opens no more.
 */
export function isKeyOf(
  box: SecretBox,
  kept: { readonly check: string | undefined; readonly hashKey: string | undefined },
): boolean {
  if (kept.check !== undefined && kept.check !== keyCheckOf(box)) return false;
  if (kept.hashKey === undefined) return true;
  try {
    box.open(Buffer.from(kept.hashKey, 'base64'), hashKeyPlace);
    return true;
  } catch (error) {
    // Damaged is not foreign: then the check alone has said it.
    if (error instanceof SecretBoxError) return error.reason === 'unreadable';
    throw error;
  }
}

/**
 * Throws `KEY_MISSING` where another key made what is there. Asked before anything is written: a migration
 * binds the rows that it finds, and nobody would believe one that was bound with another key.
 */
export async function requireKeyOf(meta: MetaStore, box: SecretBox): Promise<void> {
  const kept = { check: await meta.read('key-check'), hashKey: await meta.read('hash-key') };
  if (!isKeyOf(box, kept)) throw foreignKey();
}

/** What only the right key makes; tells nothing of the key. */
export function keyCheckOf(box: SecretBox): string {
  return box.keyedHash('key-check', 'tweestap').toString('base64url');
}

/**
 * The key that browsers subscribe with, made where there is none yet; nodes that start at once agree
 * on one. It stays as long as the data: with another one every subscription is lost.
 */
export async function settlePushKey(meta: MetaStore, box: SecretBox): Promise<VapidKey> {
  const seal = (key: Buffer): string => box.seal(key, pushKeyPlace).toString('base64');
  const kept =
    (await meta.read('push-key')) ??
    (await meta.settle('push-key', seal(vapidKeyBytes(createVapidKey()))));
  const sealed = Buffer.from(kept, 'base64');
  const bytes = openPushKey(sealed, box);
  // Sealed anew after a rotation, so that the key before may go one day.
  if (!box.isCurrent(sealed)) await meta.write('push-key', seal(bytes));
  return readVapidKey(bytes);
}

const pushKeyPlace = ['meta', 'value', 'push-key'];

function openPushKey(sealed: Buffer, box: SecretBox): Buffer {
  try {
    return box.open(sealed, pushKeyPlace);
  } catch (cause) {
    throw new TweestapError('RECORD_DAMAGED', {
      cause,
      details: { table: 'meta', row: 'push-key' },
    });
  }
}
