import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { sql } from 'kysely';

import { layCable } from '../../../test/support/cut-cable.ts';
import { postgresUrl } from '../../../test/support/database.ts';
import { until } from '../../../test/support/poll.ts';
import { openPostgresql } from './postgresql.ts';

const skip = postgresUrl === undefined && 'no PostgreSQL was given';

describe('a pool of connections to PostgreSQL', { skip }, () => {
  it('is let go of soon, also where the server keeps silent', async () => {
    const url = new URL(postgresUrl ?? '');
    const cable = await layCable({ host: url.hostname, port: Number(url.port) });
    url.port = String(cable.port);
    const engine = await openPostgresql({ url: url.href, connections: 3 });
    const beside = await openPostgresql({ url: postgresUrl ?? '', connections: 1 });
    const slowly = sql`select pg_sleep(4.5)`.compile(engine.build);
    const told = [engine.execute(slowly), engine.transact(({ rows }) => rows(slowly))].map(
      (asked) => assert.rejects(asked, { code: 'STORE_UNAVAILABLE' }),
    );
    const running = sql<{ readonly running: number }>`select count(*) as running
      from pg_stat_activity where query like 'select pg_sleep(4.5)%'`.compile(engine.build);
    await until('both to be under way', async () => {
      const { rows } = await beside.execute(running);
      return rows[0]?.running === 2;
    });
    cable.freeze();
    const startedAt = performance.now();
    await engine.close();
    const tookMs = performance.now() - startedAt;
    await Promise.all(told);
    await cable.close();
    await beside.close();
    assert.ok(tookMs < 2_000, `it took ${Math.round(tookMs)} ms`);
  });

  it('lets what is under way end, where that is soon', async () => {
    const engine = await openPostgresql({ url: postgresUrl ?? '', connections: 1 });
    const slow = engine.execute(sql`select pg_sleep(0.2)`.compile(engine.build));
    await engine.close();
    await slow;
  });
});
