/** Owns `hardwareOathDevices`: the hardware tokens on the shelf (rows ). */
import * as z from 'zod';

import { conjuncts, type Filter } from '../../../lib/filter/filter.ts';
import { canonicalSerialNumber } from '../../../registrations/hardware-token.ts';
import { textAt } from '../audit-logs/moments.ts';
import { notFound, refusals, type Refusal } from '../faults.ts';
import { list, one, type Listed } from '../listing.ts';
import { organisationOperation, type Call, type Entity, type Operation } from '../operation.ts';
import {
  deviceEntity,
  deviceOf,
  newDevice,
  toldFault,
  tokenIn,
  type DeviceEntity,
  type NewDevice,
} from './hardware-oath-device.ts';
import { shortListQuery } from './method-kind.ts';

const path = '/directory/authenticationMethodDevices/hardwareOathDevices';
const context = path.slice(1);
const properties = Object.keys(deviceEntity.shape);

/** As many as fit into one request; a file of thousands is sent at the portal. */
const mostAtOnce = 500;
const delta = z.strictObject({
  '@context': z.literal('#$delta'),
  value: z
    .array(z.strictObject({ ...newDevice.shape, '@contentId': z.string().min(1).max(40) }))
    .min(1)
    .max(mostAtOnce),
});
const deltaAnswer = z.looseObject({
  '@context': z.literal('#$delta'),
  /** Each with its `@contentId`; of what was not taken the reason alone. */
  value: z.array(z.looseObject({ '@contentId': z.string() })),
});

export const hardwareOathDeviceOperations: readonly Operation[] = [
  organisationOperation({
    method: 'GET',
    path,
    roots: ['beta'],
    act: 'see-tokens',
    does: 'Lists the hardware tokens, ordered by serial number.',
    query: shortListQuery,
    answers: { kind: 'collection', schema: deviceEntity },
    run: (call) =>
      list(call, {
        context,
        properties,
        read: (after, limit, { filter }) => read(call, after, limit, filter),
      }),
  }),
  organisationOperation({
    method: 'POST',
    path,
    roots: ['beta'],
    act: 'change-tokens',
    does: 'Puts a hardware token on the shelf, or gives it to somebody at once.',
    body: newDevice,
    status: 201,
    answers: { kind: 'entity', schema: deviceEntity },
    run: async (call, sent) => {
      const device = await addDevice(call, sent);
      if ('refused' in device) return device;
      const headers = { location: `${call.base}${path}/${device.id}` };
      return one(call, device, { context, properties, status: 201, headers });
    },
  }),
  organisationOperation({
    method: 'PATCH',
    path,
    roots: ['beta'],
    act: 'change-tokens',
    does: 'Puts many hardware tokens on the shelf; what keeps one out keeps out that one only.',
    body: delta,
    answers: { kind: 'value', schema: deltaAnswer },
    run: async (call, { value }) => {
      const told: Entity[] = [];
      for (const { '@contentId': contentId, ...sent } of value) {
        const device = await addDevice(call, sent);
        told.push({
          '@contentId': contentId,
          ...('refused' in device ? failed(device) : device),
        });
      }
      return { status: 200, body: { '@context': '#$delta', value: told } };
    },
  }),
  organisationOperation({
    method: 'GET',
    path: `${path}/:device`,
    roots: ['beta'],
    act: 'see-tokens',
    does: 'One hardware token.',
    answers: { kind: 'entity', schema: deviceEntity },
    run: async (call) => {
      const token = await call.parts.stores.hardwareTokens.find(call.params['device'] ?? '');
      const device = token === undefined ? undefined : await deviceOf(call, token);
      return one(call, device, { context, properties });
    },
  }),
  organisationOperation({
    method: 'DELETE',
    path: `${path}/:device`,
    roots: ['beta'],
    act: 'change-tokens',
    does: 'Takes a hardware token off the shelf for good, and back from whoever has it.',
    answers: { kind: 'nothing' },
    run: async ({ parts, params, by }) => {
      const { device = '' } = params;
      const isGone = await parts.hardwareTokens.remove(device, by);
      return isGone ? { status: 204 } : notFound(device);
    },
  }),
];

/** Puts one on the shelf; tells it as it is there, or why it is not. */
export async function addDevice(call: Call, sent: NewDevice): Promise<DeviceEntity | Refusal> {
  const { stores, hardwareTokens } = call.parts;
  const { assignTo } = sent;
  const owner =
    assignTo === undefined || assignTo === null ? undefined : await stores.users.find(assignTo.id);
  if (assignTo && owner === undefined) return toldFault('owner-unknown');
  const token = tokenIn(sent, owner?.userPrincipalName);
  if ('refused' in token) return token;
  const [added] = await hardwareTokens.add([token], call.by);
  if (added?.fault !== undefined) return toldFault(added.fault);
  const known = await stores.hardwareTokens.findBySerialNumber(token.serialNumber);
  return known === undefined ? notFound(token.serialNumber) : deviceOf(call, known);
}

/** OData JSON 4.01 §15.3: what was not done stands in the delta with its reason. */
function failed({ refused, message }: Refusal): Entity {
  return {
    '@Core.DataModificationException': {
      '@odata.type': '#Org.OData.Core.V1.DataModificationExceptionType',
      failedOperation: 'insert',
      responseCode: refusals[refused],
      info: { code: refused, message },
    },
  };
}

async function read(
  call: Call,
  after: string | undefined,
  limit: number,
  filter: Filter | undefined,
): Promise<readonly Listed[]> {
  const { hardwareTokens } = call.parts.stores;
  const serial = textAt(filter, 'serialNumber');
  const begins = conjuncts(filter).find(
    (part) =>
      part.kind === 'text' && part.test === 'startswith' && part.path.join('/') === 'serialNumber',
  );
  const text = serial ?? (begins?.kind === 'text' ? begins.value : undefined);
  const found = await hardwareTokens.search({
    serialNumber: text === undefined ? undefined : canonicalSerialNumber(text),
    assignedTo: textAt(filter, 'assignedTo/id'),
    after,
    limit,
  });
  const told: Listed[] = [];
  for (const token of found) {
    told.push({ entity: await deviceOf(call, token), cursor: token.serialNumber });
  }
  return told;
}
