/** Owns how a security key is registered: it gets a name, and then the browser asks the key itself. */
import { z } from 'zod';

import type { Locale } from '../../i18n/locale.ts';
import { withoutHidden } from '../../lib/hidden-text.ts';
import type { SafeHtml } from '../../lib/html.ts';
import { field } from '../../ui/components/field.ts';
import type { Begun, FilledForm, Setup } from '../method.ts';
import type { KeySecret } from './secret.ts';
import type { Settings } from './settings.ts';
import { wordsIn } from './words.ts';

/** How long a name may be, in characters. */
export const longestName = 40;

export const input = z.object({ name: z.string().max(1000).default('') });
type Input = z.infer<typeof input>;

/** A draft by this name. It takes any free place. */
export function begin(_setup: Setup<Settings>, typed: Input, locale: Locale): Begun<KeySecret> {
  const words = wordsIn(locale);
  // A name is read beside other words.
  const name = withoutHidden(typed.name.normalize('NFC')).replaceAll(/\s+/gu, ' ').trim();
  if (name.length > longestName) {
    return { kind: 'refused', field: 'name', message: words.form.tooLong };
  }
  return { kind: 'begun', slot: '', secret: { name: name === '' ? words.kind.name : name } };
}

/** Asks what to call it. */
export function form({ locale, typed, refused }: FilledForm): SafeHtml {
  const words = wordsIn(locale).form;
  return field({
    locale,
    name: 'name',
    label: words.name,
    hint: words.nameHint,
    optional: true,
    autocomplete: 'off',
    maxlength: longestName,
    value: typed['name'],
    error: refused?.field === 'name' ? refused.message : undefined,
  });
}
