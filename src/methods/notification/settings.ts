import { z } from 'zod';

/** What an organisation may say about notifications. */
export const settings = z.strictObject({
  pin: z
    .boolean()
    .default(false)
    .describe(
      'Whether approving asks for a PIN, chosen when the app is set up. Apps that have none by then must be set up anew.',
    ),
  showApplication: z
    .boolean()
    .default(true)
    .describe('Row A-073: whether the app says which application is signed in to.'),
  showPlace: z
    .boolean()
    .default(true)
    .describe('Row A-073: whether the app says where the sign-in comes from.'),
});
export type Settings = z.infer<typeof settings>;
