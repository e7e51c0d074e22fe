/** Owns `/Groups`: who belongs to what, as a directory provisions it. */
import { notFound, type ScimFault } from './faults.ts';
import { addGroup, patchGroup, removeGroup, replaceGroup } from './group-changes.ts';
import { resourcesOf, told } from './group-resource.ts';
import { findGroups } from './group-search.ts';
import { allGroups, groupById, type KnownGroup } from './known-groups.ts';
import { listBody, readList, readSearch, type AskedList } from './listing.ts';
import type { Answer, ScimCall, ScimOperation } from './operation.ts';
import { groupSchema } from './schemas.ts';
import { pageOf } from './users.ts';

export const groupOperations: readonly ScimOperation[] = [
  {
    method: 'GET',
    path: '/Groups',
    act: 'see',
    run: (call) => list(call, readList(call.query, groupSchema)),
  },
  {
    method: 'POST',
    path: '/Groups/.search',
    act: 'see',
    run: (call) => list(call, readSearch(call.body, groupSchema)),
  },
  { method: 'POST', path: '/Groups', act: 'change-groups', run: addGroup },
  {
    method: 'GET',
    path: '/Groups/:id',
    act: 'see',
    run: (call) => withGroup(call, (group) => told(call, group)),
  },
  {
    method: 'PUT',
    path: '/Groups/:id',
    act: 'change-groups',
    run: (call) => withGroup(call, (group) => replaceGroup(call, group)),
  },
  {
    method: 'PATCH',
    path: '/Groups/:id',
    act: 'change-groups',
    run: (call) => withGroup(call, (group) => patchGroup(call, group)),
  },
  {
    method: 'DELETE',
    path: '/Groups/:id',
    act: 'change-groups',
    run: (call) => withGroup(call, (group) => removeGroup(call, group)),
  },
];

async function withGroup(
  call: ScimCall,
  work: (group: KnownGroup) => Promise<Answer | ScimFault>,
): Promise<Answer | ScimFault> {
  const { id = '' } = call.params;
  const group = await groupById(call.parts.stores, id);
  if (group === undefined) return notFound(id);
  return work(group);
}

async function list(call: ScimCall, asked: AskedList | ScimFault): Promise<Answer | ScimFault> {
  if ('fault' in asked) return asked;
  const { filter, selection, startIndex } = asked;
  const found =
    filter === undefined ? await allGroups(call.parts.stores) : await findGroups(call, filter);
  if ('fault' in found) return found;
  const resources = await resourcesOf(call, pageOf(found, asked), selection);
  if ('fault' in resources) return resources;
  const body = listBody(
    resources.map((resource) => selection.of(resource)),
    { total: found.length, startIndex },
  );
  return { status: 200, body };
}
