import { z } from 'zod';

import { isGuarded } from '../../../lib/this-machine.ts';

/** Twilio's names are two letters and 32 hexadecimal digits. */
const sid = (letters: string): z.ZodString =>
  z.string().regex(new RegExp(`^${letters}[0-9a-fA-F]{32}$`), {
    error: `is not ${letters} and 32 hexadecimal digits`,
  });

const number = z.string().regex(/^\+[1-9]\d{6,14}$/, {
  error: 'is not a number such as +31201234567',
});

const secret = z.string().min(16).max(200);

/** Texts and calls by Twilio. Leave the whole group out where there is no account. */
export const twilioSettings = z
  .strictObject({
    accountSid: sid('AC')
      .meta({ env: 'TWEESTAP_TWILIO_ACCOUNT_SID' })
      .describe('The account, as its console shows it: AC and 32 digits.'),
    authToken: secret
      .meta({ env: 'TWEESTAP_TWILIO_AUTH_TOKEN', secret: true })
      .describe(
        'The account’s auth token. Twilio signs its reports with it, so it is needed beside an API key as well.',
      ),
    otherAuthToken: secret
      .exactOptional()
      .meta({ env: 'TWEESTAP_TWILIO_OTHER_AUTH_TOKEN', secret: true })
      .describe(
        'Another auth token whose reports are heard too, while one takes over from the other.',
      ),
    apiKeySid: sid('SK')
      .exactOptional()
      .meta({ env: 'TWEESTAP_TWILIO_API_KEY_SID' })
      .describe('An API key to send with, instead of the auth token: SK and 32 digits.'),
    apiKeySecret: secret
      .exactOptional()
      .meta({ env: 'TWEESTAP_TWILIO_API_KEY_SECRET', secret: true })
      .describe('The secret that goes with it.'),
    from: z
      .string()
      .regex(/^(?:\+[1-9]\d{6,14}|(?=.*[A-Za-z])[A-Za-z0-9 ]{2,11}|\d{4,8})$/, {
        error:
          'is neither a number such as +31201234567, nor a short code, nor a name of 11 letters',
      })
      .exactOptional()
      .meta({ env: 'TWEESTAP_TWILIO_FROM' })
      .describe(
        'Whom texts come from: a number, a short code, or a name. Nobody can reply to a name.',
      ),
    messagingServiceSid: sid('MG')
      .exactOptional()
      .meta({ env: 'TWEESTAP_TWILIO_MESSAGING_SERVICE_SID' })
      .describe(
        'A messaging service that chooses the sender of a text, instead of from or beside it.',
      ),
    voiceFrom: number
      .exactOptional()
      .meta({ env: 'TWEESTAP_TWILIO_VOICE_FROM' })
      .describe('The number that calls come from; without it Twilio carries no calls.'),
    machineDetection: z
      .boolean()
      .default(true)
      .meta({ env: 'TWEESTAP_TWILIO_MACHINE_DETECTION' })
      .describe(
        'Whether Twilio listens for an answering machine before we speak, for some seconds and some money. Never for a number with an extension, where a machine is what answers.',
      ),
    extensionPauseSeconds: z
      .int()
      .min(0)
      .max(10)
      .default(2)
      .meta({ env: 'TWEESTAP_TWILIO_EXTENSION_PAUSE_SECONDS' })
      .describe('How long to wait between the answer of a telephone exchange and the extension.'),
    voices: z
      .strictObject({
        en: z.string().min(1).max(60).default('Polly.Amy').describe('Who speaks English.'),
        nl: z.string().min(1).max(60).default('Polly.Lotte').describe('Who speaks Dutch.'),
      })
      .prefault({})
      .describe('Twilio’s names of the voices that speak in a call.'),
    address: z
      .url({ protocol: /^https?$/, error: 'is not an address such as https://api.twilio.com' })
      .default('https://api.twilio.com')
      .meta({ env: 'TWEESTAP_TWILIO_ADDRESS' })
      .describe(
        'Where the API is. Data stay in Ireland with https://api.dublin.ie1.twilio.com, which has auth tokens and API keys of its own.',
      ),
  })
  .refine(
    ({ apiKeySid, apiKeySecret }) => (apiKeySid === undefined) === (apiKeySecret === undefined),
    {
      path: ['apiKeySecret'],
      error: 'apiKeySid and apiKeySecret go together',
    },
  )
  .refine(
    ({ from, messagingServiceSid, voiceFrom }) =>
      from !== undefined || messagingServiceSid !== undefined || voiceFrom !== undefined,
    { path: ['from'], error: 'say whom texts come from, or with voiceFrom whom calls come from' },
  )
  .refine(({ address }) => isGuarded(address), {
    path: ['address'],
    error: 'begins with http: credentials may cross a network encrypted only (https)',
  });

export type TwilioSettings = z.infer<typeof twilioSettings>;
