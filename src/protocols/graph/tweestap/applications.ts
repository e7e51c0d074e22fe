/** Owns `applications`: OpenID Connect clients, and programs with a role. A secret is told once. */
import * as z from 'zod';

import {
  applicationRoles,
  type ApplicationFault,
  type ShownApplication,
} from '../../../applications/applications.ts';
import { shortListQuery } from '../authentication/method-kind.ts';
import { notFound, refusal, type Refusal } from '../faults.ts';
import { list, one, wholeList } from '../listing.ts';
import { organisationOperation, sent, type Operation } from '../operation.ts';

const path = '/applications';

const shape = {
  /** Its client id. */
  id: z.string(),
  displayName: z.string(),
  redirectUris: z.array(z.string()),
  postLogoutRedirectUris: z.array(z.string()),
  backchannelLogoutUri: z.string().nullable(),
  grants: z.array(z.string()),
  /** Null for what people open. */
  role: z.string().nullable(),
  isPublic: z.boolean(),
  /** Whether it may use this API as whoever is signed in to it. */
  usesApi: z.boolean(),
  /** `password`, or the id of an authentication strength. */
  required: z.string(),
  createdDateTime: z.string(),
};
const schema = z.object(shape);
const withSecret = z.object({ ...shape, clientSecret: z.string().nullable() });
const secret = z.object({ clientSecret: z.string() });
const properties = Object.keys(shape);

const uri = z.string().max(2_000);
const uris = z.array(uri).max(100);
const name = z.string().max(200);
const said = {
  redirectUris: uris.exactOptional(),
  postLogoutRedirectUris: uris.exactOptional(),
  backchannelLogoutUri: uri.nullable().exactOptional(),
  required: z.string().max(100).exactOptional(),
};
const newApplication = sent({
  ...said,
  displayName: name,
  role: z.enum(applicationRoles).nullable().exactOptional(),
  isPublic: z.boolean().exactOptional(),
  usesApi: z.boolean().exactOptional(),
  refreshes: z.boolean().exactOptional(),
});
const changedApplication = sent({ ...said, displayName: name.exactOptional() });

export const applicationOperations: readonly Operation[] = [
  organisationOperation({
    method: 'GET',
    path,
    roots: ['tweestap'],
    act: 'see-applications',
    does: 'Lists the applications, and the programs with a role.',
    query: shortListQuery,
    answers: { kind: 'collection', schema },
    run: async (call) =>
      list(call, {
        context: 'applications',
        properties,
        ...wholeList((await call.parts.applications.list()).map(entityOf)),
      }),
  }),
  organisationOperation({
    method: 'POST',
    path,
    roots: ['tweestap'],
    act: 'change-applications',
    does: 'Adds an application, or a program with a role; its secret is told once.',
    body: newApplication,
    status: 201,
    answers: { kind: 'entity', schema: withSecret },
    run: async (call, asked) => {
      const {
        '@odata.type': _type,
        displayName,
        usesApi,
        backchannelLogoutUri,
        role,
        ...rest
      } = asked;
      const added = await call.parts.connecting.addApplication(
        {
          ...rest,
          name: displayName,
          role: role ?? undefined,
          backchannelLogoutUri: backchannelLogoutUri ?? undefined,
          ...(usesApi === undefined ? {} : { api: usesApi }),
        },
        call.by,
      );
      if (added.kind === 'refused') return faulty(added.faults);
      const entity = { ...entityOf(added.application), clientSecret: added.clientSecret ?? null };
      const headers = { location: `${call.base}${path}/${added.application.clientId}` };
      return one(call, entity, { context: 'applications', status: 201, headers });
    },
  }),
  organisationOperation({
    method: 'GET',
    path: `${path}/:application`,
    roots: ['tweestap'],
    act: 'see-applications',
    does: 'One application.',
    answers: { kind: 'entity', schema },
    run: async (call) => {
      const found = await call.parts.applications.show(call.params['application'] ?? '');
      return one(call, found && entityOf(found), { context: 'applications', properties });
    },
  }),
  organisationOperation({
    method: 'PATCH',
    path: `${path}/:application`,
    roots: ['tweestap'],
    act: 'change-applications',
    does: 'Changes what is said of an application that people open.',
    body: changedApplication,
    answers: { kind: 'nothing' },
    run: async ({ parts, params, by }, asked) => {
      const { application = '' } = params;
      const { '@odata.type': _type, displayName, backchannelLogoutUri, ...rest } = asked;
      const changed = await parts.connecting.changeApplication(
        application,
        {
          ...rest,
          ...(displayName === undefined ? {} : { name: displayName }),
          ...(backchannelLogoutUri === undefined
            ? {}
            : { backchannelLogoutUri: backchannelLogoutUri ?? undefined }),
        },
        by,
      );
      if (changed === undefined) return notFound(application);
      return changed.kind === 'refused' ? faulty(changed.faults) : { status: 204 };
    },
  }),
  organisationOperation({
    method: 'POST',
    path: `${path}/:application/renewSecret`,
    roots: ['tweestap'],
    act: 'change-applications',
    does: 'Makes another secret, told once; the one before opens nothing from then on.',
    body: sent({}),
    answers: { kind: 'value', schema: secret },
    run: async ({ parts, params, by, base }) => {
      const { application = '' } = params;
      const clientSecret = await parts.connecting.renewSecret(application, by);
      if (clientSecret === undefined) return notFound(application);
      const context = { '@odata.context': `${base}/$metadata#applications/renewSecret` };
      return { status: 200, body: { ...context, clientSecret } };
    },
  }),
  organisationOperation({
    method: 'DELETE',
    path: `${path}/:application`,
    roots: ['tweestap'],
    act: 'change-applications',
    does: 'Removes an application, and whatever it was granted, at once.',
    answers: { kind: 'nothing' },
    run: async ({ parts, params, by }) => {
      const { application = '' } = params;
      const isGone = await parts.connecting.removeApplication(application, by);
      return isGone ? { status: 204 } : notFound(application);
    },
  }),
];

function entityOf(application: ShownApplication): z.infer<typeof schema> {
  return {
    id: application.clientId,
    displayName: application.name,
    redirectUris: [...application.redirectUris],
    postLogoutRedirectUris: [...application.postLogoutRedirectUris],
    backchannelLogoutUri: application.backchannelLogoutUri ?? null,
    grants: [...application.grants],
    role: application.role ?? null,
    isPublic: application.isPublic,
    usesApi: application.api === true,
    required: application.required,
    createdDateTime: application.createdAt.toISOString(),
  };
}

const fieldNames: Readonly<Partial<Record<ApplicationFault['field'], string>>> = {
  name: 'displayName',
  api: 'usesApi',
};

function faulty(faults: readonly ApplicationFault[]): Refusal {
  return refusal(
    'badRequest',
    faults.map(({ field, reason }) => `${fieldNames[field] ?? field}: ${reason}.`).join(' '),
  );
}
