/**
 * Owns how a GUID is written: as text, and as the 16 bytes that Windows keeps, whose first three fields are
 * little-endian ([MS-DTYP] 2.3.4).
 */

const written = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** As text, in lower case; undefined where these are not 16 bytes. */
export function guidText(bytes: Buffer): string | undefined {
  if (bytes.length !== 16) return undefined;
  const hex = (from: number, to: number, isTurned: boolean): string => {
    const part = Buffer.from(bytes.subarray(from, to));
    return (isTurned ? part.reverse() : part).toString('hex');
  };
  return [
    hex(0, 4, true),
    hex(4, 6, true),
    hex(6, 8, true),
    hex(8, 10, false),
    hex(10, 16, false),
  ].join('-');
}

/** As bytes; undefined where the text is no GUID. */
export function guidBytes(text: string): Buffer | undefined {
  if (!written.test(text)) return undefined;
  const [a = '', b = '', c = '', ...rest] = text.split('-');
  const turned = [a, b, c].map((part) => Buffer.from(part, 'hex').reverse());
  return Buffer.concat([...turned, Buffer.from(rest.join(''), 'hex')]);
}
