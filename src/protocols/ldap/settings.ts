/** Owns what the operator decides of the LDAP door. */
import { z } from 'zod';

const port = (env: string, what: string) =>
  z
    .int()
    .min(0)
    .max(65_535)
    .meta({ env })
    .describe(
      `${what}; 0 takes any free one. Without it this door is shut; with --sample it is open.`,
    );
const plainPort = port('TWEESTAP_LDAP_PORT', 'The port for LDAP with StartTLS (389 elsewhere)');
const tlsPort = port('TWEESTAP_LDAPS_PORT', 'The port for LDAP over TLS (636 elsewhere)');

/** Where the LDAP door listens, and with which certificate. */
export const ldapSettings = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .meta({ env: 'TWEESTAP_LDAP_HOST' })
    .describe('The address to listen on. 0.0.0.0 and :: listen everywhere.'),
  port: plainPort.exactOptional(),
  tlsPort: tlsPort.exactOptional(),
  certificateFile: z
    .string()
    .min(1)
    .exactOptional()
    .meta({ env: 'TWEESTAP_LDAP_CERTIFICATE' })
    .describe(
      'The certificate with its chain, in PEM. Without it one is made and kept in the data folder; clients are given ldap-authority.pem from there.',
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
  port: plainPort.default(3389),
  tlsPort: tlsPort.default(3636),
});
