import { z } from 'zod';

import { isThisMachine } from '../../../lib/this-machine.ts';

/** Texts by SMPP 3.4, as telephone companies and gateways of one's own speak it. */
export const smppSettings = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .meta({ env: 'TWEESTAP_SMPP_HOST' })
      .describe('Name or address of the message centre (SMSC).'),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .default(3550)
      .meta({ env: 'TWEESTAP_SMPP_PORT' })
      .describe('Its port: 3550 with TLS, 2775 without.'),
    security: z
      .enum(['tls', 'none'])
      .default('tls')
      .meta({ env: 'TWEESTAP_SMPP_SECURITY' })
      .describe('tls: encrypted from the first byte. none: never, for this machine only.'),
    systemId: z
      .string()
      .min(1)
      .max(15)
      .meta({ env: 'TWEESTAP_SMPP_SYSTEM_ID' })
      .describe('The name to bind with.'),
    password: z
      .string()
      .min(1)
      .max(8)
      .meta({ env: 'TWEESTAP_SMPP_PASSWORD', secret: true })
      .describe('The password that goes with it; SMPP knows no more than 8 characters.'),
    systemType: z
      .string()
      .max(12)
      .default('')
      .meta({ env: 'TWEESTAP_SMPP_SYSTEM_TYPE' })
      .describe('The type of system, where the message centre asks for one.'),
    from: z
      .string()
      .regex(/^(?:\+[1-9]\d{6,14}|(?=.*[A-Za-z])[A-Za-z0-9 ]{2,11}|\d{3,8})$/, {
        error:
          'is neither a number such as +31201234567, nor a short code, nor a name of 11 letters',
      })
      .meta({ env: 'TWEESTAP_SMPP_FROM' })
      .describe(
        'Whom texts come from: a number, a short code, or a name. Nobody can reply to a name.',
      ),
    window: z
      .int()
      .min(1)
      .max(100)
      .default(10)
      .meta({ env: 'TWEESTAP_SMPP_WINDOW' })
      .describe('How many texts may wait for their answer at one time.'),
    enquireSeconds: z
      .int()
      .min(5)
      .max(600)
      .default(30)
      .meta({ env: 'TWEESTAP_SMPP_ENQUIRE_SECONDS' })
      .describe('How often a silent connection is asked whether it is still there.'),
    authorities: z
      .string()
      .exactOptional()
      .meta({ env: 'TWEESTAP_SMPP_AUTHORITIES', secret: true })
      .describe(
        'Certificates (PEM) that vouch for the message centre, where the usual ones do not.',
      ),
  })
  .refine(({ host, security }) => security === 'tls' || isThisMachine(host), {
    path: ['security'],
    error: 'is none: codes may cross a network encrypted only (tls)',
  });

export type SmppSettings = z.infer<typeof smppSettings>;
