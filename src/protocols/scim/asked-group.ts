/** Owns reading what a group is to be: its name, what the directory calls it, and who is meant by its members. */
import { isGroupName } from '../../accounts/group.ts';
import { canonicalResource, isJson, memberOf } from '../../lib/scim/patch.ts';
import { wrong, type ScimFault } from './faults.ts';
import { groupSchema } from './schemas.ts';

export interface AskedGroup {
  readonly name: string;
  readonly externalId: string | undefined;
  /** Ids, each once. */
  readonly members: readonly string[];
}

/** Reads a whole group. */
export function askedGroup(body: unknown): AskedGroup | ScimFault {
  if (!isJson(body)) return wrong('invalidSyntax', 'The body is no resource.');
  const { displayName, externalId } = canonicalResource(body, groupSchema);
  const name = nameFrom(displayName);
  if (typeof name !== 'string') return name;
  const calledSo = externalIdFrom(externalId);
  if ('fault' in calledSo) return calledSo;
  const members = idsIn(memberOf(body, 'members'));
  return 'fault' in members ? members : { name, externalId: calledSo.externalId, members };
}

/** The name of a group. */
export function nameFrom(value: unknown): string | ScimFault {
  const name = typeof value === 'string' ? value.trim() : '';
  return isGroupName(name)
    ? name
    : wrong(
        'invalidValue',
        "'displayName' is a name of 64 characters at most, without commas and semicolons.",
      );
}

/** What the directory of the caller calls it; nothing is nothing any more. */
export function externalIdFrom(
  value: unknown,
): { readonly externalId: string | undefined } | ScimFault {
  if (value === undefined || value === null || value === '') return { externalId: undefined };
  const isSound =
    typeof value === 'string' && value.length <= 256 && !/[\p{Cc}\p{Cs}]/u.test(value);
  return isSound
    ? { externalId: value }
    : wrong('invalidValue', "'externalId' is a text of 256 characters at most.");
}

/** The ids of members, each once; of groups within groups nothing is known here. */
export function idsIn(value: unknown): readonly string[] | ScimFault {
  if (value === undefined || value === null) return [];
  const ids = new Set<string>();
  for (const one of [value].flat()) {
    const id = typeof one === 'string' ? one : memberOf(one, 'value');
    const type = memberOf(one, 'type');
    const isPerson = typeof type !== 'string' || type.toLowerCase() === 'user';
    if (typeof id !== 'string' || !isPerson) {
      return wrong('invalidValue', "'members' are people, each with an id for its value.");
    }
    ids.add(id);
  }
  return [...ids];
}
