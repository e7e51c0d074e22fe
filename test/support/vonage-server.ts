/**
 * Vonage for tests: its Messages and Voice APIs on a port of this machine, and the phones behind them.
 * Built from what Vonage publishes (its descriptions in `vonage-description.ts`, its pages on NCCO,
 * webhooks and signed webhooks), not from our client; it keeps what a request had that Vonage would not
 * understand. Our tokens are judged by an independent library.
 */
import assert from 'node:assert/strict';
import { createHash, createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';

import { jwtVerify } from 'jose';

import type { Callee, CallStory } from './callee.ts';
import {
  createBringer,
  newestTo,
  startStandIn,
  type Answered as Answer,
  type ApiFault,
  type Identity,
  type Webhook,
  type WebhookAnswer,
} from './stand-in.ts';
import { playVonageCall } from './vonage-call.ts';
import { requestFaults } from './vonage-description.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface VonageText {
  readonly uuid: string;
  readonly to: string;
  readonly from: string;
  readonly body: string;
  readonly asked: Fields;
}

export interface VonageCall {
  readonly uuid: string;
  readonly to: string;
  readonly from: string;
  readonly asked: Fields;
}

export interface VonageServer {
  readonly apiKey: string;
  readonly signatureSecret: string;
  readonly applicationId: string;
  readonly privateKey: string;
  readonly address: string;
  readonly texts: () => readonly VonageText[];
  readonly calls: () => readonly VonageCall[];
  readonly misunderstood: () => readonly string[];
  fault: (fault: ApiFault | undefined) => void;
  reportsEarly: (isEarly: boolean) => void;
  repeats: (times: number) => void;
  goDown: () => Promise<void>;
  comeUp: () => Promise<void>;
  textTo: (number: string) => Promise<VonageText>;
  callTo: (number: string) => Promise<VonageCall>;
  ring: (call: VonageCall, callee: Callee) => Promise<CallStory>;
  report: (text: VonageText, status: string, more?: Fields) => Promise<WebhookAnswer>;
  reply: (from: string, body: string) => Promise<WebhookAnswer>;
  /** Signs a webhook as Vonage does, without bringing it; `change` is what a forger would change. */
  signed: (url: string, body: Fields, change?: SignedChange) => Webhook;
  bring: (webhook: Webhook) => Promise<WebhookAnswer>;
  readonly brought: () => readonly Webhook[];
  close: () => Promise<void>;
}

export interface SignedChange {
  readonly secret?: string;
  readonly header?: Fields;
  readonly claims?: Fields;
}

export interface VonageServerOptions {
  readonly origin: string;
  readonly deliver?: (webhook: Webhook) => Promise<WebhookAnswer>;
  readonly passes?: (seconds: number) => void | Promise<void>;
  readonly certificate?: Identity;
  readonly now?: () => Date;
}

export const vonageNumber = '+3197010250000';
export const vonageVoiceNumber = '+3197010250001';

const keyPair = generateKeyPairSync('rsa', { modulusLength: 2048 });
/** Starts it; close it at the end. */
export async function startVonage(options: VonageServerOptions): Promise<VonageServer> {
  const apiKey = 'abcd1234';
  const signatureSecret = randomUUID();
  const applicationId = randomUUID();
  const { deliver, passes = () => undefined, certificate, now = () => new Date() } = options;
  const texts: VonageText[] = [];
  const calls: VonageCall[] = [];
  const misunderstood: string[] = [];
  const { bring, brought, repeats, inBackground, settled } = createBringer(deliver);
  const seenTokens = new Set<string>();
  let fault: ApiFault | undefined;
  let requests = 0;
  let early = false;

  const signed = (url: string, body: Fields, change: SignedChange = {}): Webhook => {
    const payload = JSON.stringify(body);
    const part = (value: unknown): string =>
      Buffer.from(JSON.stringify(value)).toString('base64url');
    const head = part({ alg: 'HS256', typ: 'JWT', ...change.header });
    const claims = part({
      iat: Math.floor(now().getTime() / 1_000),
      jti: randomUUID(),
      iss: 'Vonage',
      payload_hash: createHash('sha256').update(payload).digest('hex'),
      api_key: apiKey,
      application_id: applicationId,
      ...change.claims,
    });
    const secret = change.secret ?? signatureSecret;
    const signature = createHmac('sha256', secret).update(`${head}.${claims}`).digest('base64url');
    return {
      url,
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${head}.${claims}.${signature}`,
      },
      body: payload,
    };
  };
  const about = (call: VonageCall): Fields => ({
    uuid: call.uuid,
    conversation_uuid: `CON-${call.uuid}`,
    from: call.from,
    to: call.to,
    timestamp: now().toISOString(),
  });
  const status = (call: VonageCall, name: string, more: Fields = {}): Promise<WebhookAnswer> =>
    bring(
      signed(String([call.asked['event_url']].flat()[0]), {
        ...about(call),
        status: name,
        direction: 'outbound',
        ...more,
      }),
    );
  function understand(
    name: Parameters<typeof requestFaults>[0],
    given: Parameters<typeof requestFaults>[1],
  ): void {
    misunderstood.push(...requestFaults(name, given).map((each) => `${name}: ${each}`));
  }

  async function serve(
    { pathname: path, searchParams: query }: URL,
    method: string,
    fields: Fields,
  ): Promise<Answer> {
    if (path === '/v1/messages' && method === 'POST') {
      understand('SendMessage', fields);
      const text: VonageText = {
        uuid: randomUUID(),
        to: String(fields['to']),
        from: String(fields['from']),
        body: String(fields['text']),
        asked: fields,
      };
      texts.push(text);
      return { status: 202, body: { message_uuid: text.uuid } };
    }
    if (path === '/v1/calls' && method === 'POST') {
      understand('createCall', fields);
      const [endpoint]: unknown[] = [fields['to']].flat();
      const number = member(endpoint, 'number');
      const call: VonageCall = {
        uuid: randomUUID(),
        to: String(number),
        from: String(member(fields['from'], 'number')),
        asked: fields,
      };
      calls.push(call);
      const told = status(call, 'started');
      if (early) await told;
      else inBackground(told);
      return {
        status: 201,
        body: {
          uuid: call.uuid,
          status: 'started',
          direction: 'outbound',
          conversation_uuid: `CON-${call.uuid}`,
        },
      };
    }
    if (path === '/v1/calls' && method === 'GET') {
      understand('getCalls', query);
      return {
        status: 200,
        body: { count: 0, page_size: 1, record_index: 0, _embedded: { calls: [] } },
      };
    }
    return { status: 404, body: { type: 'NOT_FOUND', error_title: 'Not Found' } };
  }

  async function answer(
    path: string,
    method: string,
    authorization: string,
    body: string,
  ): Promise<Answer | undefined> {
    const [, token = ''] = /^Bearer (.+)$/.exec(authorization) ?? [];
    try {
      const { payload } = await jwtVerify(token, keyPair.publicKey, {
        algorithms: ['RS256'],
        currentDate: now(),
        requiredClaims: ['iat', 'jti', 'exp'],
      });
      assert.equal(payload['application_id'], applicationId);
      assert.ok(!seenTokens.has(payload.jti ?? ''), 'a token was used twice');
      seenTokens.add(payload.jti ?? '');
    } catch {
      return { status: 401, body: { type: 'UNAUTHORIZED', error_title: 'Unauthorized' } };
    }
    const asked = new URL(path, 'http://stand-in');
    const parsed: unknown = body === '' ? {} : JSON.parse(body);
    const fields: Fields = Object.fromEntries(Object.entries(parsed ?? {}));
    requests += 1;
    switch (fault?.kind) {
      case 'error':
        return {
          status: fault.status,
          headers: fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter },
          body: { type: 'https://developer.vonage.com/api-errors', title: body, detail: body },
        };
      case 'hang':
        if (fault.isTaken) await serve(asked, method, fields);
        return undefined;
      case 'half':
        if (requests % 2 === 0) break;
        if (fault.isTaken) await serve(asked, method, fields);
        return { status: 500, body: {} };
      case 'garbage':
        return { status: 202, body: fault.body };
      case undefined:
    }
    return serve(asked, method, fields);
  }

  const { address, goDown, comeUp } = await startStandIn(
    ({ path, method, headers, body }) =>
      answer(path, method, String(headers['authorization'] ?? ''), body),
    certificate,
  );

  return {
    apiKey,
    signatureSecret,
    applicationId,
    privateKey: keyPair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    address,
    texts: () => texts,
    calls: () => calls,
    misunderstood: () => misunderstood,
    fault: (next) => {
      fault = next;
    },
    reportsEarly: (isEarly) => {
      early = isEarly;
    },
    repeats,
    goDown,
    comeUp,
    textTo: (number) => newestTo(texts, number.replace('+', '')),
    callTo: (number) => newestTo(calls, number.replace('+', '')),
    ring: async (call, callee) => {
      const story = await playVonageCall(call.asked, callee, {
        passes,
        fetch: async (url, fields) => {
          const told = await bring(signed(url, { ...about(call), ...fields }));
          return told.status === 200 ? JSON.parse(told.body) : undefined;
        },
      });
      if (story.answeredBy === 'machine') {
        // Of all reports this one alone names the call otherwise.
        const { uuid, ...rest } = about(call);
        const url = String([call.asked['event_url']].flat()[0]);
        await bring(signed(url, { ...rest, call_uuid: uuid, status: 'machine' }));
      }
      const names = {
        completed: 'completed',
        busy: 'busy',
        'no-answer': 'timeout',
        failed: 'failed',
      };
      await status(call, names[story.status], {
        duration: '2',
        rate: '0.00450000',
        price: '0.00015000',
        network: 'GB-FIXED',
      });
      return story;
    },
    report: (text, name, more = {}) =>
      bring(
        signed(String(text.asked['webhook_url']), {
          message_uuid: text.uuid,
          to: text.to,
          from: text.from,
          timestamp: now().toISOString(),
          status: name,
          client_ref: text.asked['client_ref'],
          channel: 'sms',
          usage: { currency: 'EUR', price: '0.0333' },
          ...more,
        }),
      ),
    reply: (from, body) =>
      bring(
        signed(`${options.origin}/webhooks/vonage/texts`, {
          channel: 'sms',
          message_uuid: randomUUID(),
          to: vonageNumber.replace('+', ''),
          from: from.replace('+', ''),
          timestamp: now().toISOString(),
          text: body,
          message_type: 'text',
          sms: { num_messages: '1', keyword: 'X' },
        }),
      ),
    signed,
    bring,
    brought,
    close: async () => {
      fault = undefined;
      await goDown();
      await settled();
    },
  };
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
