/**
 * Owns the life of a signing key: made, published, used, retired, removed. Published long before it
 * is used, and kept until nothing that it signed is looked at any more, so that no application ever
 * meets a token whose key it cannot find (attack ATK-93).
 */
import { createHash, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

import type { KeyStore, PrivateJwk, SigningKey } from '../../applications/key-store.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Random } from '../../lib/random.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** Applications keep our key set for up to a day; nodes see a new key within the minute. */
export const publishedBeforeUseMs = 25 * hour;
/** An ID token lives an hour, but is shown again as a hint when somebody signs out days later. */
export const publishedAfterUseMs = 7 * day;
/** How long a key signs before the next one takes over. */
export const signsForMs = 90 * day;

export interface SigningKeys {
  /** All that is published, the one that signs first; makes the first key where there is none. */
  published(): Promise<readonly SigningKey[]>;
  /** Does what is due: the next key, retirements, removals. Safe on several nodes at once. */
  upkeep(): Promise<void>;
  /**
   * Begins the next key's life now instead of when it is due; `atOnce` lets it sign from now on, for
   * when the old one may be known to somebody. Resolves to the key that takes over.
   */
  rotate(options?: { readonly atOnce?: boolean }): Promise<SigningKey>;
  /**
   * For keys that may be known to somebody: one that is made now signs at once, and every other is
   * withdrawn, marked to stay or not, so that nothing they sign is believed any more. What they signed
   * before is not believed either. Names those that were withdrawn.
   */
  replaceAll(): Promise<{ readonly key: SigningKey; readonly withdrawn: readonly string[] }>;
  /** Marks a key to stay published for good, or takes the mark away; false when there is none. */
  retain(kid: string, retain: boolean): Promise<boolean>;
}

/** Makes the service. */
export function createSigningKeys(parts: {
  readonly store: KeyStore;
  readonly clock: Clock;
  readonly random: Random;
}): SigningKeys {
  const { store, clock, random } = parts;

  const add = async (keys: readonly SigningKey[], activeFrom: Date): Promise<string> => {
    // Named after the one made before it: of two nodes with the same thought, the second is refused.
    const before = keys.toSorted((one, other) => +other.createdAt - +one.createdAt)[0];
    const kid = before === undefined ? random.token(12) : nameAfter(before.kid);
    await store.add({
      kid,
      algorithm: 'ES256',
      privateJwk: await makeKey(),
      createdAt: clock.now(),
      activeFrom,
      retiredAt: undefined,
      retain: false,
    });
    return kid;
  };

  const upkeep = async (): Promise<readonly SigningKey[]> => {
    const keys = await store.list();
    const due = dutiesOf(keys, clock.now());
    if (due.add !== undefined) await add(keys, due.add);
    for (const { kid, at } of due.retire) await store.retire(kid, at);
    for (const kid of due.remove) await store.remove(kid);
    const isQuiet = due.add === undefined && due.retire.length === 0 && due.remove.length === 0;
    return isQuiet ? keys : store.list();
  };

  return {
    published: async () => signerFirst(await upkeep(), clock.now()),
    upkeep: async () => {
      await upkeep();
    },
    rotate: async ({ atOnce = false } = {}) => {
      const now = clock.now();
      const keys = await upkeep();
      const next = newest(keys);
      if (next !== undefined && next.activeFrom > now && !atOnce) return next;
      await add(keys, atOnce ? now : new Date(now.getTime() + publishedBeforeUseMs));
      const after = await upkeep();
      const taken = atOnce ? signerFirst(after, now)[0] : newest(after);
      if (taken === undefined) throw new Error('The key that was made is not there.');
      return taken;
    },
    replaceAll: async () => {
      const made = await add(await store.list(), clock.now());
      const keys = await store.list();
      const key = keys.find(({ kid }) => kid === made);
      if (key === undefined) throw new Error('The key that was made is not there.');
      const withdrawn = keys.map(({ kid }) => kid).filter((kid) => kid !== made);
      for (const kid of withdrawn) {
        await store.setRetain(kid, false);
        await store.remove(kid);
      }
      return { key, withdrawn };
    },
    retain: (kid, retain) => store.setRetain(kid, retain),
  };
}

/** What upkeep has to do. */
export interface Duties {
  /** When the key that is to be made begins to sign. */
  readonly add: Date | undefined;
  readonly retire: readonly { readonly kid: string; readonly at: Date }[];
  readonly remove: readonly string[];
}

/** Decides what is due. */
export function dutiesOf(keys: readonly SigningKey[], now: Date): Duties {
  const last = newest(keys);
  const signer = signerOf(keys, now);
  const isNextDue =
    last !== undefined &&
    now.getTime() >= last.activeFrom.getTime() + signsForMs - publishedBeforeUseMs;
  const add =
    signer === undefined && last === undefined
      ? now
      : isNextDue
        ? new Date(now.getTime() + publishedBeforeUseMs)
        : undefined;
  const superseded = keys.filter(
    (key) => key.retiredAt === undefined && signer !== undefined && isBefore(key, signer),
  );
  const overdue = keys.filter(
    ({ retiredAt, retain }) =>
      !retain &&
      retiredAt !== undefined &&
      now.getTime() >= retiredAt.getTime() + publishedAfterUseMs,
  );
  return {
    add,
    retire: superseded.map(({ kid }) => ({ kid, at: signer?.activeFrom ?? now })),
    remove: overdue.map(({ kid }) => kid),
  };
}

/** The key set in the order of the engine, which signs with the first. */
export function signerFirst(keys: readonly SigningKey[], now: Date): readonly SigningKey[] {
  const signer = signerOf(keys, now);
  return signer === undefined ? keys : [signer, ...keys.filter((key) => key !== signer)];
}

/** The youngest that is active already; one that is retired only where there is no other. */
function signerOf(keys: readonly SigningKey[], now: Date): SigningKey | undefined {
  const active = keys.filter(({ activeFrom }) => activeFrom <= now);
  return newest(active.filter(({ retiredAt }) => retiredAt === undefined)) ?? newest(active);
}

function newest(keys: readonly SigningKey[]): SigningKey | undefined {
  return keys.toSorted((one, other) => (isBefore(one, other) ? 1 : -1))[0];
}

// Keys of the same moment (two nodes that met an empty database) are told apart by name.
function isBefore(one: SigningKey, other: SigningKey): boolean {
  const difference = one.activeFrom.getTime() - other.activeFrom.getTime();
  return difference === 0 ? one.kid < other.kid : difference < 0;
}

function nameAfter(kid: string): string {
  return createHash('sha256').update(`after ${kid}`).digest('base64url').slice(0, 16);
}

const generate = promisify(generateKeyPair);

async function makeKey(): Promise<PrivateJwk> {
  const { privateKey } = await generate('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }) };
}
