/**
 * One-time passwords: HOTP (RFC 4226) and TOTP (RFC 6238). The keyed hash is handed in, so that the
 * same lines run on a server and in a browser; `otp.ts` binds the server's.
 */

export type OtpAlgorithm = 'sha1' | 'sha256' | 'sha512';

/** HMAC (RFC 2104) under `key`, of as many messages as are asked. */
export type HmacUnder = (
  algorithm: OtpAlgorithm,
  key: Uint8Array,
) => (message: Uint8Array) => Uint8Array;

export interface HotpOptions {
  /** Length of the code: 6 to 10. Default 6. */
  readonly digits?: number;
  /** Default sha1, the only one that every authenticator app knows. */
  readonly algorithm?: OtpAlgorithm;
}

export interface TotpOptions extends HotpOptions {
  /** Length of a time step in seconds. Default 30. */
  readonly period?: number;
}

export interface MatchOptions extends TotpOptions {
  /**
   * The steps that are tried, counted from the present one. Default the present and the previous
   * step, [0, -1]; each further one is a further code that is right at the same moment.
   */
  readonly offsets?: readonly number[];
}

export interface ResyncOptions extends TotpOptions {
  /** How many steps to look in each direction. Default 20: ten minutes of a 30-second token. */
  readonly within?: number;
}

export interface OneTimePasswords {
  /** The code of a counter (RFC 4226 §5.3). */
  hotp(key: Uint8Array, counter: number, options?: HotpOptions): string;
  /** The code of a moment, given in seconds since 1970 (RFC 6238 §4.2). */
  totp(key: Uint8Array, unixSeconds: number, options?: TotpOptions): string;
  /**
   * The time step whose code this is, or `null`. Every candidate is computed and compared in
   * constant time, so the time taken does not tell which one was near. Where two candidates share a
   * code, the newest. The caller accepts a step once only: it keeps the last one, and takes only a
   * later one (RFC 6238 §5.2).
   */
  matchStep(
    key: Uint8Array,
    code: string,
    unixSeconds: number,
    options?: MatchOptions,
  ): number | null;
  /**
   * The step of `second` where the two codes are those of neighbouring steps, or `null`: for a token
   * whose clock has run away. Its distance to `timeStep(unixSeconds)` is the drift.
   */
  matchConsecutive(
    key: Uint8Array,
    first: string,
    second: string,
    unixSeconds: number,
    options?: ResyncOptions,
  ): number | null;
}

/** The number of the time step of a moment in seconds since 1970 (RFC 6238 §4.2, T0 = 0). */
export function timeStep(unixSeconds: number, period = 30): number {
  return Math.floor(unixSeconds / period);
}

/** The functions above, on the keyed hash that is given. */
export function createOneTimePasswords(hmacUnder: HmacUnder): OneTimePasswords {
  const codesUnder = (
    key: Uint8Array,
    { digits = 6, algorithm = 'sha1' }: HotpOptions,
  ): ((counter: number) => string) => {
    const hmac = hmacUnder(algorithm, key);
    return (counter) => truncate(hmac(counterMessage(counter)), digits);
  };

  return {
    hotp: (key, counter, options = {}) => codesUnder(key, options)(counter),
    totp: (key, unixSeconds, options = {}) =>
      codesUnder(key, options)(timeStep(unixSeconds, options.period)),
    matchStep: (key, code, unixSeconds, options = {}) => {
      const { offsets = [0, -1], period } = options;
      const codeOf = codesUnder(key, options);
      const now = timeStep(unixSeconds, period);
      let found = -1;
      for (const offset of offsets) {
        const step = now + offset;
        const matches = step >= 0 && isSameCode(codeOf(step), code);
        if (matches && step > found) found = step;
      }
      return found === -1 ? null : found;
    },
    matchConsecutive: (key, first, second, unixSeconds, options = {}) => {
      const { within = 20, period } = options;
      const codeOf = codesUnder(key, options);
      const now = timeStep(unixSeconds, period);
      let found = -1;
      for (let step = Math.max(1, now - within); step <= now + within; step += 1) {
        const one = isSameCode(codeOf(step - 1), first);
        const other = isSameCode(codeOf(step), second);
        if (one && other) found = step;
      }
      return found === -1 ? null : found;
    },
  };
}

/** The eight bytes that are hashed for a counter (RFC 4226 §5.1). */
export function counterMessage(counter: number): Uint8Array {
  if (!Number.isSafeInteger(counter) || counter < 0) {
    throw new RangeError('A counter is a whole number from 0.');
  }
  const message = new Uint8Array(8);
  const view = new DataView(message.buffer);
  view.setUint32(0, Math.floor(counter / 2 ** 32));
  view.setUint32(4, counter % 2 ** 32);
  return message;
}

/** Dynamic truncation (RFC 4226 §5.3): the code inside a keyed hash. */
export function truncate(mac: Uint8Array, digits: number): string {
  if (!Number.isInteger(digits) || digits < 6 || digits > 10) {
    throw new RangeError('A code has 6 to 10 digits.');
  }
  const view = new DataView(mac.buffer, mac.byteOffset, mac.byteLength);
  const offset = view.getUint8(mac.byteLength - 1) & 15;
  const number = view.getUint32(offset) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

// Written out, because a browser has no `timingSafeEqual`. The length of a code is no secret.
function isSameCode(expected: string, given: string): boolean {
  let difference = expected.length ^ given.length;
  for (let index = 0; index < expected.length; index += 1) {
    difference |= expected.charCodeAt(index) ^ given.charCodeAt(index);
  }
  return difference === 0;
}
