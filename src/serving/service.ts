/** Owns putting a service together: what answers requests, and what sends messages. */
import type { FastifyInstance } from 'fastify';

import type { Delivery } from '../delivery/delivery.ts';
import type { SimulatorNetwork } from '../delivery/providers/simulator/network.ts';
import { createHttpServer } from '../http/http.ts';
import type { SigningKeys } from '../protocols/oidc/keys.ts';
import type { Radius } from '../protocols/radius/radius.ts';
import { listenToProviders } from '../protocols/webhooks/listening.ts';
import type { Doors } from '../signin/doors.ts';
import type { Signin } from '../signin/signin.ts';
import { createBrand } from './brand.ts';
import { mountDoors } from './doors.ts';
import { measure } from './measuring.ts';
import { mountPages, type Playing } from './pages.ts';
import { readinessOf } from './readiness.ts';
import { createServices, type ServiceParts } from './services.ts';

/** A service that answers once it is ready, and sends once it is told to. */
export interface Service {
  readonly app: FastifyInstance;
  readonly signin: Signin;
  readonly doors: Doors;
  readonly delivery: Delivery;
  /** Begins to send, and to hear what providers report. */
  beginDelivering(): void;
  readonly radius: Radius;
  readonly keys: SigningKeys;
  readonly network: SimulatorNetwork | undefined;
  /** Turns readiness red, and lets go of whoever only waits. */
  beginStopping(): void;
  close(): Promise<void>;
}

/** Puts everything together that answers requests and sends messages. */
export async function compose(
  parts: ServiceParts & { readonly playing: Playing },
): Promise<Service> {
  const { installation, listener, origin, logger, metrics, upstream, playing } = parts;
  const { settings, database, box, clock, random, policies } = installation;
  const services = createServices(parts);
  const { oidc, radius, delivery, doors, providers, hearing, streams } = services;
  let isStopping = false;

  const brand = createBrand(policies);
  await brand.organisation();
  const app = createHttpServer({
    origin,
    listener,
    assets: brand.assets,
    organisation: brand.organisation,
    keyedHash: (purpose, value) => box.keyedHash(purpose, value),
    token: (bytes) => random.token(bytes),
    requestId: () => random.base32(8),
    trustedProxies: settings.http.trustedProxies,
    metricsToken: settings.http.metricsToken,
    logger,
    metrics,
    readiness: readinessOf({ database, clock, keys: services.keys, upstream }),
    isStopping: () => isStopping,
  });
  measure(metrics, installation, services.streams, upstream);

  await mountPages(app, services, playing);
  await mountDoors(app, services);
  let stopListening: (() => Promise<void>) | undefined;

  return {
    app,
    signin: services.signin,
    doors,
    delivery,
    beginDelivering: () => {
      delivery.start();
      stopListening = listenToProviders(providers, hearing);
    },
    radius,
    keys: services.keys,
    network: services.simulator?.network,
    beginStopping: () => {
      isStopping = true;
      streams.close();
    },
    close: async () => {
      oidc.close();
      await radius.stop();
      await delivery.stop();
      await stopListening?.();
      await services.simulator?.network.stop();
      await app.close();
      await doors.stop();
    },
  };
}
