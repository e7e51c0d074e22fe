/** Owns the addresses of `authenticationMethodConfigurations`: what policy says of each method. */
import { shortListQuery } from '../authentication/method-kind.ts';
import { notFound } from '../faults.ts';
import { list, one, wholeList } from '../listing.ts';
import { organisationOperation, type Call, type Entity, type Operation } from '../operation.ts';
import { changePolicy } from './changing.ts';
import {
  changedConfiguration,
  configurationEntity,
  configurationIn,
  configurationNamed,
  configurations,
  withConfiguration,
  withoutConfiguration,
} from './method-configuration.ts';

const path = '/policies/authenticationMethodsPolicy/authenticationMethodConfigurations';
const context = path.slice(1);
const properties = Object.keys(configurationEntity.shape);

/** All of them, in Graph's words. */
export async function configurationsFor({ parts, root }: Call): Promise<readonly Entity[]> {
  const policy = await parts.policies.current();
  return configurations.map((each) => configurationIn(policy, parts.methods, each, root));
}

export const methodConfigurationOperations: readonly Operation[] = [
  organisationOperation({
    method: 'GET',
    path,
    act: 'see-policy',
    does: 'Lists the methods that Graph has a name for, and what policy says of each.',
    query: shortListQuery,
    answers: { kind: 'collection', schema: configurationEntity },
    run: async (call) =>
      list(call, { context, properties, ...wholeList(await configurationsFor(call)) }),
  }),
  organisationOperation({
    method: 'GET',
    path: `${path}/:configuration`,
    act: 'see-policy',
    does: 'What policy says of one method: Fido2, MicrosoftAuthenticator, Sms, Voice, SoftwareOath, HardwareOath, TemporaryAccessPass, Email.',
    answers: { kind: 'entity', schema: configurationEntity },
    run: async (call) => {
      const meant = configurationNamed(call.params['configuration'] ?? '');
      const found = (await configurationsFor(call)).find(({ id }) => id === meant?.id);
      return one(call, found, { context, properties });
    },
  }),
  organisationOperation({
    method: 'PATCH',
    path: `${path}/:configuration`,
    act: 'change-policy',
    does: 'Changes what policy says of one method.',
    body: changedConfiguration,
    answers: { kind: 'nothing' },
    run: async (call, asked) => {
      const { configuration = '' } = call.params;
      const meant = configurationNamed(configuration);
      if (meant === undefined) return notFound(configuration);
      await changePolicy(call, (policy) =>
        withConfiguration(policy, call.parts.methods, meant, asked, call.root),
      );
      return { status: 204 };
    },
  }),
  organisationOperation({
    method: 'DELETE',
    path: `${path}/:configuration`,
    act: 'change-policy',
    does: 'Takes back all that policy says of one method: it is as in a new organisation.',
    answers: { kind: 'nothing' },
    run: async (call) => {
      const { configuration = '' } = call.params;
      const meant = configurationNamed(configuration);
      if (meant === undefined) return notFound(configuration);
      await changePolicy(call, (policy) => withoutConfiguration(policy, meant));
      return { status: 204 };
    },
  }),
];
