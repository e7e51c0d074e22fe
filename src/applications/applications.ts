/**
 * Owns adding, showing and removing applications. Their ids and secrets are made here and nowhere
 * else; a secret is shown once, when it is made.
 */
import { applicationChanged } from '../audit/client-events.ts';
import type { AuditStore } from '../audit/audit-store.ts';
import type { Clock } from '../lib/clock.ts';
import { hidesSomething } from '../lib/hidden-text.ts';
import type { Random } from '../lib/random.ts';
import type { Transact } from '../lib/transact.ts';
import {
  isLoopbackWithPort,
  isNativeUri,
  redirectUriFault,
  serviceUriFault,
  type UriFault,
} from './application-uri.ts';
import type { Application } from './application.ts';
import type { ApplicationStore } from './application-store.ts';

/** What a program may be: the roles of people, without the people. */
export const applicationRoles = [
  'reports-reader',
  'help-desk',
  'authentication-policy-admin',
  'authentication-admin',
  'privileged-authentication-admin',
  'global-admin',
] as const;
export type ApplicationRole = (typeof applicationRoles)[number];

/** What is asked for. With a role it is a program (`client_credentials`), else one that people open. */
export interface NewApplication {
  readonly name: string;
  readonly redirectUris?: readonly string[];
  readonly postLogoutRedirectUris?: readonly string[];
  readonly backchannelLogoutUri?: string | undefined;
  readonly role?: string | undefined;
  /** True for an app that keeps no secret: on a phone, on a desktop. Default false. */
  readonly isPublic?: boolean;
  /** Whether it may use the API as whoever signs in to it, with the role that they have. Default false. */
  readonly api?: boolean;
  /** Whether it may stay signed in by refresh tokens. Default true. */
  readonly refreshes?: boolean;
  /** Default `password`: then the person's own state decides. */
  readonly required?: Application['required'] | undefined;
}

/** What may be said anew of an application that people open. */
export type ChangedApplication = Partial<
  Pick<
    NewApplication,
    'name' | 'redirectUris' | 'postLogoutRedirectUris' | 'backchannelLogoutUri' | 'required'
  >
>;

/** One thing that is wrong with what was asked for. */
export interface ApplicationFault {
  readonly field: keyof NewApplication;
  readonly reason:
    | UriFault
    | 'missing'
    | 'too-long'
    | 'too-many'
    | 'unknown-role'
    | 'unknown-strength'
    | 'not-for-programs'
    | 'program-needs-secret';
  /** The address that is meant, where there are several. */
  readonly value?: string;
}

/** An application without its secret. */
export interface ShownApplication extends Omit<Application, 'clientSecret'> {
  readonly isPublic: boolean;
}

export type Added =
  | {
      readonly kind: 'added';
      readonly application: ShownApplication;
      /** Exists nowhere else from now on; undefined for a public one. */
      readonly clientSecret: string | undefined;
    }
  | { readonly kind: 'refused'; readonly faults: readonly ApplicationFault[] };

export interface Applications {
  /** Adds one; says everything that is wrong at once and then adds nothing. `actor` is audited. */
  add(request: NewApplication, actor: string): Promise<Added>;
  list(): Promise<readonly ShownApplication[]>;
  show(clientId: string): Promise<ShownApplication | undefined>;
  /**
   * Changes what is said of one that people open; what is not said stays. Says everything that is
   * wrong at once and then changes nothing. Undefined when there is none.
   */
  change(
    clientId: string,
    request: ChangedApplication,
    actor: string,
  ): Promise<Exclude<Added, { kind: 'added' }> | { readonly kind: 'changed' } | undefined>;
  /** Another secret, told once; the one before opens nothing from then on. Undefined for one without. */
  renewSecret(clientId: string, actor: string): Promise<string | undefined>;
  /** Removes it and whatever it was granted, at once; false when there is none. */
  remove(clientId: string, actor: string): Promise<boolean>;
}

/** The stores that a change needs together. */
export interface ApplicationStores {
  readonly applications: ApplicationStore;
  readonly audit: AuditStore;
}

const maximumUris = 40;

/** Makes the service. `store` is read outside transactions. */
export function createApplications(parts: {
  readonly store: ApplicationStore;
  readonly transact: Transact<ApplicationStores>;
  readonly clock: Clock;
  readonly random: Random;
  /** Everything that may be required by name now. */
  readonly requirable: () => Promise<readonly string[]>;
}): Applications {
  const { store, transact, clock, random, requirable } = parts;
  return {
    add: async (request, actor) => {
      const faults = [...faultsOf(request), ...strengthFaults(request, await requirable())];
      if (faults.length > 0) return { kind: 'refused', faults };
      const application = make(request, clock.now(), random);
      const { clientId, clientSecret } = application;
      await transact(async (stores) => {
        await stores.applications.add(application);
        await stores.audit.append(
          applicationChanged({ at: application.createdAt, actor, change: 'added', clientId }),
        );
      });
      return { kind: 'added', application: shown(application), clientSecret };
    },
    list: async () => (await store.list()).map(shown),
    show: async (clientId) => {
      const application = await store.find(clientId);
      return application === undefined ? undefined : shown(application);
    },
    change: async (clientId, request, actor) => {
      const names = await requirable();
      return transact(async (stores) => {
        const before = await stores.applications.find(clientId);
        if (before === undefined) return undefined;
        const isPublic = before.clientSecret === undefined;
        const asked = { ...before, ...request, isPublic };
        const faults = [...faultsOf(asked), ...strengthFaults(asked, names)];
        if (faults.length > 0) return { kind: 'refused', faults };
        await stores.applications.replace({
          ...before,
          name: asked.name.trim(),
          redirectUris: [...new Set(asked.redirectUris)],
          postLogoutRedirectUris: [...new Set(asked.postLogoutRedirectUris)],
          backchannelLogoutUri: asked.backchannelLogoutUri,
          required: asked.required ?? before.required,
        });
        await stores.audit.append(
          applicationChanged({ at: clock.now(), actor, change: 'changed', clientId }),
        );
        return { kind: 'changed' };
      });
    },
    renewSecret: (clientId, actor) =>
      transact(async (stores) => {
        const before = await stores.applications.find(clientId);
        if (before?.clientSecret === undefined) return undefined;
        const clientSecret = random.token(32);
        await stores.applications.replace({ ...before, clientSecret });
        await stores.audit.append(
          applicationChanged({ at: clock.now(), actor, change: 'secret-renewed', clientId }),
        );
        return clientSecret;
      }),
    remove: (clientId, actor) =>
      transact(async (stores) => {
        if (!(await stores.applications.remove(clientId))) return false;
        await stores.audit.append(
          applicationChanged({ at: clock.now(), actor, change: 'removed', clientId }),
        );
        return true;
      }),
  };
}

/** Whether it runs on the person's own machine, where loopback has no fixed port (RFC 8252 §7.3). */
export function isNative(application: Pick<Application, 'redirectUris' | 'clientSecret'>): boolean {
  return application.clientSecret === undefined && application.redirectUris.some(isNativeUri);
}

function make(request: NewApplication, now: Date, random: Random): Application {
  const isProgram = request.role !== undefined;
  const forPeople: Application['grants'] =
    request.refreshes === false ? ['authorization_code'] : ['authorization_code', 'refresh_token'];
  return {
    // Lower-case letters and digits: it is typed on command lines and pasted into forms.
    clientId: random.base32(26).toLowerCase(),
    name: request.name.trim(),
    redirectUris: [...new Set(request.redirectUris)],
    postLogoutRedirectUris: [...new Set(request.postLogoutRedirectUris)],
    backchannelLogoutUri: request.backchannelLogoutUri,
    clientSecret: request.isPublic === true ? undefined : random.token(32),
    grants: isProgram ? ['client_credentials'] : forPeople,
    role: request.role,
    ...(request.api === true ? { api: true } : {}),
    required: request.required ?? 'password',
    createdAt: now,
  };
}

function shown({ clientSecret, ...application }: Application): ShownApplication {
  return { ...application, isPublic: clientSecret === undefined };
}

function faultsOf(request: NewApplication): ApplicationFault[] {
  const isPublic = request.isPublic === true;
  const faults = [...nameFaults(request.name)];
  if (request.role === undefined) {
    if ((request.redirectUris ?? []).length === 0) {
      faults.push({ field: 'redirectUris', reason: 'missing' });
    }
  } else {
    faults.push(...programFaults(request, isPublic));
  }
  const takesAnyPort = isPublic && (request.redirectUris ?? []).some(isNativeUri);
  for (const field of ['redirectUris', 'postLogoutRedirectUris'] as const) {
    faults.push(...redirectFaults(field, request[field] ?? [], isPublic, takesAnyPort));
  }
  const { backchannelLogoutUri } = request;
  if (backchannelLogoutUri !== undefined) {
    const reason = serviceUriFault(backchannelLogoutUri);
    if (reason !== undefined) {
      faults.push({ field: 'backchannelLogoutUri', reason, value: backchannelLogoutUri });
    }
  }
  return faults;
}

function nameFaults(name: string): ApplicationFault[] {
  const trimmed = name.trim();
  if (trimmed === '') return [{ field: 'name', reason: 'missing' }];
  if ([...trimmed].length > 100) return [{ field: 'name', reason: 'too-long' }];
  return hidesSomething(trimmed) ? [{ field: 'name', reason: 'unreadable' }] : [];
}

function strengthFaults(
  { required }: NewApplication,
  requirable: readonly string[],
): ApplicationFault[] {
  if (required === undefined || requirable.includes(required)) return [];
  return [{ field: 'required', reason: 'unknown-strength', value: required }];
}

function programFaults(request: NewApplication, isPublic: boolean): ApplicationFault[] {
  const faults: ApplicationFault[] = [];
  if (!applicationRoles.some((role) => role === request.role)) {
    faults.push({ field: 'role', reason: 'unknown-role' });
  }
  if (isPublic) faults.push({ field: 'isPublic', reason: 'program-needs-secret' });
  if (request.api === true) faults.push({ field: 'api', reason: 'not-for-programs' });
  const forPeople = ['redirectUris', 'postLogoutRedirectUris', 'backchannelLogoutUri'] as const;
  for (const field of forPeople) {
    if ((request[field]?.length ?? 0) > 0) faults.push({ field, reason: 'not-for-programs' });
  }
  return faults;
}

function redirectFaults(
  field: 'redirectUris' | 'postLogoutRedirectUris',
  uris: readonly string[],
  isPublic: boolean,
  takesAnyPort: boolean,
): ApplicationFault[] {
  if (uris.length > maximumUris) return [{ field, reason: 'too-many' }];
  return uris.flatMap((value) => {
    const reason =
      redirectUriFault(value, isPublic) ??
      (takesAnyPort && isLoopbackWithPort(value) ? 'port-on-loopback' : undefined);
    return reason === undefined ? [] : [{ field, reason, value }];
  });
}
