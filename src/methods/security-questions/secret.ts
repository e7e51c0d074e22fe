import { z } from 'zod';

/** A question: the name of one of ours, or the words of the organisation's own. */
const question = z.string().min(1).max(200);

/** Until it is saved: the answers as they were typed. They stand in a draft only, which is sealed at rest. */
const typed = z.strictObject({
  answers: z
    .array(z.strictObject({ question, answer: z.string().min(1) }))
    .min(3)
    .max(5),
});

/** What is kept: argon2id of each answer. Nobody can read one, or change one by itself (row E-062). */
const kept = z.strictObject({
  questions: z
    .array(z.strictObject({ question, hash: z.string().min(1) }))
    .min(3)
    .max(5),
});

export const questionsSecret = z.union([typed, kept]);
export type QuestionsSecret = z.infer<typeof questionsSecret>;
