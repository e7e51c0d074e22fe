/**
 * Owns the page of a draft that waits for its owner's device: how the device joins, and the button
 * that tests it once it has (rows S-039, S-044, S-054). It stands the same in a first registration
 * and where something is added.
 */
import { html, type SafeHtml } from '../../lib/html.ts';
import { attemptPath } from '../../http/sign-in-cookies.ts';
import { progressOf } from '../../signin/registering.ts';
import { actions, button } from '../../ui/components/button.ts';
import { form } from '../../ui/components/form.ts';
import { awaitChange } from '../../ui/components/waiting.ts';
import { registrationPath } from '../attempt.ts';
import type { AttemptView } from '../attempt-view.ts';
import { limitNotice } from '../challenge/challenge.ts';
import { challengeHelpLink } from '../challenge/help-link.ts';
import { markOf } from '../challenge/mark.ts';
import { wordsIn } from './words.ts';

export interface PairingShown {
  readonly title: string;
  readonly body: SafeHtml;
  readonly isError: false;
  /** For those without script, as long as the device has not joined. */
  readonly autoRefreshSeconds: number | undefined;
  /** Whether a QR code stands there. */
  readonly isWide: boolean;
}

/**
 * Shows how the device joins, or that it has; undefined where no device is needed, or it is tested
 * already. `others` are the ways out.
 */
export function showPairing(
  { frame, csrf, progress, methods }: AttemptView,
  others: readonly SafeHtml[],
): PairingShown | undefined {
  const { locale } = frame;
  const words = wordsIn(locale);
  const { attempt, known } = progress;
  const { draft } = progressOf(attempt);
  const method = methods.get(draft?.methodId ?? '');
  const { pairing } = method ?? {};
  if (draft === undefined || pairing === undefined || attempt.challenge !== undefined) {
    return undefined;
  }
  const shown = method?.views.pairing?.({ secret: draft.secret, locale });
  const help = challengeHelpLink('app-set-up', locale);
  if (pairing.code(draft.secret) !== undefined) {
    const path = attemptPath(attempt.id);
    const status = {
      url: `${path}/status`,
      events: `${path}/events`,
      step: markOf(progress, methods),
    };
    return {
      title: words.prove.pairing,
      body: html`${awaitChange({ locale, status, body: html`${shown}` })}<p class="hint">${
        words.prove.waiting
      }</p>${actions(...others, help)}`,
      isError: false,
      autoRefreshSeconds: 10,
      isWide: true,
    };
  }
  const contactMe = form({
    action: `${registrationPath(attempt.id)}/repeat`,
    csrf,
    inline: true,
    body: button({ label: words.contactMe, kind: 'primary', id: 'repeat' }),
  });
  return {
    title: words.prove.joined,
    body: html`${shown}${limitNotice(attempt.notice, known.now, locale, 'repeat')}${actions(
      contactMe,
      ...others,
      help,
    )}`,
    isError: false,
    autoRefreshSeconds: undefined,
    isWide: false,
  };
}
