/** Owns the forms that add or change what is connected, and the page that shows a secret once. */
import type { Role } from '../../../accounts/user.ts';
import { applicationRoles } from '../../../applications/applications.ts';
import { radiusModes } from '../../../applications/radius-client.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { actions, button, linkButton } from '../../../ui/components/button.ts';
import { card } from '../../../ui/components/card.ts';
import { checkbox, radioTiles } from '../../../ui/components/choice.ts';
import { field, selectField, textArea } from '../../../ui/components/field.ts';
import { form } from '../../../ui/components/form.ts';
import { errorSummary, notice } from '../../../ui/components/notice.ts';
import { secretDisplay } from '../../../ui/components/secret.ts';
import { adminPage, shownOnce, type Admin } from '../portal.ts';
import { wordsIn as adminWordsIn } from '../words.ts';
import { requiredWord } from './list-page.ts';
import { applicationsPath, type KindOfSystem } from './path.ts';
import { wordsIn } from './words.ts';

/** Every field as it was typed; a form shows those of its kind. */
export interface Typed {
  readonly name: string;
  readonly redirectUris: string;
  readonly postLogoutRedirectUris: string;
  readonly backchannelLogoutUri: string;
  readonly required: string;
  readonly role: string;
  readonly addresses: string;
  readonly mode: string;
  readonly secret: string;
  readonly isPublic?: string | undefined;
  readonly api?: string | undefined;
  readonly unsigned?: string | undefined;
}

/** One thing that is wrong, in the words of the page. */
export interface TypedFault {
  readonly field: keyof Typed;
  readonly message: string;
}

export interface SystemFormView extends Admin {
  readonly kind: KindOfSystem;
  /** Present where an application that is there is changed. */
  readonly changes?: { readonly name: string; readonly path: string };
  readonly typed: Typed;
  readonly faults: readonly TypedFault[];
  /** What an application may require, the organisation's own among it. */
  readonly requirable: readonly string[];
  readonly strengths: Readonly<Record<string, string>>;
}

/** An empty form. */
export const nothingTyped: Typed = {
  name: '',
  redirectUris: '',
  postLogoutRedirectUris: '',
  backchannelLogoutUri: '',
  required: 'password',
  role: '',
  addresses: '',
  mode: 'app-password',
  secret: '',
};

/** The form. What was typed is kept, but for a secret. */
export function systemFormPage(view: SystemFormView): SafeHtml {
  const { frame, csrf, kind, changes, faults } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const { title, intro } =
    changes === undefined
      ? words.new[kind]
      : { title: words.acts.edit.title(changes.name), intro: undefined };
  const back = changes === undefined ? applicationsPath : changes.path;
  return adminPage(view, 'applications', {
    title,
    intro,
    back: { href: back, label: changes === undefined ? words.back : changes.name },
    error: faults.length > 0,
    body: html`${errorSummary({ locale, errors: faults })}${card({
      body: form({
        action: changes === undefined ? `${applicationsPath}/new/${kind}` : `${changes.path}/edit`,
        csrf,
        autocomplete: 'off',
        body: html`${fieldsOf(view)}${actions(
          button({
            label: changes === undefined ? words.new.confirm : words.acts.edit.confirm,
            kind: 'primary',
          }),
          linkButton({ label: words.cancel, href: back }),
        )}`,
      }),
    })}`,
  });
}

function fieldsOf(view: SystemFormView): SafeHtml {
  const { frame, kind, typed, faults, changes } = view;
  const { locale } = frame;
  const { fields } = wordsIn(locale);
  const errorAt = (name: keyof Typed): string | undefined => {
    const told = faults.filter((fault) => fault.field === name).map(({ message }) => message);
    return told.length === 0 ? undefined : told.join(' ');
  };
  const common = (name: Exclude<keyof Typed, 'isPublic' | 'api' | 'unsigned'>) => ({
    locale,
    name,
    value: typed[name],
    error: errorAt(name),
    autocomplete: 'off',
  });
  const name = field({
    ...common('name'),
    label: kind === 'ldap' ? fields.ldapName : fields.name,
    hint: {
      app: fields.nameHint,
      program: fields.programNameHint,
      radius: fields.nameHint,
      ldap: fields.ldapNameHint,
    }[kind],
    width: 'medium',
    maxlength: 200,
  });
  switch (kind) {
    case 'app':
      return html`${name}${textArea({
        ...common('redirectUris'),
        label: fields.redirectUris,
        hint: fields.redirectUrisHint,
        maxlength: 20_000,
      })}${textArea({
        ...common('postLogoutRedirectUris'),
        label: fields.postLogoutRedirectUris,
        hint: fields.postLogoutRedirectUrisHint,
        optional: true,
        rows: 2,
        maxlength: 20_000,
      })}${field({
        ...common('backchannelLogoutUri'),
        label: fields.backchannelLogoutUri,
        hint: fields.backchannelLogoutUriHint,
        type: 'url',
        optional: true,
        maxlength: 2_000,
      })}${selectField({
        ...common('required'),
        label: fields.required,
        width: 'medium',
        options: view.requirable.map((value) => ({ value, label: requiredWord(view, value) })),
      })}${
        changes === undefined
          ? html`${checkbox({
              name: 'isPublic',
              label: fields.isPublic,
              checked: typed.isPublic !== undefined,
            })}${checkbox({ name: 'api', label: fields.api, checked: typed.api !== undefined })}`
          : undefined
      }`;
    case 'program':
      return html`${name}${radioTiles({
        locale,
        name: 'role',
        legend: fields.role,
        look: 'plain',
        value: typed.role,
        error: errorAt('role'),
        options: applicationRoles.map((value: Exclude<Role, 'user'>) => ({
          value,
          label: adminWordsIn(locale).roles[value],
        })),
      })}`;
    case 'radius':
      return html`${name}${textArea({
        ...common('addresses'),
        label: fields.addresses,
        hint: fields.addressesHint,
        rows: 2,
        maxlength: 10_000,
      })}${radioTiles({
        locale,
        name: 'mode',
        legend: fields.mode,
        look: 'plain',
        value: typed.mode,
        error: errorAt('mode'),
        options: radiusModes.map((value) => ({ value, label: wordsIn(locale).modes[value] })),
      })}${field({
        ...common('secret'),
        value: undefined,
        label: fields.secret,
        hint: fields.secretHint,
        optional: true,
        width: 'medium',
        maxlength: 200,
      })}${checkbox({
        name: 'unsigned',
        label: fields.unsigned,
        checked: typed.unsigned !== undefined,
        hint: errorAt('unsigned'),
      })}`;
    case 'ldap':
      return name;
  }
}

/** What is shown once after something was added, or got another secret. */
export interface MadeView extends Admin {
  readonly name: string;
  readonly isRenewed: boolean;
  readonly path: string;
  /** What is typed there before the secret, with the name of each. */
  readonly values: readonly { readonly label: string; readonly value: string }[];
  /** What the secret is called there; undefined where there is none. */
  readonly secretLabel: string | undefined;
  /** Undefined where it was shown before. */
  readonly secret: string | undefined;
  /** Whether it can get another one; else it has to be added anew. */
  readonly isRenewable: boolean;
}

/** The secret, once; whoever comes back reads that it was shown. */
export function madePage(view: MadeView): SafeHtml {
  const { frame, name, isRenewed, isRenewable, path, values, secretLabel, secret } = view;
  const { locale } = frame;
  const { secret: words } = wordsIn(locale);
  return adminPage(secret === undefined ? view : shownOnce(view), 'applications', {
    title: isRenewed ? words.renewed(name) : words.title(name),
    body: html`${notice({
      locale,
      kind: secretLabel === undefined || secret === undefined ? 'info' : 'warning',
      body:
        secretLabel === undefined
          ? words.noSecret
          : secret === undefined
            ? isRenewable
              ? words.shownBefore
              : words.shownBeforeAnew
            : words.intro,
    })}${card({
      body: html`${[
        ...values,
        ...(secretLabel === undefined || secret === undefined
          ? []
          : [{ label: secretLabel, value: secret }]),
      ].map(({ label, value }) =>
        secretDisplay({ locale, label, value, groupOf: 0, size: 'normal' }),
      )}${actions(linkButton({ label: words.go, href: path, kind: 'primary' }))}`,
    })}`,
  });
}
