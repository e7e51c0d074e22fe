/**
 * Owns rotating the installation's keys: the secret key, which seals, and the one that signs tokens.
 * docs/decisions/0029 says what is rotated and what is not.
 */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

import { secretKeyRotated, signingKeyRotated } from '../audit/key-events.ts';
import type { Settings } from '../config.ts';
import type { Clock } from '../lib/clock.ts';
import { replaceKeyFile, writeNewKeyFile } from '../lib/key-file.ts';
import type { Random } from '../lib/random.ts';
import { createSecretBox, type SecretBox, type SecretBoxKeys } from '../lib/secret-box.ts';
import { createSigningKeys } from '../protocols/oidc/keys.ts';
import {
  openDatabase,
  openDatabaseAlone,
  type Database,
  type DatabaseAlone,
} from '../stores/sql/database.ts';
import {
  boxKeys,
  databaseFile,
  isKeyOf,
  keptHashKey,
  keyFileOf,
  presentKeys,
  settleHashKey,
} from './keys.ts';

/** What is to be rotated. */
export interface Rotation {
  readonly secretKey: boolean;
  readonly signingKey: boolean;
  /** The present keys may be known to somebody: nothing that they sign is believed any more. */
  readonly isLeaked: boolean;
  /** A new file that keeps the older secret keys, for the backups that they seal. */
  readonly keepIn: string | undefined;
  /** Who asks, for the audit log. */
  readonly by: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** What was rotated. */
export interface Rotated {
  readonly secretKey: RotatedSecretKey | undefined;
  readonly signingKey: RotatedSigningKey | undefined;
}

export interface RotatedSecretKey {
  /** Names the key that seals now. */
  readonly keyId: string;
  /** Those that are needed no more, but by older backups. */
  readonly replaced: readonly string[];
  /** How many values were sealed anew. */
  readonly values: number;
  /** How many open with no key. */
  readonly damaged: number;
  /** Whether a rotation that had begun before was brought to its end. */
  readonly wasBegun: boolean;
  /** Whether the older keys were taken out of the file; else they stand in the settings. */
  readonly isTakenAway: boolean;
}

export interface RotatedSigningKey {
  readonly kid: string;
  readonly signsFrom: Date;
  /** Published no more. */
  readonly withdrawn: readonly string[];
}

interface Refused {
  readonly refused: string;
}

type Keys = readonly [Buffer, ...Buffer[]];

/**
 * Rotates, or says in one sentence why not; then nothing was done but what a next call goes on with.
 * A key in the data folder is renewed here, which takes a database that nobody works with. One of the
 * settings is the operator's to renew: what the older ones sealed is then sealed anew beside the service.
 */
export async function rotateKeys(
  settings: Settings,
  rotation: Rotation,
): Promise<Rotated | Refused> {
  const keys = presentKeys(settings);
  const { databaseUrl: url } = settings;
  const file = databaseFile(settings);
  if (url === undefined && !existsSync(file)) {
    return {
      refused: `There is no database in ${settings.dataFolder}: there is nothing to rotate.`,
    };
  }
  if (keys === undefined) return { refused: `${keyFileOf(settings)} is gone: restore it first.` };
  const isOurs = settings.secretKeys.length === 0;
  const isDue = rotation.secretKey && keys.length === 1;
  if (isDue && !isOurs) return { refused: renewYourself };
  const { keepIn } = rotation;
  if (keepIn !== undefined) {
    // Before the work, for whoever would wait for it in vain.
    if (existsSync(keepIn)) return { refused: `${keepIn} is there already.` };
    if (!existsSync(dirname(keepIn))) return { refused: `There is no folder for ${keepIn}.` };
  }
  const hashKey = await keptHashKey(settings);
  const alone = rotation.secretKey ? await openDatabaseAlone({ url, file }) : undefined;
  if (isDue && alone === undefined) return { refused: stopFirst };

  const named = boxKeys(keys, hashKey);
  const box = createSecretBox(named);
  const { dataFolder } = settings;
  const database = alone?.seenWith(box) ?? (await openDatabase({ url, dataFolder, box }));
  try {
    const refused = await refusalOf(database, box);
    if (refused !== undefined) return { refused };
    // From here on the first key may go: what was made of it is kept.
    await settleHashKey(database.stores.meta, box, named);
    const secretKey = rotation.secretKey
      ? await rotateSecretKey(settings, rotation, { keys, named, database, alone })
      : undefined;
    if (secretKey !== undefined && 'refused' in secretKey) return secretKey;
    const signingKey = rotation.signingKey
      ? await rotateSigningKey(secretKey?.database ?? database, rotation)
      : undefined;
    return { secretKey: secretKey?.rotated, signingKey };
  } finally {
    await database.close();
  }
}

const renewYourself =
  'The secret key comes from the settings, which only you change: set TWEESTAP_SECRET_KEY to a new one (openssl rand -base64 32) and TWEESTAP_PREVIOUS_SECRET_KEYS to the present one, start every node anew, then run this again. --only signing needs none of it.';

const stopFirst =
  'A server, or another command of Tweestap, works with this database, and knows the present key alone: stop it first, on every node. --only signing works beside it.';

const startAnew =
  'A server that works with this database does not seal with the new key yet: start every node anew with the same keys, then run this again.';

async function refusalOf(database: Database, box: SecretBox): Promise<string | undefined> {
  const { applied, pending, unknown } = await database.plan();
  if (unknown.length > 0) {
    return `The database was changed by a newer Tweestap (${unknown.join(', ')}): rotate with that one.`;
  }
  if (applied.length === 0) return 'The database is empty: there is nothing to rotate.';
  if (pending.length > 0) {
    return 'The database is older than this program: tweestap migrate --apply.';
  }
  const { meta } = database.stores;
  const [check, hashKey] = [await meta.read('key-check'), await meta.read('hash-key')];
  return isKeyOf(box, { check, hashKey })
    ? undefined
    : 'The secret key is not the one that this database was made with.';
}

async function rotateSecretKey(
  settings: Settings,
  { keepIn, by, clock, random }: Rotation,
  before: Held & { readonly alone: DatabaseAlone | undefined },
): Promise<Refused | { readonly rotated: RotatedSecretKey; readonly database: Database }> {
  const { alone, keys, named } = before;
  const isOurs = settings.secretKeys.length === 0;
  const file = keyFileOf(settings);
  const wasBegun = keys.length > 1;
  if (alone === undefined) {
    // What is sealed anew must open for everybody at once.
    const sealing = await before.database.stores.meta.read('sealing-key');
    if (sealing !== named.current.id) return { refused: startAnew };
  }
  const held =
    wasBegun || alone === undefined ? before : await begin(file, alone, { ...before, random });
  if (held === undefined) return { refused: changedMeanwhile(file) };
  const { values, damaged, isComplete } = await held.database.sealAnew();
  if (!isComplete) return { refused: startAnew };
  const [current, ...older] = held.keys;
  const keyId = held.named.current.id;
  const replaced = held.named.previous.map(({ id }) => id);
  if (isOurs || values > 0) {
    const event = secretKeyRotated({ at: clock.now(), actor: by, keyId, replaced });
    await held.database.stores.audit.append(event);
  }
  if (isOurs) {
    if (keepIn !== undefined) writeNewKeyFile(keepIn, older);
    if (!replaceKeyFile(file, { from: held.keys, to: [current] })) {
      return { refused: changedMeanwhile(file) };
    }
  }
  const rotated = { keyId, replaced, values, damaged, wasBegun, isTakenAway: isOurs };
  return { rotated, database: held.database };
}

interface Held {
  readonly keys: Keys;
  readonly named: SecretBoxKeys;
  readonly database: Database;
}

/**
 * Makes the new key, which is on the disk before anything is sealed with it. Undefined where somebody
 * else changed the keys: of two commands that begin at once, the second waits for the first and sees that.
 */
async function begin(
  file: string,
  alone: DatabaseAlone,
  { keys: from, named: before, database, random }: Held & { readonly random: Random },
): Promise<Held | undefined> {
  const keys: Keys = [random.bytes(32), ...from];
  const isMade = await database.transact(async ({ meta }) => {
    // Written, so that its row is held until the file is changed.
    await meta.write('sealing-key', before.current.id);
    return replaceKeyFile(file, { from, to: keys });
  });
  if (!isMade) return undefined;
  const named = { ...boxKeys(keys, undefined), hashKey: before.hashKey };
  return { keys, named, database: alone.seenWith(createSecretBox(named)) };
}

function changedMeanwhile(file: string): string {
  return `${file} was changed meanwhile: run this again.`;
}

async function rotateSigningKey(
  { stores }: Database,
  { isLeaked, by, clock, random }: Rotation,
): Promise<RotatedSigningKey> {
  const keys = createSigningKeys({ store: stores.keys, clock, random });
  const { key, withdrawn } = isLeaked
    ? await keys.replaceAll()
    : { key: await keys.rotate(), withdrawn: [] };
  const rotated = { kid: key.kid, signsFrom: key.activeFrom, withdrawn };
  await stores.audit.append(signingKeyRotated({ at: clock.now(), actor: by, ...rotated }));
  return rotated;
}
