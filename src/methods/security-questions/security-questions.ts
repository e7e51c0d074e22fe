/**
 * Owns the method *security questions*: answers that a person gave before, for resetting the password
 * only, never for whoever decides over others, and off until the organisation wants them (row S-124).
 */
import { createHash } from 'node:crypto';

import { defineMethod, type Ask, type ChallengeStart } from '../method.ts';
import { securityQuestions as securityQuestionsKind } from './kind.ts';
import { begin, form, input } from './registration.ts';
import { questionsSecret, type QuestionsSecret } from './secret.ts';
import { settings, type Settings } from './settings.ts';
import { state, type State } from './state.ts';
import { answer, verify, weigh } from './verification.ts';
import { views } from './views.ts';

/** How long the page waits for answers. */
const waitSeconds = 15 * 60;

export const securityQuestions = defineMethod({
  id: 'security-questions',
  registers: securityQuestionsKind,
  provesIn: ['reset'],
  strength: 'knowledge',
  amr: ['kba'],
  icon: 'security-questions',
  answeredBy: 'typing',
  isFor: 'people',
  offByDefault: true,
  sends: 'nothing',
  settings,
  secret: questionsSecret,
  state,
  answer,
  appliesTo: () => true,
  register: { input, form, proves: false, begin },
  challenge,
  weigh,
  verify,
  views,
});

function challenge(ask: Ask<Settings, QuestionsSecret>): ChallengeStart<State> {
  const expiresAt = ask.now.getTime() + waitSeconds * 1000;
  return {
    state: { asked: drawn(ask), expiresAt },
    messages: [],
    expiresAt: new Date(expiresAt),
  };
}

/**
 * Some of those that were registered, as chance will have it, and the same ones all day: whoever
 * starts again until the questions suit them gets no others.
 */
function drawn({ secret, settings, now }: Ask<Settings, QuestionsSecret>): string[] {
  if ('answers' in secret) return [];
  const day = now.toISOString().slice(0, 10);
  // The salts in the hashes are chance enough; they are of one person and one registration.
  const lot = (hash: string): string => createHash('sha256').update(`${day} ${hash}`).digest('hex');
  return secret.questions
    .map(({ question, hash }) => ({ question, lot: lot(hash) }))
    .toSorted((one, other) => (one.lot < other.lot ? -1 : 1))
    .slice(0, settings.reset)
    .map(({ question }) => question);
}
