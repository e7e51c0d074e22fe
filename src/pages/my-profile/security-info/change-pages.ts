/** Owns the pages below the list: add a method, choose the default, and be asked before one is deleted. */
import { html, type SafeHtml } from '../../../lib/html.ts';
import type { Addable, Entry, Overview } from '../../../own-account/security-info.ts';
import { actions, button, linkButton } from '../../../ui/components/button.ts';
import { card } from '../../../ui/components/card.ts';
import { selectField } from '../../../ui/components/field.ts';
import { form } from '../../../ui/components/form.ts';
import { facts } from '../../../ui/components/list.ts';
import { errorSummary, notice } from '../../../ui/components/notice.ts';
import { timeAgo } from '../../../ui/components/time.ts';
import { helpLink } from '../../sign-in/help-link.ts';
import { ownPage, type Own } from '../portal.ts';
import { fullHints } from './list-page.ts';
import { securityInfoPath } from './path.ts';
import { wordsIn } from './words.ts';

/** What an entry of the drop-down sends. */
export function valueOf({ kind, place }: Pick<Addable, 'kind' | 'place'>): string {
  return `${kind.id}.${place.slot}`;
}

/** What the entry of app passwords sends: they are made on a page of their own (row E-065). */
export const appPasswordPlace = 'app-password';

/** **Add method**: what is allowed and not there yet; nothing else stands here (rows S-094, S-106). */
export function addPage(
  view: Own & {
    readonly overview: Pick<Overview, 'full'>;
    readonly addable: readonly Addable[];
    readonly hasAppPasswords: boolean;
    readonly isMissing: boolean;
  },
): SafeHtml {
  const { frame, csrf, overview, addable, hasAppPasswords, isMissing } = view;
  const { locale } = frame;
  const { add: words, back } = wordsIn(locale);
  const choices = [
    ...addable.map((each) => ({ value: valueOf(each), label: each.place.label })),
    ...(hasAppPasswords ? [{ value: appPasswordPlace, label: words.appPassword }] : []),
  ];
  const body =
    choices.length === 0
      ? html`<p>${words.nothing}</p>${actions(
          linkButton({ label: back, href: securityInfoPath, kind: 'primary' }),
        )}`
      : form({
          action: `${securityInfoPath}/add`,
          csrf,
          body: html`${selectField({
            locale,
            name: 'place',
            label: words.label,
            hint: words.hint,
            options: choices,
            error: isMissing ? words.missing : undefined,
          })}${actions(button({ label: words.add, kind: 'primary' }))}`,
        });
  return ownPage(view, 'securityInfo', {
    title: words.title,
    back: { href: securityInfoPath, label: back },
    error: isMissing,
    body: html`${errorSummary({
      locale,
      errors: isMissing ? [{ field: 'place', message: words.missing }] : [],
    })}${body}${fullHints(overview.full, locale)}`,
  });
}

/** In its place for whoever may not add a first method by themselves: what they can do. */
export function closedPage(view: Own & { readonly overview: Pick<Overview, 'policy'> }): SafeHtml {
  const { frame, overview } = view;
  const { locale } = frame;
  const { add: words, none, back } = wordsIn(locale);
  return ownPage(view, 'securityInfo', {
    title: words.title,
    back: { href: securityInfoPath, label: back },
    body: card({
      body: html`<p>${none.closed}</p><p>${words.how}</p>${
        overview.policy.trustedIps.length > 0 && html`<p>${words.network}</p>`
      }${actions(
        linkButton({ label: back, href: securityInfoPath, kind: 'primary' }),
        helpLink('admin', locale),
      )}`,
    }),
  });
}

/** **Default sign-in method · Change** (rows S-116 to S-118). */
export function defaultPage(
  view: Own & { readonly overview: Pick<Overview, 'options' | 'defaultOption'> },
): SafeHtml {
  const { frame, csrf, overview } = view;
  const { locale } = frame;
  const { defaultMethod: words, back } = wordsIn(locale);
  const options = overview.options
    .filter(({ standsIn }) => !standsIn)
    .map(({ id, method, registration }) => ({
      value: id,
      label: method.views.label(registration.secret, locale),
    }));
  return ownPage(view, 'securityInfo', {
    title: words.title,
    back: { href: securityInfoPath, label: back },
    body: form({
      action: `${securityInfoPath}/default`,
      csrf,
      body: html`${selectField({
        locale,
        name: 'option',
        label: words.label,
        hint: words.hint,
        options,
        value: overview.defaultOption?.id,
      })}${actions(button({ label: words.confirm, kind: 'primary' }))}`,
    }),
  });
}

/** Asks before a method is deleted: that cannot be undone (rows S-112, S-113). */
export function deletePage(
  view: Own & {
    readonly now: Date;
    readonly overview: Pick<Overview, 'options'>;
    readonly entry: Entry;
  },
): SafeHtml {
  const { frame, csrf, now, overview, entry } = view;
  const { locale } = frame;
  const { remove: words, back, methods } = wordsIn(locale);
  const { registration, kind, isDefault } = entry;
  const isAnyLeft = overview.options.some(
    (option) => !option.standsIn && option.registration.id !== registration.id,
  );
  const { createdAt, lastUsedAt } = registration;
  const name = kind.name(registration.secret, locale);
  const detail = kind.detail(registration.secret, locale);
  return ownPage(view, 'securityInfo', {
    title: words.title(name),
    back: { href: securityInfoPath, label: back },
    body: html`${facts([
      { term: words.what, value: detail === '' ? name : `${name}, ${detail}` },
      // Two apps are told apart by nothing else.
      { term: methods.added, value: timeAgo({ locale, at: createdAt, now }) },
      {
        term: methods.used,
        value:
          lastUsedAt === undefined ? methods.neverUsed : timeAgo({ locale, at: lastUsedAt, now }),
      },
    ])}${notice({
      locale,
      kind: 'warning',
      body: html`<p>${words.undone}</p>${isDefault && isAnyLeft && html`<p>${words.default}</p>`}${
        kind.id === 'authenticator-app' && html`<p>${words.alsoInApp}</p>`
      }${kind.id === 'security-key' && html`<p>${words.staysOnKey}</p>`}`,
    })}${form({
      action: `${securityInfoPath}/${registration.id}/delete`,
      csrf,
      body: actions(
        button({ label: words.yes, kind: 'danger' }),
        linkButton({ label: words.no, href: securityInfoPath }),
      ),
    })}`,
  });
}
