/**
 * The tests that every provider passes that speaks TLS by HTTP: nothing is told to whoever cannot prove
 * who they are, neither encrypted nor in the clear, and no other way is taken instead.
 */
import assert from 'node:assert/strict';
import { connect, createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

import { makeCertificate, type Certificate } from '../../lib/self-signed-certificate.ts';
import type { OutgoingMessage } from '../message.ts';
import type { Provider } from '../provider.ts';
import { refusalOf } from '../refusal.ts';
import { queued } from './provider.contract.ts';

/** A receiver that has this certificate. */
export interface CertifiedStage {
  /** Of the receiver at this port of this machine, which it is to call `localhost`. */
  readonly providerAt: (port: number) => Provider;
  readonly port: number;
  readonly samples: readonly OutgoingMessage[];
  /** How many messages arrived. */
  readonly arrived: () => number;
  readonly close: () => Promise<void>;
}

/** Runs the contract for one provider. */
export function describeCertificates(
  name: string,
  setUp: (certificate: Certificate) => Promise<CertifiedStage>,
): void {
  describe(`${name}, by its certificate`, () => {
    const usual = getCACertificates('default');
    const now = new Date();
    const daysAgo = new Date(now.getTime() - 10 * 86_400_000);
    afterEach(() => setDefaultCACertificates(usual));

    const cases: readonly {
      readonly is: string;
      readonly certificate: Certificate;
      readonly isVouchedFor: boolean;
      readonly fault: RegExp;
    }[] = [
      {
        is: 'of an authority that nobody knows',
        certificate: makeCertificate({ hosts: ['localhost'], now, days: 1 }),
        isVouchedFor: false,
        fault: /UNABLE_TO_VERIFY|SELF_SIGNED|UNABLE_TO_GET_ISSUER/,
      },
      {
        is: 'of another host',
        certificate: makeCertificate({ hosts: ['api.example.org'], now, days: 1 }),
        isVouchedFor: true,
        fault: /ALTNAME_INVALID/,
      },
      {
        is: 'of yesterday',
        certificate: makeCertificate({ hosts: ['localhost'], now: daysAgo, days: 5 }),
        isVouchedFor: true,
        fault: /CERT_HAS_EXPIRED/,
      },
    ];
    for (const { is, certificate, isVouchedFor, fault } of cases) {
      it(`is told nothing where that is ${is}, and nobody else instead`, async () => {
        if (isVouchedFor) setDefaultCACertificates([...usual, certificate.authority]);
        const stage = await setUp(certificate);
        const wire = await tap(stage.port);
        try {
          const provider = stage.providerAt(wire.port);
          const { signal } = new AbortController();
          for (const [index, message] of stage.samples.entries()) {
            const refusal = refusalOf(await thrown(provider.send(queued(message, index), signal)));
            assert.deepEqual([refusal.retry, refusal.isUnsure], [true, undefined]);
            assert.match(refusal.fault, fault);
          }
          assert.match(refusalOf(await thrown(provider.check())).fault, fault);
          assert.equal(stage.arrived(), 0);
          // Each was tried here, and none of them began in the clear.
          assert.ok(wire.beginnings().length > stage.samples.length);
          for (const first of wire.beginnings()) assert.equal(first, tlsHandshake);
        } finally {
          await wire.close();
          await stage.close();
        }
      });
    }

    it('is told everything where that is its own', async () => {
      const certificate = makeCertificate({ hosts: ['localhost'], now, days: 1 });
      setDefaultCACertificates([...usual, certificate.authority]);
      const stage = await setUp(certificate);
      try {
        const provider = stage.providerAt(stage.port);
        const { signal } = new AbortController();
        for (const [index, message] of stage.samples.entries()) {
          await provider.send(queued(message, index), signal);
        }
        assert.equal(stage.arrived(), stage.samples.length);
      } finally {
        await stage.close();
      }
    });
  });
}

/** The first byte of a TLS connection: a record of the handshake (RFC 8446 §5.1). */
const tlsHandshake = 0x16;

/** Passes on to a port, and keeps the first byte of every connection. */
async function tap(to: number): Promise<{
  readonly port: number;
  readonly beginnings: () => readonly number[];
  readonly close: () => Promise<void>;
}> {
  const beginnings: number[] = [];
  const server = createServer((socket) => {
    const onward = connect(to, '127.0.0.1');
    socket.once('data', (bytes: Buffer) => beginnings.push(bytes[0] ?? -1));
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const { port } = address satisfies AddressInfo;
  return {
    port,
    beginnings: () => beginnings,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
      }),
  };
}

async function thrown(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  assert.fail('it was told');
}
