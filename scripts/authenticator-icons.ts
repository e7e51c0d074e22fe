/**
 * Draws the PNGs of the Tweestap Authenticator from the same few numbers as `icon.svg`, since phones
 * want pixels. Run it when the sign changes: `npx node scripts/authenticator-icons.ts`.
 */
import { writeFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';

type Colour = readonly [red: number, green: number, blue: number, alpha: number];

interface Drawing {
  readonly size: number;
  /** Of the corners, of 20; absent: the ground fills everything, a phone cuts it to its own shape. */
  readonly radius?: number;
  readonly ground: Colour;
  /** How large the sign stands on it: 1 as in `icon.svg`. */
  readonly scale: number;
}

const blue: Colour = [0x0b, 0x53, 0x94, 255];
const white: Colour = [255, 255, 255, 255];
const nothing: Colour = [255, 255, 255, 0];
const samples = 4;

const drawings: Readonly<Record<string, Drawing>> = {
  'icon-192': { size: 192, radius: 4.4, ground: blue, scale: 1 },
  'icon-512': { size: 512, radius: 4.4, ground: blue, scale: 1 },
  'maskable-512': { size: 512, ground: blue, scale: 0.82 },
  'touch-180': { size: 180, ground: blue, scale: 0.95 },
  // Android takes the shape of this alone, for the line at the top of the screen.
  'badge-96': { size: 96, ground: nothing, scale: 1.25 },
};

/** Two steps up: boxes of [left, top, right, bottom] in a square of 20. */
const sign = [
  [4.6, 13.15, 9.45, 15.25],
  [7.35, 9.15, 9.45, 15.25],
  [7.35, 9.15, 13.05, 11.25],
  [10.95, 5.15, 13.05, 11.25],
  [10.95, 5.15, 15.6, 7.25],
] as const;

for (const [name, drawing] of Object.entries(drawings)) {
  const path = new URL(`../authenticator/icons/${name}.png`, import.meta.url);
  writeFileSync(path, png(drawing.size, draw(drawing)));
}

function draw({ size, radius, ground, scale }: Drawing): Buffer {
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const sum = [0, 0, 0, 0];
      for (let sample = 0; sample < samples ** 2; sample += 1) {
        const u = ((x + ((sample % samples) + 0.5) / samples) / size) * 20;
        const v = ((y + (Math.floor(sample / samples) + 0.5) / samples) / size) * 20;
        const inside = radius === undefined || isInRounded(u, v, radius);
        const isSign = sign.some(([left, top, right, bottom]) => {
          const a = (u - 10) / scale + 10;
          const b = (v - 10) / scale + 10;
          return a >= left && a < right && b >= top && b < bottom;
        });
        const [red, green, blueness, alpha] = inside ? (isSign ? white : ground) : nothing;
        sum[0] = (sum[0] ?? 0) + red * alpha;
        sum[1] = (sum[1] ?? 0) + green * alpha;
        sum[2] = (sum[2] ?? 0) + blueness * alpha;
        sum[3] = (sum[3] ?? 0) + alpha;
      }
      const [red = 0, green = 0, blueness = 0, alpha = 0] = sum;
      const at = y * (size * 4 + 1) + 1 + x * 4;
      if (alpha === 0) continue;
      rows[at] = Math.round(red / alpha);
      rows[at + 1] = Math.round(green / alpha);
      rows[at + 2] = Math.round(blueness / alpha);
      rows[at + 3] = Math.round(alpha / samples ** 2);
    }
  }
  return rows;
}

function isInRounded(u: number, v: number, radius: number): boolean {
  const x = Math.max(radius - u, u - (20 - radius), 0);
  const y = Math.max(radius - v, v - (20 - radius), 0);
  return x * x + y * y <= radius * radius;
}

/** RGBA, 8 bits (PNG specification, third edition, §5). */
function png(size: number, rows: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
