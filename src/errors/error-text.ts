import type { Locale } from '../i18n/locale.ts';
import type { Texts } from '../i18n/translation.ts';
import { exposedCode, type ErrorCode } from './errors.ts';
import { en, type ErrorText } from './strings.en.ts';
import { nl } from './strings.nl.ts';

const texts: Texts<typeof en> = { en, nl };

/** What a person reads of a fault, in their language; of one that is not exposed, INTERNAL's. */
export function errorText(code: ErrorCode, locale: Locale): ErrorText {
  return texts[locale][exposedCode(code)];
}
