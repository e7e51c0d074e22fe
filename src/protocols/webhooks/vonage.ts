/**
 * Owns what Vonage tells us of texts and calls, and what it is told to say next in a call. How a call is
 * spoken is `delivery/providers/vonage/ncco.ts`; what a key means is the method's to judge.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import type { Cost, DeliveryEvent } from '../../delivery/message.ts';
import type { OutboxStore } from '../../delivery/outbox-store.ts';
import {
  greet,
  hangUp,
  instruct,
  sayThanks,
  type CallFrame,
  type Ncco,
} from '../../delivery/providers/vonage/ncco.ts';
import type { VonageSettings } from '../../delivery/providers/vonage/settings.ts';
import { digitsOf, vonageName } from '../../delivery/providers/vonage/vonage.ts';
import type { Clock } from '../../lib/clock.ts';
import { entered, pickedUp, placeInCall, pressedEarly, type AskedCall } from './asked-call.ts';
import type { Hearing } from './hearing.ts';
import { itsMessage, readPart } from './report-fields.ts';
import { readVonage } from './signed-by-vonage.ts';

export interface VonageWebhookParts {
  readonly settings: VonageSettings;
  /** Our public origin. */
  readonly origin: string;
  /** Where a sound of the organisation is fetched. */
  readonly soundAddress: (soundId: string) => string;
}

/** `/webhooks/vonage/…`, on a scope that is a `rawDoor` for JSON. */
export function vonageWebhooks(
  app: FastifyInstance,
  hearing: Hearing,
  outbox: Pick<OutboxStore, 'script' | 'noteCost'>,
  { settings, origin, soundAddress, clock }: VonageWebhookParts & { readonly clock: Clock },
): void {
  const { signatureSecret, otherSignatureSecret, apiKey, applicationId, voices } = settings;
  const secrets =
    otherSignatureSecret === undefined
      ? [signatureSecret]
      : [signatureSecret, otherSignatureSecret];
  const provider = vonageName;

  const read = <shape>(request: FastifyRequest, schema: z.ZodType<shape>): shape => {
    const trust = { secrets, apiKey, applicationId, now: clock.now() };
    return readPart(schema, readVonage(request, trust), 'body');
  };

  /** What a call is told, once it is known whose it is. */
  const inCall = async (
    request: FastifyRequest,
    reply: FastifyReply,
    next: (call: OngoingCall) => Promise<Ncco>,
  ): Promise<FastifyReply> => {
    const report = read(request, callReport);
    const { id } = readPart(itsMessage, request.params, 'address');
    const place = readPart(placeInCall, request.query, 'address');
    const script = await outbox.script(id);
    // What is over says nothing any more; whose call it is not, neither. The address is not signed, so
    // the number that was called has to be the message's own.
    const isOwn =
      script !== undefined && (report.to ?? digitsOf(script.to)) === digitsOf(script.to);
    const ncco = !isOwn
      ? hangUp
      : await next({
          ...report,
          ...place,
          ...askedIn({ messageId: id, script, origin, voices, soundAddress }),
          hear: (what, event) =>
            hearing.of({
              provider,
              eventId: `${report.uuid}:${what}`,
              messageId: id,
              reference: report.uuid,
              event,
            }),
        });
    return reply.send(ncco);
  };

  app.post('/webhooks/vonage/calls/:id', (request, reply) => inCall(request, reply, pickedUp));
  app.post('/webhooks/vonage/calls/:id/early', (request, reply) =>
    inCall(request, reply, (call) => pressedEarly(call, keysOf(call))),
  );
  app.post('/webhooks/vonage/calls/:id/keys', (request, reply) =>
    inCall(request, reply, (call) => entered(call, keysOf(call))),
  );

  app.post('/webhooks/vonage/calls/:id/status', async (request, reply) => {
    const report = read(request, callStatus);
    const { id: messageId } = readPart(itsMessage, request.params, 'address');
    const script = await outbox.script(messageId);
    const isOwn =
      script === undefined || (report.to ?? digitsOf(script.to)) === digitsOf(script.to);
    const { uuid, call_uuid: callUuid, status, price } = report;
    const reference = uuid ?? callUuid;
    const event = callEvent(status);
    // Of what has no call, such as a fault in what we told it to say, nothing can be made.
    if (!isOwn || reference === undefined || event === undefined) return reply.send({});
    const eventId = `${reference}:${status}`;
    const outcome = await hearing.of({ provider, eventId, messageId, reference, event });
    const cost = costOf(price, 'EUR');
    if (cost !== undefined && outcome !== 'ignored') await outbox.noteCost(messageId, cost);
    return reply.send({});
  });

  app.post('/webhooks/vonage/texts/:id', async (request, reply) => {
    const { id: messageId } = readPart(itsMessage, request.params, 'address');
    const report = read(request, textStatus);
    const { message_uuid: reference, status, client_ref: named, usage } = report;
    // The address is not signed; that the body names our message is.
    if (named !== messageId) return reply.send({});
    const eventId = `${reference}:${status}`;
    const event: DeliveryEvent =
      status === 'rejected'
        ? { kind: 'failed', reason: 'refused' }
        : status === 'undeliverable'
          ? { kind: 'failed', reason: 'unreachable' }
          : { kind: 'sent' };
    await hearing.of({ provider, eventId, messageId, reference, event });
    const cost = usage === undefined ? undefined : costOf(usage.price, usage.currency);
    if (cost !== undefined) await outbox.noteCost(messageId, cost);
    return reply.send({});
  });

  app.post('/webhooks/vonage/texts', async (request, reply) => {
    const { message_uuid: eventId, from, text } = read(request, inbound);
    // Short codes and names register no phone, so they answer nothing.
    if (/^[1-9]\d{6,14}$/.test(from)) {
      await hearing.reply({ provider, eventId, from: `+${from}`, text });
    }
    return reply.send({});
  });
}

const digits = z.string().regex(/^\d{1,20}$/);

const callReport = z.object({
  uuid: z.uuid(),
  to: digits.optional(),
  dtmf: z
    .object({
      digits: z
        .string()
        .regex(/^[0-9*#]{0,40}$/)
        .nullable()
        .default(''),
      timed_out: z.boolean().default(false),
    })
    .optional(),
});

const callStatus = z.object({
  uuid: z.uuid().optional(),
  call_uuid: z.uuid().optional(),
  to: digits
    .nullable()
    .optional()
    .transform((to) => to ?? undefined),
  status: z.string().max(40).default(''),
  price: z.string().max(20).nullable().optional(),
});

const textStatus = z.object({
  message_uuid: z.uuid(),
  client_ref: z.string().max(100).optional(),
  status: z.string().max(40),
  usage: z.object({ price: z.string().max(20), currency: z.string().max(3) }).optional(),
});

const inbound = z.object({
  message_uuid: z.uuid(),
  channel: z.literal('sms'),
  from: z.string().max(100),
  text: z.string().max(3_200).default(''),
});

interface OngoingCall extends AskedCall<Ncco>, z.infer<typeof callReport> {}

/** What can be said in a call, as an NCCO. */
function askedIn(frame: CallFrame): Pick<OngoingCall, 'says' | 'isBehindExchange'> {
  return {
    isBehindExchange: frame.script.extension !== undefined,
    says: {
      greet: (place) => greet(frame, place),
      instruct: (place, afterRefusal) => instruct(frame, place, afterRefusal),
      thanks: () => sayThanks(frame),
      hangUp,
    },
  };
}

/** The keys of an entry: # ends it, and is not among the digits that Vonage tells. */
function keysOf({ dtmf }: OngoingCall): string {
  const { digits: pressed = '', timed_out: isTimedOut = true } = dtmf ?? {};
  const keys = pressed ?? '';
  return isTimedOut || keys.includes('#') ? keys : `${keys}#`;
}

/** What a status says; undefined where it is none of a call. */
function callEvent(status: string): DeliveryEvent | undefined {
  switch (status) {
    case 'completed':
    case 'disconnected':
      return { kind: 'ended', reason: 'hung-up' };
    case 'machine':
      return { kind: 'ended', reason: 'voicemail' };
    case 'busy':
      return { kind: 'ended', reason: 'busy' };
    case 'timeout':
    case 'unanswered':
    case 'cancelled':
      return { kind: 'ended', reason: 'no-answer' };
    case 'rejected':
    case 'failed':
      return { kind: 'failed', reason: 'unreachable' };
    case 'started':
    case 'ringing':
    case 'answered':
    case 'human':
      return { kind: 'sent' };
    default:
      return undefined;
  }
}

function costOf(price: string | null | undefined, currency: string): Cost | undefined {
  const amount = Number(price ?? Number.NaN);
  if (!Number.isFinite(amount) || amount < 0 || !/^[A-Z]{3}$/.test(currency)) return undefined;
  return { millionths: Math.round(amount * 1_000_000), currency };
}
