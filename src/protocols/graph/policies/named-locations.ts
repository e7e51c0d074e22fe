/**
 * Owns `namedLocations`: the trusted IPs (row A-042), as the one location that is trusted. Countries are
 * no locations here: those that texts and calls may go to are `delivery.countries` of the policy.
 */
import * as z from 'zod';

import { parseCidr } from '../../../lib/ip.ts';
import { shortListQuery } from '../authentication/method-kind.ts';
import { notFound, refusal, type Refusal } from '../faults.ts';
import { list, one, wholeList } from '../listing.ts';
import { organisationOperation, type Answer, type Call, type Operation } from '../operation.ts';
import { changePolicy } from './changing.ts';

const path = '/identity/conditionalAccess/namedLocations';
const context = path.slice(1);
const fixedId = 'trusted-ips';
const fixedName = 'Trusted IPs';
const locationType = '#microsoft.graph.ipNamedLocation';
const rangeTypes = {
  4: '#microsoft.graph.iPv4CidrRange',
  6: '#microsoft.graph.iPv6CidrRange',
} as const;

const range = z.strictObject({
  '@odata.type': z.enum([rangeTypes[4], rangeTypes[6]]).exactOptional(),
  cidrAddress: z.string().max(60),
});
type Range = z.infer<typeof range>;

const schema = z.object({
  '@odata.type': z.literal(locationType),
  id: z.literal(fixedId),
  displayName: z.literal(fixedName),
  isTrusted: z.literal(true),
  ipRanges: z.array(range),
});
const properties = Object.keys(schema.shape);

const body = z.strictObject({
  '@odata.type': z.string().max(100).exactOptional(),
  '@odata.context': z.string().max(500).exactOptional(),
  id: z.string().max(100).exactOptional(),
  displayName: z.string().max(200).exactOptional(),
  isTrusted: z.boolean().exactOptional(),
  ipRanges: z.array(range).max(50).exactOptional(),
  countriesAndRegions: z.array(z.string().max(10)).exactOptional(),
  includeUnknownCountriesAndRegions: z.boolean().exactOptional(),
  countryLookupMethod: z.string().max(100).exactOptional(),
});
type Body = z.infer<typeof body>;

export const namedLocationOperations: readonly Operation[] = [
  organisationOperation({
    method: 'GET',
    path,
    act: 'see-policy',
    does: 'Lists the named locations: the trusted IPs, where there are any.',
    query: shortListQuery,
    answers: { kind: 'collection', schema },
    run: async (call) => {
      const location = await locationFor(call);
      return list(call, {
        context,
        properties,
        ...wholeList(location === undefined ? [] : [location]),
      });
    },
  }),
  organisationOperation({
    method: 'POST',
    path,
    act: 'change-policy',
    does: `Makes the trusted IPs, where there are none yet: one location, trusted, called ${fixedName}.`,
    body,
    status: 201,
    answers: { kind: 'entity', schema },
    run: async (call, asked) => {
      const wanted = rangesIn(asked);
      if (typeof wanted === 'string') return refusal('badRequest', wanted);
      if (
        wanted === undefined ||
        asked.displayName === undefined ||
        asked.isTrusted === undefined
      ) {
        return refusal('badRequest', 'displayName, isTrusted and ipRanges are needed.');
      }
      if ((await locationFor(call)) !== undefined) {
        return refusal(
          'Request_MultipleObjectsWithSameKeyValue',
          `There is one location of trusted IPs, and it is there: change ${fixedId}.`,
        );
      }
      await keep(call, wanted);
      const headers = { location: `${call.base}${path}/${fixedId}` };
      return one(call, await locationFor(call), { context, properties, status: 201, headers });
    },
  }),
  organisationOperation({
    method: 'GET',
    path: `${path}/:location`,
    act: 'see-policy',
    does: 'The trusted IPs.',
    answers: { kind: 'entity', schema },
    run: async (call) => one(call, await named(call), { context, properties }),
  }),
  organisationOperation({
    method: 'PATCH',
    path: `${path}/:location`,
    act: 'change-policy',
    does: 'Says anew which addresses are trusted.',
    body,
    answers: { kind: 'nothing' },
    run: async (call, asked) =>
      change(call, async () => {
        const wanted = rangesIn(asked);
        if (typeof wanted === 'string') return refusal('badRequest', wanted);
        if (wanted !== undefined) await keep(call, wanted);
        return { status: 204 };
      }),
  }),
  organisationOperation({
    method: 'DELETE',
    path: `${path}/:location`,
    act: 'change-policy',
    does: 'Trusts no address any more.',
    answers: { kind: 'nothing' },
    run: async (call) =>
      change(call, async () => {
        await keep(call, []);
        return { status: 204 };
      }),
  }),
];

async function locationFor({ parts }: Call): Promise<z.infer<typeof schema> | undefined> {
  const { trustedIps } = await parts.policies.current();
  if (trustedIps.length === 0) return undefined;
  return {
    '@odata.type': locationType,
    id: fixedId,
    displayName: fixedName,
    isTrusted: true,
    ipRanges: trustedIps.map((cidrAddress) => ({
      '@odata.type': rangeTypes[familyOf(cidrAddress)],
      cidrAddress,
    })),
  };
}

async function named(call: Call): Promise<z.infer<typeof schema> | undefined> {
  return call.params['location'] === fixedId ? locationFor(call) : undefined;
}

async function change(
  call: Call,
  work: () => Promise<Answer | Refusal>,
): Promise<Answer | Refusal> {
  const { location = '' } = call.params;
  return (await named(call)) === undefined ? notFound(location) : work();
}

async function keep(call: Call, trustedIps: readonly string[]): Promise<void> {
  await changePolicy(call, (policy) => ({ ...policy, trustedIps: [...trustedIps] }));
}

/** The ranges that are asked for; undefined where none are, and a sentence where it cannot be said here. */
function rangesIn(asked: Body): readonly string[] | string | undefined {
  const { '@odata.type': type = locationType, ipRanges } = asked;
  const isCountry =
    asked.countriesAndRegions !== undefined ||
    asked.includeUnknownCountriesAndRegions !== undefined ||
    asked.countryLookupMethod !== undefined;
  if (type !== locationType || isCountry) {
    return 'A location is a list of addresses here, never of countries. Countries that texts and calls may go to are delivery.countries at /tweestap/v1/policy.';
  }
  if (asked.displayName !== undefined && asked.displayName !== fixedName) {
    return `The location is called '${fixedName}', and no other.`;
  }
  if (asked.isTrusted === false) return 'A location that is not trusted would do nothing here.';
  if (asked.id !== undefined && asked.id !== fixedId)
    return `The id of the location is ${fixedId}.`;
  const wrong = ipRanges?.find((each) => !isRange(each));
  if (wrong !== undefined) return `'${wrong.cidrAddress}' is no such range of addresses.`;
  return ipRanges?.map(({ cidrAddress }) => cidrAddress);
}

function isRange({ '@odata.type': type, cidrAddress }: Range): boolean {
  if (parseCidr(cidrAddress) === null) return false;
  return type === undefined || type === rangeTypes[familyOf(cidrAddress)];
}

function familyOf(cidr: string): 4 | 6 {
  return parseCidr(cidr)?.address.includes(':') === true ? 6 : 4;
}
