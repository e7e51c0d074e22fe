/** Owns how phone calls look: in lists, on the page that waits for the phone, after a refusal. */
import { waiting } from '../../ui/components/waiting.ts';
import type { MethodViews } from '../method.ts';
import { maskPhone, phoneName, phoneShown, type PhoneSecret } from '../phone.ts';
import { phoneNote } from '../phone-note.ts';
import { sharedWordsIn } from '../words.ts';
import type { State } from './state.ts';
import { wordsIn } from './words.ts';

export const views: MethodViews<PhoneSecret, State> = {
  label: (phone, locale) => {
    const words = wordsIn(locale);
    const label = phone.phoneType === 'office' ? words.officeLabel : words.label;
    return label(maskPhone(phone));
  },

  tile: (phone, locale) => ({
    title: wordsIn(locale).tile(maskPhone(phone)),
    detail: phoneName(phone, locale),
  }),

  challenge: ({ secret, state, locale, now, expiresAt, isBlind }) => {
    const words = wordsIn(locale).challenge;
    const { answered, digits } = state;
    const ask = digits === undefined ? words.hash : words.digits;
    const calling = isBlind ? words.perhapsCalling : words.calling;
    const askNow = digits === undefined ? words.hashAnswered : words.digitsAnswered;
    return {
      title: words.title,
      body: waiting({
        locale,
        what: answered ? words.answered : calling(phoneShown(secret, isBlind)),
        instruction: answered ? askNow : ask,
        number: digits,
        numberLabel: words.digitsLabel,
        icon: secret.phoneType === 'office' ? 'office-phone' : 'phone-call',
        ring: { now, startedAt: new Date(state.startedAt), until: expiresAt },
      }),
    };
  },

  rejection: (reason, locale) =>
    ({ ...sharedWordsIn(locale).rejections, ...wordsIn(locale).rejections })[reason],

  number: ({ digits }) => digits,

  draft: ({ secret, locale }) => phoneNote(secret, locale),
};
