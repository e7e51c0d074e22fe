/** Owns how an account is added: the form, and the password that is shown once after it. */
import { mayGive } from '../../../accounts/administering.ts';
import { perUserMfaStates, roles, type User } from '../../../accounts/user.ts';
import { localeNames, locales } from '../../../i18n/locale.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { actions, button, linkButton } from '../../../ui/components/button.ts';
import { card, prose } from '../../../ui/components/card.ts';
import { checkbox, radioTiles } from '../../../ui/components/choice.ts';
import { field, selectField } from '../../../ui/components/field.ts';
import { form } from '../../../ui/components/form.ts';
import { errorSummary, notice } from '../../../ui/components/notice.ts';
import { secretDisplay } from '../../../ui/components/secret.ts';
import { newUserPath, personPath, usersPath } from '../path.ts';
import { adminPage, shownOnce, type Admin } from '../portal.ts';
import { wordsIn as adminWordsIn } from '../words.ts';
import { wordsIn } from './words.ts';

/** As it was typed. */
export interface Typed {
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly mail: string;
  readonly otherMail: string;
  readonly mobilePhone: string;
  readonly businessPhone: string;
  readonly preferredLanguage: string;
  readonly role: string;
  readonly groups: string;
  readonly state: string;
  readonly off?: string | undefined;
}

/** One thing that is wrong, in the words of the page. */
export interface TypedFault {
  readonly field: keyof Typed;
  readonly message: string;
}

export interface NewUserView extends Admin {
  /** Whether roles can be given here: not where a second administrator agrees to each. */
  readonly givesRoles: boolean;
  /** The mail domain of the organisation. */
  readonly domain: string;
  readonly typed: Typed | undefined;
  readonly faults: readonly TypedFault[];
}

const nothing: Typed = {
  userPrincipalName: '',
  displayName: '',
  mail: '',
  otherMail: '',
  mobilePhone: '',
  businessPhone: '',
  preferredLanguage: '',
  role: 'user',
  groups: '',
  state: 'disabled',
};

/** The form. What was typed is kept. */
export function newUserPage(view: NewUserView): SafeHtml {
  const { frame, csrf, domain, faults, current } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const all = adminWordsIn(locale);
  const typed = view.typed ?? nothing;
  const common = (name: Exclude<keyof Typed, 'off'>) => ({
    locale,
    name,
    value: typed[name],
    error: faults.find((fault) => fault.field === name)?.message,
    autocomplete: 'off',
  });
  const mail = { type: 'email', inputmode: 'email', optional: true, maxlength: 254 } as const;
  const phone = {
    type: 'tel',
    inputmode: 'tel',
    optional: true,
    width: 'medium',
    maxlength: 60,
  } as const;
  const givable = roles.filter(
    (role) => role === 'user' || (view.givesRoles && mayGive(current.user, role)),
  );
  return adminPage(view, 'users', {
    title: words.title,
    intro: words.intro,
    back: { href: usersPath, label: words.back },
    error: faults.length > 0,
    body: html`${errorSummary({ locale, errors: faults })}${card({
      body: form({
        action: newUserPath,
        csrf,
        autocomplete: 'off',
        body: html`${field({
          ...common('userPrincipalName'),
          label: words.userName,
          hint: words.userNameHint(domain),
          inputmode: 'email',
          maxlength: 113,
        })}${field({
          ...common('displayName'),
          label: words.displayName,
          hint: words.displayNameHint,
          optional: true,
          maxlength: 256,
        })}${field({ ...common('mail'), ...mail, label: words.mail, hint: words.mailHint })}${field(
          {
            ...common('otherMail'),
            ...mail,
            label: words.otherMail,
            hint: words.otherMailHint,
          },
        )}${field({ ...common('mobilePhone'), ...phone, label: words.mobilePhone })}${field({
          ...common('businessPhone'),
          ...phone,
          label: words.businessPhone,
          hint: words.businessPhoneHint,
        })}${selectField({
          ...common('preferredLanguage'),
          label: words.language,
          mayBeEmpty: true,
          width: 'medium',
          options: [
            { value: '', label: all.person.languageDefault },
            ...locales.map((value) => ({ value, label: localeNames[value] })),
          ],
        })}${
          givable.length === 1
            ? undefined
            : selectField({
                ...common('role'),
                label: words.role,
                width: 'medium',
                options: givable.map((value) => ({ value, label: all.roles[value] })),
              })
        }${field({
          ...common('groups'),
          label: words.groups,
          hint: words.groupsHint,
          optional: true,
          maxlength: 2_000,
        })}${radioTiles({
          ...common('state'),
          legend: words.state,
          look: 'plain',
          options: perUserMfaStates.map((value) => ({
            value,
            label: all.states[value],
          })),
        })}${checkbox({
          name: 'off',
          label: words.switchedOff,
          checked: typed.off !== undefined,
        })}${actions(
          button({ label: words.add, kind: 'primary' }),
          linkButton({ label: words.cancel, href: usersPath }),
        )}`,
      }),
    })}`,
  });
}

/** Shows the password once; whoever comes back reads that it was shown. */
export function addedPage(
  view: Admin & { readonly user: User; readonly password: string | undefined },
): SafeHtml {
  const { frame, user, password } = view;
  const { locale } = frame;
  const words = wordsIn(locale).added;
  return adminPage(password === undefined ? view : shownOnce(view), 'users', {
    title: words.title(user.displayName),
    intro: user.userPrincipalName,
    body: card({
      body: html`${
        password === undefined
          ? notice({ locale, kind: 'info', body: words.shownBefore })
          : html`${notice({ locale, kind: 'warning', body: words.shownOnce })}${secretDisplay({
              locale,
              label: words.password,
              value: password,
              groupOf: 0,
            })}`
      }${prose(html`<p>${words.how}</p>`)}${actions(
        linkButton({
          label: words.toPerson(user.displayName),
          href: personPath(user.id),
          kind: 'primary',
        }),
        linkButton({ label: words.another, href: newUserPath }),
      )}`,
    }),
  });
}
