/** What a camera sees: a film of one still picture, for Chromium's fake camera. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { encodeQR } from 'qr';

export interface Film {
  readonly path: string;
  remove(): void;
}

const width = 640;
const height = 480;

/** A screen with this QR code, seen from a hand's breadth away (YUV4MPEG2, 4:2:0). */
export function filmQrCode(text: string): Film {
  const modules = encodeQR(text, 'raw', { ecc: 'medium', border: 4 });
  const scale = Math.floor((height * 0.8) / modules.length);
  const left = Math.floor((width - modules.length * scale) / 2);
  const top = Math.floor((height - modules.length * scale) / 2);
  const luma = Buffer.alloc(width * height, 0x90);
  modules.forEach((row, y) => {
    row.forEach((isDark, x) => {
      for (let line = 0; line < scale; line += 1) {
        const from = (top + y * scale + line) * width + left + x * scale;
        luma.fill(isDark ? 0x20 : 0xe0, from, from + scale);
      }
    });
  });
  const colourless = Buffer.alloc((width * height) / 2, 0x80);
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, colourless]);
  const folder = mkdtempSync(join(tmpdir(), 'tweestap-camera-'));
  const path = join(folder, 'screen.y4m');
  const header = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`);
  writeFileSync(path, Buffer.concat([header, frame, frame]));
  return { path, remove: () => rmSync(folder, { recursive: true }) };
}
