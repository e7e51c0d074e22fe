/** Owns what the simulated network reports, and what it is told to do next in a call. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';

import type { CallTurn } from '../../delivery/call-script.ts';
import type { DeliveryEvent } from '../../delivery/message.ts';
import { simulatorName } from '../../delivery/providers/simulator/simulator.ts';
import type { Clock } from '../../lib/clock.ts';
import { turnAfter } from './call-turn.ts';
import type { Hearing } from './hearing.ts';
import { readPart } from './report-fields.ts';
import { readSigned } from './signed.ts';

export interface SimulatorWebhookParts {
  readonly clock: Clock;
  /** The newest first; an older one is good until it is taken out. */
  readonly secrets: readonly Buffer[];
}

/** `/webhooks/simulator/calls`, `/texts` and `/status`, on a scope that is a `rawDoor` for JSON. */
export function simulatorWebhooks(
  app: FastifyInstance,
  hearing: Hearing,
  { clock, secrets }: SimulatorWebhookParts,
): void {
  const provider = simulatorName;
  const read = <parsed>(schema: z.ZodType<parsed>, request: FastifyRequest): parsed =>
    readPart(schema, readSigned(request, { secrets, now: clock.now() }), 'body');

  app.post('/webhooks/simulator/calls', async (request): Promise<CallTurn> => {
    const report = read(callReport, request);
    const { eventId, reference } = report;
    const event = eventOf(report);
    return turnAfter(event, await hearing.about({ provider, eventId, reference, event }));
  });

  app.post('/webhooks/simulator/texts', async (request) => {
    const report = read(textReport, request);
    const { eventId, from, text } = report;
    await hearing.reply({ provider, eventId, from, text });
    return {};
  });

  app.post('/webhooks/simulator/status', async (request) => {
    const report = read(statusReport, request);
    const { eventId, reference } = report;
    const event: DeliveryEvent =
      report.status === 'sent' ? { kind: 'sent' } : { kind: 'failed', reason: report.reason };
    await hearing.about({ provider, eventId, reference, event });
    return {};
  });
}

const name = z.string().regex(/^[\w-]{8,100}$/);
const number = z.string().regex(/^\+[1-9]\d{6,14}$/);

const callReport = z.discriminatedUnion('event', [
  z.strictObject({ event: z.literal('answered'), eventId: name, reference: name }),
  z.strictObject({
    event: z.literal('keys'),
    eventId: name,
    reference: name,
    keys: z.string().regex(/^[0-9*#]{1,32}$/),
    promptSpoken: z.boolean(),
  }),
  z.strictObject({
    event: z.literal('ended'),
    eventId: name,
    reference: name,
    reason: z.enum(['hung-up', 'no-answer', 'busy', 'voicemail', 'no-key']),
  }),
]);

const textReport = z.strictObject({
  eventId: name,
  from: number,
  to: number,
  text: z.string().max(1_600),
});

const statusReport = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('sent'), eventId: name, reference: name }),
  z.strictObject({
    status: z.literal('failed'),
    reason: z.enum(['refused', 'unreachable', 'opted-out']),
    eventId: name,
    reference: name,
  }),
]);

type CallEvent = Extract<DeliveryEvent, { readonly kind: 'answered' | 'keys' | 'ended' }>;
function eventOf(report: z.infer<typeof callReport>): CallEvent {
  switch (report.event) {
    case 'answered':
      return { kind: 'answered' };
    case 'keys':
      return { kind: 'keys', keys: report.keys, promptSpoken: report.promptSpoken };
    case 'ended':
      return { kind: 'ended', reason: report.reason };
  }
}
