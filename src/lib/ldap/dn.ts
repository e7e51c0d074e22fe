/**
 * Distinguished names as text (RFC 4514): `uid=anna,ou=people,dc=voorbeeld,dc=example`, the nearest
 * first. Two names are the same where their normal forms are.
 */

/** One step of a name; several pairs where it has several (`cn=a+sn=b`). */
export type Rdn = readonly { readonly type: string; readonly value: string }[];

export type Dn = readonly Rdn[];

/** Longer than any name of ours, short enough to be read at no cost. */
const longestDn = 2048;

/** Reads a name; undefined where it is none. The empty text is the name of the root. */
export function parseDn(text: string): Dn | undefined {
  if (text.length > longestDn || /\p{Surrogate}/u.test(text)) return undefined;
  if (text.trim() === '') return [];
  const rdns: Rdn[] = [];
  let pairs: { type: string; value: string }[] = [];
  let rest = text;
  for (;;) {
    const pair = readPair(rest);
    if (pair === undefined) return undefined;
    pairs.push({ type: pair.type, value: pair.value });
    const separator = pair.rest[0];
    rest = pair.rest.slice(1);
    if (separator === '+') continue;
    rdns.push(pairs);
    pairs = [];
    if (separator === undefined) return rdns;
  }
}

// A type is a name or a dotted number; blanks around it were allowed before RFC 4514.
const type = /^\s*([a-zA-Z][a-zA-Z0-9-]*|\d+(?:\.\d+)*)\s*=\s*/;
const hexValue = /^#((?:[0-9a-fA-F]{2})+)\s*/;

function readPair(
  text: string,
): { readonly type: string; readonly value: string; readonly rest: string } | undefined {
  const [head, name] = type.exec(text) ?? [];
  if (head === undefined || name === undefined) return undefined;
  const after = text.slice(head.length);
  const [hexText] = hexValue.exec(after) ?? [];
  if (hexText !== undefined) {
    const rest = after.slice(hexText.length);
    // What BER may stand there is nobody's name here; it is kept as it was written.
    return rest === '' || /^[,;+]/.test(rest)
      ? { type: name.toLowerCase(), value: hexText.trim().toLowerCase(), rest: comma(rest) }
      : undefined;
  }
  const read = after.startsWith('#') ? undefined : readValue(after);
  return read === undefined ? undefined : { type: name.toLowerCase(), ...read };
}

function comma(rest: string): string {
  return rest.startsWith(';') ? `,${rest.slice(1)}` : rest;
}

function readValue(text: string): { readonly value: string; readonly rest: string } | undefined {
  const pieces: Buffer[] = [];
  let plain = '';
  let at = 0;
  for (; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (/[,+;]/.test(character)) break;
    if (/["<>\0]/.test(character)) return undefined;
    if (character !== '\\') {
      plain += character;
      continue;
    }
    const [pair] = /^[0-9a-fA-F]{2}/.exec(text.slice(at + 1, at + 3)) ?? [];
    if (pair !== undefined) {
      pieces.push(Buffer.from(plain, 'utf8'), Buffer.from(pair, 'hex'));
      plain = '';
      at += 2;
      continue;
    }
    const escaped = text[at + 1] ?? '';
    if (!/^[ "#+,;<=>\\]$/.test(escaped)) return undefined;
    plain += escaped;
    at += 1;
  }
  const whole = Buffer.concat([...pieces, Buffer.from(plain, 'utf8')]);
  const kept = whole.subarray(0, whole.length - blanksAtEnd(text.slice(0, at)));
  const value = kept.toString('utf8');
  // Bytes that are no text name nobody.
  if (!Buffer.from(value, 'utf8').equals(kept)) return undefined;
  return { value, rest: comma(text.slice(at)) };
}

/** How many blanks at the end of a written value are not part of it: all but an escaped one. */
function blanksAtEnd(written: string): number {
  const before = written.replace(/ +$/, '');
  const blanks = written.length - before.length;
  const slashes = before.length - before.replace(/\\+$/, '').length;
  return blanks > 0 && slashes % 2 === 1 ? blanks - 1 : blanks;
}

/** A name as text. */
export function formatDn(dn: Dn): string {
  return dn
    .map((rdn) => rdn.map(({ type: name, value }) => `${name}=${escapeDnValue(value)}`).join('+'))
    .join(',');
}

/** A value as it stands in a name (RFC 4514 §2.4). */
export function escapeDnValue(value: string): string {
  const escaped = value
    .replaceAll(/["+,;<>\\=]/g, '\\$&')
    .replaceAll(/\p{Cc}/gu, (control) =>
      Buffer.from(control, 'utf8').reduce((text, byte) => `${text}\\${hex(byte)}`, ''),
    )
    .replace(/^[ #]/, '\\$&');
  // A single blank was escaped as the first one.
  return value.length > 1 ? escaped.replace(/ $/, '\\ ') : escaped;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** The form in which two names are equal: case and runs of blanks do not matter. */
export function normalDn(dn: Dn): string {
  return formatDn(
    dn.map((rdn) =>
      rdn
        .map(({ type: name, value }) => ({ type: name, value: normalText(value) }))
        .toSorted((a, b) => (a.type < b.type ? -1 : 1)),
    ),
  );
}

/** The domain that a name ends in (RFC 2247): `voorbeeld.example`; undefined where it ends in none. */
export function domainOf(dn: Dn): string | undefined {
  const from = dn.findLastIndex(([pair]) => pair?.type !== 'dc') + 1;
  const labels = dn.slice(from).map(([pair]) => pair?.value ?? '');
  return labels.length === 0 ? undefined : labels.join('.').toLowerCase();
}

/** Text as `caseIgnoreMatch` compares it (RFC 4517 §4.2.11, in the main). */
export function normalText(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim().replaceAll(/\s+/gu, ' ');
}
