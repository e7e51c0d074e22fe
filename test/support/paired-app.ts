/**
 * The Tweestap Authenticator in somebody's pocket, for tests of the state machine and its pages: it
 * joins, sees what is asked, and decides, each thing signed by its own key. It speaks to the hall
 * itself, not over HTTP.
 */
import assert from 'node:assert/strict';

import type { User } from '../../src/accounts/user.ts';
import { newApp, type AppSecret } from '../../src/methods/authenticator-app.ts';
import { pinHash } from '../../src/methods/notification/pairing.ts';
import type { AnswerRequest, PairRequest } from '../../src/methods/notification/protocol.ts';
import { systemRandom } from '../../src/lib/random.ts';
import { lastingHash } from '../../src/signin/target.ts';
import {
  createDevices,
  type Decided,
  type Devices,
  type FoundDevice,
  type Pairing,
  type PendingSignIn,
} from '../../src/signin/devices.ts';
import { newAppDevice, type AppDevice } from './app-device.ts';
import type { Hall } from './signin.ts';

/** Where its owner is; the tests' visitors are elsewhere. */
const phoneAddress = '192.0.2.7';

export interface PairedApp {
  readonly device: AppDevice;
  /** How it names itself; '' before it has joined. */
  readonly account: string;
  /** Types the code of the page. */
  joins(code: string, asked?: Partial<PairRequest>): Promise<Pairing>;
  /** What the hall knows of it; fails where it knows nothing. */
  found(): Promise<FoundDevice>;
  /** What it shows. */
  pending(): Promise<readonly PendingSignIn[]>;
  /** Decides about the request that it shows, or about the one that is told. */
  decides(asked: Partial<AnswerRequest>): Promise<Decided>;
  approves(number: string, pin?: string): Promise<Decided>;
  denies(): Promise<Decided>;
  reports(): Promise<Decided>;
}

/** What it pushes to; nothing of it is ever asked in these tests. */
export const pushPlace = {
  endpoint: 'https://push.voorbeeld.example/send/anna',
  p256dh: 'B'.repeat(87),
  auth: 'pushAuthOfAnnasPhone12',
} as const;

/** An app that has joined nothing yet. */
export function newPairedApp(hall: Hall, device: AppDevice = newAppDevice()): PairedApp {
  return appAt(hall, createDevices(hall.parts), device, '');
}

/** An app that this person registered before: their default, in the next free place. */
export async function pairedAppOf(
  hall: Hall,
  user: User,
  options: { readonly pin?: string; readonly push?: false } = {},
): Promise<PairedApp> {
  const { parts, stores, clock } = hall;
  const device = newAppDevice();
  const id = systemRandom.token(16);
  const method = parts.methods.get('notification') ?? assert.fail('there is no notification');
  const { pin, push } = options;
  const secret: AppSecret = {
    ...newApp(systemRandom),
    device: {
      id,
      key: device.key,
      name: 'Pixel 8',
      version: '1.0.0',
      ...(push === false ? {} : { push: pushPlace }),
      ...(pin === undefined ? {} : { pin: pinHash(lastingHash(parts, method), id, pin) }),
      wrongPins: 0,
      denials: 0,
    },
  };
  const taken = (await stores.registrations.list(user.id)).map(({ slot }) => slot);
  const registrationId = systemRandom.token(16);
  await stores.registrations.add({
    id: registrationId,
    userId: user.id,
    kind: 'authenticator-app',
    slot: method.registers.slots.find((slot) => !taken.includes(slot)) ?? '5',
    secret,
    version: 1,
    createdAt: clock.now(),
    lastUsedAt: undefined,
  });
  await stores.users.setDefaultMethod(user.id, { registrationId, methodId: method.id });
  return appAt(hall, createDevices(parts), device, `${user.id}.${id}`);
}

function appAt(
  { parts, clock }: Hall,
  devices: Devices,
  device: AppDevice,
  registeredAs: string,
): PairedApp {
  let account = registeredAs;
  const found = async (): Promise<FoundDevice> =>
    (await devices.find(account)) ?? assert.fail('the hall knows no such device');
  const app: PairedApp = {
    device,
    get account() {
      return account;
    },
    joins: async (code, asked = {}) => {
      const at = clock.now().getTime();
      const request = device.pairing(parts.origin, { code, at, ...asked });
      const canonical = code.replaceAll(/[\s-]/g, '').toUpperCase();
      const pairing = await devices.pair(canonical, request, phoneAddress);
      if (pairing.kind === 'paired') ({ account } = pairing.found);
      return pairing;
    },
    found,
    pending: async () => devices.pending(await found()),
    decides: async (asked) => {
      const known = await found();
      const [shown] = await devices.pending(known);
      const { request, ...said } = device.answer(parts.origin, {
        account,
        at: clock.now().getTime(),
        request: shown?.challengeId ?? '',
        ...asked,
      });
      return devices.decide(known, request, { kind: 'decision', ...said }, phoneAddress);
    },
    approves: (number, pin = '') => app.decides({ decision: 'approve', number, pin }),
    denies: () => app.decides({ decision: 'deny' }),
    reports: () => app.decides({ decision: 'report' }),
  };
  return app;
}
