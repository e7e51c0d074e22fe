import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { sql } from 'kysely';

import { everyServer } from '../../../test/support/database.ts';
import { hasAddress } from './user-search.ts';

for (const server of everyServer()) {
  describe(`people in ${server.engine}`, () => {
    it('are found by a mail address through an index', async () => {
      const fresh = await server.fresh();
      try {
        const plan = await fresh.look(async (database) => {
          // Few rows are read from end to end by PostgreSQL; it is asked what it would do with many.
          if (server.engine === 'postgresql') {
            await sql`set enable_seqscan = off`.execute(database);
            await sql`set enable_indexscan = off`.execute(database);
          }
          const explain = server.engine === 'sqlite' ? 'explain query plan' : 'explain';
          const either = sql`${hasAddress('mail', 'a@b.example')} or ${hasAddress('other_mail', 'a@b.example')}`;
          const { rows } = await sql`${sql.raw(explain)} select * from "user" where ${either}
            order by canonical_name limit 100`.execute(database);
          return JSON.stringify(rows);
        });
        assert.match(plan, /user_by_mail/);
        assert.match(plan, /user_by_other_mail/);
      } finally {
        await fresh.close();
        await server.close();
      }
    });
  });
}
