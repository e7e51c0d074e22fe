/** Owns writing several values as one byte string, each where it ends: no two lists look alike. */

/**
 * Each part with its length before it (four bytes, big-endian), behind `head`, which has none. Text is
 * UTF-8; `null` is a part that is absent, told by a length that none can have.
 */
export function framed(
  parts: readonly (string | Uint8Array | null)[],
  head: Uint8Array = nothing,
): Buffer {
  let length = head.length;
  for (const part of parts) length += 4 + sizeOf(part);
  // Once and in one piece: this is done several times a request.
  const bytes = Buffer.allocUnsafe(length);
  bytes.set(head);
  let at = head.length;
  for (const part of parts) {
    const size = sizeOf(part);
    at = bytes.writeUInt32BE(part === null ? 0xffff_ffff : size, at);
    if (typeof part === 'string') bytes.write(part, at);
    else if (part !== null) bytes.set(part, at);
    at += size;
  }
  return bytes;
}

const nothing = new Uint8Array();

function sizeOf(part: string | Uint8Array | null): number {
  if (part === null) return 0;
  return typeof part === 'string' ? Buffer.byteLength(part) : part.length;
}
