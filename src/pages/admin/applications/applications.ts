/** Owns the pages of everything that asks Tweestap who somebody is. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import type { By } from '../../../administration/acting-admin.ts';
import type { Connecting } from '../../../administration/connecting.ts';
import type { Applications } from '../../../applications/applications.ts';
import type { LdapClients } from '../../../applications/ldap-clients.ts';
import { radiusModes } from '../../../applications/radius-client.ts';
import type { RadiusClients } from '../../../applications/radius-clients.ts';
import { TweestapError } from '../../../errors/errors.ts';
import { seeOther, sendPage } from '../../../http/answer.ts';
import { form, params, query } from '../../../http/parse.ts';
import type { Locale } from '../../../i18n/locale.ts';
import type { Policy } from '../../../policies/policy.ts';
import { requirableNames } from '../../../policies/strengths.ts';
import { byOf, type AdminGuardParts, type Open } from '../guard.ts';
import type { Once } from '../once.ts';
import type { Admin } from '../portal.ts';
import { wordFor } from '../words.ts';
import {
  madePage,
  nothingTyped,
  systemFormPage,
  type MadeView,
  type Typed,
  type TypedFault,
} from './form-page.ts';
import { systemsPage } from './list-page.ts';
import {
  applicationPath,
  applicationsPath,
  kindsOfSystem,
  ldapClientPath,
  radiusClientPath,
} from './path.ts';
import {
  actsOn,
  nameOf,
  pathOf,
  systemActPage,
  systemPage,
  type OwnDoors,
  type System,
} from './system-page.ts';
import { wordsIn } from './words.ts';

export interface ApplicationPageParts extends AdminGuardParts {
  readonly connecting: Connecting;
  readonly once: Once;
  readonly connected: {
    readonly applications: Pick<Applications, 'list' | 'show'>;
    readonly radiusClients: Pick<RadiusClients, 'list' | 'show'>;
    readonly ldapClients: Pick<LdapClients, 'list'>;
    /** Where an LDAP client of this name stands, and all of the tree. */
    readonly ldapNames: (name: string, domain: string) => { bindDn: string; baseDn: string };
    /** Sites that proxies ask about. */
    readonly sites: readonly string[];
    readonly doors: OwnDoors;
  };
}

const text = z.string().max(20_000).default('');
const typedFields = z.object({
  name: text,
  redirectUris: text,
  postLogoutRedirectUris: text,
  backchannelLogoutUri: text,
  required: z.string().max(100).default('password'),
  role: text,
  addresses: text,
  mode: z.string().max(100).default('app-password'),
  secret: text,
  isPublic: z.string().optional(),
  api: z.string().optional(),
  unsigned: z.string().optional(),
});
const done = z.object({
  done: z.enum(['changed', 'removed']).optional().catch(undefined),
});
const itsId = z.object({ system: z.string().max(100) });

/** Registers the pages. */
export function applicationRoutes(open: Open, parts: ApplicationPageParts): void {
  const { connecting, connected, once, policies, clock } = parts;

  const strengthsIn = (policy: Policy): Readonly<Record<string, string>> =>
    Object.fromEntries(policy.strengths.map(({ id, name }) => [id, name]));

  open('GET /admin/applications', async (admin, request, reply) => {
    const policy = await policies.current();
    return sendPage(
      reply,
      systemsPage({
        ...admin,
        applications: await connected.applications.list(),
        radiusClients: await connected.radiusClients.list(),
        ldapClients: await connected.ldapClients.list(),
        sites: connected.sites.map((site) => ({
          site,
          required: policy.sites.find((one) => one.site === site)?.required ?? 'password',
        })),
        strengths: strengthsIn(policy),
        now: clock.now(),
        isRemoved: query(request, done).done === 'removed',
      }),
    );
  });

  for (const kind of kindsOfSystem) {
    const formPage = async (
      admin: Admin,
      typed: Typed,
      faults: readonly TypedFault[],
    ): Promise<ReturnType<typeof systemFormPage>> => {
      const policy = await policies.current();
      const requirable = requirableNames(policy);
      const strengths = strengthsIn(policy);
      return systemFormPage({ ...admin, kind, typed, faults, requirable, strengths });
    };
    open(`GET /admin/applications/new/${kind}`, async (admin, _request, reply) =>
      sendPage(reply, await formPage(admin, nothingTyped, [])),
    );
    open(`POST /admin/applications/new/${kind}`, async (admin, request, reply) => {
      const typed = form(request, typedFields);
      const made = await add(kind, admin, typed, byOf(admin, request));
      return 'faults' in made
        ? sendPage(reply, await formPage(admin, typed, made.faults), { status: 422 })
        : once.hand(reply, admin, `${made.path}/made`, made.shown);
    });
  }

  for (const kind of ['app', 'radius', 'ldap'] as const) {
    open(`GET /admin/applications/${kind}/:system`, async (admin, request, reply) => {
      const system = await systemAt(kind, request);
      return sendPage(
        reply,
        systemPage({
          ...admin,
          system,
          doors: connected.doors,
          strengths: strengthsIn(await policies.current()),
          now: clock.now(),
          isChanged: query(request, done).done === 'changed',
        }),
      );
    });
    open(`GET /admin/applications/${kind}/:system/remove`, async (admin, request, reply) =>
      sendPage(
        reply,
        systemActPage({ ...admin, system: await systemAt(kind, request), act: 'remove' }),
      ),
    );
    open(`GET /admin/applications/${kind}/:system/made`, async (admin, request, reply) => {
      const system = await systemAt(kind, request);
      const { secret, isRenewed } = once.take(request, reply, admin) ?? {};
      const page = madePage({
        ...admin,
        ...toType(system, admin.frame.locale),
        name: nameOf(system),
        isRenewed: isRenewed === 'yes',
        isRenewable: actsOn(system).includes('renew'),
        path: pathOf(system),
        secret,
      });
      return sendPage(reply, page);
    });
    open(`POST /admin/applications/${kind}/:system/remove`, async (admin, request, reply) => {
      await remove(await systemAt(kind, request), byOf(admin, request));
      return seeOther(reply, `${applicationsPath}?done=removed`);
    });
  }

  open('GET /admin/applications/app/:system/renew', async (admin, request, reply) => {
    const system = await systemAt('app', request);
    return actsOn(system).includes('renew')
      ? sendPage(reply, systemActPage({ ...admin, system, act: 'renew' }))
      : seeOther(reply, pathOf(system));
  });

  open('POST /admin/applications/app/:system/renew', async (admin, request, reply) => {
    const system = await systemAt('app', request);
    const { clientId } = system.application;
    const secret = await connecting.renewSecret(clientId, byOf(admin, request));
    if (secret === undefined) return seeOther(reply, pathOf(system));
    return once.hand(reply, admin, `${pathOf(system)}/made`, { secret, isRenewed: 'yes' });
  });

  open('GET /admin/applications/app/:system/edit', async (admin, request, reply) => {
    const system = await systemAt('app', request);
    const { application } = system;
    // What a program is cannot be changed: it is added anew with another role.
    if (application.role !== undefined) return seeOther(reply, pathOf(system));
    const typed = {
      ...nothingTyped,
      name: application.name,
      redirectUris: application.redirectUris.join('\n'),
      postLogoutRedirectUris: application.postLogoutRedirectUris.join('\n'),
      backchannelLogoutUri: application.backchannelLogoutUri ?? '',
      required: application.required,
    };
    return showEdit(admin, reply, system, typed, []);
  });

  open('POST /admin/applications/app/:system/edit', async (admin, request, reply) => {
    const system = await systemAt('app', request);
    const typed = form(request, typedFields);
    const { clientId } = system.application;
    const changed = await connecting.changeApplication(
      clientId,
      {
        name: typed.name,
        redirectUris: linesOf(typed.redirectUris),
        postLogoutRedirectUris: linesOf(typed.postLogoutRedirectUris),
        backchannelLogoutUri: orAbsent(typed.backchannelLogoutUri),
        required: typed.required,
      },
      byOf(admin, request),
    );
    if (changed?.kind === 'refused') {
      return showEdit(admin, reply, system, typed, told(admin, changed.faults), 422);
    }
    return seeOther(reply, `${applicationPath(clientId)}?done=changed`);
  });

  async function showEdit(
    admin: Admin,
    reply: FastifyReply,
    system: Extract<System, { kind: 'app' }>,
    typed: Typed,
    faults: readonly TypedFault[],
    status = 200,
  ): Promise<FastifyReply> {
    const policy = await policies.current();
    const page = systemFormPage({
      ...admin,
      kind: 'app',
      changes: { name: nameOf(system), path: pathOf(system) },
      typed,
      faults,
      requirable: requirableNames(policy),
      strengths: strengthsIn(policy),
    });
    return sendPage(reply, page, { status });
  }

  async function systemAt<kind extends System['kind']>(
    kind: kind,
    request: FastifyRequest,
  ): Promise<Extract<System, { kind: kind }>>;
  async function systemAt(kind: System['kind'], request: FastifyRequest): Promise<System> {
    const { system: id } = params(request, itsId);
    const found = await find(kind, id);
    if (found === undefined) throw new TweestapError('NOT_FOUND');
    return found;
  }

  async function find(kind: System['kind'], id: string): Promise<System | undefined> {
    switch (kind) {
      case 'app': {
        const application = await connected.applications.show(id);
        return application && { kind, application };
      }
      case 'radius': {
        const client = await connected.radiusClients.show(id);
        return client && { kind, client };
      }
      case 'ldap': {
        const client = (await connected.ldapClients.list()).find(({ name }) => name === id);
        const { organisation } = await policies.current();
        return client && { kind, client, ...connected.ldapNames(id, organisation.domain) };
      }
    }
  }

  async function remove(system: System, by: By): Promise<void> {
    switch (system.kind) {
      case 'app':
        await connecting.removeApplication(system.application.clientId, by);
        return;
      case 'radius':
        await connecting.removeRadiusClient(system.client.id, by);
        return;
      case 'ldap':
        await connecting.removeLdapClient(system.client.name, by);
    }
  }

  /** Adds it; resolves to what is shown once, or to what is wrong. */
  async function add(
    kind: (typeof kindsOfSystem)[number],
    admin: Admin,
    typed: Typed,
    by: By,
  ): Promise<Made | { readonly faults: readonly TypedFault[] }> {
    switch (kind) {
      case 'app':
      case 'program': {
        const added = await connecting.addApplication(
          kind === 'app'
            ? {
                name: typed.name,
                redirectUris: linesOf(typed.redirectUris),
                postLogoutRedirectUris: linesOf(typed.postLogoutRedirectUris),
                backchannelLogoutUri: orAbsent(typed.backchannelLogoutUri),
                required: typed.required,
                isPublic: typed.isPublic !== undefined,
                api: typed.api !== undefined,
              }
            : { name: typed.name, role: typed.role },
          by,
        );
        if (added.kind === 'refused') return { faults: told(admin, added.faults) };
        const { clientSecret } = added;
        return {
          path: applicationPath(added.application.clientId),
          shown: clientSecret === undefined ? {} : { secret: clientSecret },
        };
      }
      case 'radius': {
        const mode = radiusModes.find((one) => one === typed.mode);
        if (mode === undefined) {
          return { faults: told(admin, [{ field: 'mode', reason: 'mode' }]) };
        }
        const added = await connecting.addRadiusClient(
          {
            name: typed.name,
            addresses: linesOf(typed.addresses),
            mode,
            secret: orAbsent(typed.secret),
            signs: typed.unsigned === undefined,
          },
          by,
        );
        if (added.kind === 'refused') return { faults: told(admin, added.faults) };
        return { path: radiusClientPath(added.client.id), shown: { secret: added.secret } };
      }
      case 'ldap': {
        const added = await connecting.addLdapClient(typed.name, by);
        if (added.kind === 'refused') {
          return { faults: told(admin, [{ field: 'name', reason: added.reason }]) };
        }
        return { path: ldapClientPath(added.client.name), shown: { secret: added.password } };
      }
    }
  }
}

/** The page of what was added, and what its next page shows once. */
interface Made {
  readonly path: string;
  readonly shown: { readonly secret?: string };
}

/** What is typed there beside the secret, and what it is called. */
function toType(system: System, locale: Locale): Pick<MadeView, 'values' | 'secretLabel'> {
  const { secret: words } = wordsIn(locale);
  switch (system.kind) {
    case 'app':
      return {
        values: [{ label: words.clientId, value: system.application.clientId }],
        secretLabel: system.application.isPublic ? undefined : words.clientSecret,
      };
    case 'radius':
      return { values: [], secretLabel: words.sharedSecret };
    case 'ldap':
      return {
        values: [{ label: words.bindDn, value: system.bindDn }],
        secretLabel: words.password,
      };
  }
}

/** What is wrong, in words, each at the field in which it was typed. */
function told(
  { frame }: Admin,
  faults: readonly { readonly field: string; readonly reason: string; readonly value?: string }[],
): readonly TypedFault[] {
  const words = wordsIn(frame.locale);
  return faults.map(({ field, reason, value }) => {
    const at = fieldOf(field);
    // Said with its label: above the form it stands beside others of its kind.
    if (reason === 'missing') return { field: at, message: words.missing(words.fields[at]) };
    const message = wordFor(words.faults, reason, words.other);
    return { field: at, message: value === undefined ? message : words.at(value, message) };
  });
}

/** Where a form has that field; whether it signs is asked the other way round. */
function fieldOf(name: string): keyof Typed {
  if (name === 'signs') return 'unsigned';
  return isField(name) ? name : 'name';
}

function isField(name: string): name is keyof Typed {
  return Object.hasOwn(typedFields.shape, name);
}

/** What stands on each line; empty ones are passed over. */
function linesOf(typed: string): readonly string[] {
  return typed
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function orAbsent(typed: string): string | undefined {
  const trimmed = typed.trim();
  return trimmed === '' ? undefined : trimmed;
}
