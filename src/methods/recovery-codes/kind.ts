/** Owns the kind *recovery codes*: ten codes on paper, each of which lets its owner in once. */
import { defineKind } from '../kind.ts';
import { codesSecret } from './secret.ts';
import { leftOver } from './views.ts';
import { wordsIn } from './words.ts';

export const recoveryCodes = defineKind({
  id: 'recovery-codes',
  slots: ['1'],
  icon: 'recovery-codes',
  secret: codesSecret,
  name: (_secret, locale) => wordsIn(locale).name,
  detail: leftOver,
  places: (locale) => [{ slot: '1', label: wordsIn(locale).name }],
  change: 'replace',
  // Which of them were used since, nobody knows any more.
  afterRestore: () => ({ hashes: {} }),
});
