/** Owns the kind *security questions*: answers that only their owner gives. */
import { defineKind } from '../kind.ts';
import { questionsSecret } from './secret.ts';
import { wordsIn } from './words.ts';

export const securityQuestions = defineKind({
  id: 'security-questions',
  slots: ['1'],
  icon: 'security-questions',
  secret: questionsSecret,
  name: (_secret, locale) => wordsIn(locale).name,
  detail: (secret, locale) =>
    'questions' in secret ? wordsIn(locale).count(secret.questions.length) : '',
  places: (locale) => [{ slot: '1', label: wordsIn(locale).place }],
  change: 'replace',
});
