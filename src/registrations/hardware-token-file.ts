/**
 * Owns reading the files that hardware tokens come with: the table of Entra (row A-060: `upn, serial
 * number, secret key, time interval, manufacturer, model`) and PSKC (RFC 6030). Each line is a token or
 * what is wrong with it, so that one slip does not spoil the rest.
 */
import { readCsv } from '../lib/csv.ts';
import { encodeBase32 } from '../lib/otp/base32.ts';
import type { PskcFault, PskcKey } from '../lib/pskc/pskc.ts';
import { appSecret } from '../methods/authenticator-app.ts';
import { canonicalSerialNumber, type TokenSecret } from './hardware-token.ts';

/** What is wrong with one line. */
export type TokenLineFault =
  /** Quotes astray; or a line end or another control character within a field that lists show. */
  | 'unreadable'
  | 'serial-number-missing'
  | 'serial-number-too-long'
  /** A line above has the same. */
  | 'serial-number-repeated'
  | 'key-missing'
  /** Not base32, or shorter than 80 bits. */
  | 'key-unreadable'
  /** Neither 30 nor 60 seconds. */
  | 'interval'
  /** Counts presses instead of time (HOTP), or makes codes in a way that is not ours. */
  | 'kind-of-code'
  | 'text-too-long';

/** What is wrong with the whole file. */
export type TokenFileFault = PskcFault | 'empty' | 'column-missing' | 'too-many-lines';

export interface ReadToken {
  readonly serialNumber: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly secret: TokenSecret;
  /** The user name of whom it is for, as it stands there; undefined for the shelf. */
  readonly owner: string | undefined;
}

/** `line`: from 1, as an editor counts; of PSKC the key's place in the file. */
export type TokenLine =
  | { readonly line: number; readonly token: ReadToken; readonly fault?: undefined }
  | {
      readonly line: number;
      /** As far as it could be read. */
      readonly serialNumber: string;
      readonly fault: TokenLineFault;
    };

export type TokenFile =
  | { readonly lines: readonly TokenLine[]; readonly fault?: undefined }
  | {
      readonly fault: TokenFileFault;
      /** The column that is missing. */
      readonly column?: string;
    };

const mostLines = 20_000;
const longestText = 100;

/** The columns of Entra's table, and two that it lacks: tokens of 8 digits or of SHA-256 exist. */
const columns = {
  owner: 'upn',
  serialNumber: 'serial number',
  key: 'secret key',
  interval: 'time interval',
  manufacturer: 'manufacturer',
  model: 'model',
  digits: 'digits',
  hash: 'hash function',
} as const;
const required = ['serialNumber', 'key', 'interval'] as const;

/** Reads a file of either kind. `password` opens a PSKC file that is encrypted. */
export async function readTokenFile(
  file: Uint8Array,
  { password }: { readonly password?: string | undefined } = {},
): Promise<TokenFile> {
  const isXml = /^\s*</.test(Buffer.from(file.subarray(0, 256)).toString('utf8'));
  const read = isXml ? await readKeys(file, password) : await readTable(file);
  if (read.fault !== undefined) return read;
  if (read.lines.length === 0) return { fault: 'empty' };
  return { lines: withoutRepeated(read.lines) };
}

/** What a line says, before it is looked at. What is not said is empty. */
export interface Said {
  readonly owner: string;
  readonly serialNumber: string;
  readonly key: string;
  readonly interval: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly digits: string;
  readonly hash: string;
}

async function readTable(file: Uint8Array): Promise<TokenFile> {
  const lines: TokenLine[] = [];
  let places: ReadonlyMap<string, number> | undefined;
  for await (const record of readCsv([file])) {
    if (record.fault !== undefined) {
      lines.push({ line: record.line, serialNumber: '', fault: 'unreadable' });
      continue;
    }
    const { fields, line } = record;
    if (places === undefined) {
      places = new Map(fields.map((heading, index) => [headingOf(heading), index]));
      const missing = required.find((name) => places?.has(columns[name]) !== true);
      if (missing !== undefined) return { fault: 'column-missing', column: columns[missing] };
      continue;
    }
    if (lines.length >= mostLines) return { fault: 'too-many-lines' };
    const at = (name: keyof typeof columns): string =>
      fields[places?.get(columns[name]) ?? -1]?.trim() ?? '';
    lines.push(
      judged(line, {
        owner: at('owner'),
        serialNumber: at('serialNumber'),
        key: at('key').replaceAll(/[\s-]/g, '').replace(/=+$/, '').toUpperCase(),
        interval: at('interval'),
        manufacturer: at('manufacturer'),
        model: at('model'),
        digits: at('digits'),
        hash: at('hash'),
      }),
    );
  }
  if (places !== undefined) return { lines };
  // Lines, and not even one that could be the headings: a picture, an archive, a spreadsheet's own file.
  return { fault: lines.length === 0 ? 'empty' : 'not-pskc' };
}

/** `Serial Number`, `serial_number` and `serialNumber` are the same heading. */
function headingOf(text: string): string {
  return text
    .trim()
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
}

async function readKeys(file: Uint8Array, password: string | undefined): Promise<TokenFile> {
  // Rare, and a parser of XML takes its room in memory.
  const { readPskc } = await import('../lib/pskc/pskc.ts');
  const read = readPskc(Buffer.from(file).toString('utf8'), { password });
  if (read.fault !== undefined) return read;
  return { lines: read.keys.map((key, index) => judged(index + 1, saidBy(key))) };
}

function saidBy(key: PskcKey): Said {
  const { secret, periodSeconds = 30, digits, algorithm } = key;
  return {
    owner: '',
    serialNumber: key.serialNumber ?? key.id,
    key: secret === undefined ? '' : encodeBase32(secret),
    interval: String(periodSeconds),
    manufacturer: key.manufacturer ?? '',
    model: key.model ?? '',
    digits: digits === undefined ? '' : String(digits),
    hash: algorithm === 'totp' ? key.hash : algorithm,
  };
}

/** Looks at what a line says, of a file or of a program; the key is base32 in capitals, without padding. */
export function judged(line: number, said: Said): TokenLine {
  const serialNumber = canonicalSerialNumber(said.serialNumber);
  const secret = appSecret.safeParse({
    key: said.key,
    digits: said.digits === '' ? 6 : Number(said.digits),
    period: Number(said.interval),
    algorithm: hashOf(said.hash),
  });
  const wrong = new Set(secret.error?.issues.map(({ path }) => path[0]));
  const fault: TokenLineFault | undefined =
    serialNumber === ''
      ? 'serial-number-missing'
      : serialNumber.length > longestText
        ? 'serial-number-too-long'
        : [serialNumber, said.manufacturer, said.model].some((text) => /\p{Cc}/u.test(text))
          ? 'unreadable'
          : said.key === ''
            ? 'key-missing'
            : wrong.has('algorithm') || wrong.has('digits')
              ? 'kind-of-code'
              : wrong.has('period')
                ? 'interval'
                : !secret.success
                  ? 'key-unreadable'
                  : [said.manufacturer, said.model].some(({ length }) => length > longestText)
                    ? 'text-too-long'
                    : undefined;
  if (fault !== undefined || !secret.success) {
    return {
      line,
      serialNumber: serialNumber.replaceAll(/\p{Cc}/gu, ' ').slice(0, longestText),
      fault: fault ?? 'key-unreadable',
    };
  }
  const { key, digits, period, algorithm } = secret.data;
  return {
    line,
    token: {
      serialNumber,
      manufacturer: said.manufacturer,
      model: said.model,
      secret: { key, digits, period, algorithm },
      owner: said.owner === '' ? undefined : said.owner,
    },
  };
}

/** `hmacsha1` of Graph, `SHA-256`, nothing. */
function hashOf(text: string): string {
  const bare = text
    .toLowerCase()
    .replaceAll(/[\s_-]/g, '')
    .replace(/^hmac/, '');
  return bare === '' ? 'sha1' : bare;
}

function withoutRepeated(lines: readonly TokenLine[]): readonly TokenLine[] {
  const seen = new Set<string>();
  return lines.map((each) => {
    if (each.fault !== undefined) return each;
    const { serialNumber } = each.token;
    if (seen.has(serialNumber)) {
      return { line: each.line, serialNumber, fault: 'serial-number-repeated' };
    }
    seen.add(serialNumber);
    return each;
  });
}
