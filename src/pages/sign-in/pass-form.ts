/**
 * Owns the Temporary Access Pass on the page that asks for the password. It is offered to everybody
 * who gave a name, whoever that is: nothing here depends on any account (attack ATK-30).
 */
import { attemptPath } from '../../http/sign-in-cookies.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { isPassOffered } from '../../signin/pass.ts';
import { actions, button } from '../../ui/components/button.ts';
import { details } from '../../ui/components/card.ts';
import { field } from '../../ui/components/field.ts';
import { form } from '../../ui/components/form.ts';
import type { AttemptView } from '../attempt-view.ts';
import { wordsIn } from './words.ts';

/** The name of its field. */
export const passFieldName = 'pass';

/** What is wrong with the pass that was typed; undefined where nothing is. */
export function passError(
  { frame, progress }: AttemptView,
  isMissing: boolean,
): string | undefined {
  const words = wordsIn(frame.locale).pass;
  if (isMissing) return words.missing;
  return progress.attempt.notice?.kind === 'wrong-pass' ? words.wrong : undefined;
}

/** The field, behind a line that opens it; nothing where the organisation has none. */
export function passWay(
  view: AttemptView,
  name: SafeHtml,
  error: string | undefined,
): SafeHtml | undefined {
  const { frame, csrf, progress, methods } = view;
  if (!isPassOffered({ methods }, progress.known.policy)) return undefined;
  const { locale } = frame;
  const words = wordsIn(locale).pass;
  return details({
    summary: words.way,
    open: error !== undefined,
    body: html`<p>${words.intro}</p>${form({
      action: `${attemptPath(progress.attempt.id)}/pass`,
      csrf,
      body: html`${name}${field({
        locale,
        name: passFieldName,
        label: words.label,
        hint: words.hint,
        error,
        autocomplete: 'off',
        maxlength: 100,
      })}${actions(button({ label: words.signIn }))}`,
    })}`,
  });
}
