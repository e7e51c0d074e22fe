/**
 * Owns our addresses that Vonage asks. Each holds the id of the message, and what was counted in a call
 * so far. Vonage signs the body and not the address: what is done with a report rests on the body, and
 * the address only has to fit it. None holds anything secret.
 */

/** Texts that people send to our number. */
export const textsPath = '/webhooks/vonage/texts';

/** What becomes of a text. */
export function textStatusPath(messageId: string): string {
  return `${textsPath}/${messageId}`;
}

/** What a call says first. */
export function callPath(messageId: string): string {
  return `/webhooks/vonage/calls/${messageId}`;
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

/** Keys that were pressed while we greeted, or that there were none. */
export function earlyKeysPath(messageId: string, place: CallPlace): string {
  return `${callPath(messageId)}/early?${queryOf(place)}`;
}

/** Keys that were pressed after the instruction. */
export function keysPath(messageId: string, place: CallPlace): string {
  return `${callPath(messageId)}/keys?${queryOf(place)}`;
}

function queryOf({ turn, silences }: CallPlace): string {
  return `turn=${turn}&silences=${silences}`;
}
