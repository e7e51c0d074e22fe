/**
 * Owns what the server and the Tweestap Authenticator say to each other, version 1: where, in which
 * shapes, and which text a device signs. Shared by both, so it knows neither Node nor a browser.
 * `docs/authenticator-protocol.md` says the same in prose, for whoever writes an app of their own.
 */

/** Stands first in everything that is signed: a signature for another version is none for this one. */
export const protocolName = 'tweestap-authenticator-1';

/** Below the organisation's origin. Anything may ask there from any origin: there are no cookies. */
export const apiPath = '/authenticator/api/v1';

/** The calls of a device; bodies and answers are JSON but for `events`. */
export const apiPaths = {
  /** POST `PairRequest` → `Paired`. */
  pair: `${apiPath}/pair`,
  /** POST `TokenRequest` → `TokenGranted`. */
  token: `${apiPath}/token`,
  /** GET, bearer token → `{ requests: PendingRequest[] }`. */
  requests: `${apiPath}/requests`,
  /** GET, bearer token → an event stream; each event `changed` says: ask for the requests anew. */
  events: `${apiPath}/events`,
  /** POST `AnswerRequest` → `Answered`. */
  answer: `${apiPath}/answer`,
  /** PUT `DeviceChange`, bearer token → 204. DELETE, bearer token → 204: the app leaves. */
  device: `${apiPath}/device`,
  /** GET, bearer token → `{ activity: Activity[] }`, newest first. */
  activity: `${apiPath}/activity`,
} as const;

/** Where the app itself is. The QR code opens it with the code in the fragment, which no server sees. */
export const appPath = '/authenticator/';

/** What the QR code holds: `https://…/authenticator/#pair=ABCD-EFGH-JKLM`. */
export function pairingLink(origin: string, code: string): string {
  return `${origin}${appPath}#pair=${code}`;
}

/** An activation code as it is compared: case, blanks and hyphens do not matter. */
export function canonicalCode(typed: string): string {
  return typed.replaceAll(/[\s-]/g, '').toUpperCase();
}

/** A Web Push subscription (RFC 8030, RFC 8291): where to push, and the keys to encrypt for. */
export interface PushSubscriptionData {
  readonly endpoint: string;
  /** base64url: the receiver's public key, and its secret. */
  readonly p256dh: string;
  readonly auth: string;
}

/** Binds a key that the device has made to the account whose activation code this is. */
export interface PairRequest {
  readonly code: string;
  /** The public key: P-256, SubjectPublicKeyInfo, base64url. */
  readonly key: string;
  /** What the person calls it, or what it is: "Chrome on Android". At most 60 characters. */
  readonly name: string;
  /** The app's version: "1.0.0". */
  readonly version: string;
  /** 4 to 8 digits; asked for where the answer before was `pin-needed`. */
  readonly pin?: string;
  readonly push?: PushSubscriptionData;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Of `pairText`. */
  readonly signature: string;
}

/** What the device keeps of the account. */
export interface Paired {
  /** How the device names itself from now on; opaque. */
  readonly account: string;
  readonly userPrincipalName: string;
  readonly organisation: string;
  /** What the device signs as origin. */
  readonly origin: string;
  /** The key of the codes (RFC 6238), for typing them where no network is. */
  readonly otp: {
    /** base32. */
    readonly key: string;
    readonly digits: 6 | 8;
    /** Seconds. */
    readonly period: 30 | 60;
    readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  };
  /** Whether approving asks for the PIN. */
  readonly pin: boolean;
  /** The server's key for Web Push (RFC 8292), base64url; null where it pushes nothing. */
  readonly pushKey: string | null;
  /** The server's clock, milliseconds since 1970. */
  readonly now: number;
}

/** Asks for a token to read with. Each signature is good once, and for a minute. */
export interface TokenRequest {
  readonly account: string;
  readonly at: number;
  /** 16 random bytes, base64url. */
  readonly nonce: string;
  /** Of `tokenText`. */
  readonly signature: string;
}

export interface TokenGranted {
  readonly token: string;
  /** Milliseconds since 1970; ten minutes away. */
  readonly expiresAt: number;
  /** As in `Paired`: policy may have changed. */
  readonly pin: boolean;
  readonly pushKey: string | null;
  readonly now: number;
}

/** A sign-in, or a reset of the password, that waits for the person. The number is never here: it stands on the other screen. */
export interface PendingRequest {
  readonly id: string;
  /** What is approved: letting somebody in, or the second proof of whoever forgot the password. */
  readonly purpose: 'sign-in' | 'reset';
  /**
   * The application that is signed in to; null where it is Tweestap itself, absent where the
   * organisation does not have it shown.
   */
  readonly application?: string | null;
  /** The address that the sign-in comes from; absent where the organisation does not have it shown. */
  readonly address?: string;
  /** "Firefox on Windows"; '' where unknown. */
  readonly browser: string;
  /** Milliseconds since 1970. */
  readonly askedAt: number;
  readonly expiresAt: number;
  /** Whether this is the test during registration. */
  readonly isTest: boolean;
}

export type Decision = 'approve' | 'deny' | 'report';

/** What the person decided. */
export interface AnswerRequest {
  readonly account: string;
  readonly request: string;
  readonly decision: Decision;
  /** The two digits of the other screen, for `approve`; '' otherwise. */
  readonly number: string;
  /** The PIN, for `approve` where it is asked; '' otherwise. */
  readonly pin: string;
  readonly at: number;
  /** Of `answerText`. */
  readonly signature: string;
}

/**
 * What came of it. `wrong-number` and `locked` end the request; after `wrong-pin` one may try again;
 * `over`: it was over before; `refused`: no signature of this device for this request.
 */
export type AnswerResult =
  | 'approved'
  | 'denied'
  | 'reported'
  | 'wrong-number'
  | 'wrong-pin'
  | 'locked'
  | 'over'
  | 'refused';

export interface Answered {
  readonly result: AnswerResult;
}

/** What has changed of the app; what is absent stays. `push: null` ends the pushing. */
export interface DeviceChange {
  readonly name?: string;
  readonly version?: string;
  readonly push?: PushSubscriptionData | null;
}

/** One sign-in of the account. */
export interface Activity {
  readonly at: number;
  readonly application: string | null;
  readonly address: string;
  readonly browser: string;
  readonly result: 'success' | 'failure' | 'interrupted';
}

/** Why a call was refused, as `{ error }` beside a status of 4xx. */
export type ApiError =
  /** 400: the body is not of its shape. */
  | 'unreadable'
  /** 401: the token is over, or the signature is not this device's. Ask for another token. */
  | 'unauthorised'
  /** 404: the server knows no such account any more: it was removed there. */
  | 'unknown-account'
  /** 404: no registration waits for this code. */
  | 'unknown-code'
  /** 422: policy asks for a PIN; pair again with one. */
  | 'pin-needed'
  /** 422: the device's clock is more than a minute off; `now` says ours. */
  | 'clock'
  /** 429, with Retry-After. */
  | 'too-many';

/** What a pairing signs: that whoever pairs holds the key. */
export function pairText(
  origin: string,
  { code, key, pin = '', at }: Pick<PairRequest, 'code' | 'key' | 'pin' | 'at'>,
): string {
  return signedText('pair', [origin, canonicalCode(code), key, pin, String(at)]);
}

/** What a request for a token signs. */
export function tokenText(
  origin: string,
  { account, at, nonce }: Pick<TokenRequest, 'account' | 'at' | 'nonce'>,
): string {
  return signedText('token', [origin, account, String(at), nonce]);
}

/**
 * What an answer signs: which request, of whom, to whom, with which number, what was decided, with
 * which PIN, when. A signature that leaves one of them out could be used for another (attack ATK-27).
 */
export function answerText(
  origin: string,
  {
    account,
    request,
    decision,
    number,
    pin,
    at,
  }: Pick<AnswerRequest, 'account' | 'request' | 'decision' | 'number' | 'pin' | 'at'>,
): string {
  return signedText('answer', [origin, account, request, decision, number, pin, String(at)]);
}

/** One field a line; a field of several lines could pass for several fields. */
function signedText(purpose: string, fields: readonly string[]): string {
  if (fields.some((field) => /[\r\n]/.test(field))) throw new RangeError('A field is one line.');
  return [protocolName, purpose, ...fields].join('\n');
}
