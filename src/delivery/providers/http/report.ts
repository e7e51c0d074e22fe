/** Owns what a report of such a provider says, read by what the operator pointed at. */
import { readFileSync } from 'node:fs';

import type { DeliveryEvent } from '../../message.ts';
import { textIn } from './place.ts';
import type { HttpReportSettings } from './report-settings.ts';

/** The secrets that prove a report, read anew: a new one needs no restart. Throws where a file cannot be read. */
export function reportSecrets({
  secret,
  secretFile,
  otherSecretFile,
}: HttpReportSettings): readonly string[] {
  const files = [secretFile, otherSecretFile].filter((path) => path !== undefined);
  return [
    ...(secret === undefined ? [] : [secret]),
    ...files.map((path) => readFileSync(path, 'utf8').trim()),
  ];
}

/** What became of a text. */
export interface StatusReport {
  /** What the provider calls it. */
  readonly reference: string;
  readonly eventId: string;
  readonly event: DeliveryEvent;
}

/**
 * What became of a text; undefined where nothing is said that we know of. Null where it is no report at
 * all: what the settings point at is not there.
 */
export function statusIn(
  { message, state, sent, failed, optedOut }: NonNullable<HttpReportSettings['status']>,
  body: unknown,
): StatusReport | undefined | null {
  const reference = textIn(body, message);
  const said = textIn(body, state);
  if (!isName(reference) || !isName(said)) return null;
  const is = (values: readonly unknown[]): boolean => values.some((each) => String(each) === said);
  const event: DeliveryEvent | undefined = is(optedOut)
    ? { kind: 'failed', reason: 'opted-out' }
    : is(failed)
      ? { kind: 'failed', reason: 'unreachable' }
      : is(sent)
        ? { kind: 'sent' }
        : undefined;
  return event === undefined ? undefined : { reference, eventId: `${reference}:${said}`, event };
}

/** A text that somebody sent to us. */
export interface ReplyReport {
  readonly eventId: string;
  /** E.164; undefined for a short code or a name, which registers no phone. */
  readonly from: string | undefined;
  readonly text: string;
}

/** What somebody replied; null where what the settings point at is not there. */
export function replyIn(
  { id, from, text }: NonNullable<HttpReportSettings['replies']>,
  body: unknown,
): ReplyReport | null {
  const eventId = textIn(body, id);
  const sender = textIn(body, from);
  if (!isName(eventId) || !isName(sender)) return null;
  return { eventId: `reply:${eventId}`, from: numberIn(sender), text: textIn(body, text) ?? '' };
}

/** What is kept, and so is of a length. */
function isName(text: string | undefined): text is string {
  return text !== undefined && text !== '' && text.length <= 200;
}

/** `+31 6 …`, `0031 6 …` and `316…` are one number to those who send texts between countries. */
function numberIn(written: string): string | undefined {
  const digits = written.replaceAll(/[\s().-]/g, '').replace(/^(?:\+|00)/, '');
  return /^[1-9]\d{6,14}$/.test(digits) ? `+${digits}` : undefined;
}
