/**
 * Owns our addresses that Twilio asks. Each holds the id of the message, so that a report finds it
 * before Twilio has told us its own, and what was counted in a call so far. Twilio signs the whole
 * address: nothing in it can be changed on the way. None holds anything secret.
 */

/** Texts that people send to our number. */
export const textsPath = '/webhooks/twilio/texts';

/** What becomes of a text. */
export function textStatusPath(messageId: string): string {
  return `${textsPath}/${messageId}`;
}

/** What a call says first. */
export function callPath(messageId: string): string {
  return `/webhooks/twilio/calls/${messageId}`;
}

/** What becomes of a call. */
export function callStatusPath(messageId: string): string {
  return `${callPath(messageId)}/status`;
}

/** How far a call is. */
export interface CallPlace {
  /** Counted up with everything we say: no two reports of keys in a call have the same. */
  readonly turn: number;
  /** How often nobody has pressed anything so far. */
  readonly silences: number;
}

/** Keys that were pressed before the instruction was spoken. */
export function earlyKeysPath(messageId: string, place: CallPlace): string {
  return `${callPath(messageId)}/early?${queryOf(place)}`;
}

/**
 * Keys that were pressed after it; `after` is the one that went before them in the same entry, which is
 * nobody's secret where # alone confirms, and is never there where digits do.
 */
export function keysPath(messageId: string, place: CallPlace, after = ''): string {
  return `${callPath(messageId)}/keys?${queryOf(place)}${after === '' ? '' : `&after=${after}`}`;
}

function queryOf({ turn, silences }: CallPlace): string {
  return `turn=${turn}&silences=${silences}`;
}
