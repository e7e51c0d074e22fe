import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

import { load } from '../../../lib/settings/settings.ts';
import type { MailMessage } from '../../message.ts';
import { refusalOf } from '../../refusal.ts';
import { describeProvider, queued } from '../provider.contract.ts';
import { deliverySettings } from '../registry.ts';
import type { SmtpSettings } from './settings.ts';
import { smtpProvider } from './smtp.ts';

const mail: MailMessage = {
  kind: 'mail',
  to: 'anna@voorbeeld.example',
  language: 'nl',
  subject: 'Er is een methode toegevoegd – “Authenticator”',
  text: 'Was u dit niet? Meld het dan.',
  html: '<p>Was u dit <em>niet</em>? Meld het dan.</p>',
};

const plain: SmtpSettings = {
  host: '127.0.0.1',
  port: 0,
  security: 'none',
  from: 'no-reply@voorbeeld.example',
  fromName: 'Voorbeeld',
};

const patient = new AbortController().signal;

/** A mail server on a free port that remembers what it took. */
interface MailServer {
  readonly port: number;
  readonly taken: { readonly to: string; readonly source: string; readonly encrypted: boolean }[];
  readonly close: () => Promise<void>;
}

async function mailServer(options: SMTPServerOptions = {}, port = 0): Promise<MailServer> {
  const taken: MailServer['taken'] = [];
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    closeTimeout: 50,
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const [receiver] = session.envelope.rcptTo;
        taken.push({
          to: receiver?.address ?? '',
          source: Buffer.concat(chunks).toString(),
          encrypted: session.secure,
        });
        callback();
      });
    },
    ...options,
  });
  // Broken conversations are what some of these tests are about.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.server.address();
  assert.ok(isAddress(address));
  return {
    port: address.port,
    taken,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

function refused(responseCode: number): Error {
  return Object.assign(new Error('no such user here'), { responseCode });
}

describeProvider('SMTP', async () => {
  let refuses = false;
  let hangs = false;
  const options: SMTPServerOptions = {
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: (_address, _session, callback) => {
      if (!hangs) callback(refuses ? refused(550) : null);
    },
  };
  let server = await mailServer(options);
  const { port } = server;
  const everything = [server];
  return {
    provider: smtpProvider({ ...plain, port }),
    samples: [mail],
    arrived: () =>
      Promise.all(
        everything
          .flatMap(({ taken }) => taken)
          .map(async ({ to, source }) => {
            const { subject, text, html } = await PostalMime.parse(source);
            return { to, words: [subject, text, html].join('\n') };
          }),
      ),
    goDown: () => server.close(),
    comeUp: async () => {
      server = await mailServer(options, port);
      everything.push(server);
    },
    refuse: () => {
      refuses = true;
    },
    hang: () => {
      hangs = true;
    },
    close: () => server.close(),
  };
});

describe('mail by SMTP', { skip: !hasOpenssl() && 'no openssl to make a certificate with' }, () => {
  let folder: string;
  let certificate: { readonly key: string; readonly cert: string };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tweestap-smtp-'));
    certificate = selfSigned(folder);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('is text and HTML, from us to them, under the id of the message', async () => {
    const server = await mailServer({ disabledCommands: ['STARTTLS', 'AUTH'] });
    const receipt = await smtpProvider({ ...plain, port: server.port }).send(
      queued(mail, 7),
      patient,
    );
    await server.close();
    const read = await PostalMime.parse(server.taken[0]?.source ?? '');
    assert.equal(receipt.reference, 'message-0007@voorbeeld.example');
    assert.equal(read.messageId, '<message-0007@voorbeeld.example>');
    assert.deepEqual(read.from, { name: 'Voorbeeld', address: 'no-reply@voorbeeld.example' });
    assert.equal(read.to?.[0]?.address, 'anna@voorbeeld.example');
    assert.equal(read.subject, mail.subject);
    assert.equal(read.text?.trim(), mail.text);
    assert.equal(read.html?.trim(), mail.html);
    const headers = new Map(read.headers.map(({ key, value }) => [key, value]));
    assert.equal(headers.get('auto-submitted'), 'auto-generated');
    assert.equal(headers.get('content-language'), 'nl');
  });

  it('goes encrypted where STARTTLS is asked for, and signs in', async () => {
    let signedInAs: string | undefined;
    const server = await mailServer({
      ...certificate,
      authOptional: false,
      onAuth: ({ username, password }, _session, callback) => {
        if (password !== 'pass word') return callback(new Error('wrong password'));
        signedInAs = username;
        return callback(null, { user: username });
      },
    });
    const settings: SmtpSettings = {
      ...plain,
      host: 'localhost',
      port: server.port,
      security: 'starttls',
      user: 'tweestap',
      password: 'pass word',
      authorities: certificate.cert,
    };
    await smtpProvider(settings).check();
    await smtpProvider(settings).send(queued(mail, 1), patient);
    const wrong = smtpProvider({ ...settings, password: 'wrong' });
    const refusal = await refusalFrom(wrong.send(queued(mail, 2), patient));
    await assert.rejects(wrong.check());
    await server.close();
    assert.equal(signedInAs, 'tweestap');
    assert.deepEqual(
      server.taken.map(({ encrypted }) => encrypted),
      [true],
    );
    assert.equal(refusal.retry, true);
    assert.match(refusal.fault, /EAUTH/);
    assert.doesNotMatch(refusal.fault, /wrong password|tweestap/);
  });

  it('goes encrypted from the first byte where TLS is asked for', async () => {
    const server = await mailServer({ ...certificate, secure: true });
    await smtpProvider({
      ...plain,
      host: 'localhost',
      port: server.port,
      security: 'tls',
      authorities: certificate.cert,
    }).send(queued(mail, 1), patient);
    await server.close();
    assert.equal(server.taken[0]?.encrypted, true);
  });

  it('does not go at all where the server does not encrypt', async () => {
    const server = await mailServer({ disabledCommands: ['STARTTLS', 'AUTH'] });
    const provider = smtpProvider({ ...plain, port: server.port, security: 'starttls' });
    const refusal = await refusalFrom(provider.send(queued(mail, 1), patient));
    await assert.rejects(provider.check());
    await server.close();
    assert.deepEqual(server.taken, []);
    assert.equal(refusal.retry, true);
    assert.match(refusal.fault, /ETLS/);
  });

  it('does not go to a server that nobody vouches for', async () => {
    const server = await mailServer({ ...certificate });
    const provider = smtpProvider({
      ...plain,
      host: 'localhost',
      port: server.port,
      security: 'starttls',
    });
    const refusal = await refusalFrom(provider.send(queued(mail, 1), patient));
    await server.close();
    assert.deepEqual(server.taken, []);
    assert.equal(refusal.retry, true);
  });

  it('is tried again when the server says "later", and not when it says "never"', async () => {
    for (const [responseCode, retry] of [
      [451, true],
      [550, false],
    ] as const) {
      const server = await mailServer({
        disabledCommands: ['STARTTLS', 'AUTH'],
        onRcptTo: (_address, _session, callback) => callback(refused(responseCode)),
      });
      const provider = smtpProvider({ ...plain, port: server.port });
      const refusal = await refusalFrom(provider.send(queued(mail, 1), patient));
      await server.close();
      assert.equal(refusal.retry, retry);
      assert.match(refusal.fault, new RegExp(String(responseCode)));
      assert.doesNotMatch(refusal.fault, /anna/);
    }
  });

  it('is tried again when the server does not like our own address: that can be set right', async () => {
    const server = await mailServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      onMailFrom: (_address, _session, callback) => callback(refused(553)),
    });
    const provider = smtpProvider({ ...plain, port: server.port });
    const refusal = await refusalFrom(provider.send(queued(mail, 1), patient));
    await server.close();
    assert.equal(refusal.retry, true);
  });

  it('may have been taken by a server that was broken off before it said so', async () => {
    const breakingOff = new AbortController();
    const server = await mailServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      onData: (stream) => {
        stream.resume().on('end', () => breakingOff.abort());
      },
    });
    const provider = smtpProvider({ ...plain, port: server.port });
    const refusal = await refusalFrom(provider.send(queued(mail, 1), breakingOff.signal));
    await server.close();
    assert.deepEqual([refusal.retry, refusal.isUnsure], [true, true]);
  });

  it('takes a line break in a subject for no header of its own', async () => {
    const server = await mailServer({ disabledCommands: ['STARTTLS', 'AUTH'] });
    await smtpProvider({ ...plain, port: server.port }).send(
      queued({ ...mail, subject: 'Hello\r\nBcc: eve@elsewhere.example' }, 1),
      patient,
    );
    await server.close();
    const read = await PostalMime.parse(server.taken[0]?.source ?? '');
    assert.equal(read.bcc, undefined);
    assert.equal(server.taken.length, 1);
  });
});

describe('the settings of SMTP', () => {
  const given = {
    TWEESTAP_SMTP_HOST: 'mail.voorbeeld.example',
    TWEESTAP_SMTP_FROM: 'no-reply@voorbeeld.example',
  };

  it('need a host and an address, and encrypt by default', () => {
    const { settings } = load(deliverySettings, { environment: given });
    assert.deepEqual(settings?.smtp, {
      host: 'mail.voorbeeld.example',
      port: 587,
      security: 'starttls',
      from: 'no-reply@voorbeeld.example',
    });
  });

  it('may be left out altogether', () => {
    const { settings } = load(deliverySettings, { environment: {} });
    assert.ok(settings !== undefined && settings.smtp === undefined);
  });

  it('refuse to send in the clear to another machine, and half a sign-in', () => {
    const { faults } = load(deliverySettings, {
      environment: { ...given, TWEESTAP_SMTP_SECURITY: 'none', TWEESTAP_SMTP_USER: 'tweestap' },
    });
    assert.deepEqual(
      faults.map(({ path }) => path),
      ['smtp.password', 'smtp.security'],
    );
  });
});

async function refusalFrom(sending: Promise<unknown>): Promise<ReturnType<typeof refusalOf>> {
  try {
    await sending;
  } catch (error) {
    return refusalOf(error);
  }
  assert.fail('it was sent');
}

function hasOpenssl(): boolean {
  return spawnSync('openssl', ['version']).status === 0;
}

/** A certificate for localhost that vouches for itself. */
function selfSigned(folder: string): { readonly key: string; readonly cert: string } {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2';
  const name = '-subj /CN=localhost -addext subjectAltName=DNS:localhost';
  const options = `${request} ${name}`.split(' ');
  execFileSync('openssl', [...options, '-keyout', key, '-out', cert], { stdio: 'pipe' });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}
