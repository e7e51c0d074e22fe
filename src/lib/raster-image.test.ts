import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { imageAddress, imageIn, rasterImage } from './raster-image.ts';

/** One blue dot. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChAGAyXjUaAAAAABJRU5ErkJggg==',
  'base64',
);

describe('a picture', () => {
  it('is told by its first bytes', () => {
    assert.equal(rasterImage(png)?.type, 'image/png');
    const jpeg = Buffer.concat([Buffer.from('ffd8ffe000104a464946', 'hex'), Buffer.alloc(20)]);
    assert.equal(rasterImage(jpeg)?.type, 'image/jpeg');
    const webp = Buffer.from('RIFF\u0010\u0000\u0000\u0000WEBPVP8L....', 'latin1');
    assert.equal(rasterImage(webp)?.type, 'image/webp');
  });

  it('is no document that a script could stand in, nor half of a picture', () => {
    const others = ['<svg xmlns="http://www.w3.org/2000/svg"/>', '<!doctype html>', 'GIF89a', ''];
    for (const text of others) assert.equal(rasterImage(Buffer.from(text)), null, text);
    assert.equal(rasterImage(png.subarray(0, 10)), null);
  });

  it('comes back out of its address, and out of no other', () => {
    const address = imageAddress({ type: 'image/png', bytes: png });
    assert.deepEqual(imageIn(address)?.bytes, png);
    const others = [
      address.replace('png', 'jpeg'),
      address.replace('image/png', 'image/svg+xml'),
      address.replace('image/png', 'text/html'),
      `${address}" onerror="x`,
      'data:image/png;base64,aGk=',
      'https://example.com/logo.png',
      '',
    ];
    for (const text of others) assert.equal(imageIn(text), null, text.slice(0, 40));
  });
});
