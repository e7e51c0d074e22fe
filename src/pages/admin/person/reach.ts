/** Owns whose page an address means, and whether whoever is in charge here may do this to them. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { refusalOf } from '../../../accounts/administering.ts';
import type { User } from '../../../accounts/user.ts';
import { TweestapError } from '../../../errors/errors.ts';
import { seeOther } from '../../../http/answer.ts';
import { params } from '../../../http/parse.ts';
import { access, type Address } from '../access.ts';
import type { AdminGuardParts, Open } from '../guard.ts';
import { personPath } from '../path.ts';
import type { Admin } from '../portal.ts';
import type { Done } from './done.ts';

/** An address below the page of a person. */
export type PersonAddress = Extract<Address, `${string} /admin/users/:id/${string}`>;

/** Somebody in charge, and the person whom they want to do something to. */
export interface Visit {
  readonly admin: Admin;
  readonly user: User;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/**
 * Registers an address of a person, where whoever is in charge may do to them what stands behind it; the act
 * itself asks once more.
 */
export type OpenFor = (
  address: PersonAddress,
  inside: (visit: Visit) => Promise<FastifyReply>,
) => void;

/** Makes that of `open`. */
export function withinReach(
  open: Open,
  { stores, policies }: Pick<AdminGuardParts, 'stores' | 'policies'>,
): OpenFor {
  return (address, inside) =>
    open(address, async (admin, request, reply) => {
      const user = await personOf(stores, request);
      const { administration } = await policies.current();
      const reason = refusalOf(admin.current.user, access[address], user, administration);
      if (reason !== undefined) throw new TweestapError('NOT_ALLOWED', { details: { reason } });
      return inside({ admin, user, request, reply });
    });
}

const itsAddress = z.object({ id: z.string().regex(/^[\w-]{1,64}$/) });

/** Whom the address means. Throws `NOT_FOUND` where they are gone. */
export async function personOf(
  { users }: Pick<AdminGuardParts['stores'], 'users'>,
  request: FastifyRequest,
): Promise<User> {
  const user = await users.find(params(request, itsAddress).id);
  if (user === undefined) throw new TweestapError('NOT_FOUND');
  return user;
}

/** Goes back to their page, which says what was done. */
export function backTo({ user, reply }: Pick<Visit, 'user' | 'reply'>, done: Done): FastifyReply {
  return seeOther(reply, `${personPath(user.id)}?done=${done}`);
}
