/** Owns the kind *authenticator app*: an app on a phone, or a token, that shares a key with us. */
import { defineKind } from '../kind.ts';
import { appSecret } from './secret.ts';
import { wordsIn } from './words.ts';

export const authenticatorApp = defineKind({
  id: 'authenticator-app',
  slots: ['1', '2', '3', '4', '5'],
  icon: 'authenticator-code',
  secret: appSecret,
  name: (_secret, locale) => wordsIn(locale).kind.name,
  detail: (_secret, locale) => wordsIn(locale).kind.detail,
  places: (locale) => [{ slot: '', label: wordsIn(locale).kind.name }],
  change: 'none',
});
