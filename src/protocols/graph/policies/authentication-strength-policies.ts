/**
 * Owns `authenticationStrengthPolicies`: the three that are always there, under the ids that they have in
 * every tenant of Graph, and the organisation's own (row A-079).
 */
import * as z from 'zod';

import type { Methods } from '../../../methods/method.ts';
import type { Policy } from '../../../policies/policy.ts';
import {
  builtInCombinations,
  builtInStrengths,
  requirableNames,
  type BuiltInStrength,
} from '../../../policies/strengths.ts';
import type { Combinations } from '../../../sessions/proven.ts';
import { shortListQuery } from '../authentication/method-kind.ts';
import { notFound, refusal, type Refusal } from '../faults.ts';
import { list, one, wholeList } from '../listing.ts';
import {
  organisationOperation,
  sent,
  type Answer,
  type Call,
  type Operation,
} from '../operation.ts';
import { changePolicy, differing, unsettable } from './changing.ts';
import { combinationsOf, modesIn } from './method-modes.ts';

const builtIn: Readonly<Record<BuiltInStrength, { readonly id: string; readonly name: string }>> = {
  'second-step': {
    id: '00000000-0000-0000-0000-000000000002',
    name: 'Multifactor authentication',
  },
  passwordless: { id: '00000000-0000-0000-0000-000000000003', name: 'Passwordless MFA' },
  'phishing-resistant': {
    id: '00000000-0000-0000-0000-000000000004',
    name: 'Phishing-resistant MFA',
  },
};

const schema = z.object({
  id: z.string(),
  displayName: z.string(),
  /** Nothing is kept here. */
  description: z.literal(''),
  policyType: z.enum(['builtIn', 'custom']),
  requirementsSatisfied: z.literal('mfa'),
  /** `password,sms`; whoever proves all of one has proved enough. */
  allowedCombinations: z.array(z.string()),
  combinationConfigurations: z.array(z.never()),
});
type Entity = z.infer<typeof schema>;
const properties = Object.keys(schema.shape);

const displayName = z.string().trim().min(1).max(80);
const allowedCombinations = z.array(z.string().min(1).max(200)).min(1).max(80);
const said = {
  description: z.string().max(500).nullable().exactOptional(),
  policyType: z.enum(['builtIn', 'custom']).exactOptional(),
  requirementsSatisfied: z.enum(['none', 'mfa']).exactOptional(),
  combinationConfigurations: z.array(z.unknown()).max(40).exactOptional(),
};
const newStrength = sent({ ...said, displayName, allowedCombinations });
const changedStrength = sent({
  ...said,
  id: z.string().max(100).exactOptional(),
  '@odata.context': z.string().max(500).exactOptional(),
  displayName: displayName.exactOptional(),
  allowedCombinations: allowedCombinations.exactOptional(),
});

const updated = z.object({
  previousCombinations: z.array(z.string()),
  currentCombinations: z.array(z.string()),
  additionalInformation: z.string(),
  conditionalAccessReferences: z.array(z.string()),
});
const user = z.object({ id: z.string(), displayName: z.string() });
const usage = z.object({ none: z.array(user), mfa: z.array(user) });

/** Both addresses lead to the same ones, as at Graph. */
const paths = [
  '/policies/authenticationStrengthPolicies',
  '/identity/conditionalAccess/authenticationStrength/policies',
] as const;

export const authenticationStrengthPolicyOperations: readonly Operation[] =
  paths.flatMap(operationsAt);

function operationsAt(path: string): readonly Operation[] {
  const context = path.slice(1);
  return [
    organisationOperation({
      method: 'GET',
      path,
      act: 'see-policy',
      does: 'Lists the authentication strengths, the built-in ones first.',
      query: shortListQuery,
      answers: { kind: 'collection', schema },
      run: async (call) => list(call, { context, properties, ...wholeList(await all(call)) }),
    }),
    organisationOperation({
      method: 'POST',
      path,
      act: 'change-policy',
      does: 'Adds an authentication strength; its id is made of its name.',
      body: newStrength,
      status: 201,
      answers: { kind: 'entity', schema },
      run: async (call, { displayName: name, allowedCombinations: written, ...rest }) => {
        let id = '';
        await changePolicy(call, (policy) => {
          const combinations = combinationsOf(written);
          if (typeof combinations === 'string') return combinations;
          const fault = strange(rest);
          if (fault !== undefined) return fault;
          id = idFor(name, policy);
          return withStrength(policy, { id, name, combinations });
        });
        return one(
          call,
          (await all(call)).find((each) => each.id === id),
          { context, properties, status: 201, headers: { location: `${call.base}${path}/${id}` } },
        );
      },
    }),
    organisationOperation({
      method: 'GET',
      path: `${path}/:strength`,
      act: 'see-policy',
      does: 'One authentication strength.',
      answers: { kind: 'entity', schema },
      run: async (call) => one(call, await found(call), { context, properties }),
    }),
    organisationOperation({
      method: 'PATCH',
      path: `${path}/:strength`,
      act: 'change-policy',
      does: 'Gives an authentication strength of your own another name.',
      body: changedStrength,
      answers: { kind: 'nothing' },
      run: async (call, asked) =>
        changeOwn(call, async (shown) => {
          const { '@odata.type': _type, '@odata.context': _context, ...rest } = asked;
          const {
            displayName: name,
            allowedCombinations: written,
            ...left
          } = differing(rest, shown);
          const isChanged = written !== undefined;
          await changePolicy(call, (policy) => {
            const fault = strange(left);
            if (fault !== undefined) return fault;
            if (isChanged) return 'allowedCombinations changes by updateAllowedCombinations.';
            const own = policy.strengths.find(({ id }) => id === shown.id);
            return own === undefined || name === undefined
              ? policy
              : withStrength(policy, { ...own, name });
          });
          return { status: 204 };
        }),
    }),
    organisationOperation({
      method: 'DELETE',
      path: `${path}/:strength`,
      act: 'change-policy',
      does: 'Removes an authentication strength of your own that nothing requires.',
      answers: { kind: 'nothing' },
      run: async (call) =>
        changeOwn(call, async ({ id: gone }) => {
          await changePolicy(call, (policy) => ({
            ...policy,
            strengths: policy.strengths.filter(({ id }) => id !== gone),
          }));
          return { status: 204 };
        }),
    }),
    organisationOperation({
      method: 'POST',
      path: `${path}/:strength/updateAllowedCombinations`,
      act: 'change-policy',
      does: 'Says anew what is enough for an authentication strength of your own.',
      body: sent({ allowedCombinations }),
      answers: { kind: 'value', schema: updated },
      run: async (call, { allowedCombinations: written }) =>
        changeOwn(call, async (shown) => {
          await changePolicy(call, (policy) => {
            const combinations = combinationsOf(written);
            if (typeof combinations === 'string') return combinations;
            const own = policy.strengths.find(({ id }) => id === shown.id);
            return own === undefined ? policy : withStrength(policy, { ...own, combinations });
          });
          const after = await found(call);
          return {
            status: 200,
            body: {
              '@odata.context': `${call.base}/$metadata#microsoft.graph.updateAllowedCombinationsResult`,
              previousCombinations: shown.allowedCombinations,
              currentCombinations: after?.allowedCombinations ?? [],
              additionalInformation: '',
              conditionalAccessReferences: [],
            },
          };
        }),
    }),
    organisationOperation({
      method: 'GET',
      path: `${path}/:strength/usage`,
      act: 'see-policy',
      does: 'Which applications and sites require an authentication strength.',
      answers: { kind: 'value', schema: usage },
      run: async (call) => {
        const shown = await found(call);
        if (shown === undefined) return notFound(call.params['strength'] ?? '');
        const required = nameOf(shown.id);
        const applications = await call.parts.applications.list();
        const { sites } = await call.parts.policies.current();
        return {
          status: 200,
          body: {
            '@odata.context': `${call.base}/$metadata#microsoft.graph.authenticationStrengthUsage`,
            none: [],
            mfa: [
              ...applications
                .filter((each) => each.required === required)
                .map(({ clientId: id, name }) => ({ id, displayName: name })),
              ...sites
                .filter((each) => each.required === required)
                .map(({ site }) => ({ id: site, displayName: site })),
            ],
          },
        };
      },
    }),
  ];
}

async function all({
  parts: { policies, methods },
}: Pick<Call, 'parts'>): Promise<readonly Entity[]> {
  const { strengths } = await policies.current();
  return [
    ...builtInStrengths.map((name) => builtInEntity(name, methods)),
    ...strengths.map(({ id, name, combinations }) => entityOf(id, name, 'custom', combinations)),
  ];
}

/** The one that the address names: a built-in one by Graph's id or by ours. */
async function found(call: Call): Promise<Entity | undefined> {
  const { strength = '' } = call.params;
  const known = builtInStrengths.find((name) => name === strength);
  const id = known === undefined ? strength : builtIn[known].id;
  return (await all(call)).find((each) => each.id === id);
}

/** Lets something be done to one of the organisation's own. */
async function changeOwn(
  call: Call,
  change: (shown: Entity) => Promise<Answer | Refusal>,
): Promise<Answer | Refusal> {
  const shown = await found(call);
  if (shown === undefined) return notFound(call.params['strength'] ?? '');
  return shown.policyType === 'builtIn'
    ? refusal('badRequest', 'A built-in authentication strength cannot be changed.')
    : change(shown);
}

function builtInEntity(name: BuiltInStrength, methods: Methods): Entity {
  const { id, name: called } = builtIn[name];
  return entityOf(id, called, 'builtIn', builtInCombinations(name, methods));
}

function entityOf(
  id: string,
  name: string,
  policyType: Entity['policyType'],
  combinations: Combinations,
): Entity {
  return {
    id,
    displayName: name,
    description: '',
    policyType,
    requirementsSatisfied: 'mfa',
    allowedCombinations: [...modesIn(combinations)],
    combinationConfigurations: [],
  };
}

/** What applications require it by. */
function nameOf(id: string): string {
  return builtInStrengths.find((name) => builtIn[name].id === id) ?? id;
}

/** What was said and is not kept here: undefined where it says nothing. */
function strange(rest: Readonly<Record<string, unknown>>): string | undefined {
  const { '@odata.type': _type, description, ...left } = rest;
  const known = {
    policyType: 'custom',
    requirementsSatisfied: 'mfa',
    combinationConfigurations: [],
  };
  const isSaid = typeof description === 'string' && description !== '';
  return unsettable([...(isSaid ? ['description'] : []), ...Object.keys(differing(left, known))]);
}

/** Small letters, digits and hyphens of its name, with a number where that is taken. */
function idFor(name: string, policy: Policy): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  const first = plain === '' ? 'strength' : plain;
  const taken = requirableNames(policy);
  let id = first;
  for (let number = 2; taken.includes(id); number += 1) id = `${first}-${number}`;
  return id;
}

function withStrength(
  policy: Policy,
  { id, name, combinations }: { id: string; name: string; combinations: Combinations },
): Policy {
  const strength = { id, name, combinations: combinations.map((each) => [...each]) };
  const isThere = policy.strengths.some((each) => each.id === id);
  const strengths = isThere
    ? policy.strengths.map((each) => (each.id === id ? strength : each))
    : [...policy.strengths, strength];
  return { ...policy, strengths };
}
