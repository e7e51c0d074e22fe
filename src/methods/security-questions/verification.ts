/** Owns whether the answers are right: all that were asked for, and no word about which of them. */
import { z } from 'zod';

import type { Ask, RejectionReason, SlowHash, Verdict } from '../method.ts';
import { foldAnswer } from './answer.ts';
import type { QuestionsSecret } from './secret.ts';
import type { Settings } from './settings.ts';
import type { State } from './state.ts';

/** What was sent, and what the slow work found out of it. */
export interface Answer {
  /** **Save** was pressed below new answers. */
  readonly isSaved: boolean;
  /** By their place among the registered questions, from 1 on; folded, '' where nothing was typed. */
  readonly typed: readonly string[];
  readonly found:
    | {
        readonly kind: 'hashed';
        readonly of: readonly { readonly question: string; readonly answer: string }[];
        readonly questions: { question: string; hash: string }[];
      }
    /** The hashes whose answers were right. */
    | { readonly kind: 'compared'; readonly right: readonly string[] }
    | undefined;
}

const typedAnswer = z.string().max(2000).default('').transform(foldAnswer);

export const answer: z.ZodType<Answer> = z
  .object({
    save: z.string().default(''),
    answer1: typedAnswer,
    answer2: typedAnswer,
    answer3: typedAnswer,
    answer4: typedAnswer,
    answer5: typedAnswer,
  })
  .transform(({ save, answer1, answer2, answer3, answer4, answer5 }) => ({
    isSaved: save === 'yes',
    typed: [answer1, answer2, answer3, answer4, answer5],
    found: undefined,
  }));

/** Hashes new answers, and compares typed ones: every one that was typed, right or wrong. */
export async function weigh(
  secret: QuestionsSecret,
  answer: Answer,
  slow: SlowHash,
): Promise<Answer> {
  if ('answers' in secret) {
    if (!answer.isSaved) return answer;
    const questions = await Promise.all(
      secret.answers.map(async ({ question, answer }) => ({
        question,
        hash: await slow.hash(foldAnswer(answer)),
      })),
    );
    return { ...answer, found: { kind: 'hashed', of: secret.answers, questions } };
  }
  const compared = await Promise.all(
    secret.questions.map(async ({ hash }, index) => {
      const typed = answer.typed[index] ?? '';
      return typed !== '' && (await slow.verify(hash, typed)) ? hash : undefined;
    }),
  );
  const right = compared.filter((hash) => hash !== undefined);
  return { ...answer, found: { kind: 'compared', right } };
}

/** All of the answers that were asked for, at once. What is missing was not guessed at. */
export function verify(
  ask: Ask<Settings, QuestionsSecret>,
  state: State,
  answer: Answer,
): Verdict<State, QuestionsSecret> {
  if (ask.now.getTime() >= state.expiresAt) return noGuess('expired', { ends: true });
  const { secret } = ask;
  const { found } = answer;
  if ('answers' in secret) {
    const isOfThese =
      found?.kind === 'hashed' && JSON.stringify(found.of) === JSON.stringify(secret.answers);
    return isOfThese
      ? { kind: 'verified', secret: { questions: found.questions } }
      : noGuess('unreadable', { ends: false });
  }
  const asked = secret.questions
    .map(({ question, hash }, index) => ({ question, hash, typed: answer.typed[index] }))
    .filter(({ question }) => state.asked.includes(question));
  const isWhole = asked.length === state.asked.length && asked.length > 0;
  if (found?.kind !== 'compared' || !isWhole || asked.some(({ typed = '' }) => typed === '')) {
    return noGuess('unreadable', { ends: false });
  }
  return asked.every(({ hash }) => found.right.includes(hash))
    ? { kind: 'verified' }
    : { kind: 'rejected', reason: 'incorrect-code', counts: true, ends: false };
}

function noGuess(
  reason: RejectionReason,
  { ends }: { readonly ends: boolean },
): Verdict<State, QuestionsSecret> {
  return { kind: 'rejected', reason, counts: false, ends };
}
