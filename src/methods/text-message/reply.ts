/** Owns the reading of what a person texts back. Any text may arrive here: nothing in it is trusted. */

import { halfWidth } from '../code.ts';

/** What a reply says. */
export type Reply =
  /** The digits in it, all of them in a row, whatever stands around them. */
  | { readonly kind: 'digits'; readonly digits: string }
  /** The number wants no texts from us any more. */
  | { readonly kind: 'stop' }
  | { readonly kind: 'words' };

// What carriers and providers act on by themselves (CTIA Messaging Principles §5.1.3; Twilio 21610),
// and the Dutch word for it.
const stopWords = new Set([
  'stop',
  'stopall',
  'unsubscribe',
  'cancel',
  'end',
  'quit',
  'revoke',
  'optout',
  'afmelden',
]);

/**
 * Reads a reply. Digits count together, so "4 2" and "it says 42!" are 42, and a whole code is not
 * the two digits at its end.
 */
export function readReply(text: string): Reply {
  const plain = halfWidth(text).toLowerCase();
  const digits = plain.replaceAll(/[^0-9]/g, '');
  if (digits !== '') return { kind: 'digits', digits };
  return stopWords.has(plain.replaceAll(/[^\p{L}]/gu, '')) ? { kind: 'stop' } : { kind: 'words' };
}
