import { z } from 'zod';

/** What an organisation may say about security keys. */
export const settings = z.strictObject({
  passwordless: z
    .boolean()
    .default(false)
    .describe(
      'Whether a security key or passkey may take the place of the password as well: people then sign in with it alone.',
    ),
});
export type Settings = z.infer<typeof settings>;
