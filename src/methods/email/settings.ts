import { z } from 'zod';

/** What an organisation may say about codes by e-mail. */
export const settings = z.strictObject({
  ownMailbox: z
    .boolean()
    .default(false)
    .describe(
      'Whether the mailbox of the account itself may be used. Whoever forgot its password cannot read it, unless it is kept elsewhere.',
    ),
});
export type Settings = z.infer<typeof settings>;
