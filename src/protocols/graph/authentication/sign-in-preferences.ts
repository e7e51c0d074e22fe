/**
 * Owns `authentication/signInPreferences`: what somebody is asked first. Where nothing was chosen, that is
 * the strongest they have, which is what Graph calls the system's preference.
 */
import * as z from 'zod';

import { phone, phoneSecret } from '../../../methods/phone.ts';
import { optionsOf, type Option } from '../../../registrations/options.ts';
import { refusal } from '../faults.ts';
import { one } from '../listing.ts';
import { sent, userOperation, type Operation, type UserCall } from '../operation.ts';
import { contextOf } from './method-kind.ts';

const preferred = z.enum([
  'push',
  'oath',
  'voiceMobile',
  'voiceAlternateMobile',
  'voiceOffice',
  'sms',
]);
type Preferred = z.infer<typeof preferred>;

const schema = z.object({
  isSystemPreferredAuthenticationMethodEnabled: z.boolean(),
  userPreferredMethodForSecondaryAuthentication: preferred.nullable(),
});

export const signInPreferenceOperations: readonly Operation[] = [
  userOperation({
    method: 'GET',
    path: '/users/:user/authentication/signInPreferences',
    roots: ['beta'],
    act: 'see',
    own: 'session',
    does: 'What somebody is asked first.',
    answers: { kind: 'entity', schema },
    run: async (call) => {
      const { defaultMethod } = call.user;
      const { systemPreferred } = await call.parts.policies.current();
      const chosen = (await optionsFor(call)).find(
        ({ method, registration }) =>
          method.id === defaultMethod?.methodId && registration.id === defaultMethod.registrationId,
      );
      return one(
        call,
        {
          isSystemPreferredAuthenticationMethodEnabled:
            systemPreferred || defaultMethod === undefined,
          userPreferredMethodForSecondaryAuthentication:
            chosen === undefined ? null : (preferenceOf(chosen) ?? null),
        },
        { context: contextOf(call, 'signInPreferences') },
      );
    },
  }),
  userOperation({
    method: 'PATCH',
    path: '/users/:user/authentication/signInPreferences',
    roots: ['beta'],
    act: 'set-phone',
    does: 'Chooses what somebody is asked first.',
    body: sent({
      isSystemPreferredAuthenticationMethodEnabled: z.boolean().exactOptional(),
      userPreferredMethodForSecondaryAuthentication: preferred.exactOptional(),
    }),
    answers: { kind: 'nothing' },
    run: async (call, asked) => {
      const {
        isSystemPreferredAuthenticationMethodEnabled: bySystem,
        userPreferredMethodForSecondaryAuthentication: wanted,
      } = asked;
      const { systemPreferred } = await call.parts.policies.current();
      if (bySystem !== undefined && bySystem !== systemPreferred) {
        return refusal(
          'badRequest',
          systemPreferred
            ? 'The strongest method is asked first of everybody: the policy says so.'
            : 'What was chosen for a user is asked first: choose another.',
        );
      }
      if (wanted === undefined) return { status: 204 };
      const option = (await optionsFor(call)).find((each) => preferenceOf(each) === wanted);
      const isChosen =
        option !== undefined &&
        (await call.parts.providing.chooseDefault(call.user.id, option.id, call.by));
      return isChosen
        ? { status: 204 }
        : refusal('badRequest', `The user cannot be asked by '${wanted}'.`);
    },
  }),
];

async function optionsFor({ parts, user }: UserCall): Promise<readonly Option[]> {
  const registrations = await parts.stores.registrations.list(user.id);
  const policy = await parts.policies.current();
  return optionsOf({ user, registrations, methods: parts.methods, policy });
}

/** Graph's word for a way to ask; undefined where it has none: a key, a list of codes. */
export function preferenceOf({ method, registration }: Option): Preferred | undefined {
  switch (method.sends) {
    case 'push':
      return 'push';
    case 'text':
      return 'sms';
    case 'call':
      return registration.kind === phone.id
        ? voices[phoneSecret.parse(registration.secret).phoneType]
        : undefined;
    default:
      return method.id === 'authenticator-code' ? 'oath' : undefined;
  }
}

const voices = {
  mobile: 'voiceMobile',
  alternateMobile: 'voiceAlternateMobile',
  office: 'voiceOffice',
} as const;
