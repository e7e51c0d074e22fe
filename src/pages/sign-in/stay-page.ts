/** Owns the question *Stay signed in?*, the last before somebody is in (row E-040). */
import { html, type SafeHtml } from '../../lib/html.ts';
import { attemptPath } from '../../http/sign-in-cookies.ts';
import { actions, button } from '../../ui/components/button.ts';
import { form } from '../../ui/components/form.ts';
import { cardPage } from '../../ui/layout.ts';
import { accountOf, type AttemptView } from '../attempt-view.ts';
import { wordsIn } from './words.ts';

/** Asks whether the session shall outlive the browser. */
export function stayPage(view: AttemptView): SafeHtml {
  const { frame, csrf, progress } = view;
  const words = wordsIn(frame.locale).stay;
  const { attempt, known } = progress;
  return cardPage({
    ...frame,
    title: words.title,
    account: accountOf(view),
    body: form({
      action: `${attemptPath(attempt.id)}/stay-signed-in`,
      csrf,
      body: html`<p>${words.body(known.policy.sessions.staySignedIn.days)}</p><p class="hint">${
        words.hint
      }</p>${actions(
        button({ label: words.yes, kind: 'primary', name: 'stay', value: 'yes' }),
        button({ label: words.no, name: 'stay', value: 'no' }),
      )}`,
    }),
  });
}
