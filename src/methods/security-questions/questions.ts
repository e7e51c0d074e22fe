/** Owns which questions there are: ours, by a name, in every language; an organisation's own, by their words. */
import type { Locale } from '../../i18n/locale.ts';
import { wordsIn } from './words.ts';

/** Our own. Nobody finds the answers in a profile or a register as easily as a birthday. */
export const questionIds = [
  'parents-met',
  'nearest-sibling',
  'first-job-city',
  'new-year-2000',
  'secondary-teacher',
  'unused-university',
  'wedding-guest',
  'father-second-name',
  'oldest-sibling-birthday',
  'youngest-sibling-birthday',
  'mother-street',
  'childhood-hero',
  'childhood-phone',
  'favourite-toy',
  'first-concert',
] as const;
type QuestionId = (typeof questionIds)[number];

/** A question as it is read. */
export function questionText(question: string, locale: Locale): string {
  return isOurs(question) ? wordsIn(locale).questions[question] : question;
}

/** Every question that may be chosen, each once. */
export function questionsIn(settings: {
  readonly withheld: readonly string[];
  readonly custom: readonly string[];
}): readonly string[] {
  const ours = questionIds.filter((id) => !settings.withheld.includes(id));
  return [...new Set([...ours, ...settings.custom])];
}

function isOurs(question: string): question is QuestionId {
  return questionIds.some((id) => id === question);
}
