/** Owns how a hardware token is told and sent: Graph's *hardwareOathTokenAuthenticationMethodDevice*. */
import * as z from 'zod';

import type { ImportedToken } from '../../../administration/hardware-tokens/token-import.ts';
import {
  judged,
  type ReadToken,
  type TokenLineFault,
} from '../../../registrations/hardware-token-file.ts';
import {
  titleOfToken,
  tokenStatuses,
  type KnownToken,
} from '../../../registrations/hardware-token.ts';
import { refusal, type Refusal } from '../faults.ts';
import type { Call } from '../operation.ts';

const identity = z.object({ id: z.string(), displayName: z.string().nullable() });

export const deviceEntity = z.object({
  id: z.string(),
  displayName: z.string(),
  serialNumber: z.string(),
  manufacturer: z.string(),
  model: z.string(),
  /** Never told, to nobody. */
  secretKey: z.null(),
  timeIntervalInSeconds: z.int(),
  hashFunction: z.string(),
  status: z.enum(tokenStatuses),
  lastUsedDateTime: z.string().nullable(),
  assignedTo: identity.nullable(),
});
export type DeviceEntity = z.infer<typeof deviceEntity>;

const short = z.string().max(200);
const said = {
  '@odata.type': z.string().max(100).exactOptional(),
  serialNumber: short,
  manufacturer: short.exactOptional(),
  model: short.exactOptional(),
  /** Base32. */
  secretKey: z.string().max(300),
  timeIntervalInSeconds: z.int(),
  hashFunction: z.enum(['hmacsha1', 'hmacsha256', 'hmacsha512']).exactOptional(),
};

/** A token that is put on the shelf. */
export const newDevice = z.strictObject({
  ...said,
  assignTo: z
    .strictObject({ id: short, '@odata.type': z.string().max(100).exactOptional() })
    .nullable()
    .exactOptional(),
});
export type NewDevice = z.infer<typeof newDevice>;

/** A token that is given to somebody: one from the shelf by its id, or a new one. */
export const givenDevice = z.union([z.strictObject({ id: short }), z.strictObject(said)]);

/** A token in Graph's words. */
export async function deviceOf({ parts }: Call, token: KnownToken): Promise<DeviceEntity> {
  const { assignedTo, secret } = token;
  const owner = assignedTo === undefined ? undefined : await parts.stores.users.find(assignedTo);
  return {
    id: token.id,
    displayName: titleOfToken(token),
    serialNumber: token.serialNumber,
    manufacturer: token.manufacturer,
    model: token.model,
    secretKey: null,
    timeIntervalInSeconds: secret.period,
    hashFunction: `hmac${secret.algorithm}`,
    status: token.status,
    lastUsedDateTime: token.lastUsedAt?.toISOString() ?? null,
    assignedTo:
      assignedTo === undefined ? null : { id: assignedTo, displayName: owner?.displayName ?? null },
  };
}

/** What was sent, looked at; `owner` is the user name of whoever gets it. */
export function tokenIn(sent: NewDevice, owner: string | undefined): ReadToken | Refusal {
  const read = judged(1, {
    owner: owner ?? '',
    serialNumber: sent.serialNumber,
    key: sent.secretKey.replaceAll(/[\s-]/g, '').replace(/=+$/, '').toUpperCase(),
    interval: String(sent.timeIntervalInSeconds),
    manufacturer: sent.manufacturer ?? '',
    model: sent.model ?? '',
    digits: '',
    hash: sent.hashFunction ?? '',
  });
  return read.fault === undefined ? read.token : toldFault(read.fault);
}

const words: Readonly<Record<TokenLineFault | NonNullable<ImportedToken['fault']>, string>> = {
  unreadable: 'The device could not be read.',
  'serial-number-missing': "Invalid value specified for property 'serialNumber'.",
  'serial-number-too-long': "Invalid value specified for property 'serialNumber'.",
  'serial-number-repeated': 'The serial number is there twice.',
  'key-missing': "Invalid value specified for property 'secretKey'.",
  'key-unreadable': "Invalid value specified for property 'secretKey'.",
  interval: "Invalid value specified for property 'timeIntervalInSeconds': it is 30 or 60.",
  'kind-of-code': "Invalid value specified for property 'hashFunction'.",
  'text-too-long': "Invalid value specified for property 'manufacturer' or 'model'.",
  'already-here': 'A device with this serialNumber already exists.',
  'owner-unknown': "Invalid value specified for property 'assignTo': there is no such user.",
  'owner-above': 'Insufficient privileges to assign a device to this user.',
};

/** Why a device was not taken. */
export function toldFault(fault: NonNullable<ImportedToken['fault']>): Refusal {
  switch (fault) {
    case 'already-here':
      return refusal('Request_MultipleObjectsWithSameKeyValue', words[fault]);
    case 'owner-above':
      return refusal('Authorization_RequestDenied', words[fault]);
    default:
      return refusal('badRequest', words[fault]);
  }
}
