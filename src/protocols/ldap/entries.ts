/**
 * Owns what stands in an entry, and how its values are compared. No number that a second step goes to
 * is among it: who may look people up needs none.
 */
import type { Account } from '../../accounts/user.ts';
import { normalDn, normalText, parseDn } from '../../lib/ldap/dn.ts';
import { attributeName, type Candidate, type Matching } from '../../lib/ldap/filter.ts';
import type { AnsweredAttribute } from '../../lib/ldap/message.ts';
import { extensions, pagedResults } from '../../lib/ldap/message.ts';
import type { Tree } from './tree.ts';

export interface Entry {
  readonly dn: string;
  /** By their proper names; none is empty. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

/** Every attribute there is, and those that are told only when they are asked for. */
const attributes = {
  objectClass: 'shown',
  uid: 'shown',
  cn: 'shown',
  sn: 'shown',
  givenName: 'shown',
  displayName: 'shown',
  mail: 'shown',
  userPrincipalName: 'shown',
  telephoneNumber: 'shown',
  preferredLanguage: 'shown',
  memberOf: 'shown',
  member: 'shown',
  ou: 'shown',
  dc: 'shown',
  o: 'shown',
  entryDN: 'operational',
  createTimestamp: 'operational',
  namingContexts: 'shown',
  supportedLDAPVersion: 'shown',
  supportedControl: 'shown',
  supportedExtension: 'shown',
  vendorName: 'shown',
} as const;

const byLowerName = new Map(
  Object.entries(attributes).map(([name, use]) => [name.toLowerCase(), { name, use }] as const),
);

/** Attributes by which people are found at once. */
export const personIndexes: ReadonlySet<string> = new Set([
  'uid',
  'mail',
  'userprincipalname',
  'entrydn',
]);
/** Attributes by which groups are found at once. */
export const groupIndexes: ReadonlySet<string> = new Set(['member', 'entrydn']);

export const personClasses = ['top', 'person', 'organizationalPerson', 'inetOrgPerson'] as const;
export const groupClasses = ['top', 'groupOfNames'] as const;

/** A person's entry. */
export function personEntry(tree: Tree, user: Account): Entry {
  const { displayName, userPrincipalName } = user;
  const words = displayName.trim().split(/\s+/u);
  const dn = tree.personDn(userPrincipalName);
  return entry(dn, {
    objectClass: personClasses,
    uid: [tree.uidOf(userPrincipalName)],
    cn: [displayName],
    sn: [words.slice(1).join(' ') || displayName],
    givenName: words.slice(0, 1),
    displayName: [displayName],
    mail: user.mail === undefined ? [] : [user.mail],
    userPrincipalName: [userPrincipalName],
    telephoneNumber: user.businessPhone === undefined ? [] : [user.businessPhone],
    preferredLanguage: user.preferredLanguage === undefined ? [] : [user.preferredLanguage],
    memberOf: user.groups.map(tree.groupDn),
    createTimestamp: [user.createdAt.toISOString().replaceAll(/[-:T]|\.\d+/g, '')],
  });
}

/** A group's entry; `members` are names of entries. */
export function groupEntry(tree: Tree, name: string, members: readonly string[]): Entry {
  return entry(tree.groupDn(name), { objectClass: groupClasses, cn: [name], member: members });
}

/** The entries in which the others stand. */
export function containerEntry(
  tree: Tree,
  kind: 'base' | 'people' | 'groups',
  organisation: string,
): Entry {
  if (kind !== 'base')
    return entry(tree[kind], { objectClass: ['top', 'organizationalUnit'], ou: [kind] });
  const [label = ''] = tree.base.split(',', 1);
  return entry(tree.base, {
    objectClass: ['top', 'organization', 'dcObject'],
    o: [organisation],
    dc: [label.slice('dc='.length)],
  });
}

/** What anybody may read: what this server is and can. */
export function rootEntry(tree: Tree): Entry {
  return {
    dn: '',
    attributes: {
      objectClass: ['top'],
      namingContexts: [tree.base],
      supportedLDAPVersion: ['3'],
      supportedControl: [pagedResults],
      supportedExtension: [extensions.startTls, extensions.whoAmI],
      vendorName: ['Tweestap'],
    },
  };
}

function entry(dn: string, values: Readonly<Record<string, readonly string[]>>): Entry {
  const filled = Object.entries(values).filter(([, each]) => each.length > 0);
  return { dn, attributes: { ...Object.fromEntries(filled), entryDN: [dn] } };
}

const textMatching: Matching = {
  normal: (value) => normalText(value.toString('utf8')),
};
const dnMatching: Matching = {
  normal: (value) => {
    const dn = parseDn(value.toString('utf8'));
    return dn === undefined ? undefined : normalDn(dn);
  },
};
// Digits that stand for a time: what comes first is less.
const timeMatching: Matching = { normal: (value) => value.toString('latin1'), isOrdered: true };
const numberMatching: Matching = {
  normal: (value) => value.toString('latin1').replaceAll(/[\s-]/g, ''),
};
const matchings = new Map<string, Matching>([
  ['memberof', dnMatching],
  ['member', dnMatching],
  ['entrydn', dnMatching],
  ['namingcontexts', dnMatching],
  ['createtimestamp', timeMatching],
  ['telephonenumber', numberMatching],
]);

/** How values of an attribute are compared. */
export function matchingOf(attribute: string): Matching {
  return matchings.get(attribute) ?? textMatching;
}

/** The entry, for a filter to be asked of. */
export function candidateOf({ attributes: values }: Entry): Candidate {
  return {
    values: (attribute) => {
      const known = byLowerName.get(attribute);
      if (known === undefined) return undefined;
      return (values[known.name] ?? []).map((value) => Buffer.from(value, 'utf8'));
    },
    matching: matchingOf,
  };
}

/** Which attributes of an entry are answered (RFC 4511 §4.5.1.8). */
export interface Selection {
  has(name: string): boolean;
}

/** Reads what was asked for: names, `*`, `+` for what is not told by itself, `1.1` for nothing. */
export function selectionOf(asked: readonly string[]): Selection {
  const names = new Set(asked.map(attributeName));
  const all = asked.length === 0 || names.has('*');
  return {
    has: (name) => {
      const lower = name.toLowerCase();
      if (names.has(lower)) return true;
      return byLowerName.get(lower)?.use === 'operational' ? names.has('+') : all;
    },
  };
}

/** What is answered of an entry. */
export function answered(
  { attributes: values }: Entry,
  selection: Selection,
  typesOnly: boolean,
): readonly AnsweredAttribute[] {
  return Object.entries(values)
    .filter(([name]) => selection.has(name))
    .map(([name, each]) => ({ name, values: typesOnly ? [] : each }));
}
