/** Owns the page on which somebody in charge registers a phone for a person. */
import type { User } from '../../../accounts/user.ts';
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
import { wordsIn } from '../words.ts';

export interface PhoneView extends Admin {
  readonly user: User;
  readonly typed: {
    readonly phoneType: string;
    readonly number: string;
    readonly extension: string;
  };
  readonly fault: { readonly field: string; readonly message: string } | undefined;
}

/** Which phone, and its number. */
export function phonePage(view: PhoneView): SafeHtml {
  const { frame, csrf, user, typed, fault } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const { title, will, confirm } = words.acts.phone;
  const errorAt = (name: string): string | undefined =>
    fault?.field === name ? fault.message : undefined;
  const labels = new Map(phone.places(locale).map(({ slot, label }) => [slot, label]));
  return adminPage(view, 'users', {
    title: title(user.displayName),
    back: { href: personPath(user.id), label: user.displayName },
    error: fault !== undefined,
    body: html`${errorSummary({ locale, errors: fault === undefined ? [] : [fault] })}${card({
      body: form({
        action: `${personPath(user.id)}/phone`,
        csrf,
        autocomplete: 'off',
        body: html`${prose(html`<ul>${will.map((each) => html`<li>${each}</li>`)}</ul>`)}${radioTiles(
          {
            locale,
            name: 'phoneType',
            legend: words.acts.phone.field,
            look: 'plain',
            value: typed.phoneType,
            error: errorAt('phoneType'),
            options: phoneTypes.map((value) => ({ value, label: labels.get(value) ?? value })),
          },
        )}${field({
          locale,
          name: 'number',
          type: 'tel',
          inputmode: 'tel',
          autocomplete: 'off',
          label: words.acts.phone.number,
          value: typed.number,
          error: errorAt('number'),
          width: 'medium',
          maxlength: 60,
        })}${field({
          locale,
          name: 'extension',
          inputmode: 'numeric',
          autocomplete: 'off',
          label: words.contact.extension,
          hint: words.acts.phone.extensionHint,
          optional: true,
          value: typed.extension,
          error: errorAt('extension'),
          width: 'short',
          maxlength: 20,
        })}${actions(
          button({ label: confirm, kind: 'primary' }),
          linkButton({ label: words.act.cancel, href: personPath(user.id) }),
        )}`,
      }),
    })}`,
  });
}
