/** Owns how a notification looks: in lists, on the page that waits for the app, while it is set up. */
import { html, type SafeHtml } from '../../lib/html.ts';
import { qrPanel, secretDisplay } from '../../ui/components/secret.ts';
import { waiting } from '../../ui/components/waiting.ts';
import type { AppSecret } from '../authenticator-app.ts';
import type { MethodViews } from '../method.ts';
import { sharedWordsIn } from '../words.ts';
import { appPath, pairingLink } from './protocol.ts';
import type { State } from './state.ts';
import { wordsIn } from './words.ts';

export const views: MethodViews<AppSecret, State> = {
  label: (secret, locale) => wordsIn(locale).label(nameOf(secret)),

  tile: (secret, locale) => {
    const { title, detail } = wordsIn(locale).tile;
    return { title, detail: detail(nameOf(secret)) };
  },

  challenge: ({ secret, state, locale, now, expiresAt }) => {
    const words = wordsIn(locale).challenge;
    const isWoken = secret.device?.push !== undefined;
    return {
      title: words.title,
      body: waiting({
        locale,
        what: (isWoken ? words.sent : words.waits)(nameOf(secret)),
        instruction: isWoken ? `${words.instruction} ${words.silent}` : words.instruction,
        number: state.number,
        numberLabel: words.numberLabel,
        icon: 'notification',
        ring: { now, startedAt: new Date(state.startedAt), until: expiresAt },
      }),
    };
  },

  rejection: (reason, locale) =>
    ({ ...sharedWordsIn(locale).rejections, ...wordsIn(locale).rejections })[reason],

  number: ({ number }) => number,

  pairing: ({ secret, locale }) => {
    const words = wordsIn(locale).draft;
    const { device, pairing } = secret;
    if (device !== undefined || pairing === undefined) {
      return html`<p>${words.joined(nameOf(secret))}</p>`;
    }
    const { code, origin } = pairing;
    const link = pairingLink(origin, code);
    // In sight at once: without script the page is drawn anew now and then (row S-054).
    const byHand: readonly SafeHtml[] = [
      html`<p><strong>${words.cannotScan}</strong> ${words.byHand}</p>`,
      secretDisplay({ locale, label: words.code, value: code, groupOf: 0, size: 'normal' }),
      secretDisplay({
        locale,
        label: words.address,
        value: `${origin}${appPath}`,
        groupOf: 0,
        size: 'normal',
      }),
    ];
    return qrPanel({
      text: link,
      label: words.qr,
      body: [
        html`<p>${words.scan}</p>`,
        html`<p><a href="${link}" target="_blank" rel="noopener">${words.sameDevice}</a></p>`,
        ...byHand,
      ],
    });
  },
};

function nameOf({ device }: AppSecret): string {
  return device?.name ?? '';
}
