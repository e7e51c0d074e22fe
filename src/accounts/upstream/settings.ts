/** Owns what the operator decides of the organisation's own directory. */
import { z } from 'zod';

const attribute = (env: string, what: string, ldap: string, activeDirectory: string) =>
  z
    .string()
    .regex(/^[a-zA-Z][a-zA-Z0-9-]*$/, 'is not the name of an attribute')
    .exactOptional()
    .meta({ env: `TWEESTAP_UPSTREAM_${env}_ATTRIBUTE` })
    .describe(
      `${what} ${
        ldap === activeDirectory
          ? `Without it ${ldap}.`
          : `Without it ${ldap}, or ${activeDirectory} in an Active Directory.`
      }`,
    );

/** Where the directory is, and what stands where in it. Leave the whole group out where there is none. */
export const upstreamSettings = z.strictObject({
  url: z
    .string()
    .regex(
      /^ldaps?:\/\/(?:\[[0-9a-fA-F:.]+\]|[^\s/?#[\]@:]+)(?::\d{1,5})?\/?$/,
      'is not an address such as ldaps://dc1.example.org',
    )
    .meta({ env: 'TWEESTAP_UPSTREAM_URL' })
    .describe(
      'The directory that owns users and passwords: ldaps://dc1.example.org, or ldap:// where the server encrypts by StartTLS, which is then demanded.',
    ),
  kind: z
    .enum(['ldap', 'active-directory'])
    .default('ldap')
    .meta({ env: 'TWEESTAP_UPSTREAM_KIND' })
    .describe(
      'ldap: OpenLDAP, 389 Directory Server and others. active-directory: that of Microsoft, or of Samba.',
    ),
  bindDn: z
    .string()
    .min(1)
    .meta({ env: 'TWEESTAP_UPSTREAM_BIND_DN' })
    .describe(
      'Whom Tweestap itself signs in as there: cn=tweestap,ou=services,dc=example,dc=org. It needs to read people and groups, and nothing else unless passwords are written.',
    ),
  bindPassword: z
    .string()
    .min(1)
    .meta({ env: 'TWEESTAP_UPSTREAM_BIND_PASSWORD', secret: true })
    .describe('The password that goes with it.'),
  baseDn: z
    .string()
    .min(1)
    .meta({ env: 'TWEESTAP_UPSTREAM_BASE_DN' })
    .describe('Where people are: everything below this name, such as ou=people,dc=example,dc=org.'),
  groupsBaseDn: z
    .string()
    .min(1)
    .exactOptional()
    .meta({ env: 'TWEESTAP_UPSTREAM_GROUPS_BASE_DN' })
    .describe('Where groups are, when they are elsewhere.'),
  peopleFilter: z
    .string()
    .min(1)
    .exactOptional()
    .meta({ env: 'TWEESTAP_UPSTREAM_PEOPLE_FILTER' })
    .describe(
      'Which entries are people (RFC 4515). Without it (objectClass=inetOrgPerson), or (&(objectCategory=person)(objectClass=user)) in an Active Directory.',
    ),
  groupsFilter: z
    .string()
    .min(1)
    .exactOptional()
    .meta({ env: 'TWEESTAP_UPSTREAM_GROUPS_FILTER' })
    .describe(
      'Which entries are groups. Without it (|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup)), or (objectCategory=group) in an Active Directory.',
    ),
  attributes: z
    .strictObject({
      id: attribute(
        'ID',
        'What never changes of an entry, whatever it is called. 389 Directory Server: nsUniqueId.',
        'entryUUID',
        'objectGUID',
      ),
      userPrincipalName: attribute(
        'NAME',
        'What people type to sign in; it has the form of a mail address.',
        'mail',
        'userPrincipalName',
      ),
      shortName: attribute('SHORT_NAME', 'The short name of a person.', 'uid', 'sAMAccountName'),
      displayName: attribute(
        'DISPLAY_NAME',
        'The name of a person; where they have none, their cn.',
        'displayName',
        'displayName',
      ),
      mail: attribute('MAIL', 'The mailbox of a person.', 'mail', 'mail'),
      telephoneNumber: attribute(
        'OFFICE_PHONE',
        'The office phone of a person.',
        'telephoneNumber',
        'telephoneNumber',
      ),
      mobile: attribute('MOBILE', 'The mobile phone of a person.', 'mobile', 'mobile'),
      groupName: attribute('GROUP_NAME', 'The name of a group.', 'cn', 'cn'),
    })
    .prefault({}),
  caFile: z
    .string()
    .min(1)
    .exactOptional()
    .meta({ env: 'TWEESTAP_UPSTREAM_CA_FILE' })
    .describe(
      'Whose certificate the directory has, in PEM, where that is an authority of the organisation itself. No other is believed then.',
    ),
  allowPlain: z
    .boolean()
    .default(false)
    .meta({ env: 'TWEESTAP_UPSTREAM_ALLOW_PLAIN' })
    .describe(
      'Whether ldap:// is spoken without StartTLS. Only where the network between is yours and encrypted by itself; on this machine it is no question.',
    ),
  timeoutSeconds: z
    .int()
    .min(1)
    .max(60)
    .default(5)
    .meta({ env: 'TWEESTAP_UPSTREAM_TIMEOUT_SECONDS' })
    .describe(
      'How long somebody who signs in waits for the directory before they read that it does not answer.',
    ),
  maxConnections: z
    .int()
    .min(1)
    .max(256)
    .default(16)
    .meta({ env: 'TWEESTAP_UPSTREAM_MAX_CONNECTIONS' })
    .describe(
      'How many passwords are asked about at once, each on a connection of its own; the rest wait.',
    ),
  writePasswords: z
    .boolean()
    .default(false)
    .meta({ env: 'TWEESTAP_UPSTREAM_WRITE_PASSWORDS' })
    .describe(
      'Whether people may change and reset their password here, and it is written to the directory. The account of bindDn needs the right to set passwords.',
    ),
  passwordUrl: z
    .url({ protocol: /^https?$/, error: 'is not an address such as https://…' })
    .exactOptional()
    .meta({ env: 'TWEESTAP_UPSTREAM_PASSWORD_URL' })
    .describe(
      'Where people change the password that the directory keeps, where that is not here: the page says so.',
    ),
});

export type UpstreamSettings = z.infer<typeof upstreamSettings>;
