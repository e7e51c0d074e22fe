/**
 * Owns how combinations of methods stand in a form: the usual ones are boxes, the others are typed, one
 * on each line, with a plus between the methods.
 */
import type { Methods } from '../../../methods/method.ts';
import { boxName, type Sent } from './sent.ts';

/** The field of those that are typed; the boxes begin with it. */
export const combinationsName = 'combinations';

/** Methods that are proved together. */
export type Combination = readonly string[];

/** Each method with the password, and those that take its place as well, alone. */
export function knownCombinations(methods: Methods): readonly Combination[] {
  const forSignIn = methods.all.filter(({ provesIn }) => provesIn.includes('sign-in'));
  return [
    ...forSignIn.filter(({ alone }) => alone !== undefined).map(({ id }) => [id]),
    ...forSignIn.filter(({ issued }) => issued !== undefined).map(({ id }) => [id]),
    ...forSignIn.filter(({ issued }) => issued === undefined).map(({ id }) => ['password', id]),
  ];
}

/** As it is typed: `password + text-message`. */
export function combinationText(combination: Combination): string {
  return combination.join(' + ');
}

/** The fields that show these. */
export function writtenCombinations(
  combinations: readonly Combination[],
  known: readonly Combination[],
): Sent {
  const boxes = new Set(known.map(combinationText));
  const texts = combinations.map(combinationText);
  return {
    [combinationsName]: texts.filter((text) => !boxes.has(text)).join('\n'),
    ...Object.fromEntries(
      texts.filter((text) => boxes.has(text)).map((text) => [boxName(combinationsName, text), '1']),
    ),
  };
}

/** What was chosen and typed; what no method is called is told by the policy. */
export function readCombinations(sent: Sent): readonly Combination[] {
  const start = boxName(combinationsName, '');
  const chosen = Object.keys(sent)
    .filter((name) => name.startsWith(start))
    .map((name) => name.slice(start.length));
  const typed = (sent[combinationsName] ?? '').split('\n');
  const texts = [...chosen, ...typed]
    .map((text) => combinationText(partsOf(text)))
    .filter((text) => text !== '');
  return [...new Set(texts)].map(partsOf);
}

function partsOf(text: string): Combination {
  return text
    .split('+')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '');
}
