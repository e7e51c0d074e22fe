/** Owns which pages there are, and what each is given. */
import type { FastifyInstance } from 'fastify';

import { createApprovals } from '../administration/approvals.ts';
import { createDeliveries } from '../administration/deliveries.ts';
import { createProviding } from '../administration/providing.ts';
import { whatIf } from '../administration/what-if.ts';
import { signedOut } from '../audit/audit.ts';
import { openLater } from '../http/later.ts';
import { appPath } from '../methods/notification/protocol.ts';
import { createOwnAppPasswords } from '../own-account/own-app-passwords.ts';
import { createOwnHardwareTokens } from '../own-account/own-hardware-tokens.ts';
import { createOwnPassword } from '../own-account/own-password.ts';
import { createOwnSignIns } from '../own-account/own-sign-ins.ts';
import { createSecurityInfo } from '../own-account/security-info.ts';
import { createTrustedDevices } from '../own-account/trusted-devices.ts';
import { logoRoutes } from '../pages/logo.ts';
import { appPasswordsPath } from '../pages/my-profile/app-passwords/path.ts';
import { changePasswordPath } from '../pages/my-profile/change-password/path.ts';
import { myProfileRoutes } from '../pages/my-profile/my-profile.ts';
import { recentSignInsPath } from '../pages/my-profile/recent-sign-ins/path.ts';
import { securityInfoPath } from '../pages/my-profile/security-info/path.ts';
import { trustedDevicesPath } from '../pages/my-profile/trusted-devices/path.ts';
import { passwordResetPath } from '../pages/password-reset/path.ts';
import { signInRoutes } from '../pages/sign-in/sign-in.ts';
import type { SamplePerson } from '../pages/simulator/sample-person.ts';
import { treeOf } from '../protocols/ldap/tree.ts';
import { createSoundPath } from '../protocols/webhooks/sounds.ts';
import { createResetting } from '../signin/resetting.ts';
import { helpPath } from '../ui/help.ts';
import type { Services } from './services.ts';

/** Who plays with the simulator, and how its clock is moved. */
export interface Playing {
  readonly people: () => Promise<readonly SamplePerson[]>;
  readonly advanceClock: (seconds: number) => void;
}

/** Mounts every page. Those that a sign-in can do without are loaded by their first visitor. */
export async function mountPages(
  app: FastifyInstance,
  services: Services,
  playing: Playing,
): Promise<void> {
  const { installation, origin, sessions, currentSession, signinParts, signin } = services;
  const { oidc, delivery, streams, simulator } = services;
  const { settings, database, box, clock, methods, policies } = installation;
  const { stores } = database;

  const pageParts = { signin, methods, currentSession };
  await app.register(signInRoutes({ ...pageParts, streams }));
  const resetting = createResetting(signinParts);
  openLater(app, [passwordResetPath], async () => {
    const { passwordResetRoutes } = await import('../pages/password-reset/password-reset.ts');
    return passwordResetRoutes({ ...pageParts, resetting, policies });
  });
  openLater(app, ['/registration'], async () => {
    const { registrationRoutes } = await import('../pages/registration/registration.ts');
    return registrationRoutes(pageParts);
  });
  await app.register(
    myProfileRoutes({
      currentSession,
      sessions,
      users: stores.users,
      registrations: stores.registrations,
      policies,
      methods,
      clock,
      signedOut: async ({ userId }, request, reply) => {
        await stores.audit.append(signedOut({ at: clock.now(), userId, actor: userId }));
        await oidc.signedOut(request, reply);
      },
    }),
  );
  const ownParts = { ...pageParts, clock, securityInfo: createSecurityInfo(signinParts) };
  openLater(app, [securityInfoPath], async () => {
    const { securityInfoRoutes } =
      await import('../pages/my-profile/security-info/security-info.ts');
    return securityInfoRoutes({
      ...ownParts,
      hardwareTokens: createOwnHardwareTokens(signinParts),
    });
  });
  openLater(app, [appPasswordsPath], async () => {
    const { appPasswordRoutes } =
      await import('../pages/my-profile/app-passwords/app-passwords.ts');
    return appPasswordRoutes({ ...ownParts, ownAppPasswords: createOwnAppPasswords(signinParts) });
  });
  openLater(app, [trustedDevicesPath], async () => {
    const { trustedDeviceRoutes } =
      await import('../pages/my-profile/trusted-devices/trusted-devices.ts');
    return trustedDeviceRoutes({ ...ownParts, trustedDevices: createTrustedDevices(signinParts) });
  });
  openLater(app, [recentSignInsPath], async () => {
    const { recentSignInRoutes } =
      await import('../pages/my-profile/recent-sign-ins/recent-sign-ins.ts');
    return recentSignInRoutes({
      ...ownParts,
      ownSignIns: createOwnSignIns(signinParts),
      applications: {
        list: async () => [
          ...(await stores.applications.list()),
          ...(await stores.radiusClients.list()).map(({ id, name }) => ({ clientId: id, name })),
          ...settings.forwardAuth.sites.map((site) => ({
            clientId: site,
            name: new URL(site).host,
          })),
        ],
      },
    });
  });
  openLater(app, [changePasswordPath], async () => {
    const { changePasswordRoutes } =
      await import('../pages/my-profile/change-password/change-password.ts');
    return changePasswordRoutes({ ...ownParts, ownPassword: createOwnPassword(signinParts) });
  });
  openLater(app, ['/admin'], async () => {
    const { adminRoutes } = await import('../pages/admin/admin.ts');
    return adminRoutes({
      ...ownParts,
      stores,
      policies,
      administration: installation.administration,
      passwordElsewhere: createOwnPassword(signinParts).elsewhere,
      box,
      hardwareTokens: installation.hardwareTokens,
      connecting: installation.connecting,
      approvals: createApprovals(signinParts),
      deliveries: createDeliveries(signinParts),
      numberBlocks: installation.numberBlocks,
      greetings: installation.greetings,
      soundAt: createSoundPath(box),
      callerIds: [
        settings.delivery.twilio?.voiceFrom,
        settings.delivery.vonage?.voiceFrom,
        settings.delivery.sip?.from,
      ].filter((id) => id !== undefined),
      health: delivery.health,
      directory:
        settings.upstream === undefined || installation.directorySync === undefined
          ? undefined
          : { sync: installation.directorySync, settings: settings.upstream },
      whatIf: (supposed) => whatIf(signinParts, supposed),
      connected: {
        applications: installation.applications,
        radiusClients: installation.radiusClients,
        ldapClients: installation.ldapClients,
        ldapNames: (name, domain) => {
          const tree = treeOf(domain);
          return { bindDn: tree.clientDn(name), baseDn: tree.base };
        },
        sites: settings.forwardAuth.sites,
        doors: {
          origin,
          radiusPort: settings.radius.port,
          ldapPort: settings.ldap.port,
          ldapsPort: settings.ldap.tlsPort,
        },
      },
      governing: installation.governing,
      jobs: installation.jobs,
      providing: createProviding(signinParts),
      applications: stores.applications,
      streams,
      signals: database.signals,
    });
  });
  openLater(app, [helpPath()], async () => {
    const { helpRoutes } = await import('../pages/help/help.ts');
    return helpRoutes;
  });
  logoRoutes(app, policies);
  openLater(app, [appPath.slice(0, -1)], async () => {
    const { authenticatorAppRoutes } = await import('../pages/authenticator/authenticator.ts');
    return authenticatorAppRoutes;
  });
  if (simulator !== undefined) {
    const { network } = simulator;
    openLater(app, ['/simulator'], async () => {
      const { simulatorRoutes } = await import('../pages/simulator/simulator.ts');
      return simulatorRoutes({ ...playing, network, clock });
    });
  }
}
