/** Owns how a hardware token that was given to somebody is announced on their list, and taken into use. */
import { html, type SafeHtml } from '../../../lib/html.ts';
import type { Locale } from '../../../i18n/locale.ts';
import type { KnownToken } from '../../../registrations/hardware-token.ts';
import { actions, button, linkButton } from '../../../ui/components/button.ts';
import { card } from '../../../ui/components/card.ts';
import { codeField } from '../../../ui/components/field.ts';
import { form } from '../../../ui/components/form.ts';
import { itemList } from '../../../ui/components/list.ts';
import { errorSummary } from '../../../ui/components/notice.ts';
import { ownPage, type Own } from '../portal.ts';
import { securityInfoPath } from './path.ts';
import { wordsIn } from './words.ts';

/** Where a token is taken into use. */
export function tokenPath(id: string): string {
  return `${securityInfoPath}/token/${id}`;
}

/** The tokens that wait for a first code; nothing where there are none. */
export function tokensCard(tokens: readonly KnownToken[], locale: Locale): SafeHtml | undefined {
  const words = wordsIn(locale).token;
  if (tokens.length === 0) return undefined;
  return card({
    heading: words.heading,
    intro: words.intro,
    body: itemList(
      tokens.map(({ id, serialNumber }) => ({
        icon: 'authenticator-code',
        title: words.name(serialNumber),
        actions: [
          linkButton({
            label: words.start,
            href: tokenPath(id),
            about: serialNumber,
            compact: true,
          }),
        ],
      })),
    ),
  });
}

/** Asks for a code that the token shows now. */
export function tokenPage(
  view: Own & { readonly token: KnownToken; readonly error?: string | undefined },
): SafeHtml {
  const { frame, csrf, token, error } = view;
  const { locale } = frame;
  const { token: words, back, remove } = wordsIn(locale);
  return ownPage(view, 'securityInfo', {
    title: words.title,
    back: { href: securityInfoPath, label: back },
    error: error !== undefined,
    body: html`${errorSummary({
      locale,
      errors: error === undefined ? [] : [{ field: 'code', message: error }],
    })}<p>${words.press(token.serialNumber)}</p>${form({
      action: tokenPath(token.id),
      csrf,
      body: html`${codeField({
        locale,
        name: 'code',
        label: words.code,
        digits: token.secret.digits,
        error,
        autofocus: error === undefined,
      })}${actions(
        button({ label: words.confirm, kind: 'primary' }),
        linkButton({ label: remove.no, href: securityInfoPath }),
      )}`,
    })}`,
  });
}
