import { z } from 'zod';

import { questionIds, questionsIn } from './questions.ts';

const count = z.int().min(3).max(5);

/** What an organisation may say about security questions. */
export const settings = z
  .strictObject({
    register: count.default(5).describe('How many questions a person answers when they register.'),
    reset: count.default(3).describe('How many of them are asked in a reset; never more.'),
    withheld: z
      .array(z.enum(questionIds))
      .default([])
      .describe('Which of our own questions may not be chosen; they exist in every language.'),
    custom: z
      .array(z.string().trim().min(3).max(200))
      .max(20)
      .default([])
      .describe('Questions of your own, as they are to be read.'),
  })
  .refine(({ register, reset }) => reset <= register, {
    path: ['reset'],
    message: 'No more can be asked than are registered.',
  })
  .refine((settings) => questionsIn(settings).length >= settings.register, {
    path: ['register'],
    message: 'There are not as many questions to choose from.',
  });
export type Settings = z.infer<typeof settings>;
