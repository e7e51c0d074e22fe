import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import decodeQR from 'qr/decode.js';

import { qrSvg } from './qr.ts';

// Draws the image as a browser would, in black and white, and reads it with another program.
function readBack(svg: string): string {
  const size = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1]);
  const path = /fill="#000"\s+d="([^"]*)"/.exec(svg)?.[1] ?? '';
  const zoom = 4;
  const data = new Uint8Array(size * size * zoom * zoom * 4).fill(255);
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\d+z/g)) {
    const [left, top, right] = [
      Number(x) * zoom,
      Number(y) * zoom,
      (Number(x) + Number(width)) * zoom,
    ];
    for (let row = top; row < top + zoom; row += 1) {
      for (let column = left; column < right; column += 1) {
        data.fill(0, (row * size * zoom + column) * 4, (row * size * zoom + column) * 4 + 3);
      }
    }
  }
  return decodeQR({ width: size * zoom, height: size * zoom, data });
}

describe('a QR code', () => {
  const uri = 'otpauth://totp/Contoso:anna%40contoso.nl?secret=GEZDGNBVGY3TQOJQ&issuer=Contoso';
  const svg = qrSvg(uri, { title: 'Scan <this>' }).html;

  it('is read by a phone', () => {
    assert.equal(readBack(svg), uri);
    assert.equal(readBack(qrSvg('é – ü', { title: '' }).html), 'é – ü');
  });

  it('is an image with a name, dark on white, with sharp edges', () => {
    assert.match(svg, /^<svg[^>]*role="img"/);
    assert.match(svg, /<title>Scan &lt;this&gt;<\/title>/);
    assert.match(svg, /fill="#fff"[^>]*\/>.*fill="#000"/s);
    assert.match(svg, /shape-rendering="crispEdges"/);
    assert.doesNotMatch(svg, /currentColor|style=/);
  });

  it('has four modules of white around it', () => {
    const starts = [...svg.matchAll(/M(\d+) (\d+)h\d+v1/g)];
    assert.equal(Math.min(...starts.map(([, x]) => Number(x))), 4);
    assert.equal(Math.min(...starts.map(([, , y]) => Number(y))), 4);
  });

  it('is small enough for a page', () => {
    assert.ok(svg.length < 16_000, String(svg.length));
  });

  it('refuses more than it can hold', () => {
    assert.throws(() => qrSvg('x'.repeat(5000), { title: '' }));
  });
});
