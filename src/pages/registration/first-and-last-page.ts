/** Owns where the registration begins and where it ends: the interrupt, and the app password. */
import { suggestedExpiry } from '../../app-passwords/standing.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { progressOf, readyMadeName } from '../../signin/registering.ts';
import { actions, button } from '../../ui/components/button.ts';
import { form } from '../../ui/components/form.ts';
import { secretDisplay } from '../../ui/components/secret.ts';
import { steps } from '../../ui/components/steps.ts';
import { cardPage } from '../../ui/layout.ts';
import { registrationPath } from '../attempt.ts';
import { accountOf, type AttemptView } from '../attempt-view.ts';
import { totalSteps } from './prove-page.ts';
import { wordsIn } from './words.ts';

/** The stop at sign-in that says what is required (rows S-025, S-026). */
export function interruptPage(view: AttemptView): SafeHtml {
  const { frame, csrf, progress } = view;
  const words = wordsIn(frame.locale).interrupt;
  return cardPage({
    ...frame,
    title: words.title,
    heading: words.heading,
    account: accountOf(view),
    body: html`<p>${words.why}</p><p>${words.how}</p>${form({
      action: `${registrationPath(progress.attempt.id)}/set-up-now`,
      csrf,
      body: actions(button({ label: words.setUp, kind: 'primary' })),
    })}`,
  });
}

/** *Keep using your existing applications*: the app password, seen once (rows S-009, S-049 to S-052). */
export function appPasswordPage(view: AttemptView): SafeHtml {
  const { frame, csrf, progress } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const { attempt, known } = progress;
  const { appPassword, provedKind } = progressOf(attempt);
  const total = totalSteps(provedKind);
  // Who came to add one thing took no steps.
  const isStep = attempt.request.adds === undefined;
  const heading = isStep ? words.step(total, words.appPassword.heading) : words.appPassword.heading;
  const none = known.policy.appPasswords.allowed ? words.appPassword.have : words.appPassword.off;
  const shown =
    appPassword === undefined
      ? html`<p>${none}</p>`
      : html`<p>${words.appPassword.intro}</p>${secretDisplay({
          locale,
          label: words.appPassword.label(readyMadeName[attempt.locale]),
          value: appPassword.plain,
        })}<p>${words.appPassword.once(suggestedExpiry(known.policy))}</p>`;
  return cardPage({
    ...frame,
    title: `${heading} – ${words.page}`,
    heading,
    account: accountOf(view),
    above: html`<p class="hint">${words.page}</p>${
      isStep && steps({ locale, current: total, total })
    }`,
    wide: appPassword !== undefined,
    body: html`${shown}${form({
      action: `${registrationPath(attempt.id)}/done`,
      csrf,
      body: actions(
        button({ label: words.appPassword.done, kind: 'primary' }),
        appPassword !== undefined &&
          button({ label: words.appPassword.notNeeded, kind: 'link', name: 'keep', value: 'no' }),
      ),
    })}`,
  });
}
