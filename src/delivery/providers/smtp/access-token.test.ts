import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { afterEach, describe, it } from 'node:test';

import { SMTPServer } from 'smtp-server';

import { load } from '../../../lib/settings/settings.ts';
import type { MailMessage } from '../../message.ts';
import { refusalOf } from '../../refusal.ts';
import { queued } from '../provider.contract.ts';
import { deliverySettings } from '../registry.ts';
import type { SmtpSettings } from './settings.ts';
import { smtpProvider } from './smtp.ts';

const mail: MailMessage = {
  kind: 'mail',
  to: 'anna@voorbeeld.example',
  language: 'en',
  subject: 'Something changed',
  text: 'Was this not you?',
  html: '<p>Was this not you?</p>',
};
const patient = new AbortController().signal;

/** A service that gives tokens, a mail server that wants one, and everything both were told. */
interface Stage {
  readonly settings: SmtpSettings;
  /** What each token was asked with. */
  readonly asked: Readonly<Record<string, string>>[];
  /** The tokens that came with mail, and the number of mails taken. */
  readonly shown: string[];
  taken: number;
  /** The only token that the mail server takes; undefined: any. */
  only: string | undefined;
  /** What the service answers instead of a token. */
  refusal: { readonly status: number; readonly body: string } | undefined;
  expiresIn: number | undefined;
  close(): Promise<void>;
}

async function startStage(oauth: Partial<NonNullable<SmtpSettings['oauth']>>): Promise<Stage> {
  const service: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      stage.asked.push(Object.fromEntries(new URLSearchParams(body)));
      response.setHeader('content-type', 'application/json');
      response.statusCode = stage.refusal?.status ?? 200;
      response.end(
        stage.refusal?.body ??
          JSON.stringify({
            token_type: 'Bearer',
            access_token: `token-${stage.asked.length}`,
            refresh_token: `refresh-${stage.asked.length}`,
            expires_in: stage.expiresIn,
          }),
      );
    });
  });
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authMethods: ['XOAUTH2'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 50,
    onAuth: ({ accessToken = '', username }, _session, callback) => {
      stage.shown.push(`${username} ${accessToken}`);
      if (stage.only !== undefined && accessToken !== stage.only) {
        return callback(null, { data: { status: '401', schemes: 'bearer' } });
      }
      return callback(null, { user: username });
    },
    onData: (stream, _session, callback) => {
      stream.resume().on('end', () => {
        stage.taken += 1;
        callback();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stage: Stage = {
    settings: {
      host: '127.0.0.1',
      port: portOf(server.server.address()),
      security: 'none',
      user: 'no-reply@voorbeeld.example',
      from: 'no-reply@voorbeeld.example',
      oauth: {
        tokenUrl: `http://127.0.0.1:${portOf(service.address())}/token`,
        clientId: 'tweestap',
        clientSecret: 'client secret & more',
        ...oauth,
      },
    },
    asked: [],
    shown: [],
    taken: 0,
    only: undefined,
    refusal: undefined,
    expiresIn: 3_600,
    close: async () => {
      await new Promise<void>((resolve) => server.close(resolve));
      service.closeAllConnections();
      await new Promise((resolve) => service.close(resolve));
    },
  };
  return stage;
}

function portOf(address: ReturnType<Server['address']>): number {
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

describe('mail to a server that wants a token', () => {
  let stage: Stage;
  let now = Date.parse('2026-03-02T09:00:00Z');
  const clock = { now: () => new Date(now) };
  afterEach(() => stage.close());

  it('asks for one in our own name, and shows it with the name of the mailbox', async () => {
    stage = await startStage({ scope: 'https://outlook.office365.com/.default' });
    const provider = smtpProvider(stage.settings, clock);
    await provider.check();
    await provider.send(queued(mail, 1), patient);
    assert.equal(stage.taken, 1);
    assert.deepEqual(stage.asked, [
      {
        client_id: 'tweestap',
        client_secret: 'client secret & more',
        grant_type: 'client_credentials',
        scope: 'https://outlook.office365.com/.default',
      },
    ]);
    assert.deepEqual(stage.shown, [
      'no-reply@voorbeeld.example token-1',
      'no-reply@voorbeeld.example token-1',
    ]);
  });

  it('fetches another before the first one ends, with the newest refresh token', async () => {
    stage = await startStage({ refreshToken: 'refresh-0' });
    const provider = smtpProvider(stage.settings, clock);
    await provider.send(queued(mail, 1), patient);
    now += 58 * 60_000;
    await provider.send(queued(mail, 2), patient);
    assert.equal(stage.asked.length, 1);
    now += 90_000;
    await provider.send(queued(mail, 3), patient);
    assert.deepEqual(
      stage.asked.map(({ grant_type, refresh_token }) => [grant_type, refresh_token]),
      [
        ['refresh_token', 'refresh-0'],
        ['refresh_token', 'refresh-1'],
      ],
    );
    assert.equal(stage.taken, 3);
  });

  it('fetches one token for many mails at once', async () => {
    stage = await startStage({});
    const provider = smtpProvider(stage.settings, clock);
    await Promise.all(
      Array.from({ length: 5 }, (_, index) => provider.send(queued(mail, index), patient)),
    );
    assert.equal(stage.asked.length, 1);
    assert.equal(stage.taken, 5);
  });

  it('shows a new one where the mail server takes the old one no more, and gives up aloud after that', async () => {
    stage = await startStage({});
    const provider = smtpProvider(stage.settings, clock);
    await provider.send(queued(mail, 1), patient);
    stage.only = 'token-2';
    await provider.send(queued(mail, 2), patient);
    assert.equal(stage.taken, 2);
    stage.only = 'none';
    const refusal = await refusalFrom(provider.send(queued(mail, 3), patient));
    assert.equal(refusal.retry, true);
    assert.match(refusal.fault, /EAUTH/);
    assert.equal(stage.taken, 2);
  });

  it('waits where the service gives none, and says why without any secret', async () => {
    stage = await startStage({ refreshToken: 'refresh-0' });
    const provider = smtpProvider(stage.settings, clock);
    for (const [status, body, said] of [
      [
        400,
        '{"error":"invalid_grant","error_description":"refresh-0 is over"}',
        /400 invalid_grant/,
      ],
      [503, 'busy', /503/],
      [200, '{"token":"no"}', /not its protocol/],
    ] as const) {
      stage.refusal = { status, body };
      const refusal = await refusalFrom(provider.send(queued(mail, 1), patient));
      assert.equal(refusal.retry, true);
      assert.match(refusal.fault, said);
      assert.doesNotMatch(refusal.fault, /refresh-0|client secret/);
    }
    stage.refusal = undefined;
    await provider.send(queued(mail, 1), patient);
    assert.equal(stage.taken, 1);
  });

  it('is asked for in the settings with a secret, over https, and not beside a password', async () => {
    stage = await startStage({});
    const given = {
      TWEESTAP_SMTP_HOST: 'smtp.office365.com',
      TWEESTAP_SMTP_FROM: 'no-reply@voorbeeld.example',
      TWEESTAP_SMTP_USER: 'no-reply@voorbeeld.example',
      TWEESTAP_SMTP_OAUTH_TOKEN_URL: 'https://login.example/token',
      TWEESTAP_SMTP_OAUTH_CLIENT_ID: 'tweestap',
      TWEESTAP_SMTP_OAUTH_CLIENT_SECRET: 'secret',
    };
    const faultsOf = (more: Readonly<Record<string, string | undefined>>): readonly string[] =>
      load(deliverySettings, { environment: { ...given, ...more } }).faults.map(({ path }) => path);
    assert.deepEqual(faultsOf({}), []);
    assert.deepEqual(faultsOf({ TWEESTAP_SMTP_PASSWORD: 'password' }), ['smtp.oauth']);
    assert.deepEqual(faultsOf({ TWEESTAP_SMTP_OAUTH_CLIENT_SECRET: undefined }), [
      'smtp.oauth.clientSecret',
    ]);
    assert.deepEqual(faultsOf({ TWEESTAP_SMTP_OAUTH_TOKEN_URL: 'http://login.example/token' }), [
      'smtp.oauth.tokenUrl',
    ]);
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
