/**
 * Owns who belongs to which groups of the organisation's directory, whether its groups name their people or
 * its people name their groups, and through groups within groups. A million memberships take thirty megabytes.
 */
import type { UpstreamGroup, UpstreamPerson } from '../../accounts/upstream/upstream.ts';
import { createCompactIndex } from '../../lib/compact-index.ts';
import { normalDn, parseDn } from '../../lib/ldap/dn.ts';

export interface Memberships {
  /** Takes a group in; `name` is what it is here, undefined where nobody belongs to anything by it. */
  add(group: UpstreamGroup, name: string | undefined): void;
  /** The names of all groups that this person belongs to, once every group is in; each once, in no order. */
  of(person: Pick<UpstreamPerson, 'dn' | 'shortName' | 'memberOf'>): readonly string[];
}

/** Makes one with nobody in it. */
export function createMemberships(): Memberships {
  const names: (string | undefined)[] = [];
  const dns: string[] = [];
  const members = createCompactIndex();
  const groups = createCompactIndex();

  return {
    add: (group, name) => {
      const number = names.length;
      const dn = sameDn(group.dn);
      names.push(name);
      dns.push(dn);
      groups.add(dn, number);
      for (const member of group.members) members.add(`dn:${sameDn(member)}`, number);
      for (const member of group.memberNames) members.add(`name:${member.toLowerCase()}`, number);
    },
    of: ({ dn, shortName, memberOf }) => {
      // A group may be within itself, by way of others: each is gone through once.
      const found = new Set<number>([
        ...members.of(`dn:${sameDn(dn)}`),
        ...(shortName === undefined ? [] : members.of(`name:${shortName.toLowerCase()}`)),
        ...memberOf.flatMap((one) => groups.of(sameDn(one))),
      ]);
      for (const number of found) {
        for (const above of members.of(`dn:${dns[number] ?? ''}`)) found.add(above);
      }
      const known = [...found].map((number) => names[number]);
      return [...new Set(known.filter((name) => name !== undefined))];
    },
  };
}

/** The form in which names of entries are equal; one that is none stands for itself. */
function sameDn(text: string): string {
  const dn = parseDn(text);
  return dn === undefined ? text.toLowerCase() : normalDn(dn);
}
