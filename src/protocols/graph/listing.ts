/**
 * Owns lists: filtered, narrowed to what was selected, page by page. The link to the next page is sealed
 * for whoever asked, for this very list and for an hour; what it holds is nobody's business.
 */
import { fits, pathsOf, withNames, type Filter } from '../../lib/filter/filter.ts';
import type { Query } from '../../lib/odata/query.ts';
import { notFound, refusal, type Refusal } from './faults.ts';
import type { Answer, Call, Entity } from './operation.ts';
import { roots } from './roots.ts';

/** One thing of a list, and what stands for its place: the page after it begins there. */
export interface Listed {
  readonly entity: Entity;
  readonly cursor: string;
}

export interface Listing {
  /** `users`, `users('…')/authentication/phoneMethods`: what `@odata.context` says. */
  readonly context: string;
  /** Every property that may be selected and filtered by. */
  readonly properties: readonly string[];
  /** Those that are shown where none is selected; all unless told. */
  readonly shown?: readonly string[];
  /** Orders that it has, as `displayName asc`; the first is its own. None can be asked unless told. */
  readonly orders?: readonly string[];
  /** So many a page unless told, and at most. */
  readonly pageLength?: { readonly usual: number; readonly most: number };
  /**
   * The next ones after a place, at most `limit`, in the order that was asked; fewer only at the end. What
   * the filter leaves out need not be among them, but may.
   */
  readonly read: (
    after: string | undefined,
    limit: number,
    asked: Pick<Query, 'filter' | 'orderBy'>,
  ) => Promise<readonly Listed[]>;
  /** Whether they are counted only for whoever says that the answer may lag behind, as Graph wants it. */
  readonly countsEventually?: boolean;
  /** How many there are without a filter; absent: they are counted by reading. */
  readonly count?: () => Promise<number>;
}

/** So many are looked at for one page; where few fit, a page is short and has a next one. */
const mostLookedAt = 2_000;
/** Counting with a filter reads them all; beyond this it is refused rather than slow. */
const mostCounted = 20_000;
const tokenLivesMs = 60 * 60_000;
const usualLengths = { usual: 100, most: 999 };

/** Answers with a page of a list. */
export async function list(asked: Call, listing: Listing): Promise<Answer | Refusal> {
  const call = { ...asked, query: spelled(asked.query, listing.properties) };
  const { query } = call;
  const fault = faultOf(call, listing);
  if (fault !== undefined) return fault;
  const after = query.skipToken === undefined ? undefined : placeOf(call, query.skipToken);
  if (after === null) {
    return refusal('badRequest', 'The skiptoken has expired, or belongs to another list.');
  }
  const lengths = listing.pageLength ?? usualLengths;
  const top = Math.min(query.top ?? lengths.usual, lengths.most);
  const { found, next } = await readPage(listing, query, after, top);
  let count: number | undefined;
  if (query.count) {
    count = await countAll(listing, query);
    if (count === undefined) return tooManyToCount;
  }
  const select = query.select ?? listing.shown;
  const context = selectedContext(listing.context, query.select);
  return {
    status: 200,
    body: {
      '@odata.context': `${call.base}/$metadata#${context}`,
      ...(count === undefined ? {} : { '@odata.count': count }),
      ...(next === undefined ? {} : { '@odata.nextLink': linkTo(call, next) }),
      value: found.map((entity) => narrowed(entity, select)),
    },
  };
}

/** Answers with how many there are, as plain text: `/users/$count`. */
export async function countOf(call: Call, listing: Listing): Promise<Answer | Refusal> {
  const query = { ...spelled(call.query, listing.properties), count: true };
  const fault = faultOf({ ...call, query }, listing);
  if (fault !== undefined) return fault;
  const count = await countAll(listing, query);
  if (count === undefined) return tooManyToCount;
  return { status: 200, body: String(count), headers: { 'content-type': 'text/plain' } };
}

/** Answers with one thing. `context` as a list's; undefined: there is no such thing. */
export function one(
  call: Call,
  entity: Entity | undefined,
  options: {
    readonly context: string;
    readonly shown?: readonly string[];
    readonly properties?: readonly string[];
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
  },
): Answer | Refusal {
  if (entity === undefined) return notFound(Object.values(call.params).at(-1) ?? '');
  const properties = options.properties ?? Object.keys(entity);
  const { select } = spelled(call.query, properties);
  const unknown = select?.find((name) => !properties.includes(name));
  if (unknown !== undefined) return unknownProperty(unknown);
  const context = selectedContext(options.context, select);
  return {
    status: options.status ?? 200,
    body: {
      '@odata.context': `${call.base}/$metadata#${context}/$entity`,
      ...narrowed(entity, select ?? options.shown),
    },
    ...(options.headers === undefined ? {} : { headers: options.headers }),
  };
}

/** A list that is there as a whole, which is short. */
export function wholeList(entities: readonly Entity[]): Pick<Listing, 'read' | 'count'> {
  return {
    count: () => Promise.resolve(entities.length),
    read: (after, limit) => {
      const from = after === undefined ? 0 : Number(after) + 1;
      const page = entities.slice(from, from + limit);
      return Promise.resolve(
        page.map((entity, index) => ({ entity, cursor: String(from + index) })),
      );
    },
  };
}

async function readPage(
  listing: Listing,
  query: Query,
  start: string | undefined,
  top: number,
): Promise<{ readonly found: readonly Entity[]; readonly next: string | undefined }> {
  const { filter } = query;
  const found: Entity[] = [];
  let after = start;
  let lookedAt = 0;
  for (;;) {
    // One more than is shown says whether there is a page after it.
    const limit = filter === undefined ? top - found.length + 1 : Math.max(top + 1, 100);
    const rows = await listing.read(after, limit, query);
    for (const { entity, cursor } of rows) {
      if (found.length === top) return { found, next: after };
      after = cursor;
      lookedAt += 1;
      if (filter === undefined || fits(filter, entity)) found.push(entity);
    }
    if (rows.length < limit) return { found, next: undefined };
    if (lookedAt >= mostLookedAt) return { found, next: after };
  }
}

async function countAll(listing: Listing, query: Query): Promise<number | undefined> {
  if (query.filter === undefined && listing.count !== undefined) return listing.count();
  const { filter } = query;
  const limit = 1_000;
  let after: string | undefined;
  let lookedAt = 0;
  let count = 0;
  for (;;) {
    const rows = await listing.read(after, limit, query);
    count += rows.filter(({ entity }) => filter === undefined || fits(filter, entity)).length;
    lookedAt += rows.length;
    after = rows.at(-1)?.cursor;
    if (rows.length < limit) return count;
    if (lookedAt > mostCounted) return undefined;
  }
}

const tooManyToCount = refusal(
  'Request_UnsupportedQuery',
  `More than ${mostCounted} would have to be read to count them; narrow the filter.`,
);

function faultOf({ query, isEventual }: Call, listing: Listing): Refusal | undefined {
  const { properties, orders = [] } = listing;
  if (query.count && listing.countsEventually === true && !isEventual) {
    return refusal(
      'Request_UnsupportedQuery',
      '$count is supported with the header ConsistencyLevel: eventual.',
    );
  }
  const unknown =
    query.select?.find((name) => !properties.includes(name)) ?? unknownIn(query.filter, properties);
  if (unknown !== undefined) return unknownProperty(unknown);
  if (query.orderBy !== undefined && !orders.includes(query.orderBy)) {
    return refusal('Request_UnsupportedQuery', `Sorting by '${query.orderBy}' is not supported.`);
  }
  return undefined;
}

/**
 * A query with properties called as they are here: scripts that Graph answers write `Id,DisplayName`, since
 * it takes them in any case. What is called like none of them stays as it is.
 */
function spelled(query: Query, properties: readonly string[]): Query {
  const known = new Map(properties.map((name) => [name.toLowerCase(), name]));
  const nameOf = (name: string): string =>
    properties.includes(name) ? name : (known.get(name.toLowerCase()) ?? name);
  const { select, filter, orderBy } = query;
  return {
    ...query,
    select: select === undefined ? undefined : [...new Set(select.map(nameOf))],
    filter: filter === undefined ? undefined : withNames(filter, nameOf),
    orderBy: orderBy?.replace(/^\w+/, nameOf),
  };
}

function unknownIn(filter: Filter | undefined, properties: readonly string[]): string | undefined {
  if (filter === undefined) return undefined;
  return pathsOf(filter)
    .map(([first = '']) => first)
    .find((name) => !properties.includes(name));
}

function unknownProperty(name: string): Refusal {
  return refusal('badRequest', `Could not find a property named '${name.slice(0, 60)}'.`);
}

function narrowed(entity: Entity, select: readonly string[] | undefined): Entity {
  if (select === undefined) return entity;
  return Object.fromEntries(
    Object.entries(entity).filter(([name]) => select.includes(name) || name.startsWith('@odata.')),
  );
}

function selectedContext(context: string, select: readonly string[] | undefined): string {
  return select === undefined ? context : `${context}(${select.join(',')})`;
}

/** What a token is good for: this list, filtered and ordered like this, asked by this caller. */
function tokenContext({ root, path, query, actor }: Call): readonly string[] {
  return ['graph', 'skiptoken', root, path, query.filterText, query.orderBy ?? '', actor.id];
}

function linkTo(call: Call, after: string): string {
  const { parts, now, query } = call;
  const said = JSON.stringify([now.getTime() + tokenLivesMs, after]);
  const token = parts.box.seal(said, tokenContext(call)).toString('base64url');
  const options: readonly (readonly [string, string | undefined])[] = [
    ['$filter', query.filterText === '' ? undefined : query.filterText],
    ['$select', query.select?.join(',')],
    ['$orderby', query.orderBy],
    ['$top', query.top?.toString()],
    ['$count', query.count ? 'true' : undefined],
    ['$skiptoken', token],
  ];
  const written = options.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return `${parts.origin}${roots[call.root]}${call.path}?${written.join('&')}`;
}

/** The place that a token says; null where it is none of ours, for something else, or over. */
function placeOf(call: Call, token: string): string | null {
  // As long as the longest name of an entry may be, sealed and written so.
  if (!/^[\w-]{20,12000}$/.test(token)) return null;
  try {
    const opened = call.parts.box.open(Buffer.from(token, 'base64url'), tokenContext(call));
    const said: unknown = JSON.parse(opened.toString());
    if (!Array.isArray(said)) return null;
    const [until, after]: readonly unknown[] = said;
    if (typeof until !== 'number' || typeof after !== 'string') return null;
    return until > call.now.getTime() ? after : null;
  } catch {
    return null;
  }
}
