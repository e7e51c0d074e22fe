import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { wav } from '../../test/support/sounds.ts';
import { newFolder, openPlace, runCommand, type Place } from '../../test/support/tweestap.ts';

describe('tweestap greeting', () => {
  let place: Place;
  before(async () => {
    place = newFolder();
    await (await openPlace(place)).close();
  });
  after(() => place.remove());

  const run = (...words: readonly string[]) => runCommand(place, ['greeting', ...words]);
  const thanks = async (): Promise<string> =>
    /^en-thanks .*$/m.exec((await run('list')).output)?.[0] ?? '';

  it('has calls say something else, and the built-in words again', async () => {
    assert.match(await thanks(), /^en-thanks +built in +Thank you\./);
    const set = await run('set', 'en-thanks', 'Goodbye, {person}.');
    assert.equal(set.code, 0, set.error);
    assert.match(await thanks(), /own words +Goodbye, \{person\}\.$/);
    const file = join(place.dataFolder, 'thanks.wav');
    writeFileSync(file, wav(2));
    assert.equal((await run('set', 'en-thanks', '--sound', file)).code, 0);
    assert.match(await thanks(), /own sound$/);
    assert.equal((await run('reset', 'en-thanks')).code, 0);
    assert.match(await thanks(), /built in/);
    const installation = await openPlace(place);
    const [event] = await installation.database.stores.audit.list({ limit: 1 });
    await installation.close();
    assert.deepEqual([event?.kind, event?.actor], ['greeting-changed', 'command-line']);
  });

  it('says what is wrong', async () => {
    const file = join(place.dataFolder, 'no-sound.wav');
    writeFileSync(file, 'RIFF');
    const wrong: readonly (readonly [readonly string[], number, RegExp])[] = [
      [['set', 'en-thanks', '{code}'], 1, /Only \{organisation\} and \{person\}/],
      [['set', 'en-thanks', '--sound', file], 1, /neither a WAV nor an MP3/],
      [['set', 'en-thanks', '--sound', `${file}.not`], 1, /cannot be read/],
      [['set', 'en-thanks'], 2, /Either WORDS or --sound/],
      [['reset', 'de-thanks'], 1, /no greeting de-thanks.*nl-thanks/],
    ];
    for (const [words, code, message] of wrong) {
      const ran = await run(...words);
      assert.equal(ran.code, code, words.join(' '));
      assert.match(ran.error, message);
    }
    assert.match(await thanks(), /built in/);
  });
});
