/** Owns which doors for systems there are below our origin, and what each is given. */
import type { FastifyInstance } from 'fastify';

import { immutableIds } from '../accounts/upstream/entry-ids.ts';
import { createApprovals } from '../administration/approvals.ts';
import { createDeliveries } from '../administration/deliveries.ts';
import { createProviding } from '../administration/providing.ts';
import { createProvisioning } from '../administration/provisioning.ts';
import { whatIf } from '../administration/what-if.ts';
import { openLater } from '../http/later.ts';
import { createOwnHardwareTokens } from '../own-account/own-hardware-tokens.ts';
import { createOwnPassword } from '../own-account/own-password.ts';
import { authenticatorRoutes } from '../protocols/authenticator/authenticator.ts';
import { forwardAuthRoutes } from '../protocols/forward-auth/forward-auth.ts';
import { roots } from '../protocols/graph/roots.ts';
import { createBearers } from '../protocols/oidc/access-tokens.ts';
import { scimPath } from '../protocols/scim/path.ts';
import { createSoundPath, soundRoutes } from '../protocols/webhooks/sounds.ts';
import { webhookRoutes } from '../protocols/webhooks/webhooks.ts';
import type { Services } from './services.ts';

/** Mounts every door for systems. Those that a sign-in can do without are loaded by whoever comes first. */
export async function mountDoors(app: FastifyInstance, services: Services): Promise<void> {
  const { installation, origin, currentSessions, signinParts, signinDoor, devices, doors } =
    services;
  const { oidc, keys, streams, hearing, simulator } = services;
  const { settings, database, box, clock, random, methods, policies } = installation;
  const { stores } = database;

  oidc.routes(app);
  forwardAuthRoutes({
    origin,
    settings: settings.forwardAuth,
    trustedProxies: settings.http.trustedProxies,
    door: signinDoor,
    doors,
    currentById: currentSessions.byId,
    isFirst: (id) => stores.heard.firstTime('forward-auth', id, clock.now()),
    clock,
    box,
    random,
  })(app);
  await app.register(async (scope) =>
    authenticatorRoutes({
      devices,
      streams,
      applications: stores.applications,
      heard: stores.heard,
      box,
      clock,
      origin,
      pushKey: installation.pushKey,
    })(scope),
  );
  const bearer = createBearers({
    origin,
    store: stores.oidc,
    applications: stores.applications,
    currentById: currentSessions.byId,
    keys,
    clock,
  });
  openLater(app, Object.values(roots), async () => {
    const { graphRoutes } = await import('../protocols/graph/graph.ts');
    return graphRoutes({
      origin,
      stores,
      policies,
      methods,
      administration: installation.administration,
      governing: installation.governing,
      providing: createProviding(signinParts),
      applications: installation.applications,
      radiusClients: installation.radiusClients,
      ldapClients: installation.ldapClients,
      connecting: installation.connecting,
      jobs: installation.jobs,
      deliveries: createDeliveries(signinParts),
      greetings: installation.greetings,
      numberBlocks: installation.numberBlocks,
      directorySync: installation.directorySync,
      immutableIds: immutableIds(settings.upstream),
      approvals: createApprovals(signinParts),
      whatIf: (supposed) => whatIf(signinParts, supposed),
      hardwareTokens: installation.hardwareTokens,
      ownHardwareTokens: createOwnHardwareTokens(signinParts),
      ownPassword: createOwnPassword(signinParts),
      bearer,
      box,
      clock,
    });
  });
  openLater(app, [scimPath], async () => {
    const { scimRoutes } = await import('../protocols/scim/scim.ts');
    const { administration } = installation;
    const provisioning = createProvisioning(signinParts);
    return scimRoutes({
      origin,
      stores,
      policies,
      methods,
      administration,
      provisioning,
      bearer,
      clock,
      random,
    });
  });
  const soundAt = createSoundPath(box);
  soundRoutes(app, { greetings: stores.greetings, box });
  /** Where a provider of calls fetches a sound. */
  const soundAddress = (id: string): string => `${origin}${soundAt(id)}`;
  webhookRoutes({
    hearing,
    outbox: stores.outbox,
    clock,
    simulator: simulator === undefined ? undefined : { secrets: [simulator.secret] },
    twilio:
      simulator !== undefined || settings.delivery.twilio === undefined
        ? undefined
        : { settings: settings.delivery.twilio, origin, soundAddress },
    vonage:
      simulator !== undefined || settings.delivery.vonage === undefined
        ? undefined
        : { settings: settings.delivery.vonage, origin, soundAddress },
    http: simulator === undefined ? { providers: settings.delivery.http, origin } : undefined,
  })(app);
}
