/**
 * Owns tables as text (CSV, RFC 4180): reads what spreadsheets really write, and writes what no
 * spreadsheet takes for a formula.
 */
import { TextDecoder } from 'node:util';

/** Why a line cannot be read. */
export type CsvFault =
  /** Something stands between the quote that closes a field and the next separator. */
  | 'text-after-quote'
  /** A quote stands within a field that did not begin with one. */
  | 'quote-within'
  /** A field begins with a quote that is never closed, or not within `longest`. */
  | 'quote-not-closed'
  /** Longer than `longest`. */
  | 'too-long'
  /** Bytes that are no text in this encoding, or a NUL: most often not a table at all. */
  | 'not-text';

/** One line of a table, or what is wrong with it. */
export type CsvRecord =
  | {
      /** The line on which it begins, from 1, as an editor counts them. */
      readonly line: number;
      readonly fields: readonly string[];
      readonly fault?: undefined;
    }
  | { readonly line: number; readonly fault: CsvFault };

export type CsvEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
const separators = [',', ';', '\t'] as const;
export type CsvSeparator = (typeof separators)[number];

export interface CsvReading {
  /** Default: what the byte order mark says, else what the first two bytes suggest, else UTF-8. */
  readonly encoding?: CsvEncoding;
  /** Default: what a line `sep=;` on top says, else which of the three the first line has most of. */
  readonly separator?: CsvSeparator;
  /** The longest record, in UTF-16 units. Default 65,536. */
  readonly longest?: number;
}

/**
 * Reads a table piece by piece, in memory bounded by the pieces and `longest`. Lines end in CRLF, LF or
 * CR; empty ones are passed over, yet counted. A line with a fault is told as such and reading goes on
 * at the line below it, so that one stray quote does not swallow the rest. An apostrophe that `csvLine`
 * put before what looks like a formula is taken away again.
 */
export async function* readCsv(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { encoding, separator, longest = 65_536 }: CsvReading = {},
): AsyncGenerator<CsvRecord, void, undefined> {
  const splitter = createSplitter(separator, longest);
  for await (const text of decoded(pieces, encoding)) yield* splitter.push(text);
  yield* splitter.end();
}

/** What a cell may hold. A moment is written in UTC (ISO 8601); nothing is written as an empty cell. */
export type CsvField = string | number | boolean | Date | undefined;

/** What makes a spreadsheet read UTF-8 as such; goes before the first line. */
export const byteOrderMark = '\uFEFF';

/**
 * One line, with its CRLF. Text that a spreadsheet would run (it begins with = + - @, their wide forms,
 * a tab, a line end or a NUL) gets an apostrophe before it (OWASP ASVS 1.2.10); numbers never do. So does
 * what begins a cell to a spreadsheet that parts them by another separator, which quotes within the line do
 * not keep from doing so. A NUL is written as its picture.
 */
export function csvLine(fields: readonly CsvField[], separator: CsvSeparator = ','): string {
  return `${fields.map((field) => cellOf(field, separator)).join(separator)}\r\n`;
}

/** The lines of many rows, gathered into pieces of some 16 KB: what is sent while more is read. */
export async function* writeCsv(
  rows: AsyncIterable<readonly CsvField[]> | Iterable<readonly CsvField[]>,
  { separator = ',', forExcel = false }: { separator?: CsvSeparator; forExcel?: boolean } = {},
): AsyncGenerator<string, void, undefined> {
  let piece = forExcel ? byteOrderMark : '';
  for await (const row of rows) {
    piece += csvLine(row, separator);
    if (piece.length >= 16_384) {
      yield piece;
      piece = '';
    }
  }
  if (piece !== '') yield piece;
}

const looksLikeFormula = /^[=+\-@\t\r\n\0＝＋－＠]/;
const guarded = /^'[=+\-@\t\r\n＝＋－＠]/;
// Also what other separators would tear apart, and space that readers trim.
const needsQuotes = /[",;\t\r\n]|^\s|\s$/;
/** What is a formula to whoever parts cells there; a quote that stands before it is read away. */
const formulaAfter: Readonly<Record<CsvSeparator, RegExp>> = {
  ',': /(?:[;\t]|\r\n?|\n)(?=["\s]{0,16}[=+\-@＝＋－＠])/g,
  ';': /(?:[,\t]|\r\n?|\n)(?=["\s]{0,16}[=+\-@＝＋－＠])/g,
  '\t': /(?:[,;]|\r\n?|\n)(?=["\s]{0,16}[=+\-@＝＋－＠])/g,
};

function cellOf(field: CsvField, separator: CsvSeparator): string {
  if (field === undefined) return '';
  if (typeof field === 'number' || typeof field === 'boolean') return String(field);
  if (field instanceof Date) return field.toISOString();
  const told = field.replaceAll('\0', '\u2400').replaceAll(formulaAfter[separator], "$&'");
  const text = looksLikeFormula.test(field) ? `'${told}` : told;
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The text of the pieces, without the byte order mark; what is no text becomes U+FFFD. */
async function* decoded(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  encoding: CsvEncoding | undefined,
): AsyncGenerator<string, void, undefined> {
  let decoder: TextDecoder | undefined;
  let beginning = Buffer.alloc(0);
  for await (const piece of pieces) {
    if (decoder !== undefined) {
      yield decoder.decode(piece, { stream: true });
      continue;
    }
    beginning = Buffer.concat([beginning, piece]);
    if (beginning.length < 3) continue;
    decoder = new TextDecoder(encoding ?? encodingOf(beginning));
    yield decoder.decode(beginning, { stream: true });
  }
  if (decoder === undefined) {
    yield new TextDecoder(encoding ?? encodingOf(beginning)).decode(beginning);
  } else {
    yield decoder.decode();
  }
}

// A table begins with a letter or a digit, most often of ASCII: half of it is zero in UTF-16.
function encodingOf(beginning: Buffer): CsvEncoding {
  const [first, second] = beginning;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first !== undefined && first !== 0 && second === 0) return 'utf-16le';
  return first === 0 && second !== undefined && second !== 0 ? 'utf-16be' : 'utf-8';
}

interface Splitter {
  push(text: string): Iterable<CsvRecord>;
  end(): Iterable<CsvRecord>;
}

/** Puts text together until it holds whole records. */
function createSplitter(asked: CsvSeparator | undefined, longest: number): Splitter {
  let separator = asked;
  let text = '';
  let line = 1;
  /** Whether what stands here is the rest of a line that was told of as faulty. */
  let isPassingOver = false;

  function* take(isEnd: boolean): Generator<CsvRecord, void, undefined> {
    let at = 0;
    if (separator === undefined) {
      const top = lineEnd(text, 0, isEnd);
      if (top === undefined && !isEnd && text.length <= longest) return;
      const first = text.slice(0, top?.at);
      separator = separatorTold(first);
      if (separator === undefined) separator = likeliestSeparator(first);
      else isPassingOver = true;
    }
    for (;;) {
      if (isPassingOver) {
        const end = lineEnd(text, at, isEnd);
        if (end === undefined) {
          at = text.endsWith('\r') ? text.length - 1 : text.length;
          break;
        }
        at = end.next;
        line += 1;
        isPassingOver = false;
      }
      if (at === text.length) break;
      const taken = recordAt(text, at, { separator, longest, isEnd });
      if (taken === undefined) break;
      if (taken.fault !== undefined) {
        yield { line, fault: taken.fault };
        isPassingOver = true;
        continue;
      }
      if (!taken.isEmpty) yield recordOf(line, taken.fields);
      at = taken.next;
      line += taken.lines;
    }
    text = isEnd ? '' : text.slice(at);
  }

  return {
    push: (more) => {
      text += more;
      return take(false);
    },
    end: () => take(true),
  };
}

function recordOf(line: number, fields: readonly string[]): CsvRecord {
  if (fields.some((field) => field.includes('\0') || field.includes('\uFFFD'))) {
    return { line, fault: 'not-text' };
  }
  return { line, fields: fields.map((field) => (guarded.test(field) ? field.slice(1) : field)) };
}

/** Where the line ends and the next begins; undefined while that is not known. */
function lineEnd(
  text: string,
  from: number,
  isEnd: boolean,
): { readonly at: number; readonly next: number } | undefined {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\n') return { at, next: at + 1 };
    if (text[at] !== '\r') continue;
    if (at + 1 === text.length && !isEnd) return undefined;
    return { at, next: text[at + 1] === '\n' ? at + 2 : at + 1 };
  }
  return undefined;
}

type Taken =
  | {
      readonly fields: readonly string[];
      /** Whether nothing stands on the line, not even quotes. */
      readonly isEmpty: boolean;
      /** How many lines it takes. */
      readonly lines: number;
      readonly next: number;
      readonly fault?: undefined;
    }
  | { readonly fault: CsvFault };

/** The record that begins at `from`; undefined while its end is not here yet. */
function recordAt(
  text: string,
  from: number,
  { separator, longest, isEnd }: { separator: CsvSeparator; longest: number; isEnd: boolean },
): Taken | undefined {
  const isTooLong = (at: number): boolean => at - from > longest;
  const fields: string[] = [];
  let at = from;
  let lines = 1;
  for (;;) {
    const isQuoted = text[at] === '"';
    if (isQuoted) {
      const quoted = quotedAt(text, at, from + longest);
      if (quoted === undefined) {
        return isEnd || isTooLong(text.length) ? { fault: 'quote-not-closed' } : undefined;
      }
      if (isTooLong(quoted.next)) return { fault: 'quote-not-closed' };
      // Whether that quote closes the field or begins a pair is not known.
      if (quoted.next === text.length && !isEnd) return undefined;
      fields.push(quoted.field);
      lines += quoted.field.match(/\r\n|\r|\n/g)?.length ?? 0;
      at = quoted.next;
    } else {
      const begins = at;
      while (at < text.length && !endsField(text[at], separator)) {
        if (text[at] === '"') return { fault: 'quote-within' };
        at += 1;
      }
      if (isTooLong(at)) return { fault: 'too-long' };
      if (at === text.length && !isEnd) return undefined;
      fields.push(text.slice(begins, at));
    }
    if (text[at] === separator) {
      at += 1;
      // A field follows, be it an empty one.
      if (at === text.length && !isEnd) return undefined;
      continue;
    }
    if (!endsField(text[at], separator) && at < text.length) return { fault: 'text-after-quote' };
    const end = lineEnd(text, at, isEnd);
    if (end === undefined && !isEnd) return undefined;
    return {
      fields,
      isEmpty: fields.length === 1 && fields[0] === '' && !isQuoted,
      lines,
      next: end?.next ?? text.length,
    };
  }
}

function endsField(character: string | undefined, separator: CsvSeparator): boolean {
  return character === separator || character === '\n' || character === '\r';
}

/** The field whose first quote stands at `from`, and what comes behind its last, if that is before `to`. */
function quotedAt(
  text: string,
  from: number,
  to: number,
): { readonly field: string; readonly next: number } | undefined {
  let field = '';
  let begins = from + 1;
  for (;;) {
    const quote = text.indexOf('"', begins);
    if (quote === -1 || quote > to) return undefined;
    field += text.slice(begins, quote);
    if (text[quote + 1] !== '"') return { field, next: quote + 1 };
    field += '"';
    begins = quote + 2;
  }
}

/** What Excel's own line on top says, which is no part of the table. */
function separatorTold(line: string): CsvSeparator | undefined {
  const told = /^sep=(.)$/i.exec(line)?.[1];
  return separators.find((separator) => separator === told);
}

/** Which of them stands most often outside quotes; a comma where none does. */
function likeliestSeparator(line: string): CsvSeparator {
  const bare = line.replaceAll(/"[^"]*"/g, '');
  const counted = separators.map((separator) => ({
    separator,
    count: bare.split(separator).length,
  }));
  return counted.toSorted((one, other) => other.count - one.count)[0]?.separator ?? ',';
}
