import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { mp3, wav } from '../../test/support/sounds.ts';
import { soundIn } from './sound.ts';

describe('a sound', () => {
  it('is a WAV or an MP3 by its bytes, and lasts as long as it does', () => {
    assert.deepEqual(soundIn(wav(2.5)), { type: 'audio/wav', seconds: 2.5 });
    const heard = soundIn(mp3(100));
    assert.equal(heard?.type, 'audio/mpeg');
    assert.ok(Math.abs(heard.seconds - 2.612) < 0.01);
  });

  it('may have a tag before it and behind it, and a chunk of odd length in it', () => {
    const id3 = Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 5, 1, 2, 3, 4, 5]);
    const old = Buffer.concat([Buffer.from('TAG'), Buffer.alloc(125)]);
    assert.equal(soundIn(Buffer.concat([id3, mp3(10), old]))?.type, 'audio/mpeg');
    const plain = wav(1);
    const odd = Buffer.concat([
      plain.subarray(0, 36),
      Buffer.from('LIST\x03\x00\x00\x00abc\x00', 'latin1'),
      plain.subarray(36),
    ]);
    assert.equal(soundIn(odd)?.seconds, 1);
  });

  it('is nothing else, whatever it is called, and never half of one', () => {
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      Buffer.from('ID3'),
      wav(2).subarray(0, 8_000),
      Buffer.concat([mp3(5), Buffer.from('<script>alert(1)</script>')]),
      mp3(2),
      Buffer.alloc(2_000, 0xff),
    ]) {
      assert.equal(soundIn(bytes), null);
    }
  });

  it('is read from any bytes without stumbling', () => {
    for (let seed = 1; seed < 400; seed += 1) {
      const whole = seed % 2 === 0 ? wav(0.2) : mp3(4);
      const bytes = Buffer.from(whole.subarray(0, (seed * 37) % whole.length));
      if (bytes.length > 0) bytes[(seed * 13) % bytes.length] = seed % 256;
      assert.doesNotThrow(() => soundIn(bytes));
    }
  });
});
