import { z } from 'zod';

/** What an organisation may say about phone calls. */
export const settings = z.strictObject({
  confirmation: z
    .enum(['hash', 'digits'])
    .default('hash')
    .describe(
      'What the person presses: `hash` is # alone, `digits` the two digits on the page and then #. Administrators always press the digits.',
    ),
  reportKey: z
    .string()
    .regex(/^\d$/)
    .default('0')
    .describe(
      'Row A-051: which digit, and then #, says during a call that its owner did not ask for it.',
    ),
  officePhoneTyped: z
    .boolean()
    .default(true)
    .describe('Whether someone without an office number in the directory may type one.'),
});
export type Settings = z.infer<typeof settings>;
