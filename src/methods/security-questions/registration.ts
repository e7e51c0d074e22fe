/** Owns how questions are chosen and answered: as many as the organisation wants, none of them twice. */
import { z } from 'zod';

import type { Locale } from '../../i18n/locale.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { field, selectField } from '../../ui/components/field.ts';
import type { Begun, FilledForm, Setup } from '../method.ts';
import { foldAnswer, lengthOf, longestAnswer, shortestAnswer } from './answer.ts';
import { questionsIn, questionText } from './questions.ts';
import type { QuestionsSecret } from './secret.ts';
import type { Settings } from './settings.ts';
import { wordsIn } from './words.ts';

/** What the form sends: `question1`, `answer1`, and so on. What is missing is told in words. */
export const input = z.record(z.string(), z.string().max(2000));
export type Input = z.infer<typeof input>;

/** A drop-down and a field for each. */
export function form({ settings, locale, typed, refused }: FilledForm<Settings>): SafeHtml {
  const words = wordsIn(locale).form;
  const options = questionsIn(settings).map((question) => ({
    value: question,
    label: questionText(question, locale),
  }));
  const errorAt = (name: string): string | undefined =>
    refused?.field === name ? refused.message : undefined;
  const pairs = placesOf(settings).map(
    (place) =>
      html`${selectField({
        locale,
        name: `question${place}`,
        label: words.question(place),
        prompt: words.choose,
        options,
        value: typed[`question${place}`],
        error: errorAt(`question${place}`),
      })}${field({
        locale,
        name: `answer${place}`,
        label: words.answer(place),
        value: typed[`answer${place}`],
        autocomplete: 'off',
        maxlength: 200,
        error: errorAt(`answer${place}`),
      })}`,
  );
  return html`<p>${words.intro(shortestAnswer, longestAnswer)}</p>${pairs}`;
}

/** Makes a draft of the answers, or says which is missing, too short, too long, or there twice. */
export function begin(
  { settings }: Pick<Setup<Settings>, 'settings'>,
  typed: Input,
  locale: Locale,
): Begun<QuestionsSecret> {
  const words = wordsIn(locale).refused;
  const allowed = questionsIn(settings);
  const answers: { readonly question: string; readonly answer: string }[] = [];
  for (const place of placesOf(settings)) {
    const question = typed[`question${place}`] ?? '';
    const answer = (typed[`answer${place}`] ?? '').trim();
    const folded = foldAnswer(answer);
    const length = lengthOf(folded);
    const refuse = (what: 'question' | 'answer', message: string): Begun<QuestionsSecret> => ({
      kind: 'refused',
      field: `${what}${place}`,
      message,
    });
    if (!allowed.includes(question)) return refuse('question', words.noQuestion(place));
    if (answers.some((other) => other.question === question)) {
      return refuse('question', words.sameQuestion(place));
    }
    if (length === 0) return refuse('answer', words.noAnswer(place));
    if (length < shortestAnswer) return refuse('answer', words.short(place, shortestAnswer));
    if (length > longestAnswer) return refuse('answer', words.long(place, longestAnswer));
    if (answers.some((other) => foldAnswer(other.answer) === folded)) {
      return refuse('answer', words.sameAnswer(place));
    }
    answers.push({ question, answer });
  }
  return { kind: 'begun', slot: '1', secret: { answers } };
}

function placesOf({ register }: Pick<Settings, 'register'>): readonly number[] {
  return Array.from({ length: register }, (_, index) => index + 1);
}
