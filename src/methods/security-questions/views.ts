/** Owns how security questions look: in lists, before they are saved, where they are asked. */
import { html } from '../../lib/html.ts';
import { field } from '../../ui/components/field.ts';
import { facts } from '../../ui/components/list.ts';
import { notice } from '../../ui/components/notice.ts';
import type { MethodViews } from '../method.ts';
import { sharedWordsIn } from '../words.ts';
import { questionText } from './questions.ts';
import type { QuestionsSecret } from './secret.ts';
import type { State } from './state.ts';
import { wordsIn } from './words.ts';

export const views: MethodViews<QuestionsSecret, State> = {
  label: (_secret, locale) => wordsIn(locale).place,

  tile: (_secret, locale) => wordsIn(locale).tile,

  challenge: ({ secret, state, locale, error }) => {
    if ('answers' in secret) {
      const words = wordsIn(locale).check;
      return {
        title: words.title,
        body: html`<input type="hidden" name="save" value="yes">`,
        submit: words.save,
      };
    }
    const words = wordsIn(locale).challenge;
    const asked = secret.questions
      .map(({ question }, index) => ({ question, name: `answer${index + 1}` }))
      .filter(({ question }) => state.asked.includes(question));
    return {
      title: words.title,
      body: html`<p>${words.intro}</p>${asked.map(({ question, name }, index) =>
        field({
          locale,
          name,
          // Where the summary of what was wrong leads; which answer it was is nobody's to know.
          id: index === 0 ? 'code' : name,
          label: questionText(question, locale),
          error: index === 0 ? error : undefined,
          autocomplete: 'off',
          maxlength: 200,
          autofocus: index === 0 && error === undefined,
        }),
      )}`,
    };
  },

  rejection: (reason, locale) =>
    ({ ...sharedWordsIn(locale).rejections, ...wordsIn(locale).rejections })[reason],

  // The only place where answers are shown: to whoever has just typed them.
  draft: ({ secret, locale }) => {
    if (!('answers' in secret)) return html``;
    const words = wordsIn(locale).check;
    return html`${facts(
      secret.answers.map(({ question, answer }) => ({
        term: questionText(question, locale),
        value: answer,
      })),
    )}${notice({ locale, kind: 'info', body: words.once })}`;
  },
};
