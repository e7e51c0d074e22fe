/**
 * BER and DER (ITU-T X.690) as far as LDAP and certificates need them: tags of one byte, definite
 * lengths. Reading never goes beyond the bytes it was given, whatever a length claims; what cannot be
 * read is a `BerFault`.
 */

/** Thrown by every reading function for bytes that are not what they should be. */
export class BerFault extends Error {
  override readonly name = 'BerFault';
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One element: its tag and its content. */
export interface Element {
  readonly tag: number;
  readonly content: Buffer;
}

/** Reads the elements of some bytes one after the other. */
export interface ElementReader {
  readonly isAtEnd: boolean;
  /** The tag of the next element; undefined at the end. */
  readonly peek: () => number | undefined;
  /** The next element. */
  next(): Element;
  /** The content of the next element, which must have this tag. */
  expect(tag: number): Buffer;
  /** A reader of the content of the next element, which must have this tag. */
  enter(tag: number): ElementReader;
  /** Throws where something follows. */
  end(): void;
}

/** How long the element is that begins at `offset`, all told; undefined while too few bytes are there. */
export function elementLength(bytes: Buffer, offset = 0): number | undefined {
  if (bytes.length - offset < 2) return undefined;
  const first = bytes[offset + 1] ?? 0;
  if (first < 0x80) return 2 + first;
  const size = first & 0x7f;
  // 0x80 is the indefinite form, which LDAP forbids (RFC 4511 §5.1).
  if (size === 0 || size > 4) throw new BerFault('A length that nobody can mean.');
  if (bytes.length - offset < 2 + size) return undefined;
  return 2 + size + bytes.readUIntBE(offset + 2, size);
}

/** A reader of these bytes. */
export function readElements(bytes: Buffer): ElementReader {
  let offset = 0;
  const next = (): Element => {
    const tag = bytes[offset];
    if (tag === undefined) throw new BerFault('Something is missing.');
    if ((tag & 0x1f) === 0x1f) throw new BerFault('A tag of more than one byte.');
    const length = elementLength(bytes, offset);
    if (length === undefined || offset + length > bytes.length)
      throw new BerFault('Longer than its surroundings.');
    const first = bytes[offset + 1] ?? 0;
    const header = first < 0x80 ? 2 : 2 + (first & 0x7f);
    const content = bytes.subarray(offset + header, offset + length);
    offset += length;
    return { tag, content };
  };
  const expect = (tag: number): Buffer => {
    const element = next();
    if (element.tag !== tag)
      throw new BerFault(`0x${element.tag.toString(16)} instead of 0x${tag.toString(16)}.`);
    return element.content;
  };
  return {
    get isAtEnd() {
      return offset >= bytes.length;
    },
    peek: () => bytes[offset],
    next,
    expect,
    enter: (tag) => readElements(expect(tag)),
    end: () => {
      if (offset < bytes.length) throw new BerFault('More than there should be.');
    },
  };
}

/** The content of an integer or enumerated as a number; at most 6 bytes, so that none loses digits. */
export function readInteger(content: Buffer): number {
  if (content.length === 0 || content.length > 6) throw new BerFault('No integer of ours.');
  return content.readIntBE(0, content.length);
}

/** The content of a boolean; anything but 0 is true. */
export function readBoolean(content: Buffer): boolean {
  if (content.length !== 1) throw new BerFault('No boolean.');
  return content[0] !== 0;
}

/** One element of this tag, with these parts as its content. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  let length = 0;
  for (const part of parts) length += part.length;
  const size = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : 4;
  const bytes = Buffer.allocUnsafe(2 + size + length);
  bytes[0] = tag;
  if (size === 0) bytes[1] = length;
  else {
    bytes[1] = 0x80 | size;
    bytes.writeUIntBE(length, 2, size);
  }
  let offset = 2 + size;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** A whole number, in as few bytes as it takes. */
export function integer(value: number, tag: number = tags.integer): Buffer {
  if (!Number.isSafeInteger(value) || Math.abs(value) >= 2 ** 47)
    throw new RangeError('Not a whole number of 48 bits.');
  let size = 1;
  while (value < -(2 ** (8 * size - 1)) || value >= 2 ** (8 * size - 1)) size += 1;
  const content = Buffer.allocUnsafe(size);
  content.writeIntBE(value, 0, size);
  return element(tag, content);
}

/** A whole number of any length: its bytes without sign, the most significant first. */
export function unsignedInteger(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const significant = first === -1 ? Buffer.alloc(1) : bytes.subarray(first);
  const isNegative = ((significant[0] ?? 0) & 0x80) !== 0;
  return isNegative
    ? element(tags.integer, Buffer.alloc(1), significant)
    : element(tags.integer, significant);
}

/** Octets, or text in UTF-8. */
export function octets(value: Uint8Array | string, tag: number = tags.octetString): Buffer {
  return element(tag, typeof value === 'string' ? Buffer.from(value, 'utf8') : value);
}

/** True is 0xFF (RFC 4511 §5.1). */
export function boolean(value: boolean, tag: number = tags.boolean): Buffer {
  return element(tag, Buffer.from([value ? 0xff : 0]));
}

/** A sequence of elements. */
export function sequence(...parts: readonly Uint8Array[]): Buffer {
  return element(tags.sequence, ...parts);
}

/** A set of elements, in the order given. */
export function set(...parts: readonly Uint8Array[]): Buffer {
  return element(tags.set, ...parts);
}

/** An object identifier: `2.5.4.3`. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift(0x80 | (left & 0x7f));
    return groups;
  });
  return element(tags.objectIdentifier, Buffer.from(bytes));
}
