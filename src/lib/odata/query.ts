/**
 * The system query options of OData 4.01 (URL conventions §5.1), as they stand behind the question mark.
 * An option that is not read here is refused by its name: nothing that was asked for is left out silently.
 */
import type { Filter } from '../filter/filter.ts';
import { readFilter } from './filter.ts';

export const queryOptions = [
  '$filter',
  '$select',
  '$top',
  '$skiptoken',
  '$count',
  '$orderby',
] as const;
export type QueryOption = (typeof queryOptions)[number];

export interface Query {
  readonly filter: Filter | undefined;
  /** As it was written: what a token for the next page is bound to. */
  readonly filterText: string;
  /** Names of properties, each once. */
  readonly select: readonly string[] | undefined;
  readonly top: number | undefined;
  readonly skipToken: string | undefined;
  readonly count: boolean;
  /** `displayName desc`: a property and its direction, which is always said. */
  readonly orderBy: string | undefined;
}

/** Nothing asked. */
export const noQuery: Query = {
  filter: undefined,
  filterText: '',
  select: undefined,
  top: undefined,
  skipToken: undefined,
  count: false,
  orderBy: undefined,
};

export type ReadQuery = { readonly query: Query } | { readonly fault: string };

const mostSelected = 100;

/** Reads the fields of an address; `allowed` are the options that it takes. */
export function readQuery(
  fields: Readonly<Record<string, unknown>>,
  allowed: readonly QueryOption[],
): ReadQuery {
  let query = noQuery;
  for (const [written, value] of Object.entries(fields)) {
    // OData 4.01 §11.1: case does not matter, nor does the dollar sign.
    const name = written.toLowerCase();
    const option = queryOptions.find((each) => each === name || each === `$${name}`);
    if (option === undefined || !allowed.includes(option)) {
      return { fault: `The query option '${written.slice(0, 40)}' is not supported here.` };
    }
    if (typeof value !== 'string') return { fault: `The query option '${option}' is malformed.` };
    const read = readOption(option, value);
    if (typeof read === 'string') return { fault: read };
    query = { ...query, ...read };
  }
  return { query };
}

function readOption(option: QueryOption, value: string): Partial<Query> | string {
  switch (option) {
    case '$filter': {
      const read = readFilter(value);
      return 'fault' in read ? read.fault : { filter: read.filter, filterText: value };
    }
    case '$select': {
      const names = value.split(',', mostSelected + 1).map((name) => name.trim());
      const isSound =
        names.length <= mostSelected && names.every((name) => /^\w{1,60}$/.test(name));
      return isSound ? { select: [...new Set(names)] } : "The query option '$select' is malformed.";
    }
    case '$top': {
      const top = /^\d{1,6}$/.test(value) ? Number(value) : 0;
      return top > 0 ? { top } : "The query option '$top' is a number above 0.";
    }
    case '$skiptoken':
      return { skipToken: value };
    case '$count':
      if (value !== 'true' && value !== 'false')
        return "The query option '$count' is true or false.";
      return { count: value === 'true' };
    case '$orderby': {
      const [, property, direction = 'asc'] =
        /^\s*([\w/]{1,80})(?:\s+(asc|desc))?\s*$/i.exec(value) ?? [];
      if (property === undefined) return "The query option '$orderby' names one property.";
      return { orderBy: `${property} ${direction.toLowerCase()}` };
    }
  }
}
