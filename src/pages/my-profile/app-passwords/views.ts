/** Owns how the pages of somebody's own app passwords look. */
import {
  appPasswordDoors,
  longestAppPasswordName,
  maximumAppPasswords,
  type AppPassword,
  type AppPasswordDoor,
} from '../../../app-passwords/app-password.ts';
import { formatDate } from '../../../i18n/format.ts';
import type { Locale } from '../../../i18n/locale.ts';
import { html, joinHtml, type SafeHtml } from '../../../lib/html.ts';
import type { AppPasswordOverview, Created } from '../../../own-account/own-app-passwords.ts';
import { actions, button, link, linkButton } from '../../../ui/components/button.ts';
import { card } from '../../../ui/components/card.ts';
import { field, selectField } from '../../../ui/components/field.ts';
import { form } from '../../../ui/components/form.ts';
import { badge, emptyState, itemList, type ListItem } from '../../../ui/components/list.ts';
import { errorSummary, notice } from '../../../ui/components/notice.ts';
import { secretDisplay } from '../../../ui/components/secret.ts';
import { timeAgo } from '../../../ui/components/time.ts';
import { helpPath } from '../../../ui/help.ts';
import { ownPage, type Own } from '../portal.ts';
import { appPasswordsPath } from './path.ts';
import { wordsIn } from './words.ts';

/** What somebody typed into the form, and what was wrong with it. */
export interface Filled {
  readonly name: string;
  readonly door?: AppPasswordDoor | undefined;
  readonly days?: number | undefined;
  readonly refused?: Extract<Created, { kind: 'refused' }>['reason'] | undefined;
}

export interface ListView extends Own {
  readonly overview: AppPasswordOverview;
  readonly now: Date;
  /** What was just done here. */
  readonly done: 'deleted' | 'all-deleted' | 'gone' | 'full' | undefined;
}

/** All of them, and what was just done; or why there can be none. */
export function listPage(view: ListView): SafeHtml {
  const { overview, done } = view;
  const { locale } = view.frame;
  const words = wordsIn(locale);
  const { standing, list, isFull } = overview;
  const told =
    done === undefined
      ? undefined
      : notice({
          locale,
          kind: done === 'full' || done === 'gone' ? 'warning' : 'success',
          announce: true,
          ...words.done[done],
        });
  const why = standing === 'allowed' ? undefined : words.standing[standing];
  const create = linkButton({
    label: words.list.create,
    href: `${appPasswordsPath}/add`,
    icon: 'add',
    kind: 'primary',
  });
  return ownPage(view, 'appPasswords', {
    title: words.title,
    intro: words.intro,
    ...(standing === 'allowed' && !isFull && list.length > 0 ? { actions: create } : {}),
    body: html`${told}${
      why === undefined
        ? undefined
        : notice({
            locale,
            kind: 'info',
            title: why.title,
            body: html`<p>${why.body}</p>${list.length === 0 ? undefined : html`<p>${words.standing.left}</p>`}`,
          })
    }${listCard(view, create)}<p>${link({
      label: words.list.help,
      href: helpPath('app-passwords'),
    })}</p>`,
  });
}

function listCard(view: ListView, create: SafeHtml): SafeHtml | undefined {
  const { overview, frame } = view;
  const words = wordsIn(frame.locale).list;
  const { standing, list, isFull } = overview;
  if (list.length === 0) {
    if (standing !== 'allowed') return undefined;
    return card({
      body: emptyState({
        icon: 'app-password',
        title: words.empty,
        body: words.emptyBody,
        action: create,
      }),
    });
  }
  const count = words.count(list.length, maximumAppPasswords);
  return card({
    heading: words.heading,
    intro: isFull ? `${count}. ${words.full}` : count,
    action: linkButton({
      label: words.deleteAll,
      href: `${appPasswordsPath}/delete-all`,
      icon: 'remove',
    }),
    body: itemList(list.map((one) => itemOf(view, one))),
  });
}

function itemOf({ frame, now }: ListView, one: AppPassword): ListItem {
  const { locale } = frame;
  const words = wordsIn(locale);
  const { list } = words;
  const { expiresAt, lastUse } = one;
  const isExpired = expiresAt !== undefined && expiresAt <= now;
  const use =
    lastUse === undefined
      ? list.neverUsed
      : html`${list.used} ${timeAgo({ locale, at: lastUse.at, now })} ${list.from(
          words.through[lastUse.door],
          lastUse.address,
        )}`;
  const life =
    expiresAt === undefined
      ? list.never
      : html`${isExpired ? list.expired : list.expires} ${day(expiresAt, locale)}`;
  const facts = [html`${list.made} ${day(one.createdAt, locale)}`, html`${life}`];
  return {
    icon: 'app-password',
    title: one.name,
    badge: isExpired ? badge(list.expired, 'warning') : undefined,
    detail: html`<p>${words.doors[one.door ?? 'any']} · ${joinHtml(facts, ' · ')}</p><p>${use}</p>`,
    actions: [
      linkButton({
        label: list.delete,
        about: one.name,
        href: `${appPasswordsPath}/${one.id}/delete`,
        compact: true,
      }),
    ],
  };
}

function day(moment: Date, locale: Locale): SafeHtml {
  return html`<time datetime="${moment.toISOString()}">${formatDate(moment, locale)}</time>`;
}

/** The form of a new one. `formId` makes it send once. */
export function addPage(
  own: Own,
  overview: AppPasswordOverview,
  formId: string,
  filled: Filled,
): SafeHtml {
  const { locale } = own.frame;
  const words = wordsIn(locale);
  const { add } = words;
  const error = filled.refused === undefined ? undefined : add.refused[filled.refused];
  const { expiryChoices, suggestedExpiry } = overview;
  const days = expiryChoices.find((each) => each === filled.days) ?? suggestedExpiry;
  return ownPage(own, 'appPasswords', {
    title: add.title,
    back: { href: appPasswordsPath, label: add.back },
    error: error !== undefined,
    body: html`${errorSummary({
      locale,
      errors: error === undefined ? [] : [{ field: 'name', message: error }],
    })}${card({
      body: form({
        action: `${appPasswordsPath}/add`,
        csrf: own.csrf,
        hidden: { form: formId },
        autocomplete: 'off',
        body: [
          field({
            locale,
            name: 'name',
            label: add.name,
            hint: add.nameHint,
            value: filled.name,
            error,
            maxlength: longestAppPasswordName,
            autofocus: error === undefined,
          }),
          selectField({
            locale,
            name: 'door',
            label: add.door,
            hint: add.doorHint,
            value: filled.door ?? 'any',
            options: (['any', ...appPasswordDoors] as const).map((door) => ({
              value: door,
              label: words.doors[door],
            })),
          }),
          selectField({
            locale,
            name: 'days',
            label: add.expires,
            value: String(days),
            width: 'medium',
            options: expiryChoices.map((each) => ({
              value: String(each),
              label: each === 0 ? add.forEver : add.days(each),
            })),
          }),
          actions(
            button({ label: add.create, kind: 'primary' }),
            linkButton({ label: add.cancel, href: appPasswordsPath }),
          ),
        ],
      }),
    })}`,
  });
}

/** The one time that it is shown; `plain` undefined: it was. */
export function madePage(
  own: Own,
  { name, door, expiresAt }: AppPassword,
  plain: string | undefined,
): SafeHtml {
  const { locale } = own.frame;
  const { made: words, doors, list } = wordsIn(locale);
  const life =
    expiresAt === undefined ? list.never : html`${list.expires} ${day(expiresAt, locale)}`;
  const back = (kind: 'primary' | 'secondary'): SafeHtml =>
    actions(linkButton({ label: words.done, href: appPasswordsPath, kind }));
  if (plain === undefined) {
    return ownPage(own, 'appPasswords', {
      title: words.shownTitle,
      body: card({ body: html`<p>${words.shown(name)}</p>${back('primary')}` }),
    });
  }
  return ownPage(own, 'appPasswords', {
    title: words.title,
    body: html`${notice({
      locale,
      kind: 'warning',
      title: words.warningTitle,
      body: words.warning,
    })}${card({
      intro: words.once,
      body: html`${secretDisplay({ locale, label: words.label(name), value: plain })}<p class="hint">${doors[door ?? 'any']} · ${life}</p><p>${words.how}</p>${back('primary')}`,
    })}`,
  });
}

/** Asks before one is deleted. */
export function deletePage(own: Own, { id, name }: AppPassword): SafeHtml {
  const words = wordsIn(own.frame.locale).delete;
  return confirmation(own, {
    title: words.title(name),
    body: words.body,
    action: `${appPasswordsPath}/${id}/delete`,
    label: words.delete,
  });
}

/** Asks before all are deleted. */
export function deleteAllPage(own: Own, count: number): SafeHtml {
  const words = wordsIn(own.frame.locale).delete;
  return confirmation(own, {
    title: words.allTitle,
    body: words.allBody(count),
    action: `${appPasswordsPath}/delete-all`,
    label: words.deleteAll,
  });
}

function confirmation(
  own: Own,
  asked: {
    readonly title: string;
    readonly body: string;
    readonly action: string;
    readonly label: string;
  },
): SafeHtml {
  const words = wordsIn(own.frame.locale);
  return ownPage(own, 'appPasswords', {
    title: asked.title,
    back: { href: appPasswordsPath, label: words.title },
    body: card({
      body: form({
        action: asked.action,
        csrf: own.csrf,
        body: html`<p>${asked.body}</p>${actions(
          button({ label: asked.label, kind: 'danger' }),
          linkButton({ label: words.delete.cancel, href: appPasswordsPath }),
        )}`,
      }),
    }),
  });
}
