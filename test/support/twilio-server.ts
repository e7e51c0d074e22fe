/**
 * Twilio for tests: its REST API on a port of this machine, and the phones behind it. Built from what
 * Twilio publishes (its description in `twilio-description.ts`, its pages on webhooks, TwiML and
 * security), not from our client; it keeps what a request had that Twilio would not understand. Calls
 * pass in a time of their own, told to whoever wants to move a clock with it.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';

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
import { playCall } from './twilio-call.ts';
import { operationOf, requestFaults, type OperationName } from './twilio-description.ts';

export interface TakenText {
  readonly sid: string;
  readonly to: string;
  readonly from: string;
  readonly body: string;
  readonly validitySeconds: number;
  readonly statusCallback: string;
  readonly createdAt: Date;
}

export interface TakenCall {
  readonly sid: string;
  readonly to: string;
  readonly from: string;
  /** All parameters of the request; of several the last. */
  readonly asked: Readonly<Record<string, string>>;
}

export interface TwilioServer {
  readonly accountSid: string;
  readonly authToken: string;
  readonly apiKey: { readonly sid: string; readonly secret: string };
  readonly address: string;
  readonly texts: () => readonly TakenText[];
  readonly calls: () => readonly TakenCall[];
  /** What it was asked that the real one would not understand. */
  readonly misunderstood: () => readonly string[];
  /** How many requests came to a resource. */
  readonly asked: (operation: OperationName) => number;
  fault: (fault: ApiFault | undefined) => void;
  /** Reports of calls that begin come before the answer to whoever asked for the call. */
  reportsEarly: (isEarly: boolean) => void;
  /** Every webhook is brought this many times. */
  repeats: (times: number) => void;
  goDown: () => Promise<void>;
  comeUp: () => Promise<void>;
  /** The newest text or call to a number; waits for it. */
  textTo: (number: string) => Promise<TakenText>;
  callTo: (number: string) => Promise<TakenCall>;
  /** Rings, and plays the call to its end with whoever picks up. */
  ring: (call: TakenCall, callee: Callee) => Promise<CallStory>;
  /** What became of a text. */
  report: (text: TakenText, status: string, errorCode?: number) => Promise<WebhookAnswer>;
  /** Somebody texts to our number. */
  reply: (from: string, body: string, to?: string) => Promise<WebhookAnswer>;
  /** Signs a webhook as Twilio does, without bringing it. */
  signed: (url: string, fields: Readonly<Record<string, string>>, authToken?: string) => Webhook;
  /** Brings a webhook. */
  bring: (webhook: Webhook) => Promise<WebhookAnswer>;
  /** Every webhook that was brought so far, so that it can be brought again. */
  readonly brought: () => readonly Webhook[];
  close: () => Promise<void>;
}

export interface TwilioServerOptions {
  /** Where texts to our number are brought. */
  readonly origin: string;
  /** How webhooks reach us; over HTTP, to the address they name, unless told. */
  readonly deliver?: (webhook: Webhook) => Promise<WebhookAnswer>;
  /** Told of the time that passes in a call. */
  readonly passes?: (seconds: number) => void | Promise<void>;
  /** Speaks TLS with these. */
  readonly certificate?: Identity;
  /** Numbers that the account has, with what they can do. */
  readonly numbers?: Readonly<Record<string, { readonly sms: boolean; readonly voice: boolean }>>;
  readonly now?: () => Date;
}

export const ourNumber = '+3197010240000';
export const ourVoiceNumber = '+3197010240001';
export const ourService = `MG${'5'.repeat(32)}`;

/** Starts it; close it at the end. */
export async function startTwilio(options: TwilioServerOptions): Promise<TwilioServer> {
  const accountSid = `AC${randomBytes(16).toString('hex')}`;
  const authToken = randomBytes(16).toString('hex');
  const apiKey = {
    sid: `SK${randomBytes(16).toString('hex')}`,
    secret: randomBytes(16).toString('hex'),
  };
  const credentials = new Map([
    [accountSid, authToken],
    [apiKey.sid, apiKey.secret],
  ]);
  const {
    deliver,
    passes = () => undefined,
    certificate,
    now = () => new Date(),
    numbers = {
      [ourNumber]: { sms: true, voice: false },
      [ourVoiceNumber]: { sms: false, voice: true },
    },
  } = options;
  const texts: TakenText[] = [];
  const calls: TakenCall[] = [];
  const misunderstood: string[] = [];
  const asked = new Map<OperationName, number>();
  const { bring, brought, repeats, inBackground, settled } = createBringer(deliver);
  let fault: ApiFault | undefined;
  let requests = 0;
  let early = false;

  const sid = (letters: string): string => `${letters}${randomBytes(16).toString('hex')}`;

  const signed = (
    url: string,
    fields: Readonly<Record<string, string>>,
    token = authToken,
  ): Webhook => ({
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'user-agent': 'TwilioProxy/1.1',
      'i-twilio-idempotency-token': randomBytes(8).toString('hex'),
      'x-twilio-signature': signature(token, url, fields),
    },
    body: new URLSearchParams(fields).toString(),
  });
  const tell = (url: string, fields: Readonly<Record<string, string>>): Promise<WebhookAnswer> =>
    bring(signed(url, { AccountSid: accountSid, ApiVersion: '2010-04-01', ...fields }));

  const callFields = (call: TakenCall, status: string): Record<string, string> => ({
    CallSid: call.sid,
    CallStatus: status,
    Direction: 'outbound-api',
    To: call.to,
    From: call.from,
    Called: call.to,
    Caller: call.from,
  });

  async function createText(form: URLSearchParams): Promise<Answer> {
    const text: TakenText = {
      sid: sid('SM'),
      to: form.get('To') ?? '',
      from: form.get('From') ?? ourNumber,
      body: form.get('Body') ?? '',
      validitySeconds: Number(form.get('ValidityPeriod') ?? 36_000),
      statusCallback: form.get('StatusCallback') ?? '',
      createdAt: now(),
    };
    texts.push(text);
    return { status: 201, body: messageResource(text) };
  }

  async function createCall(form: URLSearchParams): Promise<Answer> {
    const call: TakenCall = {
      sid: sid('CA'),
      to: form.get('To') ?? '',
      from: form.get('From') ?? '',
      asked: Object.fromEntries(form),
    };
    calls.push(call);
    if (form.getAll('StatusCallbackEvent').includes('initiated')) {
      const told = tell(form.get('StatusCallback') ?? '', {
        ...callFields(call, 'initiated'),
        CallbackSource: 'call-progress-events',
        SequenceNumber: '0',
      });
      if (early) await told;
      else inBackground(told);
    }
    return {
      status: 201,
      body: {
        sid: call.sid,
        account_sid: accountSid,
        status: 'queued',
        to: call.to,
        from: call.from,
        direction: 'outbound-api',
        answered_by: null,
        date_created: null,
        price: null,
        uri: `/2010-04-01/Accounts/${accountSid}/Calls/${call.sid}.json`,
      },
    };
  }

  const messageResource = (text: TakenText): Record<string, unknown> => ({
    sid: text.sid,
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: text.body,
    to: text.to,
    from: text.from,
    status: 'queued',
    direction: 'outbound-api',
    date_created: text.createdAt.toUTCString().replace('GMT', '+0000'),
    date_sent: null,
    error_code: null,
    num_segments: '1',
    price: null,
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${text.sid}.json`,
  });

  async function serve(operation: OperationName, form: URLSearchParams): Promise<Answer> {
    switch (operation) {
      case 'CreateMessage':
        return createText(form);
      case 'CreateCall':
        return createCall(form);
      case 'ListMessage': {
        const to = form.get('To');
        const found = texts.filter((text) => to === null || text.to === to).toReversed();
        return { status: 200, body: { messages: found.map(messageResource), page: 0 } };
      }
      case 'ListIncomingPhoneNumber': {
        const number = form.get('PhoneNumber') ?? '';
        const can = numbers[number];
        const owned =
          can === undefined
            ? []
            : [{ sid: sid('PN'), phone_number: number, capabilities: { ...can, mms: false } }];
        return { status: 200, body: { incoming_phone_numbers: owned, page: 0 } };
      }
      case 'FetchService':
        return { status: 200, body: { sid: ourService, friendly_name: 'Tweestap' } };
    }
  }

  async function answer(
    path: string,
    method: string,
    authorization: string,
    body: string,
  ): Promise<Answer | undefined> {
    const url = new URL(path, 'http://stand-in');
    const found = operationOf(method, url.pathname);
    const isOurs = (found?.in['AccountSid'] ?? accountSid) === accountSid;
    const operation = isOurs ? found?.name : undefined;
    const [, given = ''] = /^Basic (.+)$/.exec(authorization) ?? [];
    const [user = '', password = ''] = Buffer.from(given, 'base64').toString('utf8').split(':');
    if (credentials.get(user) !== password || operation === undefined) {
      return operation === undefined ? errorOf(404, 20404) : errorOf(401, 20003);
    }
    asked.set(operation, (asked.get(operation) ?? 0) + 1);
    const form = method === 'POST' ? new URLSearchParams(body) : url.searchParams;
    misunderstood.push(
      ...requestFaults(operation, form).map((each) => `${operation}: ${each}`),
      ...(method === 'POST' && url.search !== '' ? [`${operation}: ${url.search}`] : []),
    );
    if (operation === 'FetchService' && !url.pathname.endsWith(ourService)) {
      return errorOf(404, 20404);
    }
    requests += 1;
    switch (fault?.kind) {
      case 'error':
        return errorOf(fault.status, fault.code, fault.retryAfter);
      case 'hang':
        if (fault.isTaken) await serve(operation, form);
        return undefined;
      case 'half':
        if (requests % 2 === 0) break;
        if (fault.isTaken) await serve(operation, form);
        return errorOf(500, 20500);
      case 'garbage':
        return { status: 201, body: fault.body };
      case undefined:
    }
    return serve(operation, form);
  }

  const { address, goDown, comeUp } = await startStandIn(
    ({ path, method, headers, body }) =>
      answer(path, method, String(headers['authorization'] ?? ''), body),
    certificate,
  );

  return {
    accountSid,
    authToken,
    apiKey,
    address,
    texts: () => texts,
    calls: () => calls,
    misunderstood: () => misunderstood,
    asked: (operation) => asked.get(operation) ?? 0,
    fault: (next) => {
      fault = next;
    },
    reportsEarly: (isEarly) => {
      early = isEarly;
    },
    repeats,
    goDown,
    comeUp,
    textTo: (number) => newestTo(texts, number),
    callTo: (number) => newestTo(calls, number),
    ring: async (call, callee) => {
      const story = await playCall(call.asked, callee, {
        passes,
        fetch: async (url, fields) => {
          const told = await tell(url, { ...callFields(call, 'in-progress'), ...fields });
          // "An application error has occurred": whoever is called hears that, and the call ends.
          return told.status === 200 ? told.body : undefined;
        },
      });
      await tell(call.asked['StatusCallback'] ?? '', {
        ...callFields(call, story.status),
        CallDuration: String(Math.round(story.seconds)),
        ...(story.answeredBy === undefined ? {} : { AnsweredBy: story.answeredBy }),
        CallbackSource: 'call-progress-events',
        SequenceNumber: '3',
      });
      return story;
    },
    report: (text, status, errorCode) =>
      tell(text.statusCallback, {
        MessageSid: text.sid,
        MessageStatus: status,
        SmsSid: text.sid,
        SmsStatus: status,
        To: text.to,
        From: text.from,
        ...(errorCode === undefined ? {} : { ErrorCode: String(errorCode) }),
      }),
    reply: (from, body, to = ourNumber) => {
      const messageSid = sid('SM');
      return tell(`${options.origin}/webhooks/twilio/texts`, {
        MessageSid: messageSid,
        SmsMessageSid: messageSid,
        SmsSid: messageSid,
        SmsStatus: 'received',
        From: from,
        To: to,
        Body: body,
        NumMedia: '0',
        NumSegments: '1',
        FromCountry: 'NL',
        ToCountry: 'NL',
      });
    },
    signed,
    bring,
    brought,
    close: async () => {
      await goDown();
      await settled();
    },
  };
}

/** An error as the API tells it; it quotes the number that was asked for, as the real one does. */
function errorOf(status: number, code = 0, retryAfter?: string): Answer {
  return {
    status,
    ...(retryAfter === undefined ? {} : { headers: { 'retry-after': retryAfter } }),
    body: {
      code,
      message: `The 'To' number +31612345678 has error ${code}`,
      more_info: `https://www.twilio.com/docs/errors/${code}`,
      status,
    },
  };
}

/** https://www.twilio.com/docs/usage/security#validating-requests, step by step. */
function signature(
  authToken: string,
  url: string,
  fields: Readonly<Record<string, string>>,
): string {
  let data = url;
  for (const name of Object.keys(fields).toSorted()) data += name + (fields[name] ?? '');
  return createHmac('sha1', authToken).update(Buffer.from(data, 'utf8')).digest('base64');
}

/** The hash that stands in the address of a webhook whose body is no form. */
export function bodyHash(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
