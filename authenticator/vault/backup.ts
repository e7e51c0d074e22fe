/**
 * Owns the backup file, version 1 (docs/authenticator-backup.md): the codes of all accounts under a
 * passphrase. Keys that approve are not in it: they cannot leave the phone that made them, and a copy
 * that approves would be a second phone that nobody registered.
 */
import { decodeBase32 } from '../../src/lib/otp/base32.ts';
import type { Account, CodeKey } from './account.ts';
import { decodeBase64url, encodeBase64url } from './base64url.ts';
import type { CipherKey } from './keys.ts';

/** PBKDF2 with SHA-256; OWASP asks for 600,000 (2023). About a second of an old phone. */
export const iterations = 900_000;
const fewestIterations = 600_000;
/** Whoever hands somebody a file must not keep their phone busy for an hour. */
const mostIterations = 10_000_000;

interface Header {
  readonly format: 'tweestap-authenticator-backup';
  readonly version: 1;
  readonly kdf: 'PBKDF2-SHA-256';
  readonly iterations: number;
  readonly salt: string;
  readonly cipher: 'AES-256-GCM';
  readonly iv: string;
}

export type Restored =
  | { readonly kind: 'accounts'; readonly accounts: readonly Account[] }
  /** It is no backup of ours, or damaged. */
  | { readonly kind: 'unreadable' }
  /** Of a newer app. */
  | { readonly kind: 'newer' }
  | { readonly kind: 'wrong-passphrase' };

/** The file's text. The passphrase is taken in its composed form (NFC), as it was typed otherwise. */
export async function makeBackup(
  accounts: readonly Account[],
  passphrase: string,
  options: { readonly iterations?: number } = {},
): Promise<string> {
  const header: Header = {
    format: 'tweestap-authenticator-backup',
    version: 1,
    kdf: 'PBKDF2-SHA-256',
    iterations: options.iterations ?? iterations,
    salt: encodeBase64url(crypto.getRandomValues(new Uint8Array(16))),
    cipher: 'AES-256-GCM',
    iv: encodeBase64url(crypto.getRandomValues(new Uint8Array(12))),
  };
  const text = JSON.stringify({ accounts: accounts.map(entryOf) });
  const data = await crypto.subtle.encrypt(
    parametersOf(header),
    await keyOf(header, passphrase),
    new TextEncoder().encode(text),
  );
  return `${JSON.stringify({ ...header, data: encodeBase64url(data) }, null, 2)}\n`;
}

/** What a file holds. `newId` names each account anew. */
export async function readBackup(
  text: string,
  passphrase: string,
  newId: () => string,
): Promise<Restored> {
  const file = readFile(text);
  if (file === 'unreadable' || file === 'newer') return { kind: file };
  let plain: ArrayBuffer;
  try {
    const key = await keyOf(file.header, passphrase);
    plain = await crypto.subtle.decrypt(parametersOf(file.header), key, file.data);
  } catch {
    return { kind: 'wrong-passphrase' };
  }
  const content = parse(new TextDecoder().decode(plain));
  const entries = isRecord(content) ? content['accounts'] : undefined;
  if (!Array.isArray(entries)) return { kind: 'unreadable' };
  const accounts = entries.map((entry: unknown) => accountOf(entry, newId));
  return accounts.every((account) => account !== null)
    ? { kind: 'accounts', accounts }
    : { kind: 'unreadable' };
}

/** Whether a file looks like a backup, before anybody types a passphrase for it. */
export function isBackup(text: string): boolean {
  return typeof readFile(text) !== 'string';
}

interface File {
  readonly header: Header;
  readonly data: Uint8Array<ArrayBuffer>;
}

function readFile(text: string): File | 'unreadable' | 'newer' {
  const file = parse(text);
  if (!isRecord(file) || file['format'] !== 'tweestap-authenticator-backup') return 'unreadable';
  const { version, kdf, iterations: rounds, salt, cipher, iv, data } = file;
  if (typeof version === 'number' && version > 1) return 'newer';
  if (version !== 1 || kdf !== 'PBKDF2-SHA-256' || cipher !== 'AES-256-GCM') return 'unreadable';
  if (typeof rounds !== 'number' || !Number.isInteger(rounds)) return 'unreadable';
  if (rounds < fewestIterations || rounds > mostIterations) return 'unreadable';
  if (typeof salt !== 'string' || typeof iv !== 'string' || typeof data !== 'string') {
    return 'unreadable';
  }
  const sizes = [decodeBase64url(salt)?.length, decodeBase64url(iv)?.length];
  const sealed = decodeBase64url(data);
  if (sizes[0] !== 16 || sizes[1] !== 12 || sealed === null) return 'unreadable';
  const format = 'tweestap-authenticator-backup';
  return {
    header: { format, version, kdf, iterations: rounds, salt, cipher, iv },
    data: sealed,
  };
}

/** The header is authenticated too: its members in the order of `Header`, as JSON without blanks. */
function parametersOf(header: Header): {
  readonly name: string;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly additionalData: Uint8Array<ArrayBuffer>;
} {
  return {
    name: 'AES-GCM',
    iv: bytesOf(header.iv),
    additionalData: new TextEncoder().encode(JSON.stringify(header)),
  };
}

async function keyOf(header: Header, passphrase: string): Promise<CipherKey> {
  const typed = await crypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(passphrase.normalize('NFC')),
    'PBKDF2',
    false,
    ['deriveKey'],
  );
  return crypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt: bytesOf(header.salt), iterations: header.iterations },
    typed,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return decodeBase64url(text) ?? new Uint8Array();
}

function entryOf(account: Account): Readonly<Record<string, unknown>> {
  const { kind, name, otp } = account;
  if (account.kind === 'other') {
    return { kind, name, issuer: account.issuer, account: account.account, otp };
  }
  const { origin, organisation, userPrincipalName } = account;
  return { kind, name, origin, organisation, userPrincipalName, otp };
}

function accountOf(entry: unknown, newId: () => string): Account | null {
  if (!isRecord(entry)) return null;
  const { kind, name, issuer, account, origin, organisation, userPrincipalName } = entry;
  const otp = codeKeyOf(entry['otp']);
  if (otp === null || !isText(name)) return null;
  const id = newId();
  if (kind === 'other' && isText(issuer) && isText(account)) {
    return { kind, id, name, issuer, account, otp };
  }
  if (kind !== 'tweestap' || !isText(origin) || !URL.canParse(origin)) return null;
  if (!isText(organisation) || !isText(userPrincipalName)) return null;
  return {
    kind,
    id,
    name,
    origin: new URL(origin).origin,
    organisation,
    userPrincipalName,
    otp,
    device: null,
    isRemovedThere: false,
  };
}

function codeKeyOf(value: unknown): CodeKey | null {
  if (!isRecord(value)) return null;
  const { key, digits, period, algorithm } = value;
  if (!isText(key) || (decodeBase32(key)?.length ?? 0) === 0) return null;
  if (!isNumberIn(digits, 6, 10) || !isNumberIn(period, 1, 3600)) return null;
  if (algorithm !== 'sha1' && algorithm !== 'sha256' && algorithm !== 'sha512') return null;
  return { key, digits, period, algorithm };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 2_000;
}

function isNumberIn(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}
