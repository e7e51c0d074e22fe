/**
 * Owns the security key in place of the password: a passkey remembers whose it is, so nobody has to
 * say a name first, and asks for a PIN, finger or face, so it is two factors by itself.
 */
import { html } from '../../lib/html.ts';
import { securityKeyCeremony } from '../../ui/components/security-key.ts';
import type { AloneDefinition } from '../method.ts';
import { questionEnds, requestFor, userIdOf } from './ceremony.ts';
import type { Response } from './response.ts';
import type { Settings } from './settings.ts';
import type { State } from './state.ts';
import { wordsIn } from './words.ts';

export const alone: AloneDefinition<Settings, State, { readonly credential: Response }> = {
  isAllowed: ({ passwordless }) => passwordless,

  // No credential is named: whoever looks at the question learns of nobody (attack ATK-30).
  challenge: ({ now, random, origin }) => {
    const expiresAt = questionEnds(now);
    const options = requestFor(origin, random, []);
    const state: State = { ceremony: 'get', options, expiresAt: expiresAt.getTime() };
    return { state, messages: [], expiresAt };
  },

  claimed: ({ credential: { ceremony, credential } }) => {
    if (ceremony !== 'get') return undefined;
    const { userHandle } = credential.response;
    return typeof userHandle === 'string' ? userIdOf(userHandle) : undefined;
  },

  view: ({ state, locale, error }) => {
    const words = wordsIn(locale).alone;
    return {
      title: words.title,
      body: html`<p>${words.how}</p>${securityKeyCeremony({
        locale,
        ceremony: 'get',
        options: state.options,
        label: words.button,
        begins: error === undefined,
      })}`,
    };
  },
};
