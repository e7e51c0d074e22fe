/**
 * Owns handing texts and calls to Twilio (REST API 2010-04-01). What is spoken in a call Twilio asks
 * of us while it lasts (`protocols/webhooks/twilio.ts`).
 *
 * Twilio knows no idempotency key. Two things keep one message from becoming two: its reports name
 * our id, so that a message it took is on record although its answer was lost; and before a text is
 * sent again, Twilio is asked whether it has it.
 */
import { z } from 'zod';

import type { Clock } from '../../../lib/clock.ts';
import { callProvider, jsonIn, unreadableAnswer, type HttpAnswer } from '../../http-call.ts';
import type { CallMessage, QueuedMessage, Receipt, TextMessage } from '../../message.ts';
import type { Provider } from '../../provider.ts';
import { remembering } from '../../receipts.ts';
import { deliveryRefused, refusalOf } from '../../refusal.ts';
import { providerName, refusalIn } from './faults.ts';
import { callPath, callStatusPath, textStatusPath } from './paths.ts';
import type { TwilioSettings } from './settings.ts';

/** The name under which receipts and reports of Twilio are known. */
export const twilioName = 'twilio';

export interface TwilioParts {
  readonly settings: TwilioSettings;
  /** Our public origin: where Twilio reports and asks what to say. */
  readonly origin: string;
  readonly clock: Clock;
  /** For one request; 8,000 milliseconds unless told. */
  readonly timeoutMs?: number;
}

/** A provider of texts, of calls, or of both: whatever has a sender. */
export function twilioProvider(parts: TwilioParts): Provider {
  const { from, messagingServiceSid, voiceFrom } = parts.settings;
  const carriesTexts = from !== undefined || messagingServiceSid !== undefined;
  return {
    name: twilioName,
    kinds: [
      ...(carriesTexts ? (['text'] as const) : []),
      ...(voiceFrom === undefined ? [] : (['call'] as const)),
    ],
    send: remembering(async (queued, signal): Promise<Receipt> => {
      const reference = await send(parts, queued, signal);
      return { provider: twilioName, reference };
    }),
    check: () => check(parts),
  };
}

/** Twilio drops a text that waits longer, and rings no longer, than the message is worth something. */
const shortestPatienceSeconds = 5;
const longestRingSeconds = 60;
/** A call is over by then, whoever stays on the line: it costs by the minute. */
const longestCallSeconds = 120;
/** Twilio's clock and ours may differ by this much when we ask what it took. */
const clockSkewMs = 60_000;

async function send(
  parts: TwilioParts,
  queued: QueuedMessage,
  signal: AbortSignal,
): Promise<string> {
  const { message } = queued;
  if (message.kind === 'text') {
    const known =
      queued.tries > 1 ? await textTakenBefore(parts, queued, message, signal) : undefined;
    return known ?? post(parts, 'Messages.json', textFields(parts, queued, message), signal);
  }
  if (message.kind === 'call') {
    return post(parts, 'Calls.json', callFields(parts, queued, message), signal);
  }
  const fault = `a ${message.kind} is neither a text nor a call`;
  throw deliveryRefused({ retry: false, reason: 'refused', fault });
}

type Field = readonly [name: string, value: string];

function textFields(
  { settings, origin, clock }: TwilioParts,
  queued: QueuedMessage,
  { to, body }: TextMessage,
): readonly Field[] {
  const { from, messagingServiceSid } = settings;
  return [
    ['To', to],
    ...(from === undefined ? [] : ([['From', from]] as const)),
    ...(messagingServiceSid === undefined
      ? []
      : ([['MessagingServiceSid', messagingServiceSid]] as const)),
    ['Body', body],
    ['StatusCallback', `${origin}${textStatusPath(queued.id)}`],
    ['ValidityPeriod', String(Math.max(shortestPatienceSeconds, secondsLeft(queued, clock)))],
  ];
}

function callFields(
  { settings, origin, clock }: TwilioParts,
  queued: QueuedMessage,
  { to, extension }: CallMessage,
): readonly Field[] {
  const { voiceFrom = '', machineDetection, extensionPauseSeconds } = settings;
  const left = Math.max(shortestPatienceSeconds, secondsLeft(queued, clock));
  return [
    ['To', to],
    ['From', voiceFrom],
    ['Url', `${origin}${callPath(queued.id)}`],
    ['StatusCallback', `${origin}${callStatusPath(queued.id)}`],
    ['StatusCallbackEvent', 'initiated'],
    ['StatusCallbackEvent', 'completed'],
    ['Timeout', String(Math.min(longestRingSeconds, left))],
    ['TimeLimit', String(longestCallSeconds)],
    ...(extension === undefined
      ? machineDetection
        ? ([['MachineDetection', 'Enable']] as const)
        : []
      : // Dialled once the exchange has answered; `w` is half a second (row S-007).
        ([['SendDigits', `${'w'.repeat(extensionPauseSeconds * 2)}${extension}`]] as const)),
  ];
}

function secondsLeft({ deliverBefore }: QueuedMessage, clock: Clock): number {
  return Math.floor((deliverBefore.getTime() - clock.now().getTime()) / 1_000);
}

const created = z.object({ sid: z.string().regex(/^(?:SM|MM|CA)[0-9a-fA-F]{32}$/) });

async function post(
  parts: TwilioParts,
  resource: string,
  fields: readonly Field[],
  signal: AbortSignal,
): Promise<string> {
  const body = new URLSearchParams(
    fields.map(([name, value]): [string, string] => [name, value]),
  ).toString();
  const answer = await ask(parts, urlOf(parts, resource), signal, body);
  const refusal = refusalIn(answer);
  if (refusal !== undefined) throw deliveryRefused(refusal);
  const said = created.safeParse(jsonIn(answer));
  if (!said.success) throw deliveryRefused(unreadableAnswer(providerName));
  return said.data.sid;
}

const texts = z.object({
  messages: z.array(
    z.object({
      sid: z.string(),
      body: z.string().nullable(),
      // RFC 2822.
      date_created: z.string().nullable(),
    }),
  ),
});

/**
 * What Twilio calls a text that it took although we never heard so; undefined where it has none. The
 * words tell: each text has a code of its own.
 */
async function textTakenBefore(
  parts: TwilioParts,
  { createdAt }: QueuedMessage,
  { to, body }: TextMessage,
  signal: AbortSignal,
): Promise<string | undefined> {
  const url = urlOf(parts, 'Messages.json');
  url.search = new URLSearchParams({ To: to, PageSize: '20' }).toString();
  let answer: HttpAnswer;
  try {
    answer = await ask(parts, url, signal);
  } catch (error) {
    // That nobody listens now says nothing of the text that may have been taken before.
    throw deliveryRefused({ ...refusalOf(error), isUnsure: true }, error);
  }
  const refusal = refusalIn(answer);
  if (refusal !== undefined) throw deliveryRefused({ ...refusal, isUnsure: true });
  const listed = texts.safeParse(jsonIn(answer));
  if (!listed.success) throw deliveryRefused(unreadableAnswer(providerName));
  const since = createdAt.getTime() - clockSkewMs;
  return listed.data.messages.find(
    (text) => text.body === body && Date.parse(text.date_created ?? '') >= since,
  )?.sid;
}

const numbers = z.object({
  incoming_phone_numbers: z.array(
    z.object({
      capabilities: z.object({ sms: z.boolean().optional(), voice: z.boolean().optional() }),
    }),
  ),
});

/** Whether the credentials are taken, and the senders are there and can do what they are for. */
async function check(parts: TwilioParts): Promise<void> {
  const { from, messagingServiceSid, voiceFrom, accountSid } = parts.settings;
  const signal = new AbortController().signal;
  const found = await Promise.all(
    [
      // A name or a short code is no number that could be looked up.
      from?.startsWith('+') === true ? ({ number: from, can: 'sms' } as const) : undefined,
      voiceFrom === undefined ? undefined : ({ number: voiceFrom, can: 'voice' } as const),
    ]
      .filter((sender) => sender !== undefined)
      .map(async ({ number, can }) => {
        const url = urlOf(parts, 'IncomingPhoneNumbers.json');
        url.search = new URLSearchParams({ PhoneNumber: number, PageSize: '1' }).toString();
        const listed = numbers.safeParse(jsonIn(await asked(parts, url, signal)));
        if (!listed.success) throw wrong('Twilio did not answer in its protocol.');
        const [owned] = listed.data.incoming_phone_numbers;
        if (owned === undefined) return `${number} is no number of account ${accountSid}.`;
        return owned.capabilities[can] === false ? `${number} has no ${can}.` : undefined;
      }),
  );
  if (messagingServiceSid !== undefined) {
    const url = new URL(`/v1/Services/${messagingServiceSid}`, parts.settings.address);
    url.hostname = url.hostname.replace(/^api\./, 'messaging.');
    await asked(parts, url, signal);
  }
  // Where nothing else was asked, the credentials still are to be proved.
  if (found.length === 0 && messagingServiceSid === undefined) {
    const url = urlOf(parts, 'Messages.json');
    url.search = new URLSearchParams({ PageSize: '1' }).toString();
    await asked(parts, url, signal);
  }
  const faults = found.filter((fault) => fault !== undefined);
  if (faults.length > 0) throw wrong(faults.join(' '));
}

/** What a check asks: whatever is not answered with yes is told. */
async function asked(parts: TwilioParts, url: URL, signal: AbortSignal): Promise<HttpAnswer> {
  const answer = await ask(parts, url, signal);
  const refusal = refusalIn(answer);
  if (refusal === undefined) return answer;
  const isRefused = answer.status === 401 || answer.status === 403;
  throw wrong(
    isRefused
      ? `Twilio does not take these credentials (${refusal.fault}).`
      : `${refusal.fault}, asked for ${url.pathname}.`,
  );
}

function wrong(fault: string): Error {
  return deliveryRefused({ retry: true, reason: 'unreachable', fault }, new Error(fault));
}

function urlOf({ settings: { address, accountSid } }: TwilioParts, resource: string): URL {
  return new URL(`/2010-04-01/Accounts/${accountSid}/${resource}`, address);
}

async function ask(
  { settings, timeoutMs }: TwilioParts,
  url: URL,
  signal: AbortSignal,
  body?: string,
): Promise<HttpAnswer> {
  const { accountSid, authToken, apiKeySid, apiKeySecret } = settings;
  const credentials = `${apiKeySid ?? accountSid}:${apiKeySecret ?? authToken}`;
  return callProvider({
    provider: providerName,
    url,
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(body === undefined ? {} : { body }),
    signal,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}
