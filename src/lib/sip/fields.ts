/**
 * Owns how the values of SIP header fields are read and written (RFC 3261 §7.3, §25.1): lists,
 * parameters, addresses, Via and CSeq. Everything is read in one pass, and what cannot be read is undefined.
 */

/** Parameters behind a value: names in lower case, `''` where one has no value, quotes taken off. */
export type Parameters = ReadonlyMap<string, string>;

/** `"Alice" <sip:alice@example.org>;tag=1` (§20.10). */
export interface Address {
  readonly uri: string;
  readonly parameters: Parameters;
}

/** One step on the way of a request (§20.42). */
export interface Via {
  /** `UDP`, `TCP`, `TLS` or what others made up, in capitals. */
  readonly transport: string;
  /** An IPv6 address stands in brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly parameters: Parameters;
}

/** Number and method of a request (§20.16). */
export interface Sequence {
  readonly number: number;
  readonly method: string;
}

/** A token (§25.1): names of methods, headers and parameters. */
export const token = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

/** The parts of a list, trimmed, without empty ones: commas in quotes and angle brackets part nothing. */
export function readList(value: string): readonly string[] {
  return split(value, ',').filter((part) => part !== '');
}

/** Reads `;name=value;name`; of a name that comes twice the first counts. */
export function readParameters(text: string): Parameters {
  const parameters = new Map<string, string>();
  for (const part of split(text, ';')) {
    const at = part.indexOf('=');
    const name = (at === -1 ? part : part.slice(0, at)).trim().toLowerCase();
    if (name === '' || parameters.has(name)) continue;
    parameters.set(name, at === -1 ? '' : unquoted(part.slice(at + 1).trim()));
  }
  return parameters;
}

/** Reads the address in From, To, Contact, Route and Record-Route. */
export function readAddress(value: string): Address | undefined {
  const open = indexOutside(value, '<');
  if (open === -1) {
    const [uri = '', ...rest] = split(value, ';');
    return addressOf(uri, rest.join(';'));
  }
  const close = value.indexOf('>', open);
  if (close === -1) return undefined;
  return addressOf(value.slice(open + 1, close), value.slice(close + 1));
}

/** The parameters of a `sip:` address itself (§19.1.1), such as `lr`. */
export function uriParameters(uri: string): Parameters {
  const behindUser = uri.slice(uri.lastIndexOf('@') + 1).replace(/\?.*$/s, '');
  const at = behindUser.indexOf(';');
  return readParameters(at === -1 ? '' : behindUser.slice(at));
}

/** Reads one Via. */
export function readVia(value: string): Via | undefined {
  const [, transport, host, port, rest = ''] =
    /^SIP\s*\/\s*2\.0\s*\/\s*([^\s/;,]+)\s+(\[[\dA-Fa-f:.]+\]|[A-Za-z\d.\-_]+)(?:\s*:\s*(\d{1,5}))?\s*(;.*)?$/is.exec(
      value,
    ) ?? [];
  if (transport === undefined || host === undefined || !token.test(transport)) return undefined;
  return {
    transport: transport.toUpperCase(),
    host,
    port: port === undefined ? undefined : Number(port),
    parameters: readParameters(rest),
  };
}

/** Reads CSeq; a number of 2³¹ or more is none (§8.1.1.5). */
export function readSequence(value: string): Sequence | undefined {
  const [, digits, method] = /^(\d{1,20})\s+(\S+)$/.exec(value) ?? [];
  const number = Number(digits);
  if (digits === undefined || method === undefined || number >= 2 ** 31 || !token.test(method)) {
    return undefined;
  }
  return { number, method };
}

/** Text in quotes (§25.1); what would end the line or the quotes does not get through. */
export function quoted(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is taken away
  const plain = text.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ');
  return `"${plain.replaceAll(/[\\"]/g, String.raw`\$&`)}"`;
}

function addressOf(uri: string, parameters: string): Address | undefined {
  const bare = uri.trim();
  if (!/^[A-Za-z][A-Za-z\d+.-]*:[^\s<>"]+$/.test(bare)) return undefined;
  return { uri: bare, parameters: readParameters(parameters) };
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  return text.replace(/^"/, '').replace(/"$/, '').replaceAll(/\\(.)/gs, '$1');
}

/** Where a letter stands first outside quotes, or -1. */
function indexOutside(text: string, letter: string): number {
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const each = text[at];
    if (isQuoted && each === '\\') at += 1;
    else if (each === '"') isQuoted = !isQuoted;
    else if (!isQuoted && each === letter) return at;
  }
  return -1;
}

function split(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let isQuoted = false;
  let isBracketed = false;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const each = text[at];
    if (isQuoted && each === '\\') at += 1;
    else if (each === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (each === '<') isBracketed = true;
    else if (each === '>') isBracketed = false;
    else if (each === separator && !isBracketed) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  parts.push(text.slice(from).trim());
  return parts;
}
