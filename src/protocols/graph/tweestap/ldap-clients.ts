/** Owns `ldapClients`: systems that may look people up by LDAP. A password is told once. */
import * as z from 'zod';

import type { ShownLdapClient } from '../../../applications/ldap-clients.ts';
import { shortListQuery } from '../authentication/method-kind.ts';
import { notFound, refusal } from '../faults.ts';
import { list, one, wholeList } from '../listing.ts';
import { organisationOperation, sent, type Operation } from '../operation.ts';

const path = '/ldapClients';
const context = path.slice(1);

const shape = {
  /** Its name in the tree. */
  id: z.string(),
  createdDateTime: z.string(),
};
const schema = z.object(shape);
const withPassword = z.object({ ...shape, password: z.string() });

export const ldapClientOperations: readonly Operation[] = [
  organisationOperation({
    method: 'GET',
    path,
    roots: ['tweestap'],
    act: 'see-applications',
    does: 'Lists the LDAP clients.',
    query: shortListQuery,
    answers: { kind: 'collection', schema },
    run: async (call) =>
      list(call, {
        context,
        properties: Object.keys(shape),
        ...wholeList((await call.parts.ldapClients.list()).map(entityOf)),
      }),
  }),
  organisationOperation({
    method: 'POST',
    path,
    roots: ['tweestap'],
    act: 'change-applications',
    does: 'Adds an LDAP client; its password is told once.',
    body: sent({ id: z.string().max(100) }),
    status: 201,
    answers: { kind: 'entity', schema: withPassword },
    run: async (call, { id }) => {
      const added = await call.parts.connecting.addLdapClient(id, call.by);
      if (added.kind === 'added') {
        const entity = { ...entityOf(added.client), password: added.password };
        return one(call, entity, { context, status: 201 });
      }
      return added.reason === 'taken'
        ? refusal('Request_MultipleObjectsWithSameKeyValue', 'There is a client of this name.')
        : refusal('badRequest', "Invalid value specified for property 'id'.");
    },
  }),
  organisationOperation({
    method: 'DELETE',
    path: `${path}/:client`,
    roots: ['tweestap'],
    act: 'change-applications',
    does: 'Removes an LDAP client: it comes in nowhere afterwards.',
    answers: { kind: 'nothing' },
    run: async ({ parts, params, by }) => {
      const { client = '' } = params;
      const isGone = await parts.connecting.removeLdapClient(client, by);
      return isGone ? { status: 204 } : notFound(client);
    },
  }),
];

function entityOf({ name, createdAt }: ShownLdapClient): z.infer<typeof schema> {
  return { id: name, createdDateTime: createdAt.toISOString() };
}
