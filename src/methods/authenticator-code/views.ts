/** Owns how an authenticator app looks: in lists, where its code is asked, where it is registered. */
import { html } from '../../lib/html.ts';
import { details } from '../../ui/components/card.ts';
import { codeField } from '../../ui/components/field.ts';
import { qrPanel, secretDisplay } from '../../ui/components/secret.ts';
import { noStep, type AppSecret } from '../authenticator-app.ts';
import type { MethodViews } from '../method.ts';
import { sharedWordsIn } from '../words.ts';
import { appAddress } from './registration.ts';
import type { State } from './state.ts';
import { wordsIn } from './words.ts';

export const views: MethodViews<AppSecret, State> = {
  label: ({ device }, locale) => {
    const words = wordsIn(locale);
    return device === undefined ? words.label : words.ours.label(device.name);
  },

  tile: ({ device }, locale) => {
    const { tile, ours } = wordsIn(locale);
    return device === undefined ? tile : { ...tile, detail: ours.detail(device.name) };
  },

  challenge: ({ secret, locale, error, organisation, userPrincipalName }) => {
    const words = wordsIn(locale).challenge;
    return {
      title: words.title,
      body: html`<p>${words.open(organisation, userPrincipalName)}</p>${codeField({
        locale,
        name: 'code',
        label: words.code,
        digits: secret.digits,
        error,
        // Who registers has to scan first: a keyboard would stand before the QR code.
        autofocus:
          error === undefined && (secret.acceptedStep !== noStep || secret.device !== undefined),
      })}`,
    };
  },

  rejection: (reason, locale) =>
    ({ ...sharedWordsIn(locale).rejections, ...wordsIn(locale).rejections })[reason],

  // The only place where the key is shown; its labels are the seed's (row S-054).
  draft: ({ secret, locale, organisation, userPrincipalName }) => {
    const words = wordsIn(locale).draft;
    const address = appAddress(secret, { organisation, userPrincipalName });
    const byHand = [
      html`<p>${words.byHand}</p>`,
      secretDisplay({ locale, label: words.key, value: secret.key, size: 'normal' }),
      secretDisplay({ locale, label: words.address, value: address, groupOf: 0, size: 'normal' }),
    ];
    return qrPanel({
      text: address,
      label: words.qr,
      body: [
        html`<p>${words.scan}</p>`,
        html`<p><a href="${address}">${words.sameDevice}</a></p>`,
        details({ summary: words.cannotScan, body: byHand }),
      ],
    });
  },
};
