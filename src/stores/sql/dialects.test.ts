import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, it } from 'node:test';

import { sql } from 'kysely';

import { postgresql } from './dialects.ts';
import { openPostgresql } from './postgresql.ts';

/** Something that listens where PostgreSQL should be, and answers the first thing it hears. */
async function behind(
  answer: (socket: Socket) => void,
  work: (port: number) => Promise<void>,
): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => answer(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  try {
    await work(address.port);
  } finally {
    server.close();
  }
}

/** What PostgreSQL says when it lets nobody in (protocol 3.0, ErrorResponse). */
function refusal(code: string): Buffer {
  const fields = Buffer.from(`SFATAL\0C${code}\0Mno\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

async function asked(url: string): Promise<void> {
  const engine = await openPostgresql({ url, connections: 1 });
  const work = (): Promise<string> => Promise.resolve('done');
  try {
    await assert.rejects(engine.transact(work), { code: 'STORE_UNAVAILABLE' });
    await assert.rejects(
      engine.changeSchema((within) => sql`select 1`.execute(within)),
      {
        code: 'STORE_UNAVAILABLE',
      },
    );
  } finally {
    await engine.close();
  }
}

describe('PostgreSQL does not answer', () => {
  it('where it lets us in no more: another password, no such role, no such database', async () => {
    for (const code of ['28P01', '28000', '3D000']) {
      await behind(
        (socket) => socket.end(refusal(code)),
        (port) => asked(`postgres://tweestap@127.0.0.1:${port}/op`),
      );
    }
  });

  it('where it does not encrypt as it should', async () => {
    await behind(
      (socket) => socket.write('N'),
      (port) => asked(`postgres://tweestap@127.0.0.1:${port}/op?sslmode=verify-full`),
    );
  });

  it('where its name cannot be looked up, or its certificate is not believed any more', () => {
    const failures = ['EAI_AGAIN', 'ENOTFOUND', 'CERT_HAS_EXPIRED', 'SELF_SIGNED_CERT_IN_CHAIN'];
    for (const code of [...failures, 'ERR_TLS_CERT_ALTNAME_INVALID']) {
      const error = Object.assign(new Error('connecting failed'), { code });
      assert.equal(postgresql.failureOf(error), 'unavailable', code);
    }
  });

  it('but a fault of ours is no fault of the database', () => {
    for (const code of ['23505', '42P01', 'ERR_INVALID_ARG_TYPE']) {
      const error = Object.assign(new Error('ours'), { code });
      assert.equal(postgresql.failureOf(error), 'other', code);
    }
    assert.equal(postgresql.failureOf(new TypeError('ours')), 'other');
  });
});
