import { createPrivateKey } from 'node:crypto';

import { z } from 'zod';

import { isGuarded } from '../../../lib/this-machine.ts';

const secret = z.string().min(16).max(200);

const address = z
  .url({ protocol: /^https?$/, error: 'is not an address such as https://api.nexmo.com' })
  .refine((url) => isGuarded(url), {
    error: 'begins with http: credentials may cross a network encrypted only (https)',
  });

/** Texts and calls by Vonage. Leave the whole group out where there is no account. */
export const vonageSettings = z
  .strictObject({
    apiKey: z
      .string()
      .regex(/^[\w-]{4,40}$/)
      .meta({ env: 'TWEESTAP_VONAGE_API_KEY' })
      .describe('The API key of the account, as its dashboard shows it.'),
    signatureSecret: secret
      .meta({ env: 'TWEESTAP_VONAGE_SIGNATURE_SECRET', secret: true })
      .describe('The signature secret of the account: Vonage signs its reports with it.'),
    otherSignatureSecret: secret
      .exactOptional()
      .meta({ env: 'TWEESTAP_VONAGE_OTHER_SIGNATURE_SECRET', secret: true })
      .describe('Another one whose reports are heard too, while one takes over from the other.'),
    applicationId: z
      .uuid({ error: 'is not the id of an application' })
      .meta({ env: 'TWEESTAP_VONAGE_APPLICATION_ID' })
      .describe('The application that sends and calls: a UUID.'),
    privateKey: z
      .string()
      .refine((pem) => isPrivateKey(pem), { error: 'is no private key (PEM, RSA)' })
      .meta({ env: 'TWEESTAP_VONAGE_PRIVATE_KEY', secret: true })
      .describe('Its private key (PEM), which the dashboard makes once and never shows again.'),
    from: z
      .string()
      .regex(/^(?:\+[1-9]\d{6,14}|(?=.*[A-Za-z])[A-Za-z0-9 ]{2,11}|\d{4,8})$/, {
        error:
          'is neither a number such as +31201234567, nor a short code, nor a name of 11 letters',
      })
      .exactOptional()
      .meta({ env: 'TWEESTAP_VONAGE_FROM' })
      .describe(
        'Whom texts come from: a number, a short code, or a name. Nobody can reply to a name.',
      ),
    voiceFrom: z
      .string()
      .regex(/^\+[1-9]\d{6,14}$/, { error: 'is not a number such as +31201234567' })
      .exactOptional()
      .meta({ env: 'TWEESTAP_VONAGE_VOICE_FROM' })
      .describe('The number that calls come from; without it Vonage carries no calls.'),
    machineDetection: z
      .boolean()
      .default(true)
      .meta({ env: 'TWEESTAP_VONAGE_MACHINE_DETECTION' })
      .describe(
        'Whether Vonage listens for an answering machine and hangs up on it. Never for a number with an extension, where a machine is what answers.',
      ),
    extensionPauseSeconds: z
      .int()
      .min(0)
      .max(10)
      .default(2)
      .meta({ env: 'TWEESTAP_VONAGE_EXTENSION_PAUSE_SECONDS' })
      .describe('How long to wait between the answer of a telephone exchange and the extension.'),
    voices: z
      .strictObject({
        en: z.int().min(0).max(50).default(0).describe('Who speaks English: a style of en-GB.'),
        nl: z.int().min(0).max(50).default(0).describe('Who speaks Dutch: a style of nl-NL.'),
      })
      .prefault({})
      .describe('Vonage’s numbers of the voices that speak in a call.'),
    address: address
      .default('https://api.nexmo.com')
      .meta({ env: 'TWEESTAP_VONAGE_ADDRESS' })
      .describe('Where the API for texts is. In Europe: https://api-eu.nexmo.com.'),
    voiceAddress: address
      .default('https://api.nexmo.com')
      .meta({ env: 'TWEESTAP_VONAGE_VOICE_ADDRESS' })
      .describe('Where the API for calls is. In Europe: https://api-eu-3.vonage.com.'),
  })
  .refine(({ from, voiceFrom }) => from !== undefined || voiceFrom !== undefined, {
    path: ['from'],
    error: 'say whom texts come from, or with voiceFrom whom calls come from',
  });

export type VonageSettings = z.infer<typeof vonageSettings>;

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
