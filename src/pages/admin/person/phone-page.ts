/** Owns the page on which somebody in charge registers a phone or an address for a person. */
import type { User } from '../../../accounts/user.ts';
import type { ProvidingFault } from '../../../administration/providing.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { phone, phoneTypes } from '../../../methods/phone.ts';
import { actions, button, linkButton } from '../../../ui/components/button.ts';
import { card, prose } from '../../../ui/components/card.ts';
import { radioTiles } from '../../../ui/components/choice.ts';
import { field } from '../../../ui/components/field.ts';
import { form } from '../../../ui/components/form.ts';
import { errorSummary } from '../../../ui/components/notice.ts';
import { personPath } from '../path.ts';
import { adminPage, type Admin } from '../portal.ts';
import { wordFor, wordsIn } from '../words.ts';

export interface PhoneView extends Admin {
  readonly user: User;
  /** What: a place for phones, or `email`. */
  readonly typed: { readonly what: string; readonly number: string };
  readonly fault: ProvidingFault | undefined;
}

/** What it is, and its number or address. */
export function phonePage(view: PhoneView): SafeHtml {
  const { frame, csrf, user, typed, fault } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const { title, will, confirm, faults } = words.acts.phone;
  const error = fault === undefined ? undefined : wordFor(faults, fault, faults.other);
  const labels = new Map(phone.places(locale).map(({ slot, label }) => [slot, label]));
  return adminPage(view, 'users', {
    title: title(user.displayName),
    back: { href: personPath(user.id), label: user.displayName },
    error: error !== undefined,
    body: html`${errorSummary({ locale, errors: error === undefined ? [] : [{ field: 'number', message: error }] })}${card(
      {
        body: form({
          action: `${personPath(user.id)}/phone`,
          csrf,
          autocomplete: 'off',
          body: html`${prose(html`<ul>${will.map((each) => html`<li>${each}</li>`)}</ul>`)}${radioTiles(
            {
              locale,
              name: 'what',
              legend: words.acts.phone.field,
              look: 'plain',
              value: typed.what,
              options: [
                ...phoneTypes.map((value) => ({ value, label: labels.get(value) ?? value })),
                { value: 'email', label: words.acts.phone.email },
              ],
            },
          )}${field({
            locale,
            name: 'number',
            autocomplete: 'off',
            label: words.acts.phone.number,
            hint: words.acts.phone.numberHint,
            value: typed.number,
            error,
            maxlength: 254,
          })}${actions(
            button({ label: confirm, kind: 'primary' }),
            linkButton({ label: words.act.cancel, href: personPath(user.id) }),
          )}`,
        }),
      },
    )}`,
  });
}
