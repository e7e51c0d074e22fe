/**
 * Pictures that browsers show and nothing can run in: PNG, JPEG and WebP, told by their first bytes and
 * never by what their sender calls them. An SVG is a document with scripts and is none of these.
 */

export interface RasterImage {
  readonly type: 'image/png' | 'image/jpeg' | 'image/webp';
  readonly bytes: Buffer;
}

/** The picture that these bytes are; null where they are none of the three. */
export function rasterImage(bytes: Buffer): RasterImage | null {
  const type = kinds.find(({ isIt }) => isIt(bytes))?.type;
  return type === undefined ? null : { type, bytes };
}

/** As one address (RFC 2397), for a document that holds the picture itself. */
export function imageAddress({ type, bytes }: RasterImage): string {
  return `data:${type};base64,${bytes.toString('base64')}`;
}

/** The picture in such an address; null where it is written otherwise, or is not what it says. */
export function imageIn(address: string): RasterImage | null {
  const [, type, base64] = written.exec(address) ?? [];
  if (type === undefined || base64 === undefined) return null;
  const image = rasterImage(Buffer.from(base64, 'base64'));
  return image?.type === type && imageAddress(image) === address ? image : null;
}

const written = /^data:(image\/(?:png|jpeg|webp));base64,([A-Za-z0-9+/]+={0,2})$/;

const kinds = [
  {
    type: 'image/png',
    // The signature, then the header chunk, which must come first (PNG 3rd edition, §5.2 and §5.6).
    isIt: (bytes: Buffer) =>
      begins(bytes, '89504e470d0a1a0a') && bytes.toString('latin1', 12, 16) === 'IHDR',
  },
  {
    type: 'image/jpeg',
    // Start of image and the next marker (ITU-T T.81, B.1.1).
    isIt: (bytes: Buffer) => begins(bytes, 'ffd8ff') && bytes.length > 20,
  },
  {
    type: 'image/webp',
    // RFC 9649 §2.4.
    isIt: (bytes: Buffer) =>
      bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 15) === 'WEBPVP8',
  },
] as const;

function begins(bytes: Buffer, hex: string): boolean {
  return bytes.subarray(0, hex.length / 2).toString('hex') === hex;
}
