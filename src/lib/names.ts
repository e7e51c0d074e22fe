/**
 * Names people sign in with, brought into the one form in which they are compared. Whoever writes
 * the same name in another way must reach the same account and the same counters, and nobody may
 * reach another's (security.md ATK-03, ATK-87).
 */

const loneSurrogate = /\p{Surrogate}/u;

/** The longest user principal name, in characters, as at Entra. */
export const longestUserPrincipalName = 113;

/**
 * The canonical form of a user principal name (or of a plain name without `@`), or `null` where it
 * cannot be a name. Outer blanks are trimmed, then the UsernameCaseMapped profile of PRECIS applies
 * (RFC 8265 §3.3): full-width and half-width forms become ordinary ones, letters lower-case, NFC.
 * Refused are controls, blanks inside, invisible characters, look-alike forms such as ᴮᴵᴳ, names
 * that mix writing directions against the Bidi rule, a second `@`, and more than 113 characters.
 * Idempotent: what comes out is its own canonical form.
 */
export function canonicalUserPrincipalName(text: string): string | null {
  // Bounded before any work goes into it: canonical composition shortens, but not by this much.
  if (text.length > longestUserPrincipalName * 8) return null;
  const plain = text.trim();
  if (plainAscii.test(plain)) return canonicalOfAscii(plain);
  if (loneSurrogate.test(text)) return null;
  const name = mapped(plain);
  if (name === '' || [...name].length > longestUserPrincipalName) return null;
  if (![...name].every(isAllowed)) return null;
  if (!hasSoundDirection(name) || !hasSoundAt(name)) return null;
  // Lower-casing and composing can, for rare sequences, undo one another; such a name would have
  // two canonical forms (Spotify 2013), so it is none.
  return mapped(name) === name ? name : null;
}

// Most names are plain, and for them the profile comes down to this.
const plainAscii = /^[!-~]+$/;

function canonicalOfAscii(text: string): string | null {
  const name = text.toLowerCase();
  return name.length <= longestUserPrincipalName && hasSoundAt(name) ? name : null;
}

/**
 * Whether a name mixes Latin, Greek and Cyrillic letters within one part: a Cyrillic а among Latin
 * letters looks like another person's name. For the moment an account is made; existing ones sign in.
 */
export function mixesScripts(name: string): boolean {
  return name
    .split(/[@.]/)
    .some((part) => scripts.filter((script) => script.test(part)).length > 1);
}

const scripts = [/\p{Script=Latin}/u, /\p{Script=Greek}/u, /\p{Script=Cyrillic}/u];

// RFC 8265 §3.3.1: width mapping, case mapping, normalisation; in this order.
function mapped(text: string): string {
  return text
    .replaceAll(widthForms, (form) => form.normalize('NFKC'))
    .toLowerCase()
    .normalize('NFC');
}

const widthForms = /[\u3000\uff01-\uffef]/g;

// IdentifierClass (RFC 8264 §4.2): visible ASCII, letters, digits, marks; nothing that has a
// compatibility form, nothing that cannot be seen.
const visibleAscii = /^[\u0021-\u007e]$/;
const letterOrDigit = /^[\p{Ll}\p{Lo}\p{Lm}\p{Nd}\p{Mn}\p{Mc}]$/u;
const invisible = /^\p{Default_Ignorable_Code_Point}$/u;
const oldHangul = /^[\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]$/;

function isAllowed(character: string): boolean {
  if (visibleAscii.test(character)) return true;
  return (
    letterOrDigit.test(character) &&
    !invisible.test(character) &&
    !oldHangul.test(character) &&
    character.normalize('NFKC') === character.normalize('NFC')
  );
}

const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;

// The Bidi rule (RFC 5893) in the strict form that names need: a part is written in one direction.
function hasSoundDirection(name: string): boolean {
  return name
    .split(/[@.]/)
    .every(
      (part) =>
        !rightToLeft.test(part) ||
        !/[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u.test(part),
    );
}

function hasSoundAt(name: string): boolean {
  const [local, domain, ...more] = name.split('@');
  return local !== '' && domain !== '' && more.length === 0;
}
