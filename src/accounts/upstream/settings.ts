/** Owns what the operator decides of the organisation's own directory. */
import { z } from 'zod';

import { parseDn } from '../../lib/ldap/dn.ts';
import { parseFilter } from '../../lib/ldap/filter-text.ts';
import { isThisMachine } from '../../lib/this-machine.ts';
import { syncSettings } from './sync-settings.ts';

const address = /^(ldaps?):\/\/(?:\[([0-9a-fA-F:.]+)\]|([^\s/?#[\]@:]+))(?::(\d{1,5}))?\/?$/;

/** What an address says; undefined where it is none. */
export function readAddress(
  url: string,
): { readonly isTls: boolean; readonly host: string; readonly port: number } | undefined {
  const [, scheme, literal, name, port] = address.exec(url) ?? [];
  const host = literal ?? name;
  if (host === undefined) return undefined;
  const isTls = scheme === 'ldaps';
  return { isTls, host, port: port === undefined ? (isTls ? 636 : 389) : Number(port) };
}

const distinguishedName = z
  .string()
  .refine((text) => (parseDn(text) ?? []).length > 0, 'is not a distinguished name (RFC 4514)');
const filter = z
  .string()
  .refine((text) => parseFilter(text) !== undefined, 'is not a filter (RFC 4515)');

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
export const upstreamSettings = z
  .strictObject({
    urls: z
      .array(
        z
          .string()
          .refine(
            (url) => readAddress(url) !== undefined,
            'is not an address such as ldaps://dc1.example.org',
          ),
      )
      .min(1)
      .max(10)
      .meta({ env: 'TWEESTAP_UPSTREAM_URL' })
      .describe(
        'The directory that owns users and passwords: ldaps://dc1.example.org, or ldap:// where the server encrypts by StartTLS, which is then demanded. Of several servers the first that lets us connect is asked.',
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
    baseDn: distinguishedName
      .meta({ env: 'TWEESTAP_UPSTREAM_BASE_DN' })
      .describe(
        'Where people are: everything below this name, such as ou=people,dc=example,dc=org.',
      ),
    groupsBaseDn: distinguishedName
      .exactOptional()
      .meta({ env: 'TWEESTAP_UPSTREAM_GROUPS_BASE_DN' })
      .describe('Where groups are, when they are elsewhere.'),
    peopleFilter: filter
      .exactOptional()
      .meta({ env: 'TWEESTAP_UPSTREAM_PEOPLE_FILTER' })
      .describe(
        'Which entries are people (RFC 4515). Without it (objectClass=inetOrgPerson), or (&(objectCategory=person)(objectClass=user)) in an Active Directory.',
      ),
    groupsFilter: filter
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
    startTls: z
      .boolean()
      .default(true)
      .meta({ env: 'TWEESTAP_UPSTREAM_STARTTLS' })
      .describe(
        'Whether ldap:// is encrypted by StartTLS before anything is said. false for a directory on this machine only, unless allowPlain.',
      ),
    allowPlain: z
      .boolean()
      .default(false)
      .meta({ env: 'TWEESTAP_UPSTREAM_ALLOW_PLAIN' })
      .describe(
        'Whether passwords may cross to another machine unencrypted, with startTls false. Only where the network between is yours and encrypted by itself.',
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
    wrongPasswords: z
      .int()
      .min(1)
      .max(100)
      .default(4)
      .meta({ env: 'TWEESTAP_UPSTREAM_WRONG_PASSWORDS' })
      .describe(
        'How many wrong passwords of one account are passed on within wrongPasswordMinutes, from browsers it never signed in with. Fewer than make the directory lock the account, so that no stranger can.',
      ),
    wrongPasswordMinutes: z
      .int()
      .min(1)
      .max(1_440)
      .default(30)
      .meta({ env: 'TWEESTAP_UPSTREAM_WRONG_PASSWORD_MINUTES' })
      .describe(
        'As long as the directory counts wrong passwords together, in minutes: further ones wait so long.',
      ),
    sync: syncSettings.prefault({}),
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
  })
  .refine(({ urls, startTls, allowPlain }) => startTls || allowPlain || urls.every(isGuarded), {
    path: ['startTls'],
    error: 'would send passwords to another machine for anybody to read',
  });

/** Whether nobody on the way reads what goes to this address, though nothing asks it to encrypt. */
function isGuarded(url: string): boolean {
  const { isTls, host } = readAddress(url) ?? { isTls: false, host: '' };
  return isTls || isThisMachine(host);
}

export type UpstreamSettings = z.infer<typeof upstreamSettings>;
