/** Owns how text messages look: in lists, on the page that asks for the code, after a refusal. */
import { html } from '../../lib/html.ts';
import { codeField } from '../../ui/components/field.ts';
import { numberMatch } from '../../ui/components/secret.ts';
import { countdown } from '../../ui/components/waiting.ts';
import type { MethodViews } from '../method.ts';
import { maskPhone, phoneName, phoneShown, type PhoneSecret } from '../phone.ts';
import { phoneNote } from '../phone-note.ts';
import { sharedWordsIn } from '../words.ts';
import type { State } from './state.ts';
import { wordsIn } from './words.ts';

export const views: MethodViews<PhoneSecret, State> = {
  label: (phone, locale) => wordsIn(locale).label(maskPhone(phone)),

  tile: (phone, locale) => ({
    title: wordsIn(locale).tile(maskPhone(phone)),
    detail: phoneName(phone, locale),
  }),

  challenge: ({ secret, state, locale, error, now, expiresAt, isBlind }) => {
    const words = wordsIn(locale).challenge;
    return {
      title: words.title,
      body: html`<p>${(isBlind ? words.perhapsSent : words.sent)(phoneShown(secret, isBlind))}</p>${codeField(
        {
          locale,
          name: 'code',
          label: words.code,
          error,
          autofocus: error === undefined,
        },
      )}`,
      below: html`${countdown({
        locale,
        now,
        until: expiresAt,
        text: words.timeLeft,
        ended: words.timeUp,
      })}${
        state.replyDigits !== undefined &&
        html`<p>${words.or}</p>${numberMatch({ label: words.digits, number: state.replyDigits })}`
      }`,
    };
  },

  rejection: (reason, locale) =>
    ({ ...sharedWordsIn(locale).rejections, ...wordsIn(locale).rejections })[reason],

  draft: ({ secret, locale }) => phoneNote(secret, locale),
};
