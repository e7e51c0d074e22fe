/**
 * Owns what Twilio tells us of texts and calls, and what it is told to say next in a call. How a call
 * is spoken is `delivery/providers/twilio/twiml.ts`; what a key means is the method's to judge.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import type { DeliveryEvent } from '../../delivery/message.ts';
import type { OutboxStore } from '../../delivery/outbox-store.ts';
import { failureOf } from '../../delivery/providers/twilio/faults.ts';
import type { CallPlace } from '../../delivery/providers/twilio/paths.ts';
import type { TwilioSettings } from '../../delivery/providers/twilio/settings.ts';
import {
  askForKeys,
  hangUp,
  nothing,
  sayThanks,
  waitForNextKey,
  type CallFrame,
  type Turn,
} from '../../delivery/providers/twilio/twiml.ts';
import { twilioName } from '../../delivery/providers/twilio/twilio.ts';
import { TweestapError } from '../../errors/errors.ts';
import type { Hearing, Outcome } from './hearing.ts';
import { readTwilio } from './signed-by-twilio.ts';

export interface TwilioWebhookParts {
  readonly settings: TwilioSettings;
  /** Our public origin, which Twilio signs. */
  readonly origin: string;
  /** Where a sound of the organisation is fetched. */
  readonly soundAddress: (soundId: string) => string;
}

/** After as many times of silence we hang up. */
const mostSilences = 3;

/** `/webhooks/twilio/…`, on a scope that is a `twilioDoor`. */
export function twilioWebhooks(
  app: FastifyInstance,
  hearing: Hearing,
  outbox: Pick<OutboxStore, 'script'>,
  { settings, origin, soundAddress }: TwilioWebhookParts,
): void {
  const { authToken, otherAuthToken, voices } = settings;
  const authTokens = otherAuthToken === undefined ? [authToken] : [authToken, otherAuthToken];
  const provider = twilioName;

  const read = <shape>(request: FastifyRequest, schema: z.ZodType<shape>): shape =>
    parse(schema, readTwilio(request, { authTokens, origin }), 'body');

  /** What a call is told, once it is known whose it is. */
  const inCall = async (
    request: FastifyRequest,
    reply: FastifyReply,
    next: (call: OngoingCall) => Promise<string>,
  ): Promise<FastifyReply> => {
    const report = read(request, callReport);
    const { id } = parse(address, request.params, 'address');
    const place = parse(placeInCall, request.query, 'address');
    const script = await outbox.script(id);
    // What is over says nothing any more; whose call it is not, neither.
    const twiml =
      script === undefined
        ? hangUp
        : await next({
            ...report,
            ...place,
            frame: { messageId: id, script, origin, voices, soundAddress },
            hear: (what, event) =>
              hearing.of({
                provider,
                eventId: `${report.CallSid}:${what}`,
                messageId: id,
                reference: report.CallSid,
                event,
              }),
          });
    return answer(reply, twiml);
  };

  app.post('/webhooks/twilio/calls/:id', (request, reply) => inCall(request, reply, answered));
  app.post('/webhooks/twilio/calls/:id/early', (request, reply) => inCall(request, reply, early));
  app.post('/webhooks/twilio/calls/:id/keys', (request, reply) => inCall(request, reply, entered));

  app.post('/webhooks/twilio/calls/:id/status', async (request, reply) => {
    const { CallSid, CallStatus, AnsweredBy } = read(request, callReport);
    const { id: messageId } = parse(address, request.params, 'address');
    const eventId = `${CallSid}:${CallStatus}`;
    const event = callEvent(CallStatus, AnsweredBy);
    await hearing.of({ provider, eventId, messageId, reference: CallSid, event });
    return answer(reply, nothing);
  });

  app.post('/webhooks/twilio/texts/:id', async (request, reply) => {
    const { MessageSid, MessageStatus, ErrorCode } = read(request, textStatus);
    const { id: messageId } = parse(address, request.params, 'address');
    const eventId = `${MessageSid}:${MessageStatus}`;
    const isFailure = ['failed', 'undelivered', 'canceled'].includes(MessageStatus);
    const event: DeliveryEvent = isFailure
      ? { kind: 'failed', reason: failureOf(ErrorCode) }
      : { kind: 'sent' };
    await hearing.of({ provider, eventId, messageId, reference: MessageSid, event });
    return answer(reply, nothing);
  });

  app.post('/webhooks/twilio/texts', async (request, reply) => {
    const { MessageSid, From, Body } = read(request, text);
    // Short codes and names register no phone, so they answer nothing.
    if (/^\+[1-9]\d{6,14}$/.test(From)) {
      await hearing.reply({ provider, eventId: MessageSid, from: From, text: Body });
    }
    return answer(reply, nothing);
  });
}

const reference = z.string().regex(/^(?:CA|SM|MM)[0-9a-fA-F]{32}$/);
const address = z.object({ id: z.string().regex(/^[\w-]{8,100}$/) });

const placeInCall = z.object({
  turn: z.coerce.number().int().min(1).max(999).default(1),
  silences: z.coerce.number().int().min(0).max(mostSilences).default(0),
  after: z.string().regex(/^\d$/).optional(),
});

const callReport = z.object({
  CallSid: reference,
  CallStatus: z.string().max(40).default(''),
  AnsweredBy: z.string().max(40).default(''),
  Digits: z
    .string()
    .regex(/^[0-9*#A-D]{0,40}$/)
    .default(''),
});

const textStatus = z.object({
  MessageSid: reference,
  MessageStatus: z.string().max(40),
  ErrorCode: z.string().max(10).default(''),
});

const text = z.object({
  MessageSid: reference,
  From: z.string().max(100),
  Body: z.string().max(3_200).default(''),
});

interface OngoingCall extends z.infer<typeof callReport>, z.infer<typeof placeInCall> {
  readonly frame: CallFrame;
  /** `what` tells this report from every other of the call. */
  readonly hear: (what: string, event: DeliveryEvent) => Promise<Outcome>;
}

/** Somebody, or something, has picked up. */
async function answered(call: OngoingCall): Promise<string> {
  if (isMachine(call.AnsweredBy)) {
    await call.hear('machine', { kind: 'ended', reason: 'voicemail' });
    return hangUp;
  }
  const outcome = await call.hear('answered', { kind: 'answered' });
  return isClosed(outcome) ? hangUp : ask(call, { from: 'greeting' });
}

/** Keys while we greet: they count for nothing, but too many of them are no person's. */
async function early(call: OngoingCall): Promise<string> {
  const { Digits: keys, turn } = call;
  const event: DeliveryEvent = { kind: 'keys', keys, promptSpoken: false };
  const outcome = keys === '' ? 'pending' : await call.hear(`early:${turn}`, event);
  return isClosed(outcome) ? hangUp : ask(call, { from: 'greeting' });
}

/** An entry, or that there was none. */
async function entered(call: OngoingCall): Promise<string> {
  const { frame, turn, silences, after = '', Digits } = call;
  const keys = `${after}${Digits}`;
  if (keys === '') return silent(call);
  // # alone is waited for, and a digit may begin the entry that says that nobody asked for the call.
  if (frame.script.keysBeforeHash === undefined && after === '' && /^\d$/.test(keys)) {
    return waitForNextKey(frame, { turn: turn + 1, silences }, keys);
  }
  const outcome = await call.hear(`keys:${turn}`, { kind: 'keys', keys, promptSpoken: true });
  switch (outcome) {
    case 'verified':
    case 'unasked':
      return sayThanks(frame);
    case 'rejected':
      return ask(call, { from: 'instruction', afterRefusal: true });
    case 'over':
    case 'ignored':
      return hangUp;
    case 'pending':
    case 'repeated':
      return ask(call, { from: 'instruction' });
  }
}

async function silent(call: OngoingCall): Promise<string> {
  const { frame, turn } = call;
  const silences = call.silences + 1;
  if (silences >= mostSilences) {
    await call.hear('silence', { kind: 'ended', reason: 'no-key' });
    return hangUp;
  }
  // A challenge that was answered, cancelled or forgotten meanwhile ends the call.
  const outcome = await call.hear(`silence:${turn}`, { kind: 'answered' });
  if (isClosed(outcome)) return hangUp;
  // Behind an exchange somebody may have picked up only now, and does not know who is calling.
  const from = frame.script.extension === undefined ? 'instruction' : 'greeting';
  return ask({ ...call, silences }, { from });
}

/** The next turn. */
function ask({ frame, turn, silences }: OngoingCall, options: Omit<Turn, keyof CallPlace>): string {
  return askForKeys(frame, { ...options, turn: turn + 1, silences });
}

function isClosed(outcome: Outcome): boolean {
  return outcome === 'over' || outcome === 'ignored';
}

/** What Twilio's detection says: `human`, `machine_start`, `fax`, `unknown`, or nothing. */
function isMachine(answeredBy: string): boolean {
  return answeredBy.startsWith('machine') || answeredBy === 'fax';
}

function callEvent(status: string, answeredBy: string): DeliveryEvent {
  switch (status) {
    case 'completed':
      return { kind: 'ended', reason: isMachine(answeredBy) ? 'voicemail' : 'hung-up' };
    case 'busy':
      return { kind: 'ended', reason: 'busy' };
    case 'no-answer':
    case 'canceled':
      return { kind: 'ended', reason: 'no-answer' };
    case 'failed':
      return { kind: 'failed', reason: 'unreachable' };
    default:
      // On its way: initiated, queued, ringing, in-progress.
      return { kind: 'sent' };
  }
}

function answer(reply: FastifyReply, twiml: string): FastifyReply {
  return reply.header('content-type', 'text/xml; charset=utf-8').send(twiml);
}

/** Twilio adds fields as it likes: those that we know must be right. */
function parse<parsed>(schema: z.ZodType<parsed>, value: unknown, part: string): parsed {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields = result.error.issues.map((issue) => issue.path.join('.')).join(' ');
  throw new TweestapError('REQUEST_MALFORMED', { details: { part, fields } });
}
