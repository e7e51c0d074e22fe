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
  label: ({ device, token }, locale) => {
    const words = wordsIn(locale);
    if (token !== undefined) return words.token.label(token.serialNumber);
    return device === undefined ? words.label : words.ours.label(device.name);
  },

  tile: ({ device, token }, locale) => {
    const { tile, ours, token: ofToken } = wordsIn(locale);
    if (token !== undefined) return { ...tile, detail: ofToken.detail(token.serialNumber) };
    return device === undefined ? tile : { ...tile, detail: ours.detail(device.name) };
  },

  challenge: ({ secret, locale, error, organisation, userPrincipalName }) => {
    const { challenge, token: ofToken } = wordsIn(locale);
    const { token } = secret;
    const words = token === undefined ? challenge : { ...challenge, title: ofToken.title };
    const told =
      token === undefined
        ? challenge.open(organisation, userPrincipalName)
        : ofToken.press(token.serialNumber);
    return {
      title: words.title,
      body: html`<p>${told}</p>${codeField({
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
