/** Owns what pages and doors have in common: the services that an installation is put to work with. */
import type { FastifyBaseLogger } from 'fastify';

import type { UpstreamPasswords } from '../accounts/upstream/passwords.ts';
import { messageSettled } from '../audit/audit.ts';
import { createDelivery, type Delivery } from '../delivery/delivery.ts';
import type { OutgoingMessage } from '../delivery/message.ts';
import type { Provider } from '../delivery/provider.ts';
import {
  createSimulatorNetwork,
  type SimulatorNetwork,
} from '../delivery/providers/simulator/network.ts';
import { postWebhooksTo } from '../delivery/providers/simulator/report.ts';
import { createSimulatorProvider } from '../delivery/providers/simulator/simulator.ts';
import { createEventStreams, type EventStreams } from '../http/event-stream.ts';
import type { Listener } from '../http/listener.ts';
import type { Metrics } from '../http/metrics.ts';
import type { Installation } from '../installation/installation.ts';
import { countryOf } from '../lib/phone-number.ts';
import { createSigningKeys, type SigningKeys } from '../protocols/oidc/keys.ts';
import { createOidc, type Oidc } from '../protocols/oidc/oidc.ts';
import { createSigninDoor, type SigninDoor } from '../protocols/oidc/signin-door.ts';
import { createRadius, type Radius } from '../protocols/radius/radius.ts';
import { createHearing, type Hearing } from '../protocols/webhooks/hearing.ts';
import { createSessions, type Sessions } from '../sessions/sessions.ts';
import {
  createCurrentSessions,
  type CurrentSessions,
  type FindCurrentSession,
} from '../signin/current-session.ts';
import { createDevices, type Devices } from '../signin/devices.ts';
import { createDoors, type Doors } from '../signin/doors.ts';
import type { SigninParts } from '../signin/parts.ts';
import { createSignin, type Signin } from '../signin/signin.ts';
import { createRestsOnTrust } from '../signin/trust.ts';
import { logDelivery, logRadius } from './log.ts';

/** How long whoever is being answered may take when the service ends. */
export const stopMilliseconds = 1_200;

/** What every page and every door is made of. */
export interface Services {
  readonly installation: Installation;
  readonly origin: string;
  readonly sessions: Sessions;
  readonly currentSession: FindCurrentSession;
  readonly currentSessions: CurrentSessions;
  readonly signinParts: SigninParts;
  readonly signin: Signin;
  readonly devices: Devices;
  readonly doors: Doors;
  readonly signinDoor: SigninDoor;
  readonly oidc: Oidc;
  readonly keys: SigningKeys;
  readonly radius: Radius;
  readonly streams: EventStreams;
  readonly delivery: Delivery;
  /** Who carries messages, and who tells what became of them. */
  readonly providers: readonly Provider[];
  readonly hearing: Hearing;
  /** The simulated network and the secret of its webhooks, where messages go no further. */
  readonly simulator: { readonly network: SimulatorNetwork; readonly secret: Buffer } | undefined;
}

/** What they are made of. */
export interface ServiceParts {
  readonly installation: Installation;
  readonly listener: Listener;
  /** The origin people see. */
  readonly origin: string;
  readonly logger: FastifyBaseLogger;
  readonly metrics: Metrics;
  /** Undefined where no directory keeps passwords. */
  readonly upstream: UpstreamPasswords | undefined;
}

/** Makes them of an installation; nothing is sent or listened to yet. */
export function createServices(parts: ServiceParts): Services {
  const { installation, listener, origin, logger, metrics, upstream } = parts;
  const { settings, database, box, clock, random, hasher, methods, policies, appPasswords } =
    installation;
  const { stores, transact } = database;

  const sessions = createSessions({ store: stores.sessions, box, clock, random });
  const currentSessions = createCurrentSessions({
    sessions,
    store: stores.sessions,
    users: stores.users,
    policies,
    clock,
  });
  const currentSession = currentSessions.byToken;
  const webhookSecret = box.keyedHash('simulator-webhooks', origin);
  const network = settings.simulator
    ? createSimulatorNetwork({
        clock,
        random,
        secret: webhookSecret,
        deliver: postWebhooksTo(() => ({
          address: settings.http.host,
          port: listener.port,
          host: new URL(origin).host,
        })),
        onLost: (path, error) => logger.warn({ path, err: error }, 'a webhook was lost'),
        senders: { number: '+31201234500', mail: 'no-reply@voorbeeld.example' },
      })
    : undefined;

  // Of the sample organisation at most pushes are real, and they stay on this machine.
  const providers =
    network === undefined
      ? installation.providers
      : [
          ...installation.providers.filter(({ kinds }) => kinds.includes('push')),
          createSimulatorProvider(network),
        ];
  const delivery = createDelivery({
    outbox: stores.outbox,
    providers,
    clock,
    random,
    order: settings.delivery.order,
    rests: stores.rests,
    report: (report) => logDelivery(logger, report),
    limits: { stopMilliseconds },
    onSettled: async (queued, event, provider = 'none') => {
      const { attemptId, challengeId, userId, message } = queued;
      metrics.message({ kind: message.kind, provider, result: event.kind });
      await stores.audit.append(
        messageSettled(
          { at: clock.now(), userId, attemptId, address: '' },
          { kind: message.kind, provider, result: event.kind, ...countryOfReceiver(message) },
        ),
      );
      const isGone = event.kind === 'failed' && event.reason === 'gone';
      if (isGone && message.kind === 'push' && userId !== undefined) {
        await devices.forgetPush(userId, message.to, message.subscription.endpoint);
      }
      if (attemptId === undefined || challengeId === undefined) return;
      await signin.hear({ attemptId, challengeId, event });
    },
  });
  const signinParts: SigninParts = {
    stores,
    transact,
    methods,
    policies,
    sessions,
    appPasswords,
    hasher,
    upstream,
    box,
    clock,
    random,
    origin,
    wakeDelivery: delivery.wake,
    signals: database.signals,
  };
  const signin = createSignin(signinParts);
  const devices = createDevices(signinParts);
  const streams = createEventStreams({ signals: database.signals });
  const doors = createDoors(signinParts);
  const radius = createRadius({
    clients: stores.radiusClients,
    doors,
    signin,
    signals: database.signals,
    methods,
    policies,
    random,
    box,
    clock,
    origin,
    report: (event) => logRadius(logger, event),
  });
  const keys = createSigningKeys({ store: stores.keys, clock, random });
  const signinDoor = createSigninDoor({
    signin,
    currentSession,
    sessions,
    restsOnTrust: createRestsOnTrust({ stores, policies, box, clock }),
    policies,
    methods,
    audit: stores.audit,
    clock,
  });
  const oidc = createOidc({
    origin,
    store: stores.oidc,
    applications: stores.applications,
    sessions: currentSessions.unlessOver,
    users: stores.users,
    keys,
    audit: stores.audit,
    clock,
    door: signinDoor,
    internalHosts: settings.oidc.internalHosts,
    report: (event) => logger.info({ event }, 'openid connect'),
  });

  const hearing = createHearing({
    outbox: stores.outbox,
    heard: stores.heard,
    clock,
    hear: signin.hear,
  });

  return {
    installation,
    origin,
    sessions,
    currentSession,
    currentSessions,
    signinParts,
    signin,
    devices,
    doors,
    signinDoor,
    oidc,
    keys,
    radius,
    streams,
    delivery,
    providers,
    hearing,
    simulator: network === undefined ? undefined : { network, secret: webhookSecret },
  };
}

/** Where a text or a call goes: what it costs depends on that. */
function countryOfReceiver(message: OutgoingMessage): { readonly country?: string } {
  const country = message.kind === 'text' || message.kind === 'call' ? countryOf(message.to) : null;
  return country === null ? {} : { country };
}
