/**
 * Owns what Twilio tells us of texts and calls, and what it is told to say next in a call. How a call
 * is spoken is `delivery/providers/twilio/twiml.ts`; what a key means is the method's to judge.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import type { DeliveryEvent } from '../../delivery/message.ts';
import type { OutboxStore } from '../../delivery/outbox-store.ts';
import { failureOf } from '../../delivery/providers/twilio/faults.ts';
import type { TwilioSettings } from '../../delivery/providers/twilio/settings.ts';
import {
  askForKeys,
  hangUp,
  nothing,
  sayThanks,
  waitForNextKey,
  type CallFrame,
} from '../../delivery/providers/twilio/twiml.ts';
import { twilioName } from '../../delivery/providers/twilio/twilio.ts';
import { entered, pickedUp, placeInCall, pressedEarly, type AskedCall } from './asked-call.ts';
import type { Hearing } from './hearing.ts';
import { itsMessage, readPart } from './report-fields.ts';
import { readTwilio } from './signed-by-twilio.ts';

export interface TwilioWebhookParts {
  readonly settings: TwilioSettings;
  /** Our public origin, which Twilio signs. */
  readonly origin: string;
  /** Where a sound of the organisation is fetched. */
  readonly soundAddress: (soundId: string) => string;
}

/** `/webhooks/twilio/…`, on a scope that is a `rawDoor` for forms and JSON. */
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
    readPart(schema, readTwilio(request, { authTokens, origin }), 'body');

  /** What a call is told, once it is known whose it is. */
  const inCall = async (
    request: FastifyRequest,
    reply: FastifyReply,
    next: (call: OngoingCall) => Promise<string>,
  ): Promise<FastifyReply> => {
    const report = read(request, callReport);
    const { id } = readPart(itsMessage, request.params, 'address');
    const place = readPart(placeAndKey, request.query, 'address');
    const script = await outbox.script(id);
    // What is over says nothing any more; whose call it is not, neither.
    const twiml =
      script === undefined
        ? hangUp
        : await next({
            ...report,
            ...place,
            ...askedIn({ messageId: id, script, origin, voices, soundAddress }),
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
  app.post('/webhooks/twilio/calls/:id/early', (request, reply) =>
    inCall(request, reply, (call) => pressedEarly(call, call.Digits)),
  );
  app.post('/webhooks/twilio/calls/:id/keys', (request, reply) => inCall(request, reply, keyed));

  app.post('/webhooks/twilio/calls/:id/status', async (request, reply) => {
    const { CallSid, CallStatus, AnsweredBy } = read(request, callReport);
    const { id: messageId } = readPart(itsMessage, request.params, 'address');
    const eventId = `${CallSid}:${CallStatus}`;
    const event = callEvent(CallStatus, AnsweredBy);
    await hearing.of({ provider, eventId, messageId, reference: CallSid, event });
    return answer(reply, nothing);
  });

  app.post('/webhooks/twilio/texts/:id', async (request, reply) => {
    const { MessageSid, MessageStatus, ErrorCode } = read(request, textStatus);
    const { id: messageId } = readPart(itsMessage, request.params, 'address');
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
/** `after`: the key that went before those that are told, in the same entry. */
const placeAndKey = placeInCall.extend({ after: z.string().regex(/^\d$/).optional() });

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

interface OngoingCall
  extends AskedCall<string>, z.infer<typeof callReport>, z.infer<typeof placeAndKey> {
  readonly frame: CallFrame;
}

/** What can be said in a call, in TwiML. */
function askedIn(frame: CallFrame): Pick<OngoingCall, 'frame' | 'says' | 'isBehindExchange'> {
  return {
    frame,
    isBehindExchange: frame.script.extension !== undefined,
    says: {
      greet: (place) => askForKeys(frame, { ...place, from: 'greeting' }),
      instruct: (place, afterRefusal) =>
        askForKeys(frame, { ...place, from: 'instruction', afterRefusal }),
      thanks: () => sayThanks(frame),
      hangUp,
    },
  };
}

/** Somebody, or something, has picked up. */
async function answered(call: OngoingCall): Promise<string> {
  if (!isMachine(call.AnsweredBy)) return pickedUp(call);
  await call.hear('machine', { kind: 'ended', reason: 'voicemail' });
  return hangUp;
}

/** Keys after the instruction. */
async function keyed(call: OngoingCall): Promise<string> {
  const { frame, turn, silences, after = '', Digits } = call;
  const keys = `${after}${Digits}`;
  // # alone is waited for, and a digit may begin the entry that says that nobody asked for the call.
  if (frame.script.keysBeforeHash === undefined && after === '' && /^\d$/.test(keys)) {
    return waitForNextKey(frame, { turn: turn + 1, silences }, keys);
  }
  return entered(call, keys);
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
