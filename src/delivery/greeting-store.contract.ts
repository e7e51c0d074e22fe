/** What every keeper of greetings is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { onFreshStores, type MakeStores } from '../lib/stores.contract.ts';
import type { Greeting, GreetingStore } from './greeting-store.ts';

const at = new Date(1000);
const spoken: Greeting = {
  language: 'nl',
  moment: 'greeting',
  says: { words: 'Goedendag, u spreekt met Voorbeeld.' },
  changedAt: at,
};

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeGreetingStore(
  make: MakeStores<{ readonly greetings: GreetingStore }>,
): void {
  describe('a greeting store', () => {
    it('keeps one for each language and moment, the newest', () =>
      onFreshStores(make, async ({ stores: { greetings } }) => {
        assert.deepEqual(await greetings.list(), []);
        await greetings.put(spoken);
        await greetings.put({ ...spoken, language: 'en' });
        const newer = { ...spoken, says: { words: 'Hallo.' }, changedAt: new Date(2000) };
        await greetings.put(newer);
        assert.deepEqual(await greetings.list(), [{ ...spoken, language: 'en' }, newer]);
      }));

    it('gives a sound to whoever has its id, until it is replaced', () =>
      onFreshStores(make, async ({ stores: { greetings } }) => {
        const sound = Buffer.from([0, 255, 1, 254]);
        const played: Greeting = { ...spoken, says: { soundId: 'sound-1' } };
        await greetings.put(played, sound);
        assert.deepEqual(await greetings.list(), [played]);
        assert.deepEqual(await greetings.sound('sound-1'), sound);
        assert.equal(await greetings.sound('sound-2'), undefined);
        await greetings.put(spoken);
        assert.equal(await greetings.sound('sound-1'), undefined);
      }));

    it('forgets one, once', () =>
      onFreshStores(make, async ({ stores: { greetings } }) => {
        await greetings.put(spoken);
        assert.equal(await greetings.remove('en', 'greeting'), false);
        assert.equal(await greetings.remove('nl', 'greeting'), true);
        assert.equal(await greetings.remove('nl', 'greeting'), false);
        assert.deepEqual(await greetings.list(), []);
      }));
  });
}
