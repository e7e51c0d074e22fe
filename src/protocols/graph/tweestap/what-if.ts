/** Owns `whatIf`: what would happen if somebody signed in from somewhere, by the code that decides it. */
import * as z from 'zod';

import { addressTyped, type Supposed } from '../../../administration/what-if.ts';
import type { Option } from '../../../registrations/options.ts';
import { notFound, refusal } from '../faults.ts';
import { organisationOperation, sent, type Operation } from '../operation.ts';

const option = z.object({ method: z.string(), methodId: z.string() });
const answer = z.object({
  /** In the order in which they would come. */
  steps: z.array(
    z.object({
      step: z.string(),
      /** Why it ends there, where it does. */
      reason: z.string().nullable(),
      /** What starts by itself. */
      asks: option.nullable(),
      others: z.array(option),
    }),
  ),
  /** What decided: the person's state, what the application requires, a trusted address or device. */
  reasons: z.array(z.looseObject({ kind: z.string() })),
  methods: z.array(
    z.object({
      method: z.string(),
      standing: z.enum(['allowed', 'off', 'excluded-group', 'not-included']),
      isRegistered: z.boolean(),
    }),
  ),
  /** The methods that may take the place of name and password. */
  alone: z.array(z.string()),
});

export const whatIfOperations: readonly Operation[] = [
  organisationOperation({
    method: 'POST',
    path: '/whatIf',
    roots: ['tweestap'],
    act: 'see-what-if',
    does: 'Tells what would happen if somebody signed in from an address; changes nothing.',
    body: sent({
      /** The id or the user name. */
      user: z.string().max(320),
      ipAddress: z.string().max(60),
      /** The client id; absent for the pages of Tweestap itself. */
      application: z.string().max(100).exactOptional(),
      /** The id of one of their trusted devices. */
      trustedDevice: z.string().max(100).exactOptional(),
    }),
    answers: { kind: 'value', schema: answer },
    run: async (call, asked) => {
      const { parts, base, now } = call;
      const { stores, administration, applications } = parts;
      const user =
        (/^[\w-]{1,64}$/.test(asked.user) ? await stores.users.find(asked.user) : undefined) ??
        (await administration.find(asked.user));
      if (user === undefined) return notFound(asked.user);
      const address = addressTyped(asked.ipAddress);
      if (address === undefined) {
        return refusal('badRequest', "Invalid value specified for property 'ipAddress'.");
      }
      let application: Supposed['application'];
      if (asked.application !== undefined) {
        const found = await applications.show(asked.application);
        if (found === undefined || found.role !== undefined) return notFound(asked.application);
        application = { id: found.clientId, name: found.name, required: found.required };
      }
      const { trustedDevice } = asked;
      const devices =
        trustedDevice === undefined ? [] : await stores.trustedDevices.list(user.id, now);
      if (trustedDevice !== undefined && devices.every(({ id }) => id !== trustedDevice)) {
        return notFound(trustedDevice);
      }
      const supposed = await parts.whatIf({ user, address, application, trustedDevice });
      const body: z.infer<typeof answer> = {
        steps: supposed.steps.map(({ step, option: asks, others }) => ({
          step: step.kind,
          reason: 'reason' in step ? step.reason : null,
          asks: asks === undefined ? null : toldOption(asks),
          others: others.map(toldOption),
        })),
        reasons: supposed.reasons.map((reason) => ({ ...reason })),
        methods: supposed.methods.map(({ method, standing, isRegistered }) => ({
          method: method.id,
          standing,
          isRegistered,
        })),
        alone: supposed.alone.map(({ id }) => id),
      };
      return { status: 200, body: { '@odata.context': `${base}/$metadata#whatIf`, ...body } };
    },
  }),
];

function toldOption({ method, registration }: Option): z.infer<typeof option> {
  return { method: method.id, methodId: registration.id };
}
