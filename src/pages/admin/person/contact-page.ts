/** Owns the page on which the directory's data of a person are changed. */
import { mayAct } from '../../../accounts/administering.ts';
import type { AskedContact, ContactFault } from '../../../accounts/contact.ts';
import type { User } from '../../../accounts/user.ts';
import { localeNames, locales } from '../../../i18n/locale.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { formatInternational } from '../../../lib/phone-number.ts';
import { actions, button, linkButton } from '../../../ui/components/button.ts';
import { card } from '../../../ui/components/card.ts';
import { field, selectField } from '../../../ui/components/field.ts';
import { form } from '../../../ui/components/form.ts';
import { errorSummary } from '../../../ui/components/notice.ts';
import { personPath } from '../path.ts';
import { adminPage, type Admin } from '../portal.ts';
import { wordsIn } from '../words.ts';

export interface ContactView extends Admin {
  readonly user: User;
  /** What was typed, where something is wrong with it. */
  readonly typed: AskedContact | undefined;
  readonly faults: readonly ContactFault[];
}

/** The name, the numbers, the other address and the language. */
export function contactPage(view: ContactView): SafeHtml {
  const { frame, csrf, user, faults, current } = view;
  const { locale } = frame;
  const all = wordsIn(locale);
  const words = all.contact;
  const mayMail = mayAct(current.user.role, 'change-other-mail');
  const isOurs = user.upstream === undefined;
  const typed = isOurs ? (view.typed ?? asked(user)) : { ...asked(user), ...ownOf(view.typed) };
  const errorAt = (name: keyof AskedContact): string | undefined => {
    const fault = faults.find((one) => one.field === name);
    return fault === undefined ? undefined : words.faults[fault.reason];
  };
  const number = { locale, type: 'tel', inputmode: 'tel', autocomplete: 'off' } as const;
  // The organisation's directory is asked, and not we.
  const disabledReason = isOurs ? undefined : words.owned;
  return adminPage(view, 'users', {
    title: words.title(user.displayName),
    intro: words.intro,
    back: { href: personPath(user.id), label: user.displayName },
    error: faults.length > 0,
    body: html`${errorSummary({
      locale,
      errors: faults.map((fault) => ({ field: fault.field, message: words.faults[fault.reason] })),
    })}${card({
      body: form({
        action: `${personPath(user.id)}/edit`,
        csrf,
        body: html`${field({
          locale,
          name: 'displayName',
          label: words.displayName,
          autocomplete: 'off',
          disabledReason,
          value: typed.displayName ?? user.displayName,
          error: errorAt('displayName'),
          maxlength: 256,
        })}${field({
          ...number,
          name: 'mobilePhone',
          label: words.mobilePhone,
          optional: isOurs,
          disabledReason,
          value: typed.mobilePhone,
          error: errorAt('mobilePhone'),
          width: 'medium',
          maxlength: 60,
        })}${field({
          ...number,
          name: 'businessPhone',
          label: words.businessPhone,
          optional: isOurs,
          disabledReason,
          value: typed.businessPhone,
          error: errorAt('businessPhone'),
          width: 'medium',
          maxlength: 60,
        })}${field({
          locale,
          name: 'businessPhoneExtension',
          label: words.extension,
          optional: isOurs,
          inputmode: 'numeric',
          autocomplete: 'off',
          disabledReason,
          value: typed.businessPhoneExtension,
          error: errorAt('businessPhoneExtension'),
          width: 'short',
          maxlength: 20,
        })}${field({
          locale,
          name: 'otherMail',
          type: 'email',
          inputmode: 'email',
          autocomplete: 'off',
          label: words.otherMail,
          hint: mayMail ? words.otherMailHint : undefined,
          optional: mayMail,
          disabledReason: mayMail ? undefined : words.otherMailDenied,
          value: mayMail ? (typed.otherMail ?? '') : (user.otherMail ?? ''),
          error: errorAt('otherMail'),
          maxlength: 254,
        })}${selectField({
          locale,
          name: 'preferredLanguage',
          label: words.language,
          mayBeEmpty: true,
          width: 'medium',
          value: typed.preferredLanguage,
          options: [
            { value: '', label: all.person.languageDefault },
            ...locales.map((value) => ({ value, label: localeNames[value] })),
          ],
        })}${actions(
          button({ label: words.save, kind: 'primary' }),
          linkButton({ label: all.act.cancel, href: personPath(user.id) }),
        )}`,
      }),
    })}`,
  });
}

function asked(user: User): AskedContact {
  const { mobilePhone, businessPhone } = user;
  return {
    mobilePhone: mobilePhone === undefined ? '' : formatInternational(mobilePhone),
    businessPhone: businessPhone === undefined ? '' : formatInternational(businessPhone),
    businessPhoneExtension: user.businessPhoneExtension ?? '',
    otherMail: user.otherMail ?? '',
    preferredLanguage: user.preferredLanguage ?? '',
  };
}

/** What was typed of what the directory does not own. */
function ownOf(
  typed: AskedContact | undefined,
): Partial<Pick<AskedContact, 'otherMail' | 'preferredLanguage'>> {
  if (typed === undefined) return {};
  return { otherMail: typed.otherMail, preferredLanguage: typed.preferredLanguage };
}
