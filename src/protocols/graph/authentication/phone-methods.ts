/** Owns `phoneMethods`: one phone in each of three places, which Graph names by fixed ids. */
import * as z from 'zod';

import type { Provided } from '../../../administration/providing.ts';
import { formatInternational } from '../../../lib/phone-number.ts';
import {
  maskPhone,
  phone,
  phoneSecret,
  phoneTypes,
  type PhoneType,
} from '../../../methods/phone.ts';
import { notFound, refusal, type Refusal } from '../faults.ts';
import { one } from '../listing.ts';
import { sent, userOperation, type Answer, type Operation, type UserCall } from '../operation.ts';
import {
  addressOf,
  contextOf,
  methodShape,
  readingOperations,
  removingOperation,
  showsInFull,
  type MethodKind,
} from './method-kind.ts';
import { toldFault } from './provided.ts';

/** The same in every tenant of Graph. */
const ids: Readonly<Record<PhoneType, string>> = {
  mobile: '3179e48a-750b-4051-897c-87b9720928f7',
  alternateMobile: 'b6332ec1-7057-4abe-9331-3d72feddfe41',
  office: 'e37fc753-ff3b-4958-9484-eaa9425c82bc',
};

export const phoneMethods: MethodKind = {
  segment: 'phoneMethods',
  type: '#microsoft.graph.phoneAuthenticationMethod',
  called: 'phones',
  schema: z.object({
    ...methodShape,
    phoneNumber: z.string(),
    phoneType: z.enum(phoneTypes),
    smsSignInState: z.literal('notSupported'),
  }),
  entityOf: ({ kind, secret, createdAt }, call) => {
    if (kind !== phone.id) return undefined;
    const { number, extension, phoneType } = phoneSecret.parse(secret);
    return {
      id: ids[phoneType],
      createdDateTime: createdAt.toISOString(),
      phoneNumber: showsInFull(call)
        ? written(number, extension)
        : maskPhone(phoneSecret.parse(secret)),
      phoneType,
      // Nobody signs in with a number alone here.
      smsSignInState: 'notSupported',
    };
  },
};

const phoneNumber = z.string().min(1).max(200);

export const phoneMethodOperations: readonly Operation[] = [
  ...readingOperations(phoneMethods),
  userOperation({
    method: 'POST',
    path: '/users/:user/authentication/phoneMethods',
    act: 'set-phone',
    does: 'Registers a phone for somebody, in a place that is free.',
    body: sent({ phoneNumber, phoneType: z.enum(phoneTypes) }),
    status: 201,
    answers: { kind: 'entity', schema: phoneMethods.schema },
    run: async (call, { phoneNumber: number, phoneType }) =>
      told(
        call,
        await call.parts.providing.addPhone(call.user.id, { phoneType, number }, call.by),
        201,
      ),
  }),
  userOperation({
    method: 'PATCH',
    path: '/users/:user/authentication/phoneMethods/:method',
    act: 'set-phone',
    does: 'Changes the number of a phone; its place stays.',
    body: sent({ phoneNumber, phoneType: z.enum(phoneTypes).exactOptional() }),
    answers: { kind: 'nothing' },
    run: async (call, { phoneNumber: number, phoneType: asked }) => {
      const { method = '' } = call.params;
      const phoneType = phoneTypes.find((type) => ids[type] === method);
      if (phoneType === undefined) return notFound(method);
      if (asked !== undefined && asked !== phoneType) {
        return refusal('badRequest', 'phoneType cannot be changed.');
      }
      const { providing } = call.parts;
      const changed = await providing.changePhone(call.user.id, { phoneType, number }, call.by);
      return changed.kind === 'registered' ? { status: 204 } : toldFault(call, changed.reason);
    },
  }),
  removingOperation(phoneMethods),
];

function told(call: UserCall, provided: Provided, status: number): Answer | Refusal {
  if (provided.kind === 'refused') return toldFault(call, provided.reason);
  const entity = phoneMethods.entityOf(provided.registration, call);
  return one(call, entity, {
    context: contextOf(call, 'phoneMethods'),
    status,
    headers: { location: addressOf(call, 'phoneMethods', String(entity?.['id'])) },
  });
}

/** As Graph writes numbers: `+31 612345612x12`. */
function written(number: string, extension: string | undefined): string {
  const [code = '', ...rest] = formatInternational(number).split(' ');
  return `${code} ${rest.join('')}${extension === undefined ? '' : `x${extension}`}`;
}
