/** Owns how an address is registered: one field, and which addresses are refused (rows S-123, E-061). */
import { z } from 'zod';

import type { Locale } from '../../i18n/locale.ts';
import type { SafeHtml } from '../../lib/html.ts';
import { field } from '../../ui/components/field.ts';
import type { Begun, FilledForm, Setup } from '../method.ts';
import { isSameMailbox, readAddress, type EmailSecret } from './address.ts';
import type { Settings } from './settings.ts';
import { wordsIn } from './words.ts';

/** What the form sends. The field may be absent: what is missing is told in words. */
export const input = z.object({ email: z.string().max(1000).default('') });
export type Input = z.infer<typeof input>;

/** The one field. */
export function form({ locale, typed, refused }: FilledForm): SafeHtml {
  const words = wordsIn(locale).form;
  return field({
    locale,
    name: 'email',
    type: 'email',
    label: words.label,
    hint: words.hint,
    value: typed['email'],
    autocomplete: 'email',
    inputmode: 'email',
    maxlength: 254,
    error: refused?.field === 'email' ? refused.message : undefined,
  });
}

/**
 * Makes a draft of the address. The account's own mailbox proves nothing of somebody who forgot its
 * password, whether it is known by its mail address or by the sign-in name.
 */
export function begin(
  {
    settings,
    mail,
    userPrincipalName,
  }: Pick<Setup<Settings>, 'settings' | 'mail' | 'userPrincipalName'>,
  { email }: Input,
  locale: Locale,
): Begun<EmailSecret> {
  const words = wordsIn(locale).refused;
  if (email.trim() === '') return refused(words.empty);
  const address = readAddress(email);
  if (address === undefined) return refused(words.unreadable);
  const isOwn = [mail, userPrincipalName].some(
    (own) => own !== undefined && isSameMailbox(own, address),
  );
  if (isOwn && !settings.ownMailbox) return refused(words.own);
  return { kind: 'begun', slot: '1', secret: { address } };
}

function refused(message: string): Begun<EmailSecret> {
  return { kind: 'refused', field: 'email', message };
}
