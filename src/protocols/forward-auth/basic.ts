/** Owns reading a name and a password as programs send them by HTTP (RFC 7617). */

export interface NameAndPassword {
  readonly name: string;
  readonly password: string;
}

/**
 * What an `Authorization` header says; `unreadable` where it is of this kind and says nothing,
 * undefined where it is of another kind or absent.
 */
export function readBasic(header: string | undefined): NameAndPassword | 'unreadable' | undefined {
  if (header === undefined || !/^basic\b/i.test(header)) return undefined;
  const [, encoded] = /^basic +([a-z0-9+/]{1,4000}={0,2})$/i.exec(header) ?? [];
  if (encoded === undefined) return 'unreadable';
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  // A name ends at the first colon; nobody has a control character in theirs, and no password has NUL.
  // oxlint-disable-next-line no-control-regex
  if (colon < 1 || /[\u0000-\u001f\u007f]/.test(text)) return 'unreadable';
  return { name: text.slice(0, colon), password: text.slice(colon + 1) };
}
