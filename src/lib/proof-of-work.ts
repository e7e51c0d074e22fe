/**
 * Owns a small proof of work, as altcha asks for it (https://altcha.org/docs/v1/server-integration):
 * whoever asks must find the number behind a SHA-256, by trying. Nothing is kept while it is searched:
 * the question is signed, and says itself until when it is good.
 */
import { createHash, timingSafeEqual } from 'node:crypto';

import type { Random } from './random.ts';
import { randomBelow } from './random.ts';

/** What the browser is asked; the names are altcha's. */
export interface WorkQuestion {
  readonly algorithm: 'SHA-256';
  /** Hex of SHA-256 over salt and number. */
  readonly challenge: string;
  /** The number is between 0 and this. */
  readonly maxnumber: number;
  /** Random, with `?expires=` in seconds since 1970 behind it. */
  readonly salt: string;
  /** Base64url of a keyed hash over all of it. */
  readonly signature: string;
}

/** What comes of an answer: `id` names the question, so that it can be used up. */
export type WorkResult =
  | { readonly kind: 'right'; readonly id: string; readonly expiresAt: Date }
  | {
      readonly kind: 'unsolved';
      readonly id: string;
      readonly issuedAt: Date;
      readonly expiresAt: Date;
    }
  | { readonly kind: 'unreadable' };

/** HMAC under a key that only we have. `context` is what the question is bound to. */
export type Sign = (value: string) => Buffer;

/** Asks. A phone tries some 50,000 numbers in a second or two. */
export function askForWork(
  parts: { readonly random: Random; readonly sign: Sign; readonly now: Date },
  options: { readonly context: string; readonly maxNumber: number; readonly goodSeconds: number },
): WorkQuestion {
  const { random, sign, now } = parts;
  const issued = Math.floor(now.getTime() / 1000);
  const salt = `${random.token(16)}?issued=${issued}&expires=${issued + options.goodSeconds}`;
  const challenge = hashOf(salt, randomBelow(random, options.maxNumber + 1));
  const question = { algorithm: 'SHA-256', challenge, maxnumber: options.maxNumber, salt } as const;
  return { ...question, signature: signatureOf(sign, question, options.context) };
}

/** Judges `payload`: base64 of the question's JSON with the `number` that was found, if one was. */
export function judgeWork(
  parts: { readonly sign: Sign; readonly now: Date },
  payload: string,
  context: string,
): WorkResult {
  const read = readPayload(payload);
  if (read === undefined) return { kind: 'unreadable' };
  const given = Buffer.from(read.signature, 'base64url');
  const expected = Buffer.from(signatureOf(parts.sign, read, context), 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return { kind: 'unreadable' };
  }
  const times = /\?issued=(\d{1,12})&expires=(\d{1,12})$/.exec(read.salt);
  const issuedAt = new Date(Number(times?.[1]) * 1000);
  const expiresAt = new Date(Number(times?.[2]) * 1000);
  if (times === null || expiresAt <= parts.now) return { kind: 'unreadable' };
  const id = read.signature;
  return read.number !== undefined && hashOf(read.salt, read.number) === read.challenge
    ? { kind: 'right', id, expiresAt }
    : { kind: 'unsolved', id, issuedAt, expiresAt };
}

/** A question as a form carries it, not answered yet. */
export function writeQuestion(question: WorkQuestion): string {
  return Buffer.from(JSON.stringify(question)).toString('base64');
}

type Read = WorkQuestion & { readonly number: number | undefined };

function readPayload(payload: string): Read | undefined {
  if (payload.length > 2000) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(payload, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const field = (name: string): unknown => Reflect.get(parsed, name);
  const [challenge, maxnumber, salt, signature, number] = [
    field('challenge'),
    field('maxnumber'),
    field('salt'),
    field('signature'),
    field('number'),
  ];
  return typeof challenge === 'string' &&
    typeof maxnumber === 'number' &&
    typeof salt === 'string' &&
    typeof signature === 'string'
    ? {
        algorithm: 'SHA-256',
        challenge,
        maxnumber,
        salt,
        signature,
        number: typeof number === 'number' && Number.isInteger(number) ? number : undefined,
      }
    : undefined;
}

function hashOf(salt: string, number: number): string {
  return createHash('sha256').update(`${salt}${number}`).digest('hex');
}

function signatureOf(
  sign: Sign,
  { challenge, maxnumber, salt }: Omit<WorkQuestion, 'signature' | 'algorithm'>,
  context: string,
): string {
  return sign(JSON.stringify([challenge, maxnumber, salt, context])).toString('base64url');
}
