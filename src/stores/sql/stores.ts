/** Owns the whole set of stores in SQL. */
import type { MetaStore } from '../../accounts/meta-store.ts';
import type { DirectorySyncStore } from '../../administration/directory/sync-store.ts';
import type { JobStore } from '../../administration/jobs/job-store.ts';
import type { ApplicationStore } from '../../applications/application-store.ts';
import type { KeyStore } from '../../applications/key-store.ts';
import type { LdapClientStore } from '../../applications/ldap-client-store.ts';
import type { RadiusClientStore } from '../../applications/radius-client-store.ts';
import type { RestStore } from '../../delivery/rest-store.ts';
import type { OidcStore } from '../../protocols/oidc/oidc-store.ts';
import type { HeardStore } from '../../protocols/webhooks/heard-store.ts';
import type { SigninStores } from '../../signin/stores.ts';
import { prepareApprovalStore } from './approval-store.ts';
import { prepareAppPasswordStore } from './app-password-store.ts';
import { prepareApplicationStore } from './application-store.ts';
import { prepareAttemptStore } from './attempt-store.ts';
import type { Chain } from './audit-store.ts';
import { prepareClosedPrefixStore } from './closed-prefix-store.ts';
import { prepareDirectorySyncStore } from './directory-sync-store.ts';
import { prepareDoorKeyStore } from './door-key-store.ts';
import { prepareGreetingStore } from './greeting-store.ts';
import { prepareHardwareTokenStore } from './hardware-token-store.ts';
import { prepareJobStore } from './job-store.ts';
import { prepareKeyStore } from './key-store.ts';
import { prepareKnownBrowserStore } from './known-browser-store.ts';
import { prepareLdapClientStore } from './ldap-client-store.ts';
import { prepareMetaStore } from './meta-store.ts';
import { prepareGrantStore, prepareOidcStore } from './oidc-store.ts';
import { prepareOutboxStore } from './outbox-store.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import { preparePolicyStore } from './policy-store.ts';
import { prepareProvisioningStore } from './provisioning-store.ts';
import { prepareRadiusClientStore } from './radius-client-store.ts';
import { prepareRegistrationStore } from './registration-store.ts';
import { prepareRestStore } from './rest-store.ts';
import { prepareSessionStore } from './session-store.ts';
import { prepareSignInEventStore } from './sign-in-event-store.ts';
import { prepareSnoozeStore } from './snooze-store.ts';
import { prepareThrottleStore } from './throttle-store.ts';
import { prepareTrustedDeviceStore } from './trusted-device-store.ts';
import { prepareUserStore } from './user-store.ts';
import { prepareHeardStore } from './heard-store.ts';

/** Every store there is. */
export interface AllStores extends SigninStores {
  readonly applications: ApplicationStore;
  readonly ldapClients: LdapClientStore;
  readonly radiusClients: RadiusClientStore;
  readonly keys: KeyStore;
  readonly oidc: OidcStore;
  readonly heard: HeardStore;
  readonly rests: RestStore;
  readonly jobs: JobStore;
  readonly directorySync: DirectorySyncStore;
  readonly meta: MetaStore;
}

/** Prepares all of them. A transaction uses few, so each is made when it is asked for, and once. */
export function prepareStores(parts: StoreParts, chain: Chain): OnConnection<AllStores> {
  const users = prepareUserStore(parts);
  const knownBrowsers = prepareKnownBrowserStore(parts);
  const attempts = prepareAttemptStore(parts);
  const registrations = prepareRegistrationStore(parts);
  const hardwareTokens = prepareHardwareTokenStore(parts);
  const approvals = prepareApprovalStore(parts);
  const appPasswords = prepareAppPasswordStore(parts);
  const doorKeys = prepareDoorKeyStore(parts);
  const sessions = prepareSessionStore(parts);
  const trustedDevices = prepareTrustedDeviceStore(parts);
  const grants = prepareGrantStore(parts);
  const outbox = prepareOutboxStore(parts);
  const rests = prepareRestStore(parts);
  const closedPrefixes = prepareClosedPrefixStore(parts);
  const greetings = prepareGreetingStore(parts);
  const provisioning = prepareProvisioningStore(parts);
  const throttle = prepareThrottleStore(parts);
  const snoozes = prepareSnoozeStore(parts);
  const signInEvents = prepareSignInEventStore(parts);
  const policies = preparePolicyStore(parts);
  const applications = prepareApplicationStore(parts);
  const ldapClients = prepareLdapClientStore(parts);
  const radiusClients = prepareRadiusClientStore(parts);
  const keys = prepareKeyStore(parts);
  const oidc = prepareOidcStore(parts);
  const heard = prepareHeardStore(parts);
  const jobs = prepareJobStore(parts);
  const directorySync = prepareDirectorySyncStore(parts);
  const meta = prepareMetaStore(parts);

  return (connection) => {
    const made: { -readonly [name in keyof AllStores]?: AllStores[name] } = {};
    return {
      get users() {
        return (made.users ??= users(connection));
      },
      get knownBrowsers() {
        return (made.knownBrowsers ??= knownBrowsers(connection));
      },
      get attempts() {
        return (made.attempts ??= attempts(connection));
      },
      get registrations() {
        return (made.registrations ??= registrations(connection));
      },
      get approvals() {
        return (made.approvals ??= approvals(connection));
      },
      get hardwareTokens() {
        return (made.hardwareTokens ??= hardwareTokens(connection));
      },
      get appPasswords() {
        return (made.appPasswords ??= appPasswords(connection));
      },
      get doorKeys() {
        return (made.doorKeys ??= doorKeys(connection));
      },
      get sessions() {
        return (made.sessions ??= sessions(connection));
      },
      get trustedDevices() {
        return (made.trustedDevices ??= trustedDevices(connection));
      },
      get grants() {
        return (made.grants ??= grants(connection));
      },
      get outbox() {
        return (made.outbox ??= outbox(connection));
      },
      get rests() {
        return (made.rests ??= rests(connection));
      },
      get closedPrefixes() {
        return (made.closedPrefixes ??= closedPrefixes(connection));
      },
      get greetings() {
        return (made.greetings ??= greetings(connection));
      },
      get provisioning() {
        return (made.provisioning ??= provisioning(connection));
      },
      get snoozes() {
        return (made.snoozes ??= snoozes(connection));
      },
      get throttle() {
        return (made.throttle ??= throttle(connection));
      },
      get audit() {
        return (made.audit ??= chain.store(connection));
      },
      get signInEvents() {
        return (made.signInEvents ??= signInEvents(connection));
      },
      get policies() {
        return (made.policies ??= policies(connection));
      },
      get applications() {
        return (made.applications ??= applications(connection));
      },
      get ldapClients() {
        return (made.ldapClients ??= ldapClients(connection));
      },
      get radiusClients() {
        return (made.radiusClients ??= radiusClients(connection));
      },
      get keys() {
        return (made.keys ??= keys(connection));
      },
      get oidc() {
        return (made.oidc ??= oidc(connection));
      },
      get heard() {
        return (made.heard ??= heard(connection));
      },
      get jobs() {
        return (made.jobs ??= jobs(connection));
      },
      get broughtGroups() {
        return (made.directorySync ??= directorySync(connection));
      },
      get directorySync() {
        return (made.directorySync ??= directorySync(connection));
      },
      get meta() {
        return (made.meta ??= meta(connection));
      },
    };
  };
}
