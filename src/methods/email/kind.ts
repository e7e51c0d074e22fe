/** Owns the kind *e-mail*: an address that its owner can read without the account's password. */
import { defineKind } from '../kind.ts';
import { emailSecret, maskAddress } from './address.ts';
import { wordsIn } from './words.ts';

export const email = defineKind({
  id: 'email',
  slots: ['1'],
  icon: 'email',
  secret: emailSecret,
  name: (_secret, locale) => wordsIn(locale).kind.name,
  detail: maskAddress,
  places: (locale) => [{ slot: '1', label: wordsIn(locale).kind.place }],
  change: 'replace',
});
