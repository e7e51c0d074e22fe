/**
 * Owns the pages that ask for a password: the one you have, and the new one where it must be changed.
 * Before the right password nothing here depends on whether the account exists (attack ATK-30).
 */
import type { PasswordElsewhere } from '../../accounts/upstream/passwords.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { attemptPath } from '../../http/sign-in-cookies.ts';
import { attributes } from '../../ui/attributes.ts';
import { actions, button, linkButton } from '../../ui/components/button.ts';
import { passwordField } from '../../ui/components/field.ts';
import { form } from '../../ui/components/form.ts';
import { errorSummary, notice } from '../../ui/components/notice.ts';
import { pauseNotice } from '../../ui/components/pause.ts';
import { cardPage } from '../../ui/layout.ts';
import { accountOf, type AttemptView } from '../attempt-view.ts';
import { helpLink, resetWay } from './help-link.ts';
import { passError, passFieldName, passWay } from './pass-form.ts';
import { passkeyWay } from './passkey-page.ts';
import { wordsIn } from './words.ts';

const fieldName = 'password';
const buttonId = 'sign-in';

/** Asks for the password. `missing`: nothing was typed in this field. */
export function passwordPage(view: AttemptView, missing?: 'password' | 'pass'): SafeHtml {
  const { frame, csrf, progress } = view;
  const { locale } = frame;
  const words = wordsIn(locale).password;
  const { attempt, known } = progress;
  const told = attempt.notice?.kind;
  const error =
    missing === 'password'
      ? words.missing
      : told === 'wrong-name-or-password'
        ? words.wrong
        : undefined;
  const wrongPass = passError(view, missing === 'pass');
  return cardPage({
    ...frame,
    title: words.title,
    account: accountOf(view),
    error: error !== undefined || wrongPass !== undefined,
    body: html`${
      wrongPass === undefined ? summary(view, error) : summary(view, wrongPass, passFieldName)
    }${pause(view)}${unavailable(view)}${form({
      action: `${attemptPath(attempt.id)}/password`,
      csrf,
      body: html`${hiddenName(view)}${passwordField({
        locale,
        name: fieldName,
        label: words.label,
        error,
        autocomplete: 'current-password',
        autofocus:
          error === undefined && wrongPass === undefined && !isPaused(attempt.notice, known.now),
      })}${actions(button({ label: words.signIn, kind: 'primary', id: buttonId }))}`,
    })}${passkeyWay(view)}${resetWay(view)}${passWay(view, hiddenName(view), wrongPass)}${told === undefined ? undefined : actions(helpLink('password', locale))}`,
  });
}

/** Asks for a new password, and says why, or where it is changed instead. `isMissing`: nothing was typed. */
export function changePasswordPage(view: AttemptView, isMissing = false): SafeHtml {
  const { frame, csrf, progress } = view;
  const { locale } = frame;
  const words = wordsIn(locale).changePassword;
  const { id, notice: told, directorySays } = progress.attempt;
  const { passwordElsewhere } = progress.known;
  if (passwordElsewhere !== undefined) return elsewherePage(view, passwordElsewhere);
  const error = isMissing
    ? words.missing
    : told?.kind === 'password-refused'
      ? words.refused[told.reason]
      : undefined;
  return cardPage({
    ...frame,
    title: words.title,
    account: accountOf(view),
    error: error !== undefined,
    body: html`<p>${directorySays === undefined ? words.intro : words.expired}</p>${summary(view, error)}${form(
      {
        action: `${attemptPath(id)}/change-password`,
        csrf,
        body: html`${hiddenName(view)}${passwordField({
          locale,
          name: fieldName,
          label: words.label,
          hint: words.hint,
          error,
          autocomplete: 'new-password',
          minlength: 8,
          autofocus: error === undefined,
        })}<p class="hint">${words.signedOut}</p>${actions(
          button({ label: words.change, kind: 'primary' }),
        )}`,
      },
    )}`,
  });
}

/** Where the organisation keeps passwords itself: says so, and leads there. */
function elsewherePage(view: AttemptView, { url }: PasswordElsewhere): SafeHtml {
  const { frame, csrf, progress } = view;
  const words = wordsIn(frame.locale).changePassword.elsewhere;
  const again = form({
    action: `${attemptPath(progress.attempt.id)}/restart`,
    csrf,
    inline: true,
    body: button({ label: words.again, kind: url === undefined ? 'primary' : 'secondary' }),
  });
  return cardPage({
    ...frame,
    title: words.title,
    account: accountOf(view),
    body: html`<p>${words.intro}</p><p>${words.where}${url === undefined ? html` ${words.ask}` : undefined}</p>${actions(
      url !== undefined && linkButton({ label: words.change, href: url, kind: 'primary' }),
      again,
    )}`,
  });
}

/** For password managers, and so that a page left open in another tab means the name that it shows. */
function hiddenName({ progress }: AttemptView): SafeHtml {
  return html`<input${attributes({
    class: 'hidden',
    type: 'text',
    name: 'name',
    value: progress.attempt.identified?.typed ?? '',
    autocomplete: 'username',
    readonly: true,
    tabindex: '-1',
    'aria-hidden': 'true',
  })}>`;
}

function summary({ frame }: AttemptView, error: string | undefined, at = fieldName): SafeHtml {
  const errors = error === undefined ? [] : [{ field: at, message: error }];
  return errorSummary({ locale: frame.locale, errors });
}

type Told = AttemptView['progress']['attempt']['notice'];

function isPaused(told: Told, now: Date): boolean {
  return told?.kind === 'passwords-paused' && told.untilAt > now;
}

function unavailable({ frame, progress }: AttemptView): SafeHtml | undefined {
  if (progress.attempt.notice?.kind !== 'directory-unavailable') return undefined;
  const { locale } = frame;
  const { title, body } = wordsIn(locale).password.unavailable;
  return notice({ locale, kind: 'warning', title, body, announce: true });
}

function pause({ frame, progress }: AttemptView): SafeHtml | undefined {
  const { locale } = frame;
  const { notice: told } = progress.attempt;
  const { now } = progress.known;
  if (told?.kind !== 'passwords-paused') return undefined;
  const words = wordsIn(locale).password.paused;
  return pauseNotice({ locale, now, until: told.untilAt, words, enable: buttonId });
}
