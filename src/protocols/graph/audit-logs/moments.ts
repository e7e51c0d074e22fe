/** Owns reading from a filter between which moments something lies, so that the store looks nowhere else. */
import { conjuncts, type Filter } from '../../../lib/filter/filter.ts';

/** Every moment that fits lies within, and perhaps some that do not. */
export interface Span {
  /** At this moment or later. */
  readonly from?: Date;
  /** Before this moment. */
  readonly before?: Date;
}

/** What a filter says of the moment that is called `property`. */
export function spanOf(filter: Filter | undefined, property: string): Span {
  let span: Span = {};
  for (const part of conjuncts(filter)) {
    if (part.kind !== 'compare' || part.path.join('/') !== property) continue;
    if (!(part.value instanceof Date)) continue;
    const { by, value } = part;
    if (by === 'ge' || by === 'gt' || by === 'eq') {
      if (span.from === undefined || span.from < value) span = { ...span, from: value };
    }
    if (by === 'le' || by === 'lt' || by === 'eq') {
      const before = new Date(value.getTime() + 1);
      if (span.before === undefined || span.before > before) span = { ...span, before };
    }
  }
  return span;
}

/** The text that must be at a place in any case; undefined where the filter does not say. */
export function textAt(filter: Filter | undefined, path: string): string | undefined {
  for (const part of conjuncts(filter)) {
    if (part.kind !== 'compare' || part.by !== 'eq' || part.path.join('/') !== path) continue;
    if (typeof part.value === 'string') return part.value;
  }
  return undefined;
}
