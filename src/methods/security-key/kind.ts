/** Owns the kind *security key*: up to ten, each with a name that its owner gave it (row E-063). */
import { defineKind } from '../kind.ts';
import { keySecret } from './secret.ts';
import { wordsIn } from './words.ts';

export const securityKeyKind = defineKind({
  id: 'security-key',
  slots: ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'],
  icon: 'security-key',
  secret: keySecret,
  name: (_secret, locale) => wordsIn(locale).kind.name,
  detail: ({ name }) => name,
  places: (locale) => [{ slot: '', label: wordsIn(locale).kind.name }],
  change: 'none',
});
