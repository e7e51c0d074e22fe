/** Owns the log: where it goes, how it looks, and what it tells of deliveries and of RADIUS. */
import type { FastifyBaseLogger } from 'fastify';
import { pino } from 'pino';

import type { Settings } from '../config.ts';
import type { DeliveryReport } from '../delivery/delivery.ts';
import type { RadiusEvent } from '../protocols/radius/radius.ts';

export type LogStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** One JSON object a line; on a terminal something that people read. */
export function createLogger({ logLevel }: Settings, stream: LogStream): FastifyBaseLogger {
  return pino({ level: logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream);
}

/** The same stream; on a terminal one that writes for people. */
export async function readable(stream: LogStream): Promise<LogStream> {
  if (stream.isTTY !== true) return stream;
  const { PinoPretty } = await import('pino-pretty');
  return PinoPretty({
    colorize: true,
    translateTime: 'SYS:HH:MM:ss',
    singleLine: true,
    sync: true,
    destination: stream,
  });
}

const wellDelivered: ReadonlySet<DeliveryReport['kind']> = new Set([
  'message-sent',
  'message-postponed',
  'provider-is-back',
]);

/** One line for each thing that happened to a message. */
export function logDelivery(logger: FastifyBaseLogger, report: DeliveryReport): void {
  logger[wellDelivered.has(report.kind) ? 'info' : 'warn'](report, 'delivery');
}

/** One line for each packet that was not answered. */
export function logRadius(logger: FastifyBaseLogger, { kind, error, ...event }: RadiusEvent): void {
  if (kind === 'failed') logger.error({ ...event, err: error }, 'a RADIUS request failed');
  else logger.warn(event, 'a RADIUS packet was dropped');
}
