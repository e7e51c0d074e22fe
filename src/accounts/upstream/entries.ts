/**
 * Owns what stands where in a directory: which attributes say who somebody is, by its kind and the settings,
 * and how an entry becomes a person or a group. Pure.
 */
import { normalText } from '../../lib/ldap/dn.ts';
import type { FoundEntry } from '../../lib/ldap/answer.ts';
import type { Filter } from '../../lib/ldap/filter.ts';
import { parseFilter } from '../../lib/ldap/filter-text.ts';
import { guidBytes, guidText } from '../../lib/guid.ts';
import { idAttributeOf, objectGuid } from './entry-ids.ts';
import type { UpstreamSettings } from './settings.ts';
import type { UpstreamGroup, UpstreamPerson } from './upstream.ts';

/** The settings with what follows from the kind of directory. Names of attributes are in lower case. */
export interface Layout {
  readonly people: Filter;
  readonly groups: Filter;
  readonly attributes: {
    readonly [name in keyof Required<UpstreamSettings['attributes']>]: string;
  };
}

const usual = {
  ldap: {
    people: '(objectClass=inetOrgPerson)',
    groups: '(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup))',
    userPrincipalName: 'mail',
    shortName: 'uid',
  },
  'active-directory': {
    people: '(&(objectCategory=person)(objectClass=user))',
    groups: '(objectCategory=group)',
    userPrincipalName: 'userprincipalname',
    shortName: 'samaccountname',
  },
} as const;

/** What holds for this directory. */
export function layoutOf({
  kind,
  peopleFilter,
  groupsFilter,
  attributes,
}: Pick<UpstreamSettings, 'kind' | 'peopleFilter' | 'groupsFilter' | 'attributes'>): Layout {
  const own = usual[kind];
  const name = (of: keyof UpstreamSettings['attributes'], otherwise: string): string =>
    (attributes[of] ?? otherwise).toLowerCase();
  return {
    people: filterOf(peopleFilter ?? own.people),
    groups: filterOf(groupsFilter ?? own.groups),
    attributes: {
      id: idAttributeOf({ kind, attributes }),
      userPrincipalName: name('userPrincipalName', own.userPrincipalName),
      shortName: name('shortName', own.shortName),
      displayName: name('displayName', 'displayname'),
      mail: name('mail', 'mail'),
      telephoneNumber: name('telephoneNumber', 'telephonenumber'),
      mobile: name('mobile', 'mobile'),
      groupName: name('groupName', 'cn'),
    },
  };
}

function filterOf(text: string): Filter {
  const filter = parseFilter(text);
  if (filter === undefined) throw new Error('This is no filter; check it where settings are read.');
  return filter;
}

/** The attributes that say of a group who belongs to it. */
const memberAttributes = ['member', 'uniquemember'] as const;
const switchAttributes = ['useraccountcontrol', 'nsaccountlock', 'pwdaccountlockedtime'] as const;

/** What has to be asked for to make a person of an entry. */
export function personAttributes({ attributes }: Layout): readonly string[] {
  const { groupName: _, ...own } = attributes;
  return [...new Set([...Object.values(own), 'cn', 'memberof', ...switchAttributes])];
}

/** What has to be asked for to make a group of an entry. */
export function groupAttributes({ attributes }: Layout): readonly string[] {
  return [attributes.id, attributes.groupName, ...memberAttributes, 'memberuid'];
}

/** The names of attributes of which a server may send a part at a time. */
export const longAttributes: readonly string[] = ['memberof', ...memberAttributes];

/** Somebody; undefined where the entry has no id, which nobody can be known by. */
export function personOf(entry: FoundEntry, { attributes }: Layout): UpstreamPerson | undefined {
  const id = idOf(entry, attributes.id);
  if (id === undefined) return undefined;
  const one = (name: string): string | undefined => textsOf(entry, name)[0];
  return {
    id,
    dn: entry.dn,
    userPrincipalName: one(attributes.userPrincipalName),
    shortName: one(attributes.shortName),
    displayName: one(attributes.displayName) ?? one('cn'),
    mail: one(attributes.mail),
    telephoneNumber: one(attributes.telephoneNumber),
    mobile: one(attributes.mobile),
    enabled: isEnabled(one),
    memberOf: textsOf(entry, 'memberof'),
  };
}

/** A group; undefined where the entry has no id or no name. */
export function groupOf(entry: FoundEntry, { attributes }: Layout): UpstreamGroup | undefined {
  const id = idOf(entry, attributes.id);
  const [name] = textsOf(entry, attributes.groupName);
  if (id === undefined || name === undefined) return undefined;
  return {
    id,
    dn: entry.dn,
    name,
    members: memberAttributes.flatMap((attribute) => textsOf(entry, attribute)),
    memberNames: textsOf(entry, 'memberuid'),
  };
}

/** Whether an account may sign in there, as far as its entry says. */
function isEnabled(one: (name: string) => string | undefined): boolean {
  // ADS_UF_ACCOUNTDISABLE.
  if ((Number(one('useraccountcontrol') ?? 0) & 2) !== 0) return false;
  if (normalText(one('nsaccountlock') ?? '') === 'true') return false;
  // Locked for good by an administrator (slapo-ppolicy); any other moment passes by itself.
  return one('pwdaccountlockedtime') !== '000001010000Z';
}

/** What never changes of an entry, as text; undefined where it has none, or not exactly one. */
export function idOf({ attributes }: FoundEntry, attribute: string): string | undefined {
  const values = attributes.get(attribute) ?? [];
  const [value] = values;
  if (value === undefined || values.length > 1 || value.length === 0) return undefined;
  return attribute === objectGuid ? guidText(value) : textOf(value);
}

/** The filter that finds the entry of this id, which is a value and never becomes text of a filter. */
export function entryFilter(id: string, attribute: string): Filter {
  const bytes = attribute === objectGuid ? guidBytes(id) : undefined;
  const value = bytes ?? Buffer.from(id, 'utf8');
  return { kind: 'equal', attribute, value };
}

/** The values of an attribute that are text, without blanks around them. */
function textsOf({ attributes }: FoundEntry, name: string): readonly string[] {
  return (attributes.get(name) ?? []).map(textOf).filter((text) => text !== undefined);
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(bytes: Buffer): string | undefined {
  try {
    const text = decoder.decode(bytes).trim();
    return text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}
