/**
 * Base32 of RFC 4648 §6. Runs in a browser as well, so it knows bytes, not buffers.
 */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const values = new Map(Array.from(alphabet, (symbol, value) => [symbol, value]));

/** Upper-case base32 without padding, or padded to eights with `=` when asked. */
export function encodeBase32(bytes: Uint8Array, { padding = false } = {}): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet.charAt((held >>> bits) & 31);
    }
    held &= (1 << bits) - 1;
  }
  if (bits > 0) text += alphabet.charAt((held << (5 - bits)) & 31);
  return padding ? text.padEnd(Math.ceil(text.length / 8) * 8, '=') : text;
}

/**
 * The bytes, or `null` where the text is not base32. Written as people type it: lower case, blanks
 * and hyphens between groups, and missing padding are fine. A length that no bytes have, or bits
 * left over that are not zero, are not: each secret has one spelling (RFC 4648 §3.5).
 */
export function decodeBase32(text: string): Uint8Array | null {
  const symbols = text
    .replaceAll(/[\s-]/g, '')
    .toUpperCase()
    .replace(/={0,6}$/, '');
  const bytes = new Uint8Array(Math.floor((symbols.length * 5) / 8));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const symbol of symbols) {
    const value = values.get(symbol);
    if (value === undefined) return null;
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = held >>> bits;
      at += 1;
      held &= (1 << bits) - 1;
    }
  }
  return bits < 5 && held === 0 ? bytes : null;
}
