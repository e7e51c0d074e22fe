/** Owns how the list of hardware tokens looks. */
import { mayAct } from '../../../accounts/administering.ts';
import type { User } from '../../../accounts/user.ts';
import type { Locale } from '../../../i18n/locale.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import {
  tokenStatuses,
  type KnownToken,
  type TokenStatus,
} from '../../../registrations/hardware-token.ts';
import { actions, button, link, linkButton } from '../../../ui/components/button.ts';
import { card } from '../../../ui/components/card.ts';
import { field, selectField } from '../../../ui/components/field.ts';
import { form } from '../../../ui/components/form.ts';
import { badge, emptyState } from '../../../ui/components/list.ts';
import { notice } from '../../../ui/components/notice.ts';
import { table } from '../../../ui/components/table.ts';
import { timeAgo } from '../../../ui/components/time.ts';
import { personPath } from '../path.ts';
import { adminPage, type Admin } from '../portal.ts';
import { importTokensPath, tokenPath, tokensPath } from './path.ts';
import { wordsIn } from './words.ts';

/** What was asked for, as it stands in the address. */
export interface AskedTokens {
  readonly text: string;
  readonly status?: TokenStatus | undefined;
  readonly after?: string | undefined;
}

export interface ListedToken {
  readonly token: KnownToken;
  readonly owner: User | undefined;
}

export interface TokenListView extends Admin {
  readonly asked: AskedTokens;
  readonly tokens: readonly ListedToken[];
  readonly counts: Readonly<Record<TokenStatus, number>>;
  readonly next: string | undefined;
  readonly now: Date;
  readonly isRemoved: boolean;
}

/** A standing, in the tone that it has everywhere. */
export function statusBadge(status: TokenStatus, locale: Locale): SafeHtml {
  const tones = {
    available: 'neutral',
    assigned: 'warning',
    activated: 'success',
    failedActivation: 'error',
  } as const;
  return badge(wordsIn(locale).statuses[status], tones[status]);
}

/** Whose it is, with the way to them. */
export function ownerOf({ token, owner }: ListedToken, locale: Locale): string | SafeHtml {
  const words = wordsIn(locale);
  if (owner !== undefined) {
    return link({ label: owner.userPrincipalName, href: personPath(owner.id) });
  }
  return token.assignedTo === undefined ? words.nobody : words.removedOwner;
}

/** What it is, in a few words. */
export function makeOf({ manufacturer, model }: KnownToken): string {
  return `${manufacturer} ${model}`.trim();
}

/** The page of tokens, with what narrows it down. */
export function tokenListPage(view: TokenListView): SafeHtml {
  const { frame, tokens, asked, next, counts, current, isRemoved } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const ways = [
    asked.after === undefined
      ? undefined
      : linkButton({ label: words.first, href: hrefOf({ ...asked, after: undefined }) }),
    next === undefined
      ? undefined
      : linkButton({ label: words.next, href: hrefOf({ ...asked, after: next }) }),
  ].filter((each) => each !== undefined);
  return adminPage(view, 'tokens', {
    title: words.title,
    intro: words.intro,
    actions: mayAct(current.user.role, 'change-tokens')
      ? linkButton({ label: words.add, href: importTokensPath, icon: 'add' })
      : undefined,
    body: html`${
      isRemoved
        ? notice({ locale, kind: 'success', body: words.done.remove, announce: true })
        : undefined
    }<p>${words.counts(counts)}</p>${searchForm(view)}${
      tokens.length === 0
        ? card({
            body: emptyState({
              icon: 'authenticator-code',
              title: words.none,
              body: words.noneBody,
            }),
          })
        : card({ body: tableOf(view) })
    }${ways.length === 0 ? undefined : actions(...ways)}`,
  });
}

function searchForm({ frame, asked }: TokenListView): SafeHtml {
  const { locale } = frame;
  const words = wordsIn(locale);
  return card({
    body: form({
      action: tokensPath,
      csrf: undefined,
      method: 'get',
      body: html`${field({
        locale,
        name: 'text',
        type: 'search',
        label: words.search,
        hint: words.searchHint,
        mayBeEmpty: true,
        value: asked.text,
        width: 'medium',
        maxlength: 100,
        autocomplete: 'off',
      })}${selectField({
        locale,
        name: 'status',
        label: words.status,
        mayBeEmpty: true,
        width: 'medium',
        value: asked.status ?? '',
        options: [
          { value: '', label: words.any },
          ...tokenStatuses.map((value) => ({ value, label: words.statuses[value] })),
        ],
      })}${actions(button({ label: words.show, kind: 'primary' }))}`,
    }),
  });
}

function tableOf({ frame, tokens, now }: TokenListView): SafeHtml {
  const { locale } = frame;
  const { columns, title, never } = wordsIn(locale);
  return table({
    locale,
    caption: title,
    captionHidden: true,
    columns: [
      { label: columns.serialNumber },
      { label: columns.make },
      { label: columns.status },
      { label: columns.owner },
      { label: columns.used },
    ],
    rows: tokens.map((listed) => {
      const { token } = listed;
      return [
        link({ label: token.serialNumber, href: tokenPath(token.id) }),
        makeOf(token),
        statusBadge(token.status, locale),
        ownerOf(listed, locale),
        token.lastUsedAt === undefined ? never : timeAgo({ at: token.lastUsedAt, now, locale }),
      ];
    }),
  });
}

function hrefOf({ text, status, after }: AskedTokens): string {
  const query = new URLSearchParams();
  if (text !== '') query.set('text', text);
  if (status !== undefined) query.set('status', status);
  if (after !== undefined) query.set('after', after);
  const asked = query.toString();
  return asked === '' ? tokensPath : `${tokensPath}?${asked}`;
}
