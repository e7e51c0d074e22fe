/**
 * Owns the code that is sent: six digits, remembered as a keyed hash that fits one challenge only.
 * Shared by the methods that send one.
 */
import { timingSafeEqual } from 'node:crypto';

import { z } from 'zod';

import { randomBelow, type Random } from '../lib/random.ts';
import type { Ask } from './method.ts';

/** How many digits a sent code has. */
export const codeDigits = 6;

/**
 * A code as it is typed or pasted: blanks, hyphens and dots between the digits are fine, and so are
 * the digits of other scripts' keyboards (full-width). Anything else but six digits cannot be read.
 */
export const typedCode = z
  .string()
  .max(64)
  .transform(digitsTyped)
  .pipe(z.string().regex(/^\d{6}$/));

/** What was typed, without what people put between digits. */
export function digitsTyped(text: string): string {
  return halfWidth(text).replaceAll(/[\s\p{Dash}.]/gu, '');
}

/**
 * The letters and digits of an East Asian keyboard as ordinary ones. Unicode's own compatibility
 * forms go further than a person means: there "m²" holds a digit 2.
 */
export function halfWidth(text: string): string {
  return text.replaceAll(/[\uff01-\uff5e]/g, (wide) =>
    String.fromCharCode(wide.charCodeAt(0) - 0xfee0),
  );
}

/** A new code, each of the million equally likely. */
export function newCode(random: Random): string {
  return random.digits(codeDigits);
}

/** How many digits are matched between page and phone. */
export const matchDigits = 2;

/** Two digits to match between page and phone, 10 to 99: nobody wonders whether a zero counts. */
export function newMatchDigits(random: Random): string {
  return String(10 + randomBelow(random, 90));
}

/** What is kept of a code. It fits this challenge and no other; the code cannot be read from it. */
export function rememberCode(ask: Pick<Ask, 'challengeId' | 'keyedHash'>, code: string): string {
  return hashOf(ask, code).toString('base64url');
}

/** Whether this is the code that was remembered, in constant time. */
export function isRememberedCode(
  ask: Pick<Ask, 'challengeId' | 'keyedHash'>,
  remembered: string,
  code: string,
): boolean {
  const expected = Buffer.from(remembered, 'base64url');
  const given = hashOf(ask, code);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** When a code that is sent now is over. */
export function codeExpiresAt(ask: Pick<Ask, 'now' | 'codeSeconds'>): Date {
  return new Date(ask.now.getTime() + ask.codeSeconds * 1000);
}

function hashOf(ask: Pick<Ask, 'challengeId' | 'keyedHash'>, code: string): Buffer {
  return ask.keyedHash(`${ask.challengeId} ${code}`);
}
