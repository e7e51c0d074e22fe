/**
 * Owns adding, changing and removing the systems in front of which Tweestap stands (applications, and
 * clients of RADIUS and LDAP) by somebody in charge, who is looked at anew in the transaction of it.
 */
import type { ApplicationStore } from '../applications/application-store.ts';
import {
  createApplications,
  type Added,
  type Applications,
  type ChangedApplication,
  type NewApplication,
} from '../applications/applications.ts';
import type { LdapClientStore } from '../applications/ldap-client-store.ts';
import {
  createLdapClients,
  type AddedLdapClient,
  type LdapClients,
} from '../applications/ldap-clients.ts';
import type { RadiusClientStore } from '../applications/radius-client-store.ts';
import {
  createRadiusClients,
  type AddedRadiusClient,
  type NewRadiusClient,
  type RadiusClients,
} from '../applications/radius-clients.ts';
import type { AuditStore } from '../audit/audit-store.ts';
import type { Clock } from '../lib/clock.ts';
import type { Random } from '../lib/random.ts';
import type { SecretBox } from '../lib/secret-box.ts';
import type { Transact } from '../lib/transact.ts';
import type { Methods } from '../methods/method.ts';
import type { Policies } from '../policies/policies.ts';
import { requirableNames } from '../policies/strengths.ts';
import type { SigninStores } from '../signin/stores.ts';
import { admitToOrganisation, type Actor, type By } from './acting-admin.ts';

/** What every change may throw: `NOT_SIGNED_IN`, `STEP_UP_REQUIRED`, `NOT_ALLOWED`; nothing happened then. */
export interface Connecting {
  addApplication(request: NewApplication, by: By): Promise<Added>;
  /** Undefined when there is none. */
  changeApplication(
    clientId: string,
    request: ChangedApplication,
    by: By,
  ): ReturnType<Applications['change']>;
  /** The new secret, told once; undefined for an application without one. */
  renewSecret(clientId: string, by: By): Promise<string | undefined>;
  removeApplication(clientId: string, by: By): Promise<boolean>;
  addRadiusClient(request: NewRadiusClient, by: By): Promise<AddedRadiusClient>;
  removeRadiusClient(id: string, by: By): Promise<boolean>;
  addLdapClient(name: string, by: By): Promise<AddedLdapClient>;
  removeLdapClient(name: string, by: By): Promise<boolean>;
}

export interface ConnectingStores extends SigninStores {
  readonly applications: ApplicationStore;
  readonly radiusClients: RadiusClientStore;
  readonly ldapClients: LdapClientStore;
}

/** The services as they work inside one transaction. */
interface Within {
  readonly applications: Applications;
  readonly radiusClients: RadiusClients;
  readonly ldapClients: LdapClients;
}

/** Makes the service. */
export function createConnecting(parts: {
  readonly transact: Transact<ConnectingStores>;
  readonly methods: Methods;
  readonly policies: Policies;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly random: Random;
}): Connecting {
  const { transact, policies, clock } = parts;

  const within = (held: ConnectingStores, { address }: Actor): Within => {
    const audit: AuditStore = {
      ...held.audit,
      // The services below know of no pages.
      append: (event) => held.audit.append({ ...event, address }),
    };
    const { applications, radiusClients, ldapClients } = held;
    const stores = { applications, radiusClients, ldapClients, audit };
    const own = {
      ...parts,
      transact: <result>(work: (inside: typeof stores) => result) => work(stores),
    };
    return {
      applications: createApplications({
        ...own,
        store: held.applications,
        requirable: async () => requirableNames(await policies.current(held.policies)),
      }),
      radiusClients: createRadiusClients({ ...own, store: held.radiusClients }),
      ldapClients: createLdapClients({ ...own, store: held.ldapClients }),
    };
  };
  const change = <result>(
    by: By,
    work: (services: Within, actor: string) => Promise<result>,
  ): Promise<result> =>
    transact(async (held) => {
      const who = await admitToOrganisation(parts, held, by, 'change-applications', clock.now());
      return work(within(held, who), who.actor);
    });

  return {
    addApplication: (request, by) =>
      change(by, ({ applications }, actor) => applications.add(request, actor)),
    changeApplication: (clientId, request, by) =>
      change(by, ({ applications }, actor) => applications.change(clientId, request, actor)),
    renewSecret: (clientId, by) =>
      change(by, ({ applications }, actor) => applications.renewSecret(clientId, actor)),
    removeApplication: (clientId, by) =>
      change(by, ({ applications }, actor) => applications.remove(clientId, actor)),
    addRadiusClient: (request, by) =>
      change(by, ({ radiusClients }, actor) => radiusClients.add(request, actor)),
    removeRadiusClient: (id, by) =>
      change(by, ({ radiusClients }, actor) => radiusClients.remove(id, actor)),
    addLdapClient: (name, by) =>
      change(by, ({ ldapClients }, actor) => ldapClients.add(name, actor)),
    removeLdapClient: (name, by) =>
      change(by, ({ ldapClients }, actor) => ldapClients.remove(name, actor)),
  };
}
