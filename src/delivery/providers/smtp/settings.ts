import { z } from 'zod';

import { isGuarded, isThisMachine } from '../../../lib/this-machine.ts';

/** Where mail is handed over. Leave the whole group out where there is no mail server. */
export const smtpSettings = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .meta({ env: 'TWEESTAP_SMTP_HOST' })
      .describe('Name or address of the mail server.'),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .default(587)
      .meta({ env: 'TWEESTAP_SMTP_PORT' })
      .describe('Its port: 587 for STARTTLS, 465 for TLS.'),
    security: z
      .enum(['starttls', 'tls', 'none'])
      .default('starttls')
      .meta({ env: 'TWEESTAP_SMTP_SECURITY' })
      .describe(
        'starttls: encrypt after the greeting, or send nothing. tls: encrypt from the first byte. none: never encrypt, for a mail server on this machine only.',
      ),
    user: z
      .string()
      .min(1)
      .exactOptional()
      .meta({ env: 'TWEESTAP_SMTP_USER' })
      .describe('The name to sign in with; nobody signs in when it is left out.'),
    password: z
      .string()
      .min(1)
      .exactOptional()
      .meta({ env: 'TWEESTAP_SMTP_PASSWORD', secret: true })
      .describe('The password that goes with it.'),
    oauth: z
      .strictObject({
        tokenUrl: z
          .url({ protocol: /^https?$/, error: 'is not an address such as https://…/token' })
          .meta({ env: 'TWEESTAP_SMTP_OAUTH_TOKEN_URL' })
          .describe(
            'Where tokens are fetched: the token endpoint of the service that signs us in.',
          ),
        clientId: z
          .string()
          .min(1)
          .meta({ env: 'TWEESTAP_SMTP_OAUTH_CLIENT_ID' })
          .describe('What that service knows us as.'),
        clientSecret: z
          .string()
          .min(1)
          .exactOptional()
          .meta({ env: 'TWEESTAP_SMTP_OAUTH_CLIENT_SECRET', secret: true })
          .describe('The secret that goes with it.'),
        refreshToken: z
          .string()
          .min(1)
          .exactOptional()
          .meta({ env: 'TWEESTAP_SMTP_OAUTH_REFRESH_TOKEN', secret: true })
          .describe(
            'What the owner of the mailbox consented to. Without one we ask in our own name (client credentials).',
          ),
        scope: z
          .string()
          .min(1)
          .exactOptional()
          .meta({ env: 'TWEESTAP_SMTP_OAUTH_SCOPE' })
          .describe('What the token is for: https://outlook.office365.com/.default, say.'),
        authorities: z
          .string()
          .min(1)
          .exactOptional()
          .describe('Certificates (PEM) that vouch for that service, where the usual ones do not.'),
      })
      .exactOptional()
      .describe('Signs in with a token (XOAUTH2) instead of a password.'),
    from: z
      .email()
      .meta({ env: 'TWEESTAP_SMTP_FROM' })
      .describe('The address that mail comes from.'),
    fromName: z
      .string()
      .max(100)
      .exactOptional()
      .meta({ env: 'TWEESTAP_SMTP_FROM_NAME' })
      .describe('The name before that address; the organisation, say.'),
    authorities: z
      .string()
      .min(1)
      .exactOptional()
      .meta({ env: 'TWEESTAP_SMTP_AUTHORITIES' })
      .describe(
        'Certificates (PEM) that vouch for the mail server, where the usual authorities do not.',
      ),
  })
  .refine(
    ({ user, password, oauth }) =>
      (user === undefined) === (password === undefined && oauth === undefined),
    { path: ['password'], error: 'user and password, or user and oauth, go together' },
  )
  .refine(({ password, oauth }) => password === undefined || oauth === undefined, {
    path: ['oauth'],
    error: 'sign in with a password or with a token, not with both',
  })
  .refine(({ oauth }) => oauth === undefined || isGuarded(oauth.tokenUrl), {
    path: ['oauth', 'tokenUrl'],
    error: 'begins with http: secrets may cross a network encrypted only (https)',
  })
  .refine(
    ({ oauth }) =>
      oauth?.clientSecret !== undefined || oauth?.refreshToken !== undefined || oauth === undefined,
    {
      path: ['oauth', 'clientSecret'],
      error: 'without a refresh token a secret proves who we are',
    },
  )
  .refine(({ security, host }) => security !== 'none' || isThisMachine(host), {
    path: ['security'],
    error: 'mail may leave this machine encrypted only: use starttls or tls',
  });

export type SmtpSettings = z.infer<typeof smtpSettings>;
