import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { KeyStore, SigningKey } from '../../applications/key-store.ts';
import { settableClock } from '../../lib/clock.ts';
import { seededRandom } from '../../lib/random.ts';
import {
  createSigningKeys,
  publishedAfterUseMs,
  publishedBeforeUseMs,
  signsForMs,
} from './keys.ts';

const dayMs = 86_400_000;

describe('signing keys', () => {
  it('has a key to sign with from the first moment', async () => {
    const { keys, clock } = world();
    const [first, ...others] = await keys.published();
    assert.ok(first !== undefined && others.length === 0);
    assert.equal(first.algorithm, 'ES256');
    assert.ok(first.activeFrom <= clock.now());
    assert.deepEqual(
      (await keys.published()).map(({ kid }) => kid),
      [first.kid],
    );
  });

  it('makes elliptic keys of its own each time', async () => {
    const [one] = await world('one').keys.published();
    const [other] = await world('other').keys.published();
    assert.equal(one?.privateJwk['crv'], 'P-256');
    assert.equal(typeof one.privateJwk['d'], 'string');
    assert.notEqual(one.privateJwk['d'], other?.privateJwk['d']);
  });

  it('publishes the next key more than a day before it signs', async () => {
    const { keys, clock } = world();
    const [first] = await keys.published();
    const next = await keys.rotate();
    assert.notEqual(next.kid, first?.kid);
    assert.deepEqual(await kids(keys), [first?.kid, next.kid]);

    clock.advanceSeconds(86_400);
    assert.deepEqual(await kids(keys), [first?.kid, next.kid]);
    clock.advanceSeconds(publishedBeforeUseMs / 1000 - 86_400);
    assert.deepEqual(await kids(keys), [next.kid, first?.kid]);
  });

  it('publishes the old key until nothing it signed is looked at any more', async () => {
    const { keys, clock } = world();
    const [first] = await keys.published();
    const next = await keys.rotate();
    clock.advanceSeconds(publishedBeforeUseMs / 1000);
    await keys.upkeep();
    clock.advanceSeconds(publishedAfterUseMs / 1000 - 1);
    assert.deepEqual(await kids(keys), [next.kid, first?.kid]);
    clock.advanceSeconds(1);
    assert.deepEqual(await kids(keys), [next.kid]);
  });

  it('counts from when the old key stopped signing, not from when we noticed', async () => {
    const { keys, clock } = world();
    await keys.published();
    const next = await keys.rotate();
    clock.advanceSeconds((publishedBeforeUseMs + publishedAfterUseMs) / 1000);
    await keys.upkeep();
    assert.deepEqual(await kids(keys), [next.kid]);
  });

  it('keeps what an operator marked, however old', async () => {
    const { keys, clock } = world();
    const [first] = await keys.published();
    assert.ok(first !== undefined);
    assert.equal(await keys.retain(first.kid, true), true);
    const next = await keys.rotate();
    clock.advanceSeconds(80 * 86_400);
    await keys.upkeep();
    assert.deepEqual(await kids(keys), [next.kid, first.kid]);
    await keys.retain(first.kid, false);
    assert.deepEqual(await kids(keys), [next.kid]);
    assert.equal(await keys.retain('nobody', true), false);
  });

  it('rotates by itself every ninety days, and is published in time for it', async () => {
    const { keys, clock } = world();
    const [first] = await keys.published();
    clock.advanceSeconds((signsForMs - publishedBeforeUseMs) / 1000 - 1);
    assert.deepEqual(await kids(keys), [first?.kid]);
    clock.advanceSeconds(1);
    const [signer, next] = await keys.published();
    assert.equal(signer?.kid, first?.kid);
    assert.ok(next !== undefined);
    clock.advanceSeconds(publishedBeforeUseMs / 1000);
    assert.deepEqual(await kids(keys), [next.kid, first?.kid]);
  });

  it('never signs with a key that was published for less than a day, whatever happens', async () => {
    const { keys, clock } = world();
    const firstSeen = new Map<string, number>();
    const signers = new Set<string>();
    for (let hours = 0; hours < 24 * 400; hours += 5) {
      const [signer, ...others] = await keys.published();
      assert.ok(signer !== undefined);
      const now = clock.now().getTime();
      for (const { kid } of [signer, ...others]) {
        if (!firstSeen.has(kid)) firstSeen.set(kid, now);
      }
      const isFirst = firstSeen.size === 1;
      assert.ok(isFirst || now - (firstSeen.get(signer.kid) ?? now) >= dayMs);
      assert.ok(others.length <= 2);
      signers.add(signer.kid);
      clock.advanceSeconds(5 * 3600);
    }
    assert.equal(signers.size, 5);
  });

  it('asked twice, begins one rotation', async () => {
    const { keys } = world();
    const next = await keys.rotate();
    assert.equal((await keys.rotate()).kid, next.kid);
    assert.equal((await keys.published()).length, 2);
  });

  it('can let a new key sign at once, where the old one may be known to somebody', async () => {
    const { keys, clock } = world();
    const [first] = await keys.published();
    clock.advanceSeconds(60);
    const waiting = await keys.rotate();
    clock.advanceSeconds(60);
    const now = await keys.rotate({ atOnce: true });
    assert.deepEqual((await kids(keys))[0], now.kid);
    assert.equal(new Set([first?.kid, waiting.kid, now.kid]).size, 3);
    clock.advanceSeconds(publishedBeforeUseMs / 1000);
    assert.deepEqual((await kids(keys))[0], waiting.kid);
    clock.advanceSeconds(60);
    const next = await keys.rotate();
    assert.ok(![first?.kid, waiting.kid, now.kid].includes(next.kid));
  });

  it('withdraws every other key where they may be known, also what was marked to stay', async () => {
    const { keys, clock } = world();
    const [first] = await keys.published();
    assert.ok(first !== undefined);
    await keys.retain(first.kid, true);
    clock.advanceSeconds(60);
    const waiting = await keys.rotate();
    clock.advanceSeconds(60);
    const { key, withdrawn } = await keys.replaceAll();
    assert.deepEqual(new Set(withdrawn), new Set([first.kid, waiting.kid]));
    assert.deepEqual(await kids(keys), [key.kid]);
    clock.advanceSeconds(publishedBeforeUseMs / 1000);
    assert.deepEqual(await kids(keys), [key.kid]);
  });

  it('is agreed upon by nodes that look after it at the same moment', async () => {
    const { keys, store, clock, another } = world();
    await keys.published();
    clock.advanceSeconds((signsForMs - publishedBeforeUseMs) / 1000);
    const other = another();
    await Promise.all([keys.upkeep(), other.upkeep(), keys.rotate(), other.rotate()]);
    assert.equal((await store.list()).length, 2);
  });

  it('survives two nodes that both find an empty database', async () => {
    const { keys, clock, another } = world();
    const other = another();
    await Promise.all([keys.upkeep(), other.upkeep()]);
    const [one] = await keys.published();
    const [same] = await other.published();
    assert.equal(one?.kid, same?.kid);
    clock.advanceSeconds(publishedAfterUseMs / 1000);
    assert.equal((await keys.published()).length, 1);
  });
});

async function kids(keys: { published(): Promise<readonly SigningKey[]> }): Promise<string[]> {
  return (await keys.published()).map(({ kid }) => kid);
}

function world(seed = 'keys') {
  const clock = settableClock(new Date('2026-11-20T12:00:00Z'));
  const store = memoryKeyStore();
  const node = (name: string) =>
    createSigningKeys({ store, clock, random: seededRandom(`${seed} ${name}`) });
  let nodes = 1;
  return { clock, store, keys: node('first'), another: () => node(String((nodes += 1))) };
}

function memoryKeyStore(): KeyStore {
  const kept = new Map<string, SigningKey>();
  const change = (kid: string, part: Partial<SigningKey>): boolean => {
    const key = kept.get(kid);
    if (key === undefined) return false;
    kept.set(kid, { ...key, ...part });
    return true;
  };
  return {
    add: async (key) => {
      if (kept.has(key.kid)) return false;
      kept.set(key.kid, key);
      return true;
    },
    list: async () =>
      [...kept.values()].toSorted((one, other) => +one.activeFrom - +other.activeFrom),
    retire: async (kid, at) =>
      kept.get(kid)?.retiredAt === undefined && change(kid, { retiredAt: at }),
    setRetain: async (kid, retain) => change(kid, { retain }),
    remove: async (kid) => kept.get(kid)?.retain === false && kept.delete(kid),
  };
}
