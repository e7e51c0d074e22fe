/** Owns the page on which somebody gets another user name, another mailbox, or both. */
import type { NewUserFault } from '../../../accounts/new-user.ts';
import type { User } from '../../../accounts/user.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { actions, button, linkButton } from '../../../ui/components/button.ts';
import { card, prose } from '../../../ui/components/card.ts';
import { field } from '../../../ui/components/field.ts';
import { form } from '../../../ui/components/form.ts';
import { errorSummary } from '../../../ui/components/notice.ts';
import { personPath } from '../path.ts';
import { adminPage, type Admin } from '../portal.ts';
import { wordFor, wordsIn } from '../words.ts';

/** As they were typed. */
export interface TypedNames {
  readonly userPrincipalName: string;
  readonly mail: string;
}

/** One thing that is wrong with them. */
export interface NameFault {
  readonly field: NewUserFault['field'];
  readonly reason: NewUserFault['reason'] | 'taken';
}

export interface RenameView extends Admin {
  readonly user: User;
  /** What was typed, where something is wrong with it. */
  readonly typed: TypedNames | undefined;
  readonly faults: readonly NameFault[];
}

/** The user name and the mailbox, and what becomes of whoever had the old ones. */
export function renamePage(view: RenameView): SafeHtml {
  const { frame, csrf, user, faults } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const { title, will, confirm, userNameHint, faults: wrong } = words.acts.rename;
  const typed = view.typed ?? {
    userPrincipalName: user.userPrincipalName,
    mail: user.mail ?? '',
  };
  const errors = faults.map(({ field: name, reason }) => ({
    field: name,
    message: wordFor(wrong, reason, wrong['not-a-name']),
  }));
  const errorAt = (name: keyof TypedNames): string | undefined =>
    errors.find((error) => error.field === name)?.message;
  return adminPage(view, 'users', {
    title: title(user.displayName),
    back: { href: personPath(user.id), label: user.displayName },
    error: errors.length > 0,
    body: html`${errorSummary({ locale, errors })}${card({
      body: form({
        action: `${personPath(user.id)}/rename`,
        csrf,
        autocomplete: 'off',
        body: html`${prose(html`<ul>${will.map((each) => html`<li>${each}</li>`)}</ul>`)}${field({
          locale,
          name: 'userPrincipalName',
          label: words.person.userName,
          hint: userNameHint,
          autocomplete: 'off',
          value: typed.userPrincipalName,
          error: errorAt('userPrincipalName'),
          maxlength: 320,
        })}${field({
          locale,
          name: 'mail',
          type: 'email',
          inputmode: 'email',
          label: words.person.mail,
          // A mailbox is replaced here, never taken away: notices go there.
          optional: user.mail === undefined,
          autocomplete: 'off',
          value: typed.mail,
          error: errorAt('mail'),
          maxlength: 254,
        })}${actions(
          button({ label: confirm, kind: 'primary' }),
          linkButton({ label: words.act.cancel, href: personPath(user.id) }),
        )}`,
      }),
    })}`,
  });
}
