/**
 * Search filters as an operator writes them (RFC 4515): `(&(objectClass=person)(!(ou=left)))`. Nothing that
 * a stranger typed is ever read here: what somebody is looked for by is a value (`filter.ts`).
 */
import { attributeName, filterLimits, type Filter } from './filter.ts';

/** Reads a filter; undefined where it is none, or one beyond `filterLimits`. */
export function parseFilter(text: string): Filter | undefined {
  let at = 0;
  let parts = 0;

  const part = (depth: number): Filter | undefined => {
    parts += 1;
    if (depth > filterLimits.depth || parts > filterLimits.parts || !take('(')) return undefined;
    const filter = inner(depth);
    return filter !== undefined && take(')') ? filter : undefined;
  };
  const inner = (depth: number): Filter | undefined => {
    if (take('!')) {
      const negated = part(depth + 1);
      return negated && { kind: 'not', part: negated };
    }
    const kind = take('&') ? 'and' : take('|') ? 'or' : undefined;
    if (kind === undefined) return item();
    const all: Filter[] = [];
    for (; text[at] === '('; blanks()) {
      const one = part(depth + 1);
      if (one === undefined) return undefined;
      all.push(one);
    }
    return all.length === 0 ? undefined : { kind, parts: all };
  };
  const item = (): Filter | undefined => {
    const end = text.slice(at).search(/[()]/);
    const written = end === -1 ? '' : text.slice(at, at + end);
    at += written.length;
    return readItem(written);
  };
  const take = (character: string): boolean => {
    blanks();
    if (text[at] !== character) return false;
    at += 1;
    blanks();
    return true;
  };
  const blanks = (): void => {
    while (text[at] === ' ' || text[at] === '\n') at += 1;
  };

  const filter = part(1);
  blanks();
  return at === text.length ? filter : undefined;
}

const compared = /^([a-zA-Z0-9.;-]+)(=|>=|<=|~=)(.*)$/s;
const extended = /^([a-zA-Z0-9.;-]*)((?::dn)?)(?::([a-zA-Z0-9.-]+))?:=(.*)$/s;

function readItem(written: string): Filter | undefined {
  const [, name, sign, rest] = compared.exec(written) ?? [];
  if (name === undefined || sign === undefined || rest === undefined) return readExtended(written);
  const attribute = attributeName(name);
  if (sign === '=' && rest === '*') return { kind: 'present', attribute };
  if (sign === '=' && rest.includes('*')) return readPieces(attribute, rest);
  const value = unescaped(rest);
  if (value === undefined) return undefined;
  const kind = ({ '>=': 'at-least', '<=': 'at-most', '~=': 'approximately' } as const)[sign];
  return { kind: kind ?? 'equal', attribute, value };
}

function readPieces(attribute: string, written: string): Filter | undefined {
  const pieces = written.split('*').map(unescaped);
  const [initial, ...rest] = pieces;
  const final = rest.pop();
  const any = rest.filter((piece) => piece !== undefined && piece.length > 0);
  if (initial === undefined || final === undefined || pieces.includes(undefined)) return undefined;
  return {
    kind: 'substrings',
    attribute,
    initial: initial.length === 0 ? undefined : initial,
    any: any.filter((piece) => piece !== undefined),
    final: final.length === 0 ? undefined : final,
  };
}

function readExtended(written: string): Filter | undefined {
  const [, name = '', dn = '', rule, rest] = extended.exec(written) ?? [];
  const value = rest === undefined ? undefined : unescaped(rest);
  if (value === undefined || (name === '' && rule === undefined)) return undefined;
  const attribute = name === '' ? undefined : attributeName(name);
  return { kind: 'extensible', rule, attribute, value, alsoInDn: dn !== '' };
}

/** The bytes of a value: `\2a` stands for one of them. Undefined where something is not escaped as it has to be. */
function unescaped(written: string): Buffer | undefined {
  if (!/^(?:[^\\*()\0]|\\[0-9a-fA-F]{2})*$/.test(written)) return undefined;
  const pieces = written.split(/(\\[0-9a-fA-F]{2})/);
  return Buffer.concat(
    pieces.map((piece, index) =>
      index % 2 === 1 ? Buffer.from(piece.slice(1), 'hex') : Buffer.from(piece, 'utf8'),
    ),
  );
}
