/** Owns the first page: who are you? */
import { html, type SafeHtml } from '../../lib/html.ts';
import { attemptPath } from '../../http/sign-in-cookies.ts';
import { actions, button } from '../../ui/components/button.ts';
import { field } from '../../ui/components/field.ts';
import { form } from '../../ui/components/form.ts';
import { errorSummary, notice } from '../../ui/components/notice.ts';
import { cardPage } from '../../ui/layout.ts';
import type { AttemptView } from '../attempt-view.ts';
import { resetWay } from './help-link.ts';
import { passkeyWay } from './passkey-page.ts';
import { wordsIn } from './words.ts';

/** Asks for the user name. `isMissing`: nothing was typed. `isLost`: what they sent found no session any more. */
export function namePage(view: AttemptView, isMissing = false, isLost = false): SafeHtml {
  const { frame, csrf, progress } = view;
  const { locale } = frame;
  const words = wordsIn(locale).name;
  const { attempt, known } = progress;
  const { applicationName } = attempt.request;
  const { signInText } = known.policy.organisation;
  const said = signInText[locale];
  const error = isMissing ? words.missing : undefined;
  return cardPage({
    ...frame,
    title: words.title,
    error: isMissing,
    body: html`${isLost && notice({ locale, kind: 'info', body: words.lost })}${
      applicationName === undefined
        ? undefined
        : html`<p class="hint">${words.goOn(applicationName)}</p>`
    }${errorSummary({ locale, errors: error === undefined ? [] : [{ field: 'name', message: error }] })}${form(
      {
        action: `${attemptPath(attempt.id)}/name`,
        csrf,
        body: html`${field({
          locale,
          name: 'name',
          label: words.label,
          hint: words.hint(known.policy.organisation.domain),
          error,
          inputmode: 'email',
          autocomplete: 'username',
          autofocus: !isMissing,
          maxlength: 320,
          value: attempt.request.loginHint,
        })}${actions(button({ label: words.next, kind: 'primary' }))}`,
      },
    )}${passkeyWay(view)}${resetWay(view)}${said === undefined ? undefined : html`<p>${said}</p>`}`,
  });
}

/** The same for whoever sent a form after their session had ended. */
export function lostPage(view: AttemptView): SafeHtml {
  return namePage(view, false, true);
}
