/**
 * Owns how words become the parts of a text message and back: the alphabet of GSM (3GPP TS 23.038 §6.2.1)
 * where all letters are in it, else UCS-2; and the parts of a long text (3GPP TS 23.040 §9.2.3.24.1).
 */

// In the order of their codes; the place of the escape is held by a letter that nobody writes.
const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const extended: Readonly<Record<string, number>> = {
  '\f': 0x0a,
  '^': 0x14,
  '{': 0x28,
  '}': 0x29,
  '\\': 0x2f,
  '[': 0x3c,
  '~': 0x3d,
  ']': 0x3e,
  '|': 0x40,
  '€': 0x65,
};
const escape = 0x1b;

/** Codings of SMPP (§5.2.19). */
export const dataCodings = { gsm: 0x00, latin1: 0x03, ucs2: 0x08 } as const;

export interface EncodedText {
  readonly dataCoding: number;
  /** One, or as many as it takes, each with its header. */
  readonly parts: readonly Buffer[];
}

/** The parts of a text. `reference` (0 to 255) tells the parts of one long text from another's. */
export function encodeText(text: string, reference: number): EncodedText {
  const letters = gsmLetters(text);
  const dataCoding = letters === undefined ? dataCodings.ucs2 : dataCodings.gsm;
  const units = letters ?? ucs2Letters(text);
  const [whole, part] = letters === undefined ? [140, 134] : [160, 153];
  const all = Buffer.concat(units);
  if (all.length <= whole) return { dataCoding, parts: [all] };
  const chunks: Buffer[] = [];
  let chunk: readonly Buffer[] = [];
  let length = 0;
  for (const unit of units) {
    // A letter of two codes stays whole.
    if (length + unit.length > part) {
      chunks.push(Buffer.concat(chunk));
      chunk = [];
      length = 0;
    }
    chunk = [...chunk, unit];
    length += unit.length;
  }
  chunks.push(Buffer.concat(chunk));
  const parts = chunks.map((each, index) =>
    Buffer.concat([Buffer.from([5, 0, 3, reference, chunks.length, index + 1]), each]),
  );
  return { dataCoding, parts };
}

/** The words of a text that came, without its header, if it has one. */
export function decodeText(message: Buffer, dataCoding: number, hasHeader: boolean): string {
  const body = hasHeader ? message.subarray((message[0] ?? 0) + 1) : message;
  if (dataCoding === dataCodings.ucs2) {
    return Buffer.from(body.subarray(0, body.length - (body.length % 2)))
      .swap16()
      .toString('utf16le');
  }
  if (dataCoding !== dataCodings.gsm) return body.toString('latin1');
  let text = '';
  for (let at = 0; at < body.length; at += 1) {
    const code = body[at] ?? 0;
    if (code === escape) {
      at += 1;
      const next = body[at];
      text += Object.entries(extended).find(([, each]) => each === next)?.[0] ?? ' ';
    } else text += basic[code] ?? ' ';
  }
  return text;
}

/** Each letter as its one or two codes; undefined where one is not in the alphabet. */
function gsmLetters(text: string): readonly Buffer[] | undefined {
  const letters: Buffer[] = [];
  for (const letter of text) {
    const code = letter === '\u001b' ? -1 : basic.indexOf(letter);
    const second = extended[letter];
    if (code !== -1) letters.push(Buffer.from([code]));
    else if (second !== undefined) letters.push(Buffer.from([escape, second]));
    else return undefined;
  }
  return letters;
}

function ucs2Letters(text: string): readonly Buffer[] {
  return [...text].map((letter) => Buffer.from(letter, 'utf16le').swap16());
}
