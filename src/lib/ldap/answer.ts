/** Answers of LDAP as a client reads them (RFC 4511). What is no answer throws a `BerFault`. */
import { BerFault, readElements, readInteger, tags, type ElementReader } from '../ber.ts';
import { controlsTag, readControls, type Control } from './message.ts';

/** One entry that was found. */
export interface FoundEntry {
  readonly dn: string;
  /** By their names in lower case, options such as `;range=0-1499` included. */
  readonly attributes: ReadonlyMap<string, readonly Buffer[]>;
}

/** What an operation came to. `code` is any number a server may send, not only those that we know. */
export interface LdapOutcome {
  readonly code: number;
  readonly matchedDn: string;
  /** For a log, in whatever words the server has. */
  readonly message: string;
  readonly controls: readonly Control[];
}

export type LdapAnswer =
  | { readonly kind: 'outcome'; readonly id: number; readonly outcome: LdapOutcome }
  | { readonly kind: 'entry'; readonly id: number; readonly entry: FoundEntry }
  /** That more would be found elsewhere. */
  | { readonly kind: 'elsewhere'; readonly id: number }
  /** Not the end of anything: an intermediate response (RFC 4511 §4.13). */
  | { readonly kind: 'meanwhile'; readonly id: number };

// Bind, end of a search, modify, add, delete, rename, compare, extended.
const outcomeTags: ReadonlySet<number> = new Set([0x61, 0x65, 0x67, 0x69, 0x6b, 0x6d, 0x6f, 0x78]);
const mostAttributes = 1_024;

/** Reads one answer. */
export function readAnswer(bytes: Buffer): LdapAnswer {
  const outer = readElements(bytes);
  const reader = outer.enter(tags.sequence);
  outer.end();
  const id = readInteger(reader.expect(tags.integer));
  const { tag, content } = reader.next();
  if (tag === 0x64) return { kind: 'entry', id, entry: readEntry(readElements(content)) };
  if (tag === 0x73) return { kind: 'elsewhere', id };
  if (tag === 0x79) return { kind: 'meanwhile', id };
  if (!outcomeTags.has(tag)) throw new BerFault('No answer that anybody knows.');
  const result = readElements(content);
  const code = readInteger(result.expect(tags.enumerated));
  const matchedDn = result.expect(tags.octetString).toString('utf8');
  const message = result.expect(tags.octetString).toString('utf8');
  const controls = reader.peek() === controlsTag ? readControls(reader.enter(controlsTag)) : [];
  return { kind: 'outcome', id, outcome: { code, matchedDn, message, controls } };
}

function readEntry(reader: ElementReader): FoundEntry {
  const dn = reader.expect(tags.octetString).toString('utf8');
  const listed = reader.enter(tags.sequence);
  const attributes = new Map<string, readonly Buffer[]>();
  while (!listed.isAtEnd) {
    const one = listed.enter(tags.sequence);
    const name = one.expect(tags.octetString).toString('latin1').toLowerCase();
    const set = one.enter(tags.set);
    const values: Buffer[] = [];
    while (!set.isAtEnd) values.push(set.expect(tags.octetString));
    attributes.set(name, values);
    if (attributes.size > mostAttributes) throw new BerFault('Too many attributes.');
  }
  return { dn, attributes };
}
