/** Owns how one hardware token looks, and the page before each act on it. */
import { mayAct, type Act } from '../../../accounts/administering.ts';
import { formatDateTime } from '../../../i18n/format.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import type { AppSecret } from '../../../methods/authenticator-app.ts';
import { actions, button, linkButton } from '../../../ui/components/button.ts';
import { card, prose } from '../../../ui/components/card.ts';
import { codeField, field } from '../../../ui/components/field.ts';
import { form } from '../../../ui/components/form.ts';
import { facts } from '../../../ui/components/list.ts';
import { errorSummary, notice } from '../../../ui/components/notice.ts';
import { timeAgo } from '../../../ui/components/time.ts';
import { adminPage, type Admin } from '../portal.ts';
import { makeOf, ownerOf, statusBadge, type ListedToken } from './list-page.ts';
import { tokenPath, tokensPath } from './path.ts';
import { wordsIn } from './words.ts';

/** What can be done with a token, and which act of the roles that is. */
export const tokenActs = {
  assign: 'assign-token',
  activate: 'assign-token',
  resync: 'assign-token',
  unassign: 'assign-token',
  remove: 'change-tokens',
} as const satisfies Readonly<Record<string, Act>>;
export type TokenActId = keyof typeof tokenActs;

export function isTokenAct(text: string): text is TokenActId {
  return Object.hasOwn(tokenActs, text);
}

export interface TokenView extends Admin {
  readonly listed: ListedToken;
  readonly now: Date;
  /** How many steps its clock is ahead of ours; undefined where nobody knows. */
  readonly drift: AppSecret['drift'] | undefined;
  readonly done: Exclude<TokenActId, 'remove'> | undefined;
}

/** The acts that make sense where it stands. */
export function openActs({ token }: ListedToken): readonly TokenActId[] {
  switch (token.status) {
    case 'available':
      return ['assign', 'remove'];
    case 'activated':
      return ['resync', 'unassign', 'remove'];
    case 'assigned':
    case 'failedActivation':
      return ['activate', 'unassign', 'remove'];
  }
}

/** The page of a token. */
export function tokenPage(view: TokenView): SafeHtml {
  const { frame, listed, current, now, drift, done } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const { token } = listed;
  const { digits, period, algorithm } = token.secret;
  const open = openActs(listed).filter((id) => mayAct(current.user.role, tokenActs[id]));
  return adminPage(view, 'tokens', {
    title: words.token.title(token.serialNumber),
    back: { href: tokensPath, label: words.back },
    body: html`${
      done === undefined
        ? undefined
        : notice({ locale, kind: 'success', body: words.done[done], announce: true })
    }${card({
      body: html`${facts([
        { term: words.columns.status, value: statusBadge(token.status, locale) },
        { term: words.columns.owner, value: ownerOf(listed, locale) },
        { term: words.token.make, value: makeOf(token) || '–' },
        {
          term: words.token.codes,
          value: words.token.codesOf(digits, period, algorithm.toUpperCase().replace('A', 'A-')),
        },
        ...(drift === undefined
          ? []
          : [{ term: words.token.clock, value: words.token.steps(drift) }]),
        {
          term: words.columns.used,
          value:
            token.lastUsedAt === undefined
              ? words.never
              : timeAgo({ locale, at: token.lastUsedAt, now }),
        },
        { term: words.token.added, value: formatDateTime(token.createdAt, locale) },
      ])}${
        open.length === 0
          ? undefined
          : actions(
              ...open.map((id) =>
                linkButton({ label: words.acts[id].confirm, href: `${tokenPath(token.id)}/${id}` }),
              ),
            )
      }`,
    })}`,
  });
}

/** What was wrong with what was typed, in the words of the page. */
export interface TokenRefusal {
  readonly field: 'person' | 'code' | 'first' | undefined;
  readonly message: string;
}

export interface TokenActView extends Admin {
  readonly listed: ListedToken;
  readonly act: TokenActId;
  readonly refused?: TokenRefusal | undefined;
  /** The name as it was typed; a code is typed anew. */
  readonly typed?: string | undefined;
}

/** Says what will happen, and asks. */
export function tokenActPage(view: TokenActView): SafeHtml {
  const { frame, csrf, listed, act, refused } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const { token } = listed;
  const { title, will, confirm } = words.acts[act];
  const path = tokenPath(token.id);
  const isHarmful = act === 'unassign' || act === 'remove';
  return adminPage(view, 'tokens', {
    title: title(token.serialNumber),
    back: { href: path, label: words.token.title(token.serialNumber) },
    error: refused !== undefined,
    body: html`${errorSummary({
      locale,
      errors: refused === undefined ? [] : [{ field: refused.field, message: refused.message }],
    })}${card({
      body: form({
        action: `${path}/${act}`,
        csrf,
        autocomplete: 'off',
        body: html`${facts([
          { term: words.columns.owner, value: ownerOf(listed, locale) },
        ])}${prose(html`<ul>${will.map((each) => html`<li>${each}</li>`)}</ul>`)}${fieldsOf(view)}${actions(
          button({ label: confirm, kind: isHarmful ? 'danger' : 'primary' }),
          linkButton({ label: words.cancel, href: path }),
        )}`,
      }),
    })}`,
  });
}

function fieldsOf({ frame, listed, act, refused, typed }: TokenActView): SafeHtml | undefined {
  const { locale } = frame;
  const words = wordsIn(locale);
  const { digits } = listed.token.secret;
  const errorAt = (name: TokenRefusal['field']): string | undefined =>
    refused?.field === name ? refused?.message : undefined;
  switch (act) {
    case 'assign':
      return field({
        locale,
        name: 'person',
        label: words.person,
        hint: words.personHint,
        value: typed,
        inputmode: 'email',
        autocomplete: 'off',
        maxlength: 320,
        error: errorAt('person'),
      });
    case 'activate':
      return codeField({ locale, name: 'code', label: words.code, digits, error: errorAt('code') });
    case 'resync':
      return html`${codeField({
        locale,
        name: 'first',
        label: words.firstCode,
        digits,
        error: errorAt('first'),
      })}${codeField({ locale, name: 'second', label: words.secondCode, digits })}`;
    case 'unassign':
    case 'remove':
      return undefined;
  }
}
