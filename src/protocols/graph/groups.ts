/**
 * Owns `groups`. A group is a name that people have in common: it is there as soon as somebody belongs to
 * it, so its id is its name, and nobody makes or deletes one by itself.
 */
import * as z from 'zod';

import { queryOptions } from '../../lib/odata/query.ts';
import { notFound, type Refusal } from './faults.ts';
import { list, one, wholeList } from './listing.ts';
import { organisationOperation, userOperation, type Call, type Operation } from './operation.ts';
import { listing as people, userEntity } from './users.ts';

export const groupEntity = z.object({
  id: z.string(),
  displayName: z.string(),
  securityEnabled: z.literal(true),
  mailEnabled: z.literal(false),
});
type GroupEntity = z.infer<typeof groupEntity>;

const properties = Object.keys(groupEntity.shape);

export const groupOperations: readonly Operation[] = [
  organisationOperation({
    method: 'GET',
    path: '/groups',
    act: 'see',
    does: 'Lists the groups that somebody belongs to, ordered by name.',
    query: queryOptions,
    answers: { kind: 'collection', schema: groupEntity },
    run: async (call) =>
      list(call, {
        context: 'groups',
        properties,
        orders: ['displayName asc'],
        ...wholeList((await namesOf(call)).map(entityOf)),
      }),
  }),
  organisationOperation({
    method: 'GET',
    path: '/groups/:group',
    act: 'see',
    does: 'One group.',
    answers: { kind: 'entity', schema: groupEntity },
    run: async (call) => {
      const name = await nameOf(call);
      return typeof name === 'string' ? one(call, entityOf(name), { context: 'groups' }) : name;
    },
  }),
  organisationOperation({
    method: 'GET',
    path: '/groups/:group/members',
    act: 'see',
    does: 'Lists who belongs to a group.',
    query: queryOptions,
    answers: { kind: 'collection', schema: userEntity },
    run: async (call) => {
      const group = await nameOf(call);
      return typeof group === 'string'
        ? list(call, people(call, { group }, 'directoryObjects'))
        : group;
    },
  }),
  userOperation({
    method: 'GET',
    path: '/users/:user/memberOf',
    act: 'see',
    own: 'session',
    does: 'Lists the groups that somebody belongs to.',
    query: queryOptions,
    answers: { kind: 'collection', schema: groupEntity },
    run: async (call) =>
      list(call, {
        context: 'directoryObjects',
        properties,
        ...wholeList(call.user.groups.map(entityOf)),
      }),
  }),
];

function entityOf(name: string): GroupEntity {
  return { id: name, displayName: name, securityEnabled: true, mailEnabled: false };
}

async function namesOf({ parts }: Call): Promise<readonly string[]> {
  return (await parts.stores.users.groups([])).map(({ name }) => name);
}

async function nameOf(call: Call): Promise<string | Refusal> {
  const { group = '' } = call.params;
  return (await namesOf(call)).includes(group) ? group : notFound(group);
}
