/**
 * One-time passwords on the server: the functions of `one-time-password.ts` on Node's keyed hash.
 */
import { hmacUnder } from '../hmac.ts';
import { createOneTimePasswords, type OneTimePasswords } from './one-time-password.ts';

const bound: OneTimePasswords = createOneTimePasswords(hmacUnder);

/** The code of a counter: `hotp(key, counter, { digits = 6, algorithm = 'sha1' })` (RFC 4226). */
export const hotp = bound.hotp;

/** The code of a moment in seconds since 1970, `period` 30 by default (RFC 6238). */
export const totp = bound.totp;

/** The time step whose code this is, in constant time over the candidates; else `null`. */
export const matchStep = bound.matchStep;

/** The step of the second of two neighbouring codes, to resynchronise a token; else `null`. */
export const matchConsecutive = bound.matchConsecutive;
