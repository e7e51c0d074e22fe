import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { describe, it } from 'node:test';

import { element, integer, octets, sequence } from '../ber.ts';
import { connectLdap, LdapConnectionError, type LdapConnection } from './client.ts';
import { bindAnswer, createFramer, entryAnswer, extendedAnswer, searchDone } from './message.ts';

const soon = (): AbortSignal => AbortSignal.timeout(2_000);
const success = { code: 0 } as const;
const everything = {
  base: 'dc=x',
  scope: 'subtree',
  filter: { kind: 'present', attribute: 'cn' },
  attributes: [],
} as const;

/** A connection to a server that says so to whatever it hears first, second … */
async function connected(
  answers: readonly ((socket: Socket) => void)[],
  use: (connection: LdapConnection) => Promise<void>,
): Promise<void> {
  const server = createServer((socket) => {
    let heard = 0;
    const framer = createFramer(1024);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      for (const _ of framer.push(chunk)) {
        answers[heard]?.(socket);
        heard += 1;
      }
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  try {
    const place = { host: '127.0.0.1', port, security: 'plain' } as const;
    const connection = await connectLdap(place, soon());
    await use(connection);
    connection.close();
  } finally {
    await new Promise((closed) => server.close(closed));
  }
}
const says =
  (...bytes: readonly Buffer[]) =>
  (socket: Socket): void =>
    void socket.write(Buffer.concat(bytes));

describe("a connection to somebody's directory", () => {
  it('tells the answers to several questions apart, whatever their order', () =>
    connected(
      [
        () => {},
        says(
          entryAnswer(2, 'cn=b,dc=x', [{ name: 'CN', values: ['b'] }]),
          entryAnswer(1, 'cn=a,dc=x', [{ name: 'cn', values: ['a', 'A'] }]),
          searchDone(2, success),
          searchDone(1, success),
        ),
      ],
      async (connection) => {
        const first = connection.search(everything, soon());
        const second = connection.search(everything, soon());
        const [a, b] = await Promise.all([first, second]);
        assert.deepEqual(
          a.entries.map(({ dn, attributes }) => [dn, attributes.get('cn')?.map(String)]),
          [['cn=a,dc=x', ['a', 'A']]],
        );
        assert.deepEqual(b.entries[0]?.attributes.get('cn')?.map(String), ['b']);
      },
    ));

  it('follows no referral, and passes over what is elsewhere', () =>
    connected(
      [
        says(
          sequence(integer(1), element(0x73, octets('ldap://other.example/dc=y'))),
          sequence(
            integer(1),
            element(
              0x65,
              integer(10, 0x0a),
              octets(''),
              octets('elsewhere'),
              element(0xa3, octets('ldap://other.example/')),
            ),
          ),
        ),
      ],
      async (connection) => {
        const found = await connection.search(everything, soon());
        assert.deepEqual([found.code, found.entries], [10, []]);
      },
    ));

  it('ends with whoever does not answer in time, so that no late answer is taken for another', () =>
    connected([], async (connection) => {
      const asked = connection.bind('cn=a', 'secret', AbortSignal.timeout(30));
      const other = connection.search(everything, soon());
      await assert.rejects(asked, LdapConnectionError);
      await assert.rejects(other, LdapConnectionError);
      assert.equal(connection.isOpen, false);
      await assert.rejects(connection.bind('cn=a', 'secret', soon()), LdapConnectionError);
    }));

  it('ends with an answer to nothing that was asked, with a farewell, and with what is no LDAP', async () => {
    for (const said of [
      bindAnswer(7, success),
      extendedAnswer(0, { code: 52 }, { name: '1.3.6.1.4.1.1466.20036' }),
      Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
      Buffer.from([0x30, 0x84, 0x7f, 0xff, 0xff, 0xff]),
      sequence(integer(1), element(0x60)),
    ]) {
      await connected([says(said)], async (connection) => {
        await assert.rejects(connection.bind('cn=a', 'secret', soon()), LdapConnectionError);
        assert.equal(connection.isOpen, false);
      });
    }
  });

  it('never binds with an empty password', () =>
    connected([], async (connection) => {
      assert.throws(() => connection.bind('cn=a', '', soon()), /nobody/);
    }));

  it('says nothing more where something is said before it is encrypted', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      const agreed = extendedAnswer(1, success);
      socket.once('data', () => void socket.write(Buffer.concat([agreed, agreed.subarray(0, 5)])));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const place = { host: '127.0.0.1', port, security: 'starttls' } as const;
    await assert.rejects(connectLdap(place, soon()), /before it was encrypted/);
    await new Promise((closed) => server.close(closed));
  });
});
