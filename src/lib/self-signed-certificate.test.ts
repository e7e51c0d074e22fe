import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { connect, createServer } from 'node:tls';

import { makeCertificate, type Certificate } from './self-signed-certificate.ts';

describe('a certificate that a server makes for itself', () => {
  const now = new Date('2026-11-21T12:00:00Z');
  const hosts = ['login.voorbeeld.example', 'localhost', '127.0.0.1', '::1'] as const;

  it('is for all its names and addresses, and for so long', () => {
    const made = makeCertificate({ hosts, now, days: 730 });
    const certificate = new X509Certificate(made.certificate);
    assert.equal(certificate.subject, 'CN=login.voorbeeld.example');
    assert.equal(
      certificate.subjectAltName,
      'DNS:login.voorbeeld.example, DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
    );
    assert.equal(certificate.checkHost('localhost'), 'localhost');
    assert.equal(certificate.checkIP('127.0.0.1'), '127.0.0.1');
    assert.equal(certificate.validFromDate.toISOString(), '2026-11-21T11:00:00.000Z');
    assert.equal(certificate.validToDate.toISOString(), '2028-11-20T12:00:00.000Z');
    assert.equal(certificate.ca, false);
    assert.equal(certificate.checkIssued(authorityOf(made)), true);
    assert.ok(certificate.verify(authorityOf(made).publicKey));
    assert.equal(authorityOf(made).ca, true);
  });

  it('may outlive 2049', () => {
    const { certificate } = makeCertificate({ hosts, now, days: 365 * 30 });
    assert.equal(new X509Certificate(certificate).validToDate.getUTCFullYear(), 2056);
  });

  it('is believed by a client that was given it, and by no other', async () => {
    const { key, certificate, authority } = makeCertificate({ hosts, now: new Date(), days: 1 });
    const server = createServer({ key, cert: certificate });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const outcome = (ca?: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca }, () => {
          resolve(socket.authorized ? 'believed' : 'not believed');
          socket.end();
        });
        socket.on('error', ({ message }) => resolve(message));
      });
    assert.equal(await outcome(authority), 'believed');
    assert.match(await outcome(), /self.signed|unable to (?:verify|get)/);
    await new Promise((closed) => server.close(closed));
  });
});

function authorityOf({ authority }: Certificate): X509Certificate {
  return new X509Certificate(authority);
}
