/** Owns what an LDAP client is: a mail server or another system that may look people up. */

export interface LdapClient {
  /** Its place in the tree: `cn=<name>,ou=services,…`. Lower-case letters, digits, `.`, `_`, `-`. */
  readonly name: string;
  /** Keyed hash of its password, without blanks. */
  readonly hash: Buffer;
  readonly createdAt: Date;
}
