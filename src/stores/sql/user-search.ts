/** Owns finding accounts in SQL: by what somebody typed of a name, by an address, and by what is asked of them besides. */
import { sql } from 'kysely';

import { searchName } from '../../accounts/search-name.ts';
import type { UserSearch } from '../../accounts/user-store.ts';
import type { Connection } from './connection.ts';
import type { StoreParts } from './parts.ts';
import { once, storableText } from './statement.ts';
import { fromDate } from './values.ts';

/** The canonical names of a page, in their order; only indexes are read. */
export type NamesFound = (connection: Connection, search: UserSearch) => Promise<readonly string[]>;

/** Makes the search. */
export function prepareUserSearch({ build }: Pick<StoreParts, 'build'>): NamesFound {
  /** What is asked of everybody who is found, apart from their name. */
  const narrowed = (search: UserSearch) => {
    const { text, state, blockedAt, switchedOff = false, registered, group, roles } = search;
    let query = build.selectFrom('user').select('canonical_name');
    if (roles !== undefined) {
      query = query.where('role', 'in', [...roles]);
      // Written out, so that the partial index is known to fit.
      if (!roles.includes('user')) query = query.where(sql<boolean>`role <> 'user'`);
    }
    if (group !== undefined) {
      // Among those of a name each is asked; with no name the group itself says who they are.
      query =
        text.trim() === ''
          ? query.where('canonical_name', 'in', ({ selectFrom }) =>
              selectFrom('user_group')
                .select('user_group.canonical_name')
                .where('group_name', '=', group),
            )
          : query.where(({ exists, selectFrom }) =>
              exists(
                selectFrom('user_group')
                  .select('user_group.user_id')
                  .whereRef('user_group.user_id', '=', 'user.id')
                  .where('user_group.group_name', '=', group),
              ),
            );
    }
    if (state !== undefined) query = query.where('per_user_mfa_state', '=', state);
    if (blockedAt !== undefined) {
      query = query
        .where('blocked_at', 'is not', null)
        .where(({ eb, or }) =>
          or([eb('blocked_until', 'is', null), eb('blocked_until', '>', fromDate(blockedAt))]),
        );
    }
    // Written out, so that the partial index is known to fit.
    if (switchedOff) query = query.where(sql<boolean>`account_enabled = 0`);
    if (registered === undefined) return query;
    return query.where(({ exists, not, selectFrom }) => {
      const any = exists(
        selectFrom('registration')
          .select('registration.user_id')
          .whereRef('registration.user_id', '=', 'user.id')
          .where('registration.kind', 'in', [...registered.kinds, '']),
      );
      return registered.has ? any : not(any);
    });
  };

  /** The canonical names of a page, in their order; only indexes are read. */
  const namesFound = async (
    connection: Connection,
    search: UserSearch,
  ): Promise<readonly string[]> => {
    const { text, after = '', limit } = search;
    const typed = text.trim().toLowerCase().normalize('NFC');
    const byUserName = narrowed(search)
      .where('canonical_name', '>', after)
      .where('canonical_name', '>=', typed)
      .where('canonical_name', '<', pastAll(typed))
      .orderBy('canonical_name')
      .limit(limit);
    const found = await connection.rows(once(byUserName));
    const name = searchName(text);
    if (name === '') return found.map((row) => row.canonical_name);
    // Not ordered by the index of user names: whoever has a rare name would be looked for in all of it.
    const byName = narrowed(search)
      .where('search_name', '>=', name)
      .where('search_name', '<', pastAll(name))
      .where(unordered, '>', after)
      .orderBy(unordered)
      .limit(limit);
    const named = await connection.rows(once(byName));
    const byEnding = narrowed(search)
      .where('canonical_name', 'in', ({ selectFrom }) =>
        selectFrom('user_name_ending')
          .select('user_name_ending.canonical_name')
          .where('ending', '>=', name)
          .where('ending', '<', pastAll(name)),
      )
      .where(unordered, '>', after)
      .orderBy(unordered)
      .limit(limit);
    const ended = await connection.rows(once(byEnding));
    const names = new Set([...found, ...named, ...ended].map((row) => row.canonical_name));
    return [...names].toSorted(byCodePoint).slice(0, limit);
  };

  return namesFound;
}

const unordered = sql<string>`canonical_name || ''`;

/** Behind every text that begins like this. */
function pastAll(beginning: string): string {
  return `${beginning}\u{10FFFF}`;
}

/** As both databases order them: by the bytes of UTF-8. */
function byCodePoint(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/**
 * Whose address it is, whatever the case, as the index has it. It is said twice that there is one: SQLite uses
 * an index of part of the rows only for a query that says of the column which these are.
 */
export function hasAddress(column: 'mail' | 'other_mail', address: string) {
  const text = storableText(address);
  return sql<boolean>`${sql.ref(column)} is not null and lower(${sql.ref(column)}) = lower(${text})`;
}
