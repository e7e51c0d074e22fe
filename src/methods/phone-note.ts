/** Owns what is told of a phone that is being proved. */
import type { Locale } from '../i18n/locale.ts';
import { html, type SafeHtml } from '../lib/html.ts';
import { notice } from '../ui/components/notice.ts';
import type { PhoneSecret } from './phone.ts';
import { sharedWordsIn } from './words.ts';

/** That an extension was left out (row S-093); nothing where there is nothing to tell. */
export function phoneNote(phone: PhoneSecret, locale: Locale): SafeHtml {
  const { removedExtension } = phone;
  if (removedExtension === undefined) return html``;
  const body = sharedWordsIn(locale).extensionRemoved(removedExtension);
  return notice({ locale, kind: 'info', body });
}
