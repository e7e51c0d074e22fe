/** Owns how a security key looks: in lists, where it is asked, where it is registered. */
import { html } from '../../lib/html.ts';
import { securityKeyCeremony } from '../../ui/components/security-key.ts';
import type { MethodViews } from '../method.ts';
import { sharedWordsIn } from '../words.ts';
import type { KeySecret } from './secret.ts';
import type { State } from './state.ts';
import { wordsIn } from './words.ts';

export const views: MethodViews<KeySecret, State> = {
  label: (_secret, locale) => wordsIn(locale).label,

  tile: (_secret, locale) => wordsIn(locale).tile,

  challenge: ({ secret, state, locale, error }) => {
    const { draft, challenge } = wordsIn(locale);
    const isNew = state.ceremony === 'create';
    return {
      title: isNew ? draft.title : challenge.title,
      body: html`<p>${isNew ? draft.how(secret.name) : challenge.how}</p>${securityKeyCeremony({
        locale,
        ceremony: state.ceremony,
        options: state.options,
        label: isNew ? draft.button : challenge.button,
        // Not again by itself after a refusal: nobody could read why.
        begins: error === undefined,
      })}`,
    };
  },

  rejection: (reason, locale) =>
    ({ ...sharedWordsIn(locale).rejections, ...wordsIn(locale).rejections })[reason],
};
