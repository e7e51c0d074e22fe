/** Owns how the page looks on which somebody changes their password. */
import type { PasswordElsewhere, PasswordRefusal } from '../../../accounts/upstream/passwords.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { attributes } from '../../../ui/attributes.ts';
import { actions, button, link, linkButton } from '../../../ui/components/button.ts';
import { card } from '../../../ui/components/card.ts';
import { passwordField } from '../../../ui/components/field.ts';
import { form } from '../../../ui/components/form.ts';
import { errorSummary, notice, type FormError } from '../../../ui/components/notice.ts';
import { pauseNotice } from '../../../ui/components/pause.ts';
import { helpPath } from '../../../ui/help.ts';
import { wordsIn as signInWordsIn } from '../../sign-in/words.ts';
import { ownPage, type Own } from '../portal.ts';
import { changePasswordPath } from './path.ts';
import { wordsIn } from './words.ts';

/** What was wrong with the form that was sent. */
export interface Refused {
  readonly current?: 'missing' | 'wrong' | 'unavailable' | undefined;
  readonly password?: PasswordRefusal | 'missing' | undefined;
  readonly pausedUntil?: Date | undefined;
}

export interface ChangeView extends Own {
  readonly asksCurrent: boolean;
  readonly refused: Refused;
  readonly now: Date;
}

const buttonId = 'change';

/** The form, and what was wrong with it. */
export function changePage(view: ChangeView): SafeHtml {
  const { asksCurrent, refused, current, csrf } = view;
  const { locale } = view.frame;
  const words = wordsIn(locale);
  const { changePassword, help } = signInWordsIn(locale);
  const wrongCurrent = refused.current === undefined ? undefined : words[refused.current];
  const wrong = refused.password;
  const wrongPassword =
    wrong === undefined
      ? undefined
      : wrong === 'missing'
        ? changePassword.missing
        : changePassword.refused[wrong];
  const errors = [...errorAt('current', wrongCurrent), ...errorAt('password', wrongPassword)];
  const isCalm = errors.length === 0 && refused.pausedUntil === undefined;
  return ownPage(view, 'changePassword', {
    title: words.title,
    intro: words.intro,
    error: errors.length > 0,
    body: html`${errorSummary({ locale, errors })}${pause(view)}${card({
      body: form({
        action: changePasswordPath,
        csrf,
        body: html`${nameField(current.user.userPrincipalName)}${
          asksCurrent
            ? passwordField({
                locale,
                name: 'current',
                label: words.current,
                hint: words.currentHint,
                error: wrongCurrent,
                autocomplete: 'current-password',
                autofocus: isCalm,
              })
            : undefined
        }${passwordField({
          locale,
          name: 'password',
          label: changePassword.label,
          hint: changePassword.hint,
          error: wrongPassword,
          autocomplete: 'new-password',
          minlength: 8,
          autofocus: isCalm && !asksCurrent,
        })}<p class="hint">${words.appPasswords}</p>${actions(
          button({ label: changePassword.change, kind: 'primary', id: buttonId }),
          linkButton({ label: words.cancel, href: '/my-profile' }),
        )}`,
      }),
    })}<p>${link({ label: help.password, href: helpPath('password') })}</p>`,
  });
}

/** In place of the form: where it is changed instead. */
export function elsewherePage(own: Own, { url }: PasswordElsewhere): SafeHtml {
  const { locale } = own.frame;
  const words = wordsIn(locale);
  const { body, ask, change } = words.elsewhere;
  return ownPage(own, 'changePassword', {
    title: words.title,
    body: card({
      body: html`<p>${body}</p>${
        url === undefined
          ? html`<p>${ask}</p>`
          : actions(linkButton({ label: change, href: url, kind: 'primary' }))
      }`,
    }),
  });
}

/** After it was changed. */
export function changedPage(own: Own): SafeHtml {
  const { locale } = own.frame;
  const words = wordsIn(locale).done;
  return ownPage(own, 'changePassword', {
    title: words.title,
    body: html`${notice({ locale, kind: 'success', announce: true, body: words.body })}${actions(
      linkButton({ label: words.profile, href: '/my-profile', kind: 'primary' }),
    )}`,
  });
}

function errorAt(field: string, message: string | undefined): readonly FormError[] {
  return message === undefined ? [] : [{ field, message }];
}

/** For password managers: whose password it is. */
function nameField(userPrincipalName: string): SafeHtml {
  return html`<input${attributes({
    class: 'hidden',
    type: 'text',
    name: 'name',
    value: userPrincipalName,
    autocomplete: 'username',
    readonly: true,
    tabindex: '-1',
    'aria-hidden': 'true',
  })}>`;
}

function pause({ refused, frame, now }: ChangeView): SafeHtml | undefined {
  const { pausedUntil } = refused;
  if (pausedUntil === undefined) return undefined;
  const { locale } = frame;
  const words = signInWordsIn(locale).password.paused;
  return pauseNotice({ locale, now, until: pausedUntil, words, enable: buttonId });
}
