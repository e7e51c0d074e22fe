/**
 * Owns reading what was typed behind an option: one of a few words, a whole number, a text that must be there.
 * Whatever is none ends the command as wrong usage, and says what would do.
 */
import { CommandFailure, type Call } from './command.ts';

/** A text that must be there; of a longer one the first 500 characters. */
export function required(call: Call, option: string): string {
  const value = call.text(option)?.trim() ?? '';
  if (value === '') throw new CommandFailure(`--${option} is required.`, 2);
  return value.slice(0, 500);
}

/** Undefined where nothing was typed. */
export function wholeOf(
  call: Call,
  option: string,
  least: number,
  most: number,
): number | undefined {
  const text = call.text(option);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new CommandFailure(`--${option} is a whole number from ${least} to ${most}.`, 2);
}

/** Undefined where nothing was typed. */
export function choice<word extends string>(
  call: Call,
  option: string,
  words: readonly word[],
): word | undefined {
  const text = call.text(option);
  return text === undefined ? undefined : oneOf(`--${option}`, text, words);
}

/** `what` is how it is called on the command line. */
export function oneOf<word extends string>(
  what: string,
  text: string,
  words: readonly word[],
): word {
  const found = words.find((word) => word === text);
  if (found === undefined) throw new CommandFailure(`${what} is one of ${words.join(', ')}.`, 2);
  return found;
}
