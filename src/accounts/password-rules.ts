/**
 * Owns what a new password must be: long enough, not absurdly long, not among those that are guessed
 * first, without its owner's name; no classes of characters (NIST SP 800-63B-4 §3.1.1).
 */
import { readFileSync } from 'node:fs';

/** Everything that may be wrong with one. */
export const passwordFaults = ['too-short', 'too-long', 'too-common', 'names-owner'] as const;
export type PasswordFault = (typeof passwordFaults)[number];

/** Whose password it is to be: what everybody knows of them is no secret. */
export interface PasswordOwner {
  readonly userPrincipalName: string;
  readonly displayName: string;
  /** The name of the organisation. */
  readonly organisation: string;
  /** Words that the organisation bans, as an administrator wrote them. */
  readonly banned?: readonly string[];
}

/**
 * 8 to 256 characters after NFKC, at most 1,024 bytes; none of the common ones, however dressed up,
 * and no name of the owner or the organisation. Undefined when it will do.
 */
export function passwordFault(password: string, owner: PasswordOwner): PasswordFault | undefined {
  const normal = password.normalize('NFKC');
  const characters = [...normal].length;
  if (characters < 8) return 'too-short';
  if (characters > 256 || Buffer.byteLength(normal) > 1024) return 'too-long';
  const plain = plainLetters(normal);
  if (namesOwner(plain, owner)) return 'names-owner';
  if (isCommon(plain, owner.banned ?? [])) return 'too-common';
  return undefined;
}

/** Lower case, without accents. */
function plainLetters(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** Around a word that everybody knows, so many digits and signs make it no better: Welkom2026! */
const mostTrimmings = 6;
/** Digits alone are tried through: dates, telephone numbers. */
const fewestDigits = 12;
/** What is left of a password once its runs (1234, qwerty, aaaa) count as two choices each. */
const fewestChoices = 6;

function isCommon(plain: string, banned: readonly string[]): boolean {
  if (/^\d+$/.test(plain) && plain.length < fewestDigits) return true;
  if (choicesIn(plain) < fewestChoices) return true;
  const own = new Set(banned.map((word) => plainLetters(word).replaceAll(/[^\p{L}]/gu, '')));
  const words = commonWords();
  return readings(plain).some((reading) => {
    const letters = reading.replaceAll(/[^\p{L}]/gu, '');
    const trimmings = reading.length - letters.length;
    const word = repeatedPart(letters);
    return trimmings <= mostTrimmings && (words.has(word) || own.has(word));
  });
}

/** As it was typed, and with the signs that are taken for letters read as these. */
function readings(plain: string): readonly string[] {
  // What stands around the word is no letter of it: the 1 of Passw0rd1, the ! at the end.
  const first = plain.search(/\p{L}/u);
  if (first === -1) return [plain];
  const last = plain.length - [...plain].toReversed().findIndex((one) => /\p{L}/u.test(one));
  const read = (letterOf1: string): string =>
    plain.slice(0, first) +
    plain
      .slice(first, last)
      .replaceAll('1', letterOf1)
      .replaceAll(/[0345790@$!€+]/gu, (sign) => standsFor[sign] ?? sign) +
    plain.slice(last);
  return [plain, read('i'), read('l')];
}

const standsFor: Readonly<Record<string, string>> = {
  '0': 'o',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '€': 'e',
  '+': 't',
};

/** `welkom` for `welkomwelkom`; the text itself where it repeats nothing. */
function repeatedPart(text: string): string {
  for (let size = 3; size <= text.length / 2; size += 1) {
    const part = text.slice(0, size);
    if (text.length % size === 0 && part.repeat(text.length / size) === text) return part;
  }
  return text;
}

const rows = ['abcdefghijklmnopqrstuvwxyz', '1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

/** How many choices somebody made: a run along the alphabet, the digits or the keys is two. */
function choicesIn(plain: string): number {
  const characters = [...plain];
  let choices = 0;
  let run = 0;
  let step: number | undefined;
  for (const [index, character] of characters.entries()) {
    const next = stepBetween(characters[index - 1], character);
    if (next === undefined || (run > 1 && next !== step)) {
      choices += Math.min(run, 2);
      run = 0;
      step = undefined;
    } else {
      step = next;
    }
    run += 1;
  }
  return choices + Math.min(run, 2);
}

/** 0 for the same again, 1 or -1 for its neighbour in a row; undefined for anything else. */
function stepBetween(one: string | undefined, other: string): number | undefined {
  if (one === undefined) return undefined;
  if (one === other) return 0;
  for (const row of rows) {
    const at = row.indexOf(one);
    if (at === -1) continue;
    if (row[at + 1] === other) return 1;
    if (row[at - 1] === other) return -1;
  }
  return undefined;
}

/** Shorter words are part of too many others: a Tim may write about time. */
const shortestName = 4;
/** From here on a word is a name wherever it stands; a shorter one where it stands by itself. */
const tellingName = 6;

function namesOwner(plain: string, owner: PasswordOwner): boolean {
  const [user = ''] = owner.userPrincipalName.split('@', 1);
  const whole = [owner.displayName, user, owner.organisation].map(plainLetters);
  const joined = whole.map((name) => name.replaceAll(/[^\p{L}\p{N}]/gu, ''));
  const names = new Set([...whole.flatMap((name) => name.split(/[^\p{L}\p{N}]+/u)), ...joined]);
  return [...names].some((name) => {
    if (name.length < shortestName) return false;
    if (name.length >= tellingName) return plain.includes(name);
    // Half of it or more is the name; or it stands between blanks, digits, signs.
    if (plain.includes(name) && name.length * 2 >= plain.length) return true;
    return plain.split(/[^\p{L}]+/u).includes(name);
  });
}

let read: ReadonlySet<string> | undefined;

/** Read once, by whoever first sets a password. */
function commonWords(): ReadonlySet<string> {
  read ??= new Set(
    readFileSync(new URL('common-passwords.txt', import.meta.url), 'utf8')
      .split('\n')
      .filter((line) => !line.startsWith('#'))
      .flatMap((line) => line.split(' ').filter((word) => word !== '')),
  );
  return read;
}
