/** Owns how resources are asked for and answered in lists (RFC 7644 §3.4.2): filter, page, selection. */
import type { Filter } from '../../lib/filter/filter.ts';
import type { ResourceSchema } from '../../lib/scim/attributes.ts';
import { readScimFilter } from '../../lib/scim/filter.ts';
import { memberOf, type Json } from '../../lib/scim/patch.ts';
import { readSelection, type Selection } from '../../lib/scim/selection.ts';
import { wrong, type ScimFault } from './faults.ts';

/** So many a page unless told, and at most. */
const usualPage = 100;
export const longestPage = 200;
/** So many are looked at for one list; beyond it is refused rather than slow. */
export const mostLookedAt = 20_000;

/** A list as it was asked for. */
export interface AskedList {
  readonly filter: Filter | undefined;
  readonly selection: Selection;
  /** From 1. */
  readonly startIndex: number;
  /** 0 asks how many there are. */
  readonly count: number;
}

/** Reads what stands behind the question mark. */
export function readList(
  query: Readonly<Record<string, string>>,
  schema: ResourceSchema,
): AskedList | ScimFault {
  return listOf(schema, (name) => query[name]);
}

/** Reads the body of a search, in which the same stands (§3.4.3). */
export function readSearch(body: unknown, schema: ResourceSchema): AskedList | ScimFault {
  return listOf(schema, (name) => {
    const value = memberOf(body, name);
    if (Array.isArray(value)) return value.map(String).join(',');
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  });
}

/** Reads which attributes of one resource are asked for. */
export function readShown(
  query: Readonly<Record<string, string>>,
  schema: ResourceSchema,
): Selection | ScimFault {
  const { attributes, excludedAttributes: excluded } = query;
  return readSelection(schema, { attributes, excluded }) ?? bothSelected;
}

const bothSelected = wrong(
  'invalidValue',
  "'attributes' and 'excludedAttributes' are not asked for together.",
);

function listOf(
  schema: ResourceSchema,
  asked: (name: string) => string | undefined,
): AskedList | ScimFault {
  const selection = readSelection(schema, {
    attributes: asked('attributes'),
    excluded: asked('excludedAttributes'),
  });
  if (selection === undefined) return bothSelected;
  const startIndex = wholeNumber(asked('startIndex'), 1);
  const count = wholeNumber(asked('count'), usualPage);
  if (startIndex === undefined || count === undefined) {
    return wrong('invalidValue', "'startIndex' and 'count' are whole numbers.");
  }
  const text = asked('filter') ?? '';
  const read = text === '' ? { filter: undefined } : readScimFilter(text, schema);
  if ('fault' in read) return wrong('invalidFilter', read.fault);
  return {
    filter: read.filter,
    selection,
    startIndex: Math.max(1, startIndex),
    count: Math.min(Math.max(0, count), longestPage),
  };
}

function wholeNumber(text: string | undefined, usual: number): number | undefined {
  if (text === undefined || text === '') return usual;
  return /^-?\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** The answer with a page of a list, or with all of it. */
export function listBody(
  resources: readonly Json[],
  { total = resources.length, startIndex = 1 }: { total?: number; startIndex?: number } = {},
): Json {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: total,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}

/** Too many would have to be looked at. */
export const tooManyToLookAt = wrong(
  'tooMany',
  `More than ${mostLookedAt} would have to be looked at; narrow the filter.`,
);
