/** Owns `radiusClients`: gateways that ask by RADIUS. A secret is told once. */
import * as z from 'zod';

import { radiusModes } from '../../../applications/radius-client.ts';
import type { ShownRadiusClient } from '../../../applications/radius-clients.ts';
import { shortListQuery } from '../authentication/method-kind.ts';
import { notFound, refusal } from '../faults.ts';
import { list, one, wholeList } from '../listing.ts';
import { organisationOperation, sent, type Operation } from '../operation.ts';

const path = '/radiusClients';
const context = path.slice(1);

const shape = {
  id: z.string(),
  displayName: z.string(),
  /** Addresses and ranges that it asks from. */
  addresses: z.array(z.string()),
  mode: z.enum(radiusModes),
  /** Whether its requests carry a Message-Authenticator. */
  signs: z.boolean(),
  createdDateTime: z.string(),
};
const schema = z.object(shape);
const withSecret = z.object({ ...shape, sharedSecret: z.string() });
const properties = Object.keys(shape);

export const radiusClientOperations: readonly Operation[] = [
  organisationOperation({
    method: 'GET',
    path,
    roots: ['tweestap'],
    act: 'see-applications',
    does: 'Lists the RADIUS clients.',
    query: shortListQuery,
    answers: { kind: 'collection', schema },
    run: async (call) =>
      list(call, {
        context,
        properties,
        ...wholeList((await call.parts.radiusClients.list()).map(entityOf)),
      }),
  }),
  organisationOperation({
    method: 'POST',
    path,
    roots: ['tweestap'],
    act: 'change-applications',
    does: 'Adds a RADIUS client; its secret is told once.',
    body: sent({
      displayName: z.string().max(200),
      addresses: z.array(z.string().max(60)).max(200),
      mode: z.enum(radiusModes),
      signs: z.boolean().exactOptional(),
      /** For a device that insists on its own. */
      sharedSecret: z.string().max(200).exactOptional(),
    }),
    status: 201,
    answers: { kind: 'entity', schema: withSecret },
    run: async (call, { displayName: name, addresses, mode, signs, sharedSecret: secret }) => {
      const added = await call.parts.connecting.addRadiusClient(
        { name, addresses, mode, secret, ...(signs === undefined ? {} : { signs }) },
        call.by,
      );
      if (added.kind === 'refused') {
        return refusal(
          'badRequest',
          added.faults
            .map(({ field, reason }) => `${fieldNames[field] ?? field}: ${reason}.`)
            .join(' '),
        );
      }
      const entity = { ...entityOf(added.client), sharedSecret: added.secret };
      const headers = { location: `${call.base}${path}/${added.client.id}` };
      return one(call, entity, { context, status: 201, headers });
    },
  }),
  organisationOperation({
    method: 'GET',
    path: `${path}/:client`,
    roots: ['tweestap'],
    act: 'see-applications',
    does: 'One RADIUS client.',
    answers: { kind: 'entity', schema },
    run: async (call) => {
      const found = await call.parts.radiusClients.show(call.params['client'] ?? '');
      return one(call, found && entityOf(found), { context, properties });
    },
  }),
  organisationOperation({
    method: 'DELETE',
    path: `${path}/:client`,
    roots: ['tweestap'],
    act: 'change-applications',
    does: 'Removes a RADIUS client: a few seconds later nothing of it is answered.',
    answers: { kind: 'nothing' },
    run: async ({ parts, params, by }) => {
      const { client = '' } = params;
      const isGone = await parts.connecting.removeRadiusClient(client, by);
      return isGone ? { status: 204 } : notFound(client);
    },
  }),
];

const fieldNames: Readonly<Record<string, string>> = {
  name: 'displayName',
  secret: 'sharedSecret',
};

function entityOf(client: ShownRadiusClient): z.infer<typeof schema> {
  return {
    id: client.id,
    displayName: client.name,
    addresses: [...client.addresses],
    mode: client.mode,
    signs: client.signs,
    createdDateTime: client.createdAt.toISOString(),
  };
}
