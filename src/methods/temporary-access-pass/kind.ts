/** Owns the kind *Temporary Access Pass*: one for each person, made by those in charge, ending by itself. */
import { defineKind } from '../kind.ts';
import { passSecret } from './secret.ts';
import { standingOfPass } from './views.ts';
import { wordsIn } from './words.ts';

export const temporaryAccessPass = defineKind({
  id: 'temporary-access-pass',
  slots: ['1'],
  icon: 'temporary-access-pass',
  secret: passSecret,
  name: (_secret, locale) => wordsIn(locale).name,
  detail: standingOfPass,
  places: (locale) => [{ slot: '1', label: wordsIn(locale).name }],
  change: 'none',
});
