import { z } from 'zod';

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
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    path: ['password'],
    error: 'user and password go together',
  })
  .refine(({ security, host }) => security !== 'none' || isThisMachine(host), {
    path: ['security'],
    error: 'mail may leave this machine encrypted only: use starttls or tls',
  });

export type SmtpSettings = z.infer<typeof smtpSettings>;

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
