/**
 * Owns how Twilio signs what it tells us (https://www.twilio.com/docs/usage/security): HMAC-SHA1 with
 * the account's auth token over the exact address, followed by the fields of a form, each name and
 * value, in the order of the names. A body that is no form is named in the address by its SHA-256.
 * There is no time in it: that a report is heard once is the business of whoever hears it.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** The header that carries the signature. */
export const signatureHeader = 'x-twilio-signature';

/** The query parameter that carries the hash of a body that is no form. */
const bodyHashName = 'bodySHA256';

/** A request as it came. */
export interface SignedRequest {
  /** The whole address as Twilio was told it: `https://login.example.org/webhooks/…?turn=1`. */
  readonly url: string;
  /** The fields of a form; absent for any other body. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The signature, in base64. */
export function twilioSignature(
  authToken: string,
  url: string,
  fields: Readonly<Record<string, string>>,
): string {
  return digest(authToken, url, fields).toString('base64');
}

/**
 * Whether one of these auth tokens signed the request. Takes the same time whatever is wrong with
 * the signature. Twilio may leave a port out of the address or write it, so both hold.
 */
export function isSignedByTwilio(
  authTokens: readonly string[],
  { url, fields, body }: SignedRequest,
  signature: string,
): boolean {
  if (fields === undefined && !isBodyOf(url, body)) return false;
  const given = /^[A-Za-z0-9+/]{27}=$/.test(signature)
    ? Buffer.from(signature, 'base64')
    : Buffer.alloc(digestBytes);
  let isSigned = false;
  for (const authToken of authTokens) {
    for (const address of spellings(url)) {
      const isEqual = timingSafeEqual(digest(authToken, address, fields ?? {}), given);
      if (isEqual && authToken !== '') isSigned = true;
    }
  }
  return isSigned;
}

const digestBytes = 20;

function digest(authToken: string, url: string, fields: Readonly<Record<string, string>>): Buffer {
  const signed = Object.keys(fields)
    // By code units, whatever the language of the machine.
    .toSorted()
    .reduce((text, name) => `${text}${name}${fields[name] ?? ''}`, url);
  return createHmac('sha1', authToken).update(signed, 'utf8').digest();
}

function isBodyOf(url: string, body: Buffer): boolean {
  const named = URL.parse(url)?.searchParams.get(bodyHashName) ?? '';
  const given = /^[0-9a-f]{64}$/.test(named) ? Buffer.from(named, 'hex') : Buffer.alloc(32);
  return timingSafeEqual(createHash('sha256').update(body).digest(), given);
}

/**
 * The address as it is, with the port that its protocol has by itself, and without a port of its own:
 * Twilio signs any of them, and its own library believes each.
 */
function spellings(url: string): readonly string[] {
  const [, protocol = '', host = '', port = '', rest = ''] =
    /^(https?:\/\/)(\[[^\]/?#]*\]|[^:/?#]*)(:\d+)?(.*)$/s.exec(url) ?? [];
  if (host === '') return [url];
  const other = port === '' ? `:${protocol === 'https://' ? 443 : 80}` : '';
  return [url, `${protocol}${host}${other}${rest}`];
}
