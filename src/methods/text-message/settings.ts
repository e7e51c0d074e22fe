import { z } from 'zod';

/** What an organisation may say about text messages. */
export const settings = z.strictObject({
  reply: z
    .boolean()
    .default(true)
    .describe(
      'Whether one may answer by replying with the two digits on the page, besides typing the code.',
    ),
});
export type Settings = z.infer<typeof settings>;
