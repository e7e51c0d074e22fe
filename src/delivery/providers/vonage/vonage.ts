/**
 * Owns handing texts and calls to Vonage (Messages API v1, Voice API v1). What is spoken in a call
 * Vonage asks of us while it lasts (`protocols/webhooks/vonage.ts`).
 *
 * Vonage knows no idempotency key and cannot be asked what it took. So what it may have is not sent
 * again: its report, which names our id, is then the receipt.
 */
import { z } from 'zod';

import type { Clock } from '../../../lib/clock.ts';
import type { Random } from '../../../lib/random.ts';
import {
  callProvider,
  jsonIn,
  refusalByStatus,
  unreadableAnswer,
  type HttpAnswer,
} from '../../http-call.ts';
import type { CallMessage, QueuedMessage, Receipt, TextMessage } from '../../message.ts';
import type { Provider } from '../../provider.ts';
import { refuseIfPerhapsTaken, remembering } from '../../receipts.ts';
import { deliveryRefused, type Refusal } from '../../refusal.ts';
import { applicationToken } from './jwt.ts';
import { callPath, callStatusPath, textStatusPath } from './paths.ts';
import type { VonageSettings } from './settings.ts';

/** The name under which receipts and reports of Vonage are known. */
export const vonageName = 'vonage';
const shownName = 'Vonage';

export interface VonageParts {
  readonly settings: VonageSettings;
  /** Our public origin: where Vonage reports and asks what to say. */
  readonly origin: string;
  readonly clock: Clock;
  readonly random: Random;
  /** For one request; 8,000 milliseconds unless told. */
  readonly timeoutMs?: number;
}

/** A provider of texts, of calls, or of both: whatever has a sender. */
export function vonageProvider(parts: VonageParts): Provider {
  const { from, voiceFrom } = parts.settings;
  return {
    name: vonageName,
    kinds: [
      ...(from === undefined ? [] : (['text'] as const)),
      ...(voiceFrom === undefined ? [] : (['call'] as const)),
    ],
    send: remembering((queued, signal) => send(parts, queued, signal)),
    check: () => check(parts),
  };
}

/** A phone rings no longer than this, nor longer than the call is worth something. */
const longestRingSeconds = 60;
const shortestRingSeconds = 5;
/** A call is over by then, whoever stays on the line: it costs by the minute. */
const longestCallSeconds = 120;

async function send(
  parts: VonageParts,
  queued: QueuedMessage,
  signal: AbortSignal,
): Promise<Receipt> {
  const { message } = queued;
  if (message.kind !== 'text' && message.kind !== 'call') {
    const fault = `a ${message.kind} is neither a text nor a call`;
    throw deliveryRefused({ retry: false, reason: 'refused', fault });
  }
  refuseIfPerhapsTaken(shownName, queued);
  const { address, voiceAddress } = parts.settings;
  const answer =
    message.kind === 'text'
      ? await ask(parts, new URL('/v1/messages', address), signal, text(parts, queued, message))
      : await ask(parts, new URL('/v1/calls', voiceAddress), signal, call(parts, queued, message));
  const refusal = refusalIn(answer);
  if (refusal !== undefined) throw deliveryRefused(refusal);
  const said = taken.safeParse(jsonIn(answer));
  const reference = said.data?.message_uuid ?? said.data?.uuid;
  if (reference === undefined) throw deliveryRefused(unreadableAnswer(shownName));
  return { provider: vonageName, reference };
}

const taken = z.object({ message_uuid: z.uuid().optional(), uuid: z.uuid().optional() });

/** Vonage writes numbers without their plus. */
export function digitsOf(number: string): string {
  return number.replace(/^\+/, '');
}

function text(
  { settings, origin }: VonageParts,
  { id }: QueuedMessage,
  { to, body }: TextMessage,
): unknown {
  return {
    message_type: 'text',
    channel: 'sms',
    to: digitsOf(to),
    from: digitsOf(settings.from ?? ''),
    text: body,
    client_ref: id,
    webhook_url: `${origin}${textStatusPath(id)}`,
    webhook_version: 'v1',
  };
}

function call(
  { settings, origin, clock }: VonageParts,
  { id, deliverBefore }: QueuedMessage,
  { to, extension }: CallMessage,
): unknown {
  const { voiceFrom = '', machineDetection, extensionPauseSeconds } = settings;
  const left = Math.floor((deliverBefore.getTime() - clock.now().getTime()) / 1_000);
  return {
    to: [
      {
        type: 'phone',
        number: digitsOf(to),
        // Dialled once the exchange has answered; `p` is half a second (row S-007).
        ...(extension === undefined
          ? {}
          : { dtmfAnswer: `${'p'.repeat(extensionPauseSeconds * 2)}${extension}` }),
      },
    ],
    from: { type: 'phone', number: digitsOf(voiceFrom) },
    answer_url: [`${origin}${callPath(id)}`],
    answer_method: 'POST',
    event_url: [`${origin}${callStatusPath(id)}`],
    event_method: 'POST',
    ringing_timer: Math.min(longestRingSeconds, Math.max(shortestRingSeconds, left)),
    length_timer: longestCallSeconds,
    ...(machineDetection && extension === undefined ? { machine_detection: 'hangup' } : {}),
  };
}

/**
 * What an answer says against the message; undefined where it was taken. That we are not known, may not
 * or have no money left is about us: it may be set right, and another provider asked meanwhile.
 */
function refusalIn(answer: HttpAnswer): Refusal | undefined {
  const refusal = refusalByStatus(shownName, answer);
  const isOurs = [401, 402, 403, 404, 405, 409, 415].includes(answer.status);
  return refusal !== undefined && isOurs
    ? { ...refusal, retry: true, reason: 'unreachable' }
    : refusal;
}

/** Whether the application and its key are taken. */
async function check(parts: VonageParts): Promise<void> {
  const url = new URL('/v1/calls', parts.settings.voiceAddress);
  url.search = new URLSearchParams({ page_size: '1' }).toString();
  const answer = await ask(parts, url, new AbortController().signal);
  const refusal = refusalIn(answer);
  if (refusal === undefined) return;
  const isRefused = answer.status === 401 || answer.status === 403;
  const fault = isRefused
    ? `Vonage does not take this application and its key (${refusal.fault}).`
    : `${refusal.fault}, asked for ${url.pathname}.`;
  throw deliveryRefused({ retry: true, reason: 'unreachable', fault }, new Error(fault));
}

async function ask(
  { settings, clock, random, timeoutMs }: VonageParts,
  url: URL,
  signal: AbortSignal,
  body?: unknown,
): Promise<HttpAnswer> {
  const token = applicationToken(settings, { now: clock.now(), id: random.token(16) });
  return callProvider({
    provider: shownName,
    url,
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}
