import { z } from 'zod';

/** What may be signed. */
const signable: readonly string[] = ['time', 'body', 'url'];

const place = z.string().min(1).max(200);
const values = z.array(z.union([z.string(), z.number(), z.boolean()])).default([]);
const secret = z.string().min(16).max(400);
const header = z.string().regex(/^[A-Za-z][\w-]{0,60}$/, { error: 'is no name of a header' });

/** How a report proves that it comes from the provider. */
const proof = {
  secret: secret
    .exactOptional()
    .describe('What proves a report, at least 16 characters. Better: secretFile.'),
  secretFile: z
    .string()
    .min(1)
    .exactOptional()
    .describe('The path of a file that holds it; read for each report.'),
  otherSecretFile: z
    .string()
    .min(1)
    .exactOptional()
    .describe('The path of another that is believed too, while one takes over from the other.'),
  header: header
    .default('authorization')
    .describe('The header that carries the secret, or the signature.'),
  value: z
    .string()
    .max(200)
    .default('Bearer {secret}')
    .refine((text) => (text.match(/\{(?:secret|secretBase64|signature)\}/g) ?? []).length === 1, {
      error: 'needs {secret}, {secretBase64} or {signature}, once',
    })
    .describe(
      'What stands in it: "Bearer {secret}", "Basic {secretBase64}", "sha256={signature}". A signature is made with the secret and sent instead of it.',
    ),
  signed: z
    .string()
    .max(200)
    .default('{body}')
    .refine((text) => text.includes('{body}'), { error: 'has no {body}' })
    .refine((text) => blanksIn(text).every((name) => signable.includes(name)), {
      error: `has a blank that nobody knows; there are ${signable.map((each) => `{${each}}`).join(', ')}`,
    })
    .describe('What is signed: "{time}.{body}". {url} is the whole address of the report.'),
  algorithm: z
    .enum(['sha256', 'sha512', 'sha1'])
    .default('sha256')
    .describe('The hash of the HMAC that the signature is.'),
  encoding: z.enum(['hex', 'base64']).default('hex').describe('How the signature is written.'),
  timeHeader: header
    .exactOptional()
    .describe(
      'The header of {time}: seconds or milliseconds since 1970. A report is refused when it is five minutes off.',
    ),
};

/** What a provider of texts tells us, and how. */
export const httpReportSettings = z
  .strictObject({
    ...proof,
    status: z
      .strictObject({
        message: place.describe(
          'The place of what the provider calls the message, as its answer did; of our own {id} where the answer has no reference.',
        ),
        state: place.describe('The place of what became of it.'),
        sent: values.describe('What stands there of a text that arrived, or is on its way.'),
        failed: values.describe('What stands there of one that will not arrive.'),
        optedOut: values.describe('What stands there where the receiver wants no texts.'),
      })
      .exactOptional()
      .describe('What becomes of a text, told at /webhooks/http/NAME/status.'),
    replies: z
      .strictObject({
        id: place.describe('The place of what tells this reply from every other.'),
        from: place.describe('The place of the number that it comes from.'),
        text: place.describe('The place of its words.'),
      })
      .exactOptional()
      .describe('Texts that people send back, told at /webhooks/http/NAME/replies.'),
  })
  .superRefine((settings, context) => {
    const fault = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    if ((settings.secret === undefined) === (settings.secretFile === undefined)) {
      fault('secretFile', 'is missing, or secret is set as well: reports need one of them');
    }
    const isTimed = blanksIn(settings.signed).includes('time');
    if (isTimed !== (settings.timeHeader !== undefined)) {
      fault('timeHeader', 'and {time} in signed go together');
    }
    if (isTimed && !settings.value.includes('{signature}')) {
      fault('value', 'has no {signature}, so that what signed says is never signed');
    }
    if (settings.status === undefined && settings.replies === undefined) {
      fault('status', 'and replies are both missing: then there is nothing to report');
    }
  });

export type HttpReportSettings = z.infer<typeof httpReportSettings>;

function blanksIn(template: string): readonly string[] {
  return [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}
