/** Owns attributes with so many values that Active Directory sends a part of them at a time ([MS-ADTS] 3.1.1.3.1.3.3). */
import type { FoundEntry } from '../../lib/ldap/answer.ts';
import type { LdapConnection } from '../../lib/ldap/client.ts';
import { longAttributes } from './entries.ts';
import { refusal } from './findings.ts';

/** How long one part may take. */
const partMs = 60_000;

/** The entry with the rest of the values of which it came with a part. */
export async function withAllValues(
  connection: LdapConnection,
  entry: FoundEntry,
): Promise<FoundEntry> {
  let attributes: Map<string, readonly Buffer[]> | undefined;
  for (const name of longAttributes) {
    const values: Buffer[] = [];
    let part = partOf(entry, name);
    if (part === undefined) continue;
    for (;;) {
      values.push(...part.values);
      if (part.isLast) break;
      const rest = await connection.search(
        {
          base: entry.dn,
          scope: 'base',
          filter: { kind: 'present', attribute: 'objectclass' },
          attributes: [`${name};range=${part.next}-*`],
        },
        AbortSignal.timeout(partMs),
      );
      const [more] = rest.entries;
      const following = more === undefined ? undefined : partOf(more, name);
      if (following === undefined || following.values.length === 0)
        throw refusal(`The values of ${name} ended early`, rest);
      part = following;
    }
    attributes ??= new Map(entry.attributes);
    attributes.set(name, values);
  }
  return attributes === undefined ? entry : { dn: entry.dn, attributes };
}

interface Part {
  readonly values: readonly Buffer[];
  readonly next: number;
  readonly isLast: boolean;
}

/** Which part of an attribute's values an entry came with; undefined where it came with all of them, or none. */
function partOf({ attributes }: FoundEntry, name: string): Part | undefined {
  const beginning = `${name};range=`;
  for (const [key, values] of attributes) {
    if (!key.startsWith(beginning)) continue;
    const [, to] = /^\d+-(\d+|\*)$/.exec(key.slice(beginning.length)) ?? [];
    if (to !== undefined) return { values, next: Number(to) + 1, isLast: to === '*' };
  }
  return undefined;
}
