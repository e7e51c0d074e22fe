/**
 * Owns `groups`. A group is a name that people have in common: it is there as soon as somebody belongs to
 * it, so its id is its name, and nobody makes or deletes one by itself.
 */
import * as z from 'zod';

import { groupsAfter, isGroupName, mostGroups } from '../../accounts/group.ts';
import { queryOptions } from '../../lib/odata/query.ts';
import { notFound, refusal, type Refusal } from './faults.ts';
import { list, one, wholeList } from './listing.ts';
import { ofGroup, tellingOfGroups } from './on-premises.ts';
import {
  organisationOperation,
  sent,
  userOperation,
  type Answer,
  type Call,
  type Operation,
} from './operation.ts';
import { listing as people, userEntity } from './users.ts';

export const groupEntity = z.object({
  id: z.string(),
  displayName: z.string(),
  securityEnabled: z.literal(true),
  mailEnabled: z.literal(false),
  ...ofGroup,
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
        ...wholeList(await entitiesOf(call, await namesOf(call))),
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
      if (typeof name !== 'string') return name;
      const [entity] = await entitiesOf(call, [name]);
      return one(call, entity, { context: 'groups' });
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
  organisationOperation({
    method: 'POST',
    path: '/groups/:group/members/$ref',
    act: 'change-groups',
    does: 'Lets somebody join a group, which is there from then on.',
    body: sent({
      /** The address of the user: `…/directoryObjects/{id}`, `…/users/{id}`. */
      '@odata.id': z.string().max(500),
    }),
    answers: { kind: 'nothing' },
    run: (call, { '@odata.id': address }) => join(call, address),
  }),
  userOperation({
    method: 'DELETE',
    path: '/groups/:group/members/:user/$ref',
    act: 'change-groups',
    does: 'Lets somebody leave a group.',
    answers: { kind: 'nothing' },
    run: async ({ parts, params, user, by }) => {
      const { group = '' } = params;
      if (!user.groups.includes(group)) return notFound(group);
      await parts.administration.changeGroups(user.id, { join: [], leave: [group] }, by);
      return { status: 204 };
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
        ...wholeList(await entitiesOf(call, call.user.groups)),
      }),
  }),
];

async function join(call: Call, address: string): Promise<Answer | Refusal> {
  const { parts, params, by } = call;
  const { group = '' } = params;
  const [, id] = /\/(?:directoryObjects|users)\/([\w-]{1,64})$/.exec(address) ?? [];
  const user = id === undefined ? undefined : await parts.stores.users.find(id);
  if (user === undefined) return notFound(id ?? '');
  if (!isGroupName(group)) return refusal('badRequest', 'This cannot be the name of a group.');
  if (user.groups.includes(group)) {
    return refusal(
      'badRequest',
      "One or more added object references already exist for the following modified properties: 'members'.",
    );
  }
  const change = { join: [group], leave: [] };
  if (groupsAfter(user.groups, change).length > mostGroups) {
    return refusal('badRequest', `A user belongs to ${mostGroups} groups at most.`);
  }
  await parts.administration.changeGroups(user.id, change, by);
  return { status: 204 };
}

async function entitiesOf(
  { parts }: Call,
  names: readonly string[],
): Promise<readonly GroupEntity[]> {
  const tell = await tellingOfGroups(parts);
  return names.map((name) => ({
    id: name,
    displayName: name,
    securityEnabled: true,
    mailEnabled: false,
    ...tell(name),
  }));
}

async function namesOf({ parts }: Call): Promise<readonly string[]> {
  return (await parts.stores.users.groups([])).map(({ name }) => name);
}

async function nameOf(call: Call): Promise<string | Refusal> {
  const { group = '' } = call.params;
  return (await namesOf(call)).includes(group) ? group : notFound(group);
}
