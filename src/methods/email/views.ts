/** Owns how codes by e-mail look: in lists, on the page that asks for the code, after a refusal. */
import { html } from '../../lib/html.ts';
import { codeField } from '../../ui/components/field.ts';
import { countdown } from '../../ui/components/waiting.ts';
import type { MethodViews } from '../method.ts';
import { sharedWordsIn } from '../words.ts';
import { maskAddress, type EmailSecret } from './address.ts';
import type { State } from './state.ts';
import { wordsIn } from './words.ts';

export const views: MethodViews<EmailSecret, State> = {
  label: (secret, locale) => wordsIn(locale).label(maskAddress(secret)),

  tile: (secret, locale) => {
    const { title, detail } = wordsIn(locale).tile;
    return { title: title(maskAddress(secret)), detail };
  },

  challenge: ({ secret, locale, error, now, expiresAt, isBlind }) => {
    const words = wordsIn(locale).challenge;
    const sent = isBlind ? words.perhapsSent(secret.address) : words.sent(maskAddress(secret));
    return {
      title: words.title,
      body: html`<p>${sent}</p>${codeField({
        locale,
        name: 'code',
        label: words.code,
        error,
        autofocus: error === undefined,
      })}`,
      below: countdown({
        locale,
        now,
        until: expiresAt,
        text: words.timeLeft,
        ended: words.timeUp,
      }),
    };
  },

  rejection: (reason, locale) =>
    ({ ...sharedWordsIn(locale).rejections, ...wordsIn(locale).rejections })[reason],
};
