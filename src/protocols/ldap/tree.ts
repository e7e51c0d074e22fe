/**
 * Owns where everything stands: people at `uid=anna,ou=people,dc=voorbeeld,dc=example`, groups at
 * `cn=…,ou=groups,…`, LDAP clients at `cn=…,ou=services,…`. What the base is follows from the
 * organisation's domain (`interfaces.md`, "LDAP").
 */
import { formatDn, normalDn, normalText, parseDn, type Dn } from '../../lib/ldap/dn.ts';

/** A place in the tree. */
export type Place =
  | { readonly kind: 'root' | 'base' | 'people' | 'groups' }
  /** `name` is what doors take: a user principal name, or its part before the own domain. */
  | { readonly kind: 'person' | 'group' | 'client'; readonly name: string }
  /** Nothing stands there; `nearest` is the name of what stands above. */
  | { readonly kind: 'nowhere'; readonly nearest: string };

export interface Tree {
  readonly base: string;
  readonly people: string;
  readonly groups: string;
  /** The value of `uid`: the name without the organisation's own domain. */
  uidOf(userPrincipalName: string): string;
  /** The user principal name of a `uid`. */
  nameOfUid(uid: string): string;
  personDn(userPrincipalName: string): string;
  groupDn(name: string): string;
  clientDn(name: string): string;
  /** What stands at a name; undefined where it is no name at all. */
  placeOf(dn: string): Place | undefined;
}

/** What stands below a container: by which attribute it is called, and what it is. */
type Leaf = readonly ['uid' | 'cn', 'person' | 'group' | 'client'];

// One attribute, a value without anything that must be escaped or read twice, and what is above.
const plainName = /^(uid|cn)=([\w.@-]+),([^\\]+)$/i;
const mostWritings = 64;

/** The tree of an organisation with this domain. */
export function treeOf(domain: string): Tree {
  const baseDn: Dn = domain.split('.').map((label) => [{ type: 'dc', value: label.toLowerCase() }]);
  const below = (type: string, value: string, above: Dn): Dn => [[{ type, value }], ...above];
  const people = below('ou', 'people', baseDn);
  const groups = below('ou', 'groups', baseDn);
  const services = below('ou', 'services', baseDn);
  const base = formatDn(baseDn);
  const own = `@${domain.toLowerCase()}`;

  const uidOf = (userPrincipalName: string): string =>
    userPrincipalName.toLowerCase().endsWith(own)
      ? userPrincipalName.slice(0, -own.length)
      : userPrincipalName;

  const containers = new Map<string, Place>([
    [normalDn(baseDn), { kind: 'base' }],
    [normalDn(people), { kind: 'people' }],
    [normalDn(groups), { kind: 'groups' }],
  ]);
  const leaves = new Map<string, Leaf>([
    [normalDn(people), ['uid', 'person']],
    [normalDn(groups), ['cn', 'group']],
    [normalDn(services), ['cn', 'client']],
  ]);
  const writings = new Map<string, Leaf>();

  /** What stands below this name as it was written; the writings of few are remembered. */
  const leafAt = (above: string): Leaf | undefined => {
    const known = writings.get(above);
    if (known !== undefined) return known;
    const dn = parseDn(above);
    const leaf = dn === undefined ? undefined : leaves.get(normalDn(dn));
    if (leaf !== undefined && writings.size < mostWritings) writings.set(above, leaf);
    return leaf;
  };

  /** The nearest container above what is not there. */
  const nearestOf = (dn: Dn): string => {
    for (let from = 1; from < dn.length; from += 1) {
      const above = dn.slice(from);
      if (containers.has(normalDn(above))) return formatDn(above);
    }
    return '';
  };

  return {
    base,
    people: formatDn(people),
    groups: formatDn(groups),
    uidOf,
    nameOfUid: (uid) => (uid.includes('@') ? uid : `${uid}${own}`),
    personDn: (userPrincipalName) => formatDn(below('uid', uidOf(userPrincipalName), people)),
    groupDn: (name) => formatDn(below('cn', name, groups)),
    clientDn: (name) => formatDn(below('cn', name, services)),
    placeOf: (text) => {
      // What nearly every program sends, a thousand times a second: a plain name in a known place.
      const [, head = '', value = '', place = ''] = plainName.exec(text) ?? [];
      const leaf = place === '' ? undefined : leafAt(place);
      if (leaf !== undefined && leaf[0] === head.toLowerCase())
        return { kind: leaf[1], name: leaf[1] === 'client' ? normalText(value) : value };
      const dn = parseDn(text);
      if (dn === undefined) return undefined;
      const [rdn, ...above] = dn;
      if (rdn === undefined) return { kind: 'root' };
      const container = containers.get(normalDn(dn));
      if (container !== undefined) return container;
      const [pair, ...more] = rdn;
      const [type, kind] = leaves.get(normalDn(above)) ?? [];
      if (pair === undefined || more.length > 0 || kind === undefined || pair.type !== type)
        return { kind: 'nowhere', nearest: nearestOf(dn) };
      return { kind, name: kind === 'client' ? normalText(pair.value) : pair.value };
    },
  };
}
