/**
 * Owns `hardwareOathMethods`: the hardware tokens that somebody was given. One proves its owner once a
 * code of it was shown, by those in charge or by its owner at `/me`.
 */
import * as z from 'zod';

import type { Activation } from '../../../administration/hardware-tokens/token-codes.ts';
import { appSecret, authenticatorApp } from '../../../methods/authenticator-app.ts';
import type { KnownToken } from '../../../registrations/hardware-token.ts';
import { denied, notFound, refusal, type Refusal } from '../faults.ts';
import { list, one, wholeList } from '../listing.ts';
import {
  sent,
  userOperation,
  type Answer,
  type Entity,
  type Operation,
  type UserCall,
} from '../operation.ts';
import { deviceEntity, deviceOf, givenDevice } from './hardware-oath-device.ts';
import { addDevice } from './hardware-oath-devices.ts';
import {
  addressOf,
  contextOf,
  methodShape,
  shortListQuery,
  type MethodKind,
} from './method-kind.ts';

const segment = 'hardwareOathMethods';
const path = `/users/:user/authentication/${segment}`;

const schema = z.object({ ...methodShape, device: deviceEntity });
const properties = Object.keys(schema.shape);

/** As it stands among all methods of somebody, once it was activated. */
export const hardwareOathMethods: MethodKind = {
  segment,
  type: '#microsoft.graph.hardwareOathAuthenticationMethod',
  called: 'hardware tokens',
  schema: z.object({ ...methodShape, device: deviceEntity.partial() }),
  entityOf: ({ id, kind, secret, createdAt }) => {
    if (kind !== authenticatorApp.id) return undefined;
    const { token, period, algorithm } = appSecret.parse(secret);
    if (token === undefined) return undefined;
    return {
      id,
      createdDateTime: createdAt.toISOString(),
      device: {
        ...token,
        secretKey: null,
        timeIntervalInSeconds: period,
        hashFunction: `hmac${algorithm}`,
        status: 'activated',
      },
    };
  },
};

export const hardwareOathMethodOperations: readonly Operation[] = [
  userOperation({
    method: 'GET',
    path,
    roots: ['beta'],
    act: 'see',
    own: 'second-step',
    does: 'Lists the hardware tokens of somebody.',
    query: shortListQuery,
    answers: { kind: 'collection', schema },
    run: async (call) =>
      list(call, {
        context: contextOf(call, segment),
        properties,
        ...wholeList(await Promise.all((await tokensOf(call)).map((each) => entityOf(call, each)))),
      }),
  }),
  userOperation({
    method: 'POST',
    path,
    roots: ['beta'],
    act: 'assign-token',
    does: 'Gives a hardware token to somebody: one from the shelf, or a new one.',
    body: sent({ device: givenDevice }),
    status: 201,
    answers: { kind: 'entity', schema },
    run: give,
  }),
  userOperation({
    method: 'GET',
    path: `${path}/:method`,
    roots: ['beta'],
    act: 'see',
    own: 'second-step',
    does: 'One of the hardware tokens of somebody.',
    answers: { kind: 'entity', schema },
    run: async (call) => told(call, await tokenFor(call)),
  }),
  userOperation({
    method: 'DELETE',
    path: `${path}/:method`,
    roots: ['beta'],
    act: 'assign-token',
    does: 'Takes a hardware token back: it proves its owner no more.',
    answers: { kind: 'nothing' },
    run: async (call) => {
      const token = await tokenFor(call);
      const isTaken =
        token !== undefined && (await call.parts.hardwareTokens.unassign(token.id, call.by));
      return isTaken ? { status: 204 } : notFound(call.params['method'] ?? '');
    },
  }),
  userOperation({
    method: 'POST',
    path: `${path}/:method/activate`,
    roots: ['beta'],
    act: 'assign-token',
    own: 'session',
    does: 'Shows by a code that a hardware token is at hand: it proves its owner from now on.',
    body: sent({ verificationCode: z.string().min(1).max(20) }),
    answers: { kind: 'nothing' },
    run: async (call, { verificationCode: code }) => {
      const token = await tokenFor(call);
      if (token === undefined) return notFound(call.params['method'] ?? '');
      return toldActivation(call, await activate(call, token, code));
    },
  }),
];

async function give(
  call: UserCall,
  { device }: { device: z.infer<typeof givenDevice> },
): Promise<Answer | Refusal> {
  const { parts, user, by } = call;
  const { stores, hardwareTokens } = parts;
  if ('id' in device) {
    const isGiven = await hardwareTokens.assign(device.id, user.id, by);
    if (!isGiven) {
      return (await stores.hardwareTokens.find(device.id)) === undefined
        ? notFound(device.id)
        : refusal('badRequest', 'The device is assigned to a user already.');
    }
    return told(call, await stores.hardwareTokens.find(device.id), 201);
  }
  const added = await addDevice(call, { ...device, assignTo: { id: user.id } });
  if ('refused' in added) return added;
  return told(call, await stores.hardwareTokens.find(added.id), 201);
}

/** More than anybody may have, so that none is missing. */
const most = 50;

async function tokensOf({ parts, user }: UserCall): Promise<readonly KnownToken[]> {
  return parts.stores.hardwareTokens.search({ assignedTo: user.id, limit: most });
}

/** By its own id, or by that which it has among all methods. */
async function tokenFor(call: UserCall): Promise<KnownToken | undefined> {
  const { method } = call.params;
  return (await tokensOf(call)).find(
    ({ id, registrationId }) => id === method || registrationId === method,
  );
}

async function entityOf(call: UserCall, token: KnownToken): Promise<Entity> {
  return {
    id: token.id,
    createdDateTime: token.createdAt.toISOString(),
    device: await deviceOf(call, token),
  };
}

async function told(
  call: UserCall,
  token: KnownToken | undefined,
  status = 200,
): Promise<Answer | Refusal> {
  const entity = token === undefined ? undefined : await entityOf(call, token);
  const location = token === undefined ? '' : addressOf(call, segment, token.id);
  return one(call, entity, {
    context: contextOf(call, segment),
    properties,
    status,
    ...(status === 201 ? { headers: { location } } : {}),
  });
}

async function activate(
  { parts, by, user, isOwn }: UserCall,
  { id }: KnownToken,
  code: string,
): Promise<Activation | { readonly kind: 'not-allowed' }> {
  if (!isOwn || !('current' in by)) return parts.hardwareTokens.activate(id, code, by);
  const { organisation } = await parts.policies.current();
  return parts.ownHardwareTokens.activate(by.current, id, code, {
    locale: user.preferredLanguage ?? organisation.defaultLanguage,
    address: by.address,
  });
}

function toldActivation(
  { now }: UserCall,
  activation: Activation | { readonly kind: 'not-allowed' },
): Answer | Refusal {
  switch (activation.kind) {
    case 'activated':
      return { status: 204 };
    case 'wrong':
      return refusal('badRequest', 'The verificationCode is wrong.');
    case 'paused': {
      const seconds = Math.ceil((activation.untilAt.getTime() - now.getTime()) / 1000);
      return refusal('TooManyRequests', 'There were too many wrong codes.', {
        'retry-after': String(Math.max(1, seconds)),
      });
    }
    case 'full':
      return refusal('badRequest', 'The user has as many apps and devices as there may be.');
    case 'gone':
      return refusal('badRequest', 'The device is activated already, or no longer theirs.');
    case 'not-allowed':
      return denied;
  }
}
