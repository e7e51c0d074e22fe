/** Owns what the operator decides of the LDAP door. */
import { z } from 'zod';

const port = (env: string, what: string) =>
  z
    .int()
    .min(0)
    .max(65_535)
    .exactOptional()
    .meta({ env })
    .describe(
      `${what}; 0 takes any free one. Without it this door is shut; with --sample it is open.`,
    );

/** Where the LDAP door listens, and with which certificate. */
export const ldapSettings = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .meta({ env: 'TWEESTAP_LDAP_HOST' })
    .describe('The address to listen on. 0.0.0.0 and :: listen everywhere.'),
  port: port('TWEESTAP_LDAP_PORT', 'The port for LDAP with StartTLS (389 elsewhere)'),
  tlsPort: port('TWEESTAP_LDAPS_PORT', 'The port for LDAP over TLS (636 elsewhere)'),
  certificateFile: z
    .string()
    .min(1)
    .exactOptional()
    .meta({ env: 'TWEESTAP_LDAP_CERTIFICATE' })
    .describe(
      'The certificate with its chain, in PEM. Without it a certificate is made and kept in the data folder, as ldap.pem: clients must be given it.',
    ),
  keyFile: z
    .string()
    .min(1)
    .exactOptional()
    .meta({ env: 'TWEESTAP_LDAP_KEY' })
    .describe('The key of the certificate, in PEM.'),
  allowPlain: z
    .boolean()
    .default(false)
    .meta({ env: 'TWEESTAP_LDAP_ALLOW_PLAIN' })
    .describe(
      'Whether passwords may come unencrypted from other machines. Only where the network between is yours and encrypted by itself.',
    ),
  maxConnections: z
    .int()
    .min(1)
    .max(100_000)
    .default(1024)
    .meta({ env: 'TWEESTAP_LDAP_MAX_CONNECTIONS' })
    .describe('Connections at once; further ones are closed unheard.'),
});

export type LdapSettings = z.infer<typeof ldapSettings>;

/** The same for the sample organisation, where both ports are open. */
export const sampleLdapSettings = ldapSettings.extend({
  port: ldapSettings.shape.port.unwrap().default(3389),
  tlsPort: ldapSettings.shape.tlsPort.unwrap().default(3636),
});
