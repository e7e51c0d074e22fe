/**
 * Owns Graph's `onPremises…`: what of a person or a group is the organisation's own directory's, and how Graph
 * says that it is changed there.
 */
import * as z from 'zod';

import type { User } from '../../accounts/user.ts';
import { TweestapError } from '../../errors/errors.ts';
import { pathsOf } from '../../lib/filter/filter.ts';
import { domainOf, parseDn } from '../../lib/ldap/dn.ts';
import type { Query } from '../../lib/odata/query.ts';
import { refusal, type Refusal } from './faults.ts';
import type { GraphParts } from './parts.ts';

/** Of whatever the directory has as well; null where it has not. */
const ofAnything = {
  /** Never false: who was taken back from the directory is as if made here. */
  onPremisesSyncEnabled: z.literal(true).nullable(),
  /** When the directory was last read to its end. */
  onPremisesLastSyncDateTime: z.string().nullable(),
};

/** Of a person. */
export const ofPerson = {
  ...ofAnything,
  onPremisesDistinguishedName: z.string().nullable(),
  /** The domain that the distinguished name ends in. */
  onPremisesDomainName: z.string().nullable(),
  onPremisesImmutableId: z.string().nullable(),
};

/** Of a group. */
export const ofGroup = ofAnything;

type Told<shape extends z.ZodRawShape> = z.infer<z.ZodObject<shape>>;

/** What is said of these people. */
export type TellPerson = (user: Pick<User, 'upstream'>) => Told<typeof ofPerson>;

/** Looks up what has to be known for it; when the directory was read only where that is asked for. */
export async function tellingOfPeople(
  { directorySync, immutableIds }: Pick<GraphParts, 'directorySync' | 'immutableIds'>,
  { select, filter }: Pick<Query, 'select' | 'filter'>,
): Promise<TellPerson> {
  const named = [...(select ?? []), ...(filter === undefined ? [] : pathsOf(filter)).flat()];
  const readAt = named.some((name) => name.toLowerCase() === 'onpremiseslastsyncdatetime')
    ? await directorySync?.readAt()
    : undefined;
  return ({ upstream }) => ({
    ...anything(upstream !== undefined, readAt),
    onPremisesDistinguishedName: upstream?.dn ?? null,
    onPremisesDomainName: (upstream && domainOf(parseDn(upstream.dn) ?? [])) ?? null,
    onPremisesImmutableId: upstream === undefined ? null : immutableIds.of(upstream.id),
  });
}

/** What is said of groups, by what they are called here. */
export async function tellingOfGroups({
  directorySync,
}: Pick<GraphParts, 'directorySync'>): Promise<(name: string) => Told<typeof ofGroup>> {
  const readAt = await directorySync?.readAt();
  const theirs = await directorySync?.ownGroups();
  return (name) => anything(theirs?.has(name) === true, readAt);
}

function anything(isTheirs: boolean, readAt: Date | undefined): Told<typeof ofAnything> {
  return {
    onPremisesSyncEnabled: isTheirs ? true : null,
    onPremisesLastSyncDateTime: isTheirs ? (readAt?.toISOString() ?? null) : null,
  };
}

/** What is said, in Graph's words, of a change of what the directory owns; undefined of any other fault. */
export function refusalOfOwned(error: unknown): Refusal | undefined {
  if (!(error instanceof TweestapError && error.code === 'OWNED_BY_DIRECTORY')) return undefined;
  const { fields } = error.details;
  const names = Array.isArray(fields)
    ? fields.map(String).map((name) => calledHere[name] ?? name)
    : [];
  const which = [...new Set(names)].map((name) => `'${name}'`).join(', ');
  return refusal(
    'Request_BadRequest',
    `Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration. The directory owns ${which}.`,
  );
}

/** Graph's names of what is called otherwise in an account. */
const calledHere: Readonly<Record<string, string>> = {
  businessPhone: 'businessPhones',
  businessPhoneExtension: 'businessPhones',
  groups: 'members',
};
