/** Owns the last pages of a reset: the new password, and how it ended. */
import { html, type SafeHtml } from '../../lib/html.ts';
import { attributes } from '../../ui/attributes.ts';
import { actions, button, linkButton } from '../../ui/components/button.ts';
import { passwordField } from '../../ui/components/field.ts';
import { form } from '../../ui/components/form.ts';
import { errorSummary } from '../../ui/components/notice.ts';
import { pauseNotice } from '../../ui/components/pause.ts';
import { cardPage, type PageFrame } from '../../ui/layout.ts';
import { resetPath } from '../attempt.ts';
import { helpDesk } from './gate-page.ts';
import { accountIn, type ResetView } from './view.ts';
import { wordsIn } from './words.ts';

/** What was wrong with the form itself; nothing was tried. */
export type PasswordSlip = 'missing' | 'differs';

/** Asks for the new password, twice (row E-105). */
export function passwordPage(view: ResetView, slip?: PasswordSlip): SafeHtml {
  const { frame, csrf, progress } = view;
  const { locale } = frame;
  const words = wordsIn(locale).password;
  const { id, notice: told, identified } = progress.attempt;
  const { reset } = progress.known.policy;
  const refused = told?.kind === 'password-refused' ? words.refused[told.reason] : undefined;
  const error = slip === undefined ? refused : words[slip];
  return cardPage({
    ...frame,
    title: words.title,
    account: accountIn(view),
    error: error !== undefined,
    body: html`<p>${words.intro}</p>${errorSummary({
      locale,
      errors: error === undefined ? [] : [{ field: 'password', message: error }],
    })}${paused(view)}${form({
      action: `${resetPath(id)}/password`,
      csrf,
      body: html`<input${attributes({
        class: 'hidden',
        type: 'text',
        name: 'name',
        value: identified?.typed ?? '',
        autocomplete: 'username',
        readonly: true,
        tabindex: '-1',
        'aria-hidden': 'true',
      })}><password-strength${attributes({
        levels: words.strength.join('|'),
        names: [identified?.typed ?? '', progress.known.policy.organisation.name].join('|'),
      })}>${passwordField({
        locale,
        name: 'password',
        label: words.label,
        hint: words.hint,
        error,
        autocomplete: 'new-password',
        minlength: 8,
        autofocus: error === undefined,
      })}</password-strength>${passwordField({
        locale,
        name: 'again',
        label: words.again,
        autocomplete: 'new-password',
      })}<p class="hint">${words.signedOut}${
        reset.revokeAppPasswords && ` ${words.appPasswords}`
      }</p>${actions(button({ label: words.finish, kind: 'primary' }))}`,
    })}${
      reset.unlock &&
      html`<p class="hint">${words.unlockIntro}</p>${form({
        action: `${resetPath(id)}/unlock`,
        csrf,
        inline: true,
        body: button({ label: words.unlock }),
      })}`
    }`,
  });
}

function paused({ frame, progress }: ResetView): SafeHtml | undefined {
  const { locale } = frame;
  const { notice: told } = progress.attempt;
  const { now } = progress.known;
  if (told?.kind !== 'resets-paused') return undefined;
  return pauseNotice({ locale, now, until: told.untilAt, words: wordsIn(locale).password.paused });
}

/** Something was proved, and it leads nowhere. */
export function stoppedPage(view: ResetView): SafeHtml {
  const { stopped, elsewhere } = wordsIn(view.frame.locale);
  const place = view.progress.known.reset?.elsewhere;
  if (place !== undefined) {
    const { title, body, now, change } = elsewhere;
    const way =
      place.url === undefined
        ? helpDesk(view)
        : actions(linkButton({ label: change, href: place.url, kind: 'primary' }));
    return cardPage({
      ...view.frame,
      title,
      account: accountIn(view),
      body: html`<p>${body}</p>${place.url === undefined ? html`<p>${now}</p>` : undefined}${way}`,
    });
  }
  const words = stopped;
  return cardPage({
    ...view.frame,
    title: words.title,
    account: accountIn(view),
    body: html`<p>${words.body}</p><p>${words.now}</p>${helpDesk(view)}`,
  });
}

/** Nobody resets a password here. */
export function nobodyPage(frame: PageFrame, helpLink: string | undefined): SafeHtml {
  const { nobody, helpDesk: label } = wordsIn(frame.locale);
  return cardPage({
    ...frame,
    title: nobody.title,
    body: html`<p>${nobody.body}</p><p>${nobody.now}</p>${
      helpLink === undefined
        ? undefined
        : actions(linkButton({ label, href: helpLink, kind: 'primary' }))
    }`,
  });
}

/** How it ended. Says nothing of anybody: the address can be opened by whoever likes. */
export function endPage(
  frame: PageFrame,
  how: 'done' | 'unlocked',
  { isTold, signInHref }: { readonly isTold: boolean; readonly signInHref: string },
): SafeHtml {
  const words = wordsIn(frame.locale);
  const { title, body, signIn } = words[how];
  return cardPage({
    ...frame,
    title,
    body: html`<p>${how === 'done' && !isTold ? words.done.quiet : body}</p>${actions(
      linkButton({ label: signIn, href: signInHref, kind: 'primary' }),
    )}`,
  });
}
