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
import type { Policy } from '../../../policies/policy.ts';
import { requirableNames } from '../../../policies/strengths.ts';
import { byOf, type AdminGuardParts, type Open } from '../guard.ts';
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
  const { connecting, connected, policies, clock } = parts;

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
        : sendPage(reply, madePage({ ...admin, ...made }));
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
    const { secret: words } = wordsIn(admin.frame.locale);
    return sendPage(
      reply,
      madePage({
        ...admin,
        name: nameOf(system),
        isRenewed: true,
        hasSecret: true,
        path: pathOf(system),
        values: [{ label: words.clientSecret, value: secret }],
      }),
    );
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
  ): Promise<Omit<MadeView, keyof Admin> | { readonly faults: readonly TypedFault[] }> {
    const { secret: words } = wordsIn(admin.frame.locale);
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
        const { clientId, name } = added.application;
        const { clientSecret } = added;
        return {
          name,
          isRenewed: false,
          hasSecret: clientSecret !== undefined,
          path: applicationPath(clientId),
          values: [
            { label: words.clientId, value: clientId },
            ...(clientSecret === undefined
              ? []
              : [{ label: words.clientSecret, value: clientSecret }]),
          ],
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
        const { id, name } = added.client;
        return {
          name,
          isRenewed: false,
          hasSecret: true,
          path: radiusClientPath(id),
          values: [{ label: words.sharedSecret, value: added.secret }],
        };
      }
      case 'ldap': {
        const added = await connecting.addLdapClient(typed.name, by);
        if (added.kind === 'refused') {
          return { faults: told(admin, [{ field: 'name', reason: added.reason }]) };
        }
        const { name } = added.client;
        const { organisation } = await policies.current();
        return {
          name,
          isRenewed: false,
          hasSecret: true,
          path: ldapClientPath(name),
          values: [
            { label: words.bindDn, value: connected.ldapNames(name, organisation.domain).bindDn },
            { label: words.password, value: added.password },
          ],
        };
      }
    }
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
