/**
 * Owns the passkey in place of name and password: the way to it from the first pages, and its own page.
 * Nothing on it depends on any account (attack ATK-30).
 */
import { html, type SafeHtml } from '../../lib/html.ts';
import { attemptPath } from '../../http/sign-in-cookies.ts';
import { isOpen } from '../../signin/attempt.ts';
import { passkeyMethod } from '../../signin/passkey.ts';
import { actions, button } from '../../ui/components/button.ts';
import { form } from '../../ui/components/form.ts';
import { pauseNotice } from '../../ui/components/pause.ts';
import { cardPage } from '../../ui/layout.ts';
import type { AttemptView } from '../attempt-view.ts';
import { challengeHelpLink } from '../challenge/help-link.ts';
import { rejectionNotice } from '../challenge/challenge.ts';
import { wordsIn } from './words.ts';

/** The way to the passkey; nothing where the organisation allows none. */
export function passkeyWay(view: AttemptView): SafeHtml | undefined {
  const { frame, methods, progress } = view;
  if (passkeyMethod({ methods }, progress.known.policy) === undefined) return undefined;
  return actions(ask(view, wordsIn(frame.locale).passkey.way));
}

/** Asks for the passkey; once that is over, whether to ask again. */
export function passkeyPage(view: AttemptView): SafeHtml {
  const { frame, csrf, progress, methods } = view;
  const { locale } = frame;
  const words = wordsIn(locale).passkey;
  const { attempt, known } = progress;
  const { challenge, notice: told } = attempt;
  const path = attemptPath(attempt.id);
  const method = passkeyMethod({ methods }, known.policy);
  const rejection =
    told?.kind === 'rejected' ? method?.views.rejection(told.reason, locale) : undefined;
  const isAsked =
    challenge !== undefined && isOpen(challenge, known.now) && method?.id === challenge.methodId;
  const shown = isAsked
    ? method.alone.view({ state: challenge.state, locale, error: rejection ?? told?.kind })
    : undefined;
  const byName = form({
    action: `${path}/restart`,
    csrf,
    inline: true,
    body: button({ label: words.byName, kind: 'link' }),
  });
  return cardPage({
    ...frame,
    title: shown?.title ?? words.overTitle,
    error: told !== undefined,
    body: html`${told === undefined ? undefined : rejectionNotice(told, methods, locale)}${pause(
      view,
    )}${
      shown === undefined
        ? actions(ask(view, words.again))
        : form({
            action: `${path}/passkey`,
            csrf,
            hidden: { challenge: challenge?.id },
            body: shown.body,
          })
    }${actions(byName, challengeHelpLink('security-key', locale))}`,
  });
}

function ask({ csrf, progress }: AttemptView, label: string): SafeHtml {
  return form({
    action: `${attemptPath(progress.attempt.id)}/ask-passkey`,
    csrf,
    inline: true,
    body: button({ label, icon: 'security-key' }),
  });
}

/** Too many were refused at this network address. */
function pause({ frame, progress }: AttemptView): SafeHtml | undefined {
  const { locale } = frame;
  const { notice: told } = progress.attempt;
  const { now } = progress.known;
  if (told?.kind !== 'passkeys-paused') return undefined;
  return pauseNotice({ locale, now, until: told.untilAt, words: wordsIn(locale).passkey.paused });
}
