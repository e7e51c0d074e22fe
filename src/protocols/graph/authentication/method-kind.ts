/**
 * Owns what the kinds of `/users/{id}/authentication/…Methods` have in common: each is drawn from what
 * somebody has registered, listed, shown, and taken away by those in charge.
 */
import * as z from 'zod';

import { refusalOf } from '../../../accounts/administering.ts';
import type { QueryOption } from '../../../lib/odata/query.ts';
import type { Registration } from '../../../registrations/registration.ts';
import { notFound } from '../faults.ts';
import { list, one, wholeList } from '../listing.ts';
import { userOperation, type Entity, type Operation, type UserCall } from '../operation.ts';

/** Short lists take everything but an order. */
export const shortListQuery: readonly QueryOption[] = [
  '$filter',
  '$select',
  '$top',
  '$skiptoken',
  '$count',
];

/** One kind of method, as Graph has it. */
export interface MethodKind {
  /** `phoneMethods`: the last part of the address. */
  readonly segment: string;
  /** `#microsoft.graph.phoneAuthenticationMethod`. */
  readonly type: string;
  /** In the plural, for sentences: `phones`. */
  readonly called: string;
  readonly schema: z.ZodObject;
  /** How a registration is told; undefined where it is of another kind. */
  readonly entityOf: (registration: Registration, call: UserCall) => Entity | undefined;
}

/** What every method says of itself, however it is kept. */
export const methodShape = {
  id: z.string(),
  createdDateTime: z.string().nullable(),
};

/** A registration of this kind, with how it is told. */
export interface Found {
  readonly registration: Registration;
  readonly entity: Entity;
}

/** What this person has of a kind, oldest first. */
export async function foundOf(call: UserCall, kind: MethodKind): Promise<readonly Found[]> {
  const registrations = await call.parts.stores.registrations.list(call.user.id);
  return foundAmong(call, kind, registrations);
}

/** The same, among registrations that were read already. */
export function foundAmong(
  call: UserCall,
  { entityOf }: MethodKind,
  registrations: readonly Registration[],
): readonly Found[] {
  return registrations.flatMap((registration) => {
    const { endsAt } = registration;
    if (endsAt !== undefined && endsAt <= call.now) return [];
    const entity = entityOf(registration, call);
    return entity === undefined ? [] : [{ registration, entity }];
  });
}

/** Where the methods of somebody stand: `users('…')/authentication/phoneMethods`. */
export function contextOf({ user }: UserCall, segment: string): string {
  return `users('${user.id}')/authentication/${segment}`;
}

/** Where one of them is found. */
export function addressOf({ base, user }: UserCall, segment: string, id: string): string {
  return `${base}/users/${user.id}/authentication/${segment}/${id}`;
}

/**
 * Whether numbers and addresses are shown in full: to their owner, and to whoever may set them. Others
 * see them masked, as they do in the portal.
 */
export function showsInFull({ isOwn, actor, user }: UserCall): boolean {
  return isOwn || refusalOf(actor, 'set-phone', user) === undefined;
}

/** GET of the list and of one. */
export function readingOperations(kind: MethodKind): readonly Operation[] {
  const { segment, called, schema } = kind;
  const path = `/users/:user/authentication/${segment}`;
  return [
    userOperation({
      method: 'GET',
      path,
      act: 'see',
      own: 'second-step',
      does: `Lists the ${called} of somebody.`,
      query: shortListQuery,
      answers: { kind: 'collection', schema },
      run: async (call) =>
        list(call, {
          context: contextOf(call, segment),
          properties: Object.keys(schema.shape),
          ...wholeList((await foundOf(call, kind)).map(({ entity }) => entity)),
        }),
    }),
    userOperation({
      method: 'GET',
      path: `${path}/:method`,
      act: 'see',
      own: 'second-step',
      does: `One of the ${called} of somebody.`,
      answers: { kind: 'entity', schema },
      run: async (call) =>
        one(call, (await foundOne(call, kind))?.entity, {
          context: contextOf(call, segment),
          properties: Object.keys(schema.shape),
        }),
    }),
  ];
}

/** DELETE: what it opened ends, and its owner is told. */
export function removingOperation(kind: MethodKind): Operation {
  return userOperation({
    method: 'DELETE',
    path: `/users/:user/authentication/${kind.segment}/:method`,
    act: 'remove-method',
    does: `Deletes one of the ${kind.called} of somebody.`,
    answers: { kind: 'nothing' },
    run: async (call) => {
      const found = await foundOne(call, kind);
      const isGone =
        found === undefined ||
        !(await call.parts.administration.removeMethod(
          call.user.id,
          found.registration.id,
          call.by,
        ));
      return isGone ? notFound(call.params['method'] ?? '') : { status: 204 };
    },
  });
}

/** The one that the address names. */
export async function foundOne(call: UserCall, kind: MethodKind): Promise<Found | undefined> {
  const all = await foundOf(call, kind);
  return all.find(({ entity }) => entity['id'] === call.params['method']);
}
