/** Owns a group in the words of SCIM, with everybody in it where that is asked for. */
import type { FoundUser } from '../../accounts/user-store.ts';
import type { Json } from '../../lib/scim/patch.ts';
import type { Selection } from '../../lib/scim/selection.ts';
import { wrong, type ScimFault } from './faults.ts';
import type { KnownGroup } from './known-groups.ts';
import { readShown } from './listing.ts';
import type { Answer, ScimCall } from './operation.ts';
import { groupSchema, groupUrn } from './schemas.ts';
import { answerWith, withVersion } from './version.ts';

/** Members that one answer may have; whoever has larger groups asks without them. */
export const mostShown = 10_000;

/** A group as it is answered, by itself. */
export async function told(
  call: ScimCall,
  group: KnownGroup,
  status = 200,
): Promise<Answer | ScimFault> {
  const shown = readShown(call.query, groupSchema);
  if ('fault' in shown) return shown;
  const resources = await resourcesOf(call, [group], shown);
  if ('fault' in resources) return resources;
  const location = `${call.base}/Groups/${group.id}`;
  const [resource = {}] = resources;
  return answerWith(call, resource, {
    status,
    body: shown.of(resource),
    ...(status === 201 ? { headers: { location } } : {}),
  });
}

/** Groups as they are answered; their members, and their version, only where these are asked for. */
export async function resourcesOf(
  call: ScimCall,
  groups: readonly KnownGroup[],
  selection: Selection,
): Promise<readonly Json[] | ScimFault> {
  const { base, parts, actor } = call;
  const ids = groups.map(({ id }) => id);
  const externalIds = await parts.stores.provisioning.externalIds(actor.id, ids);
  const resources: Json[] = [];
  let shown = 0;
  for (const { id, name, made } of groups) {
    const members = selection.includes('members')
      ? await membersOf(call, name, mostShown - shown + 1)
      : [];
    shown += members.length;
    if (shown > mostShown) {
      const detail = `More than ${mostShown} members: ask with excludedAttributes=members.`;
      return wrong('tooMany', detail);
    }
    const externalId = externalIds.get(id);
    const resource = {
      schemas: [groupUrn],
      id,
      ...(externalId === undefined ? {} : { externalId }),
      displayName: name,
      ...(members.length === 0
        ? {}
        : {
            members: members.map((member) => ({
              value: member.id,
              $ref: `${base}/Users/${member.id}`,
              display: member.displayName,
              type: 'User',
            })),
          }),
      meta: {
        resourceType: 'Group',
        ...(made === undefined ? {} : { created: made.createdAt.toISOString() }),
        location: `${base}/Groups/${id}`,
      },
    };
    // Who belongs to it is a part of its version, and is not looked up for that alone.
    resources.push(selection.includes('members') ? withVersion(resource) : resource);
  }
  return resources;
}

/** The first `most` who belong to it, ordered by user name. */
export async function membersOf(
  { parts }: ScimCall,
  group: string,
  most: number,
): Promise<readonly FoundUser[]> {
  const members: FoundUser[] = [];
  for (;;) {
    const after = members.at(-1)?.canonicalName;
    const limit = Math.min(1_000, most - members.length);
    const page = await parts.stores.users.searchNames({ text: '', group, after, limit });
    members.push(...page);
    if (page.length < limit || members.length >= most) return members;
  }
}
