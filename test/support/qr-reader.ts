/** What the camera of an authenticator app does: reads the QR code that stands on a screen. */
import assert from 'node:assert/strict';

import type { BrowserContext, Locator } from 'playwright-core';
import decodeQR from 'qr/decode.js';

/** The text in the QR code that is seen there, read from a picture of the screen. */
export async function readQrCode(seen: Locator): Promise<string> {
  const picture = await seen.screenshot({ scale: 'css' });
  return decodeQR(await pixels(seen.page().context(), picture));
}

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A browser knows how to unpack a PNG; an empty page of it, so that no page of ours is in the way. */
async function pixels(context: BrowserContext, picture: Buffer): Promise<Pixels> {
  const page = await context.newPage();
  try {
    const unpacked = await page.evaluate<{ width: number; height: number; data: string }>(`
      (async () => {
        const bytes = Uint8Array.from(atob('${picture.toString('base64')}'), (c) => c.charCodeAt(0));
        const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
        const { width, height } = image;
        const canvas = new OffscreenCanvas(width, height).getContext('2d');
        canvas.drawImage(image, 0, 0);
        const { data } = canvas.getImageData(0, 0, width, height);
        let text = '';
        for (const byte of data) text += String.fromCharCode(byte);
        return { width, height, data: btoa(text) };
      })()`);
    const { width, height, data } = unpacked;
    assert.ok(width > 100 && height > 100, 'too small for a camera');
    return { width, height, data: new Uint8Array(Buffer.from(data, 'base64')) };
  } finally {
    await page.close();
  }
}
