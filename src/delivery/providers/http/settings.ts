import { z } from 'zod';

import { httpReportSettings } from './report-settings.ts';
import { addressFault, blanks, hasBlank, stringsIn, unknownBlanks } from './template.ts';

const known = blanks.map((name) => `{${name}}`).join(', ');

const template = z.string().superRefine((text, context) => {
  for (const name of unknownBlanks(text)) {
    context.addIssue({ code: 'custom', message: `has {${name}}; there are ${known}` });
  }
});

const address = template.superRefine((text, context) => {
  const fault = addressFault(text);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
});

const statuses = z.array(z.int().min(100).max(599));

const expression = z
  .string()
  .min(1)
  .max(500)
  .refine((text) => isExpression(text), { error: 'is no regular expression' });

/** What an answer has to say; where several things are asked for, all of them. */
const saying = z.strictObject({
  statuses: statuses.exactOptional().describe('HTTP statuses; any unless told.'),
  json: z
    .string()
    .min(1)
    .exactOptional()
    .describe('A place in the JSON of the answer: messages.0.status.'),
  is: z
    .array(z.union([z.string(), z.number(), z.boolean()]))
    .exactOptional()
    .describe('What may stand there; anything but nothing unless told.'),
  matches: expression
    .exactOptional()
    .describe('A regular expression that the text of the answer has to match.'),
});

export type Saying = z.infer<typeof saying>;

/** A provider of texts that takes an HTTP request. */
export const httpProviderSettings = z
  .strictObject({
    url: address.describe(
      `Where the request goes. Blanks are filled in, here and below: ${known}. {to} begins with +, {toDigits} does not.`,
    ),
    method: z.enum(['POST', 'GET']).default('POST').describe('How it goes.'),
    headers: z
      .record(z.string().regex(/^[\w-]+$/), template)
      .default({})
      .describe(
        'Its headers. A name and a password go into "Basic {secretBase64}", the secret being name:password.',
      ),
    json: z
      .unknown()
      .exactOptional()
      .describe('A body of JSON: a mapping with blanks in its texts.'),
    form: z.record(z.string(), template).exactOptional().describe('Or a form: names and values.'),
    text: template.exactOptional().describe('Or a text of contentType; in XML blanks are escaped.'),
    contentType: z
      .string()
      .regex(/^[\w.+-]+\/[\w.+-]+(?:; ?charset=utf-8)?$/i)
      .default('text/plain; charset=utf-8')
      .describe('What the text is: application/xml, text/plain.'),
    from: z.string().max(50).default('').describe('What {from} is: whom texts come from.'),
    secret: z.string().min(1).exactOptional().describe('What {secret} is. Better: secretFile.'),
    secretFile: z
      .string()
      .min(1)
      .exactOptional()
      .describe('The path of a file that holds the secret.'),
    taken: saying
      .prefault({ statuses: [200, 201, 202, 204] })
      .describe('What an answer says that took the message.'),
    reference: z
      .strictObject({
        json: z.string().min(1).exactOptional().describe('A place in the JSON of the answer.'),
        matches: expression
          .exactOptional()
          .describe('A regular expression whose first group it is: "ID: (\\w+)".'),
      })
      .prefault({})
      .describe(
        'Where the answer says what the provider calls the message; our own id unless told.',
      ),
    refused: saying
      .prefault({ statuses: [400, 404, 410, 422] })
      .describe('What an answer says of a receiver that never will: nobody else is asked.'),
    optedOut: saying
      .exactOptional()
      .describe('What an answer says of a receiver who wants no texts.'),
    idempotent: z
      .boolean()
      .default(false)
      .describe(
        'Whether two requests with the same {id} are one message to the provider. If not, a message that it may have is not sent again.',
      ),
    checkUrl: address
      .exactOptional()
      .describe(
        'Where "tweestap check" asks, with the same headers, whether the secret is right: 2xx says yes. Without it only the connection is tried.',
      ),
    authoritiesFile: z
      .string()
      .min(1)
      .exactOptional()
      .describe('The path of certificates (PEM) that vouch for it, where the usual ones do not.'),
    reports: httpReportSettings
      .exactOptional()
      .describe('What it tells us of its texts, and how that is proved; nothing unless told.'),
  })
  .superRefine((settings, context) => {
    const { json, form, text, headers, secret, secretFile, url, method } = settings;
    const fault = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    const bodies = [json, form, text].filter((body) => body !== undefined);
    if (bodies.length > 1) fault('json', 'only one of json, form and text is the body');
    if (bodies.length > 0 && method === 'GET') fault('method', 'GET has no body');
    for (const name of stringsIn(json).flatMap(unknownBlanks)) {
      fault('json', `has {${name}}; there are ${known}`);
    }
    if (secret !== undefined && secretFile !== undefined) {
      fault('secret', 'secret and secretFile are both set');
    }
    const sent = [url, ...stringsIn(json), ...stringsIn(form), text ?? ''];
    if (!sent.some((each) => hasBlank(each, 'body'))) fault('url', 'has no {body} anywhere');
    if (!sent.some((each) => hasBlank(each, 'to') || hasBlank(each, 'toDigits'))) {
      fault('url', 'has neither {to} nor {toDigits} anywhere');
    }
    const isAsked = [...sent, ...stringsIn(headers)].some(
      (each) => hasBlank(each, 'secret') || hasBlank(each, 'secretBase64'),
    );
    if (isAsked && secret === undefined && secretFile === undefined) {
      fault('secretFile', 'is missing: {secret} asks for it');
    }
    // The words of a text may hold what no header can.
    for (const [name, value] of Object.entries(headers)) {
      if (hasBlank(value, 'body')) fault('headers', `${name} cannot hold {body}`);
    }
    if (hasBlank(url, 'secret')) fault('url', 'holds {secret}: addresses stand in logs');
  });

export type HttpProviderSettings = z.infer<typeof httpProviderSettings>;

/** Providers by a name of the operator's: it stands in logs, reports and delivery.order. */
export const httpProvidersSettings = z.record(
  z.string().regex(/^[a-z][a-z0-9-]{1,29}$/, { error: 'is not a name such as our-gateway' }),
  httpProviderSettings,
);

function isExpression(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
