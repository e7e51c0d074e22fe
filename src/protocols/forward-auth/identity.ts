/** Owns how a person is told to the site behind a proxy: four headers, and nothing that could be more. */
import type { Account } from '../../accounts/user.ts';

/**
 * Who it is. All four are always there, so that a proxy which copies them leaves nothing that the
 * browser wrote; empty where there is nothing to say. Whatever is not printable ASCII is
 * percent-encoded as UTF-8 (RFC 3986 §2.1), and so are `%` and what separates groups: a name stays one
 * header, and `decodeURIComponent` gives it back.
 */
export function identityHeaders({
  userPrincipalName,
  displayName,
  mail = '',
  groups,
}: Pick<Account, 'userPrincipalName' | 'displayName' | 'mail' | 'groups'>): Readonly<
  Record<'remote-user' | 'remote-name' | 'remote-email' | 'remote-groups', string>
> {
  return {
    'remote-user': encode(userPrincipalName),
    'remote-name': encode(displayName),
    'remote-email': encode(mail),
    'remote-groups': groups.map((group) => encode(group).replaceAll(',', '%2C')).join(','),
  };
}

function encode(text: string): string {
  return text
    .toWellFormed()
    .trim()
    .replaceAll(/[^\x20-\x7e]|%/gu, (character) => encodeURIComponent(character));
}
