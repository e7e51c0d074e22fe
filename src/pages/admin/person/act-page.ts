/** Owns the page before an act: what will happen, to whom, what is asked; and what is shown once after it. */
import { mayGive } from '../../../accounts/administering.ts';
import { perUserMfaStates, roles, type User } from '../../../accounts/user.ts';
import { formatDateTime } from '../../../i18n/format.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { actions, button, linkButton } from '../../../ui/components/button.ts';
import { card, prose } from '../../../ui/components/card.ts';
import { checkbox, radioTiles } from '../../../ui/components/choice.ts';
import { field } from '../../../ui/components/field.ts';
import { form } from '../../../ui/components/form.ts';
import { facts } from '../../../ui/components/list.ts';
import { errorSummary, notice } from '../../../ui/components/notice.ts';
import { secretDisplay } from '../../../ui/components/secret.ts';
import { personPath } from '../path.ts';
import { adminPage, shownOnce, type Admin } from '../portal.ts';
import { wordsIn } from '../words.ts';

/** The acts that have a page. */
export type ActId =
  | 'state'
  | 'role'
  | 'groups'
  | 'block'
  | 'unblock'
  | 're-register'
  | 'revoke-sessions'
  | 'delete-app-passwords'
  | 'switch-off'
  | 'switch-on'
  | 'remove'
  | 'password'
  | 'method'
  | 'pass';

/** What was typed wrongly. */
export type Refused =
  | 'missingReason'
  | 'wrongState'
  | 'wrongRole'
  | 'wrongGroups'
  | 'wrongName'
  | 'wrongMinutes'
  | 'wrongLength';

const fieldOf: Readonly<Record<Refused, string>> = {
  missingReason: 'reason',
  wrongState: 'state',
  wrongRole: 'role',
  wrongGroups: 'groups',
  wrongName: 'name',
  wrongMinutes: 'minutes',
  wrongLength: 'length',
};
const harmless: readonly ActId[] = [
  'state',
  'role',
  'groups',
  'unblock',
  'revoke-sessions',
  'switch-on',
  'pass',
];

export interface ActView extends Admin {
  readonly user: User;
  readonly act: ActId;
  readonly needsReason?: boolean | undefined;
  /** What it is done to, where that is one of several things. */
  readonly what?: string | undefined;
  /** Behind the address of the person; the name of the act unless told. */
  readonly path?: string | undefined;
  readonly fields?: SafeHtml | undefined;
  readonly refused?: Refused | undefined;
  /** The organisation does not allow it. */
  readonly isOff?: boolean | undefined;
  readonly longestMinutes?: number | undefined;
}

/** Says what will happen, and asks. */
export function actPage(view: ActView): SafeHtml {
  const { frame, csrf, user, act, refused, what, isOff = false } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const { title, will, confirm } = words.acts[act];
  const error = errorOf(view);
  const cancel = linkButton({ label: words.act.cancel, href: personPath(user.id) });
  return adminPage(view, 'users', {
    title: title(user.displayName),
    back: { href: personPath(user.id), label: user.displayName },
    error: error !== undefined,
    body: html`${
      error === undefined
        ? undefined
        : errorSummary({
            locale,
            errors: [
              { message: error, field: refused === undefined ? undefined : fieldOf[refused] },
            ],
          })
    }${card({
      body: isOff
        ? html`${notice({ locale, kind: 'info', title: words.act.passOff })}${actions(cancel)}`
        : form({
            action: `${personPath(user.id)}/${view.path ?? act}`,
            csrf,
            body: html`${facts([
              { term: words.person.userName, value: user.userPrincipalName },
              ...(what === undefined ? [] : [{ term: words.person.methods, value: what }]),
            ])}${prose(html`<ul>${will.map((each) => html`<li>${each}</li>`)}</ul>`)}${
              view.needsReason === true
                ? field({
                    locale,
                    name: 'reason',
                    label: words.act.reason,
                    hint: words.act.reasonHint,
                    error: refused === 'missingReason' ? error : undefined,
                    maxlength: 200,
                    autocomplete: 'off',
                  })
                : undefined
            }${view.fields}${actions(
              button({ label: confirm, kind: harmless.includes(act) ? 'primary' : 'danger' }),
              cancel,
            )}`,
          }),
    })}`,
  });
}

function errorOf({ frame, refused, longestMinutes = 0 }: ActView): string | undefined {
  const { act } = wordsIn(frame.locale);
  if (refused === undefined) return undefined;
  return refused === 'wrongMinutes' ? act.wrongMinutes(longestMinutes) : act[refused];
}

/** The three states. */
export function stateForm({ frame }: Admin, user: User, refused: Refused | undefined): SafeHtml {
  const { states, acts, act } = wordsIn(frame.locale);
  return radioTiles({
    locale: frame.locale,
    name: 'state',
    legend: acts.state.field,
    look: 'plain',
    value: user.perUserMfaState,
    error: refused === 'wrongState' ? act.wrongState : undefined,
    options: perUserMfaStates.map((value) => ({
      value,
      label: states[value],
    })),
  });
}

/** The roles that may be given. */
export function roleForm(
  { frame, current }: Admin,
  user: User,
  refused: Refused | undefined,
): SafeHtml {
  const { roles: named, acts, act } = wordsIn(frame.locale);
  return radioTiles({
    locale: frame.locale,
    name: 'role',
    legend: acts.role.field,
    look: 'plain',
    value: user.role,
    error: refused === 'wrongRole' ? act.wrongRole : undefined,
    options: roles
      .filter((role) => mayGive(current.user, role))
      .map((value) => ({ value, label: named[value], detail: acts.role.does[value] })),
  });
}

/** The user name typed once more, before what cannot be undone. */
export function nameForm({ frame }: Admin, typed: string, refused: Refused | undefined): SafeHtml {
  const { acts, act } = wordsIn(frame.locale);
  return field({
    locale: frame.locale,
    name: 'name',
    label: acts.remove.field,
    hint: acts.remove.hint,
    value: typed,
    error: refused === 'wrongName' ? act.wrongName : undefined,
    maxlength: 320,
    autocomplete: 'off',
  });
}

/** The groups, with commas between them. */
export function groupsForm(
  { frame }: Admin,
  typed: string,
  refused: Refused | undefined,
  brought: readonly string[],
): SafeHtml {
  const { acts, act } = wordsIn(frame.locale);
  const { hint, brought: byDirectory } = acts.groups;
  return field({
    locale: frame.locale,
    name: 'groups',
    label: acts.groups.field,
    hint: brought.length === 0 ? hint : `${hint} ${byDirectory(brought.join(', '))}`,
    mayBeEmpty: true,
    value: typed,
    error: refused === 'wrongGroups' ? act.wrongGroups : undefined,
    autocomplete: 'off',
    maxlength: 4_000,
  });
}

export interface PassForm {
  readonly rules: {
    readonly length: number;
    readonly minutes: number;
    readonly longestMinutes: number;
    readonly once: boolean;
  };
  readonly typed:
    | {
        readonly minutes: string;
        readonly length: string;
        readonly once?: string | undefined;
        readonly lost?: string | undefined;
      }
    | undefined;
  readonly refused: Refused | undefined;
}

/** How long the pass is good, how long it is, and for how many sign-ins. */
export function passForm({ frame }: Admin, { rules, typed, refused }: PassForm): SafeHtml {
  const { locale } = frame;
  const { acts, act } = wordsIn(locale);
  const words = acts.pass;
  const number = { locale, inputmode: 'numeric', width: 'short', autocomplete: 'off' } as const;
  return html`${field({
    ...number,
    name: 'minutes',
    label: words.minutes,
    hint: words.minutesHint(rules.longestMinutes),
    error: refused === 'wrongMinutes' ? act.wrongMinutes(rules.longestMinutes) : undefined,
    value: typed?.minutes ?? String(rules.minutes),
    maxlength: 6,
  })}${field({
    ...number,
    name: 'length',
    label: words.length,
    hint: words.lengthHint,
    error: refused === 'wrongLength' ? act.wrongLength : undefined,
    value: typed?.length ?? String(rules.length),
    maxlength: 6,
  })}${checkbox({
    name: 'once',
    label: words.once,
    checked: typed === undefined ? rules.once : typed.once !== undefined,
  })}${checkbox({
    name: 'lost',
    label: words.reRegister,
    hint: words.reRegisterHint,
    checked: typed?.lost !== undefined,
  })}`;
}

export type SecretView = Admin & {
  readonly user: User;
  /** Undefined where it was shown before. */
  readonly plain: string | undefined;
} & (
    | { readonly kind: 'password' }
    | { readonly kind: 'pass'; readonly endsAt: Date; readonly once: boolean }
  );

/** Shows once what the person needs now; whoever comes back reads that it was shown. */
export function secretPage(view: SecretView): SafeHtml {
  const { frame, user, plain } = view;
  const { locale } = frame;
  const words = wordsIn(locale).act;
  const isPass = view.kind === 'pass';
  return adminPage(plain === undefined ? view : shownOnce(view), 'users', {
    title: isPass ? words.passTitle : words.passwordTitle,
    intro: `${user.displayName}, ${user.userPrincipalName}`,
    body: card({
      body: html`${
        plain === undefined
          ? notice({ locale, kind: 'info', body: words.shownBefore })
          : html`${notice({ locale, kind: 'warning', body: words.shownOnce })}${secretDisplay({
              locale,
              label: isPass ? words.passLabel : words.passwordLabel,
              value: plain,
              groupOf: isPass ? 4 : 0,
            })}`
      }${
        view.kind === 'pass' && plain !== undefined
          ? prose(
              html`<p>${words.passUntil(formatDateTime(view.endsAt, locale))} ${
                view.once ? words.passOnce : words.passMore
              }</p><p>${words.passHow}</p>`,
            )
          : undefined
      }${actions(
        linkButton({
          label: words.toPerson(user.displayName),
          href: personPath(user.id),
          kind: 'primary',
        }),
      )}`,
    }),
  });
}
