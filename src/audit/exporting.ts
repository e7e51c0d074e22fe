/**
 * Owns how a log leaves the house: as lines, written while they are read, so that a million of them need
 * no more memory than a page, and whoever signs in meanwhile comes in between. The names of the columns are
 * for programs and stay as they are.
 */
import { setImmediate } from 'node:timers/promises';

import type { ChainedEvent } from './audit-event.ts';
import type { AuditFilter, AuditStore } from './audit-store.ts';
import {
  decidedBy,
  type SignInEvent,
  type SignInEventStore,
  type SignInFilter,
} from './sign-in-event.ts';
import { writeCsv, type CsvField, type CsvSeparator } from '../lib/csv.ts';

/** `excel`: with what makes a spreadsheet read it by a double click. */
export const exportFormats = ['csv', 'excel', 'jsonl'] as const;
export type ExportFormat = (typeof exportFormats)[number];

const together = 500;

/** Every sign-in that a filter means, newest first. */
export async function* everySignIn(
  store: Pick<SignInEventStore, 'list'>,
  filter: SignInFilter,
): AsyncGenerator<SignInEvent, void, undefined> {
  let behind: SignInEvent | undefined;
  for (;;) {
    const events = await store.list({ ...filter, behind, limit: together });
    yield* events;
    behind = events.at(-1);
    await setImmediate();
    if (behind === undefined || events.length < together) return;
  }
}

/** Every event that a filter means, newest first. */
export async function* everyAuditEvent(
  store: Pick<AuditStore, 'list'>,
  filter: AuditFilter,
): AsyncGenerator<ChainedEvent, void, undefined> {
  let before: number | undefined;
  for (;;) {
    const events = await store.list({ ...filter, before, limit: together });
    yield* events;
    before = events.at(-1)?.sequence;
    await setImmediate();
    if (before === undefined || events.length < together) return;
  }
}

/** Sign-ins as text, piece by piece. */
export function signInsAs(
  format: ExportFormat,
  events: AsyncIterable<SignInEvent>,
  separator: CsvSeparator = ',',
): AsyncIterable<string> {
  if (format === 'jsonl') return jsonLines(events);
  return writeCsv(withHead(signInColumns, events, signInRow), {
    separator,
    forExcel: format === 'excel',
  });
}

/** Events of the audit log as text, piece by piece; the hashes are in hexadecimal. */
export function auditEventsAs(
  format: ExportFormat,
  events: AsyncIterable<ChainedEvent>,
  separator: CsvSeparator = ',',
): AsyncIterable<string> {
  if (format === 'jsonl') return jsonLines(events, plainEvent);
  return writeCsv(withHead(auditColumns, events, auditRow), {
    separator,
    forExcel: format === 'excel',
  });
}

const signInColumns = [
  'id',
  'at',
  'userPrincipalName',
  'userId',
  'applicationId',
  'address',
  'userAgent',
  'result',
  'reason',
  'decidedBy',
  'steps',
] as const;

function signInRow(event: SignInEvent): readonly CsvField[] {
  return [
    event.id,
    event.at,
    event.userPrincipalName,
    event.userId,
    event.applicationId,
    event.address,
    event.userAgent,
    event.result,
    event.reason,
    decidedBy(event),
    event.steps.map(({ method, result, reason }) => `${method}: ${result}, ${reason}`).join('; '),
  ];
}

const auditColumns = [
  'sequence',
  'at',
  'kind',
  'userId',
  'actor',
  'attemptId',
  'address',
  'details',
  'hash',
] as const;

function auditRow(event: ChainedEvent): readonly CsvField[] {
  return [
    event.sequence,
    event.at,
    event.kind,
    event.userId,
    event.actor,
    event.attemptId,
    event.address,
    JSON.stringify(event.details),
    event.hash.toString('hex'),
  ];
}

function plainEvent({ hash, previousHash, ...event }: ChainedEvent): object {
  return { ...event, previousHash: previousHash.toString('hex'), hash: hash.toString('hex') };
}

async function* withHead<event>(
  head: readonly string[],
  events: AsyncIterable<event>,
  rowOf: (event: event) => readonly CsvField[],
): AsyncGenerator<readonly CsvField[], void, undefined> {
  yield head;
  for await (const event of events) yield rowOf(event);
}

/** One JSON object a line, gathered into pieces. */
async function* jsonLines<event>(
  events: AsyncIterable<event>,
  plain: (event: event) => unknown = (event) => event,
): AsyncGenerator<string, void, undefined> {
  let piece = '';
  for await (const event of events) {
    piece += `${JSON.stringify(plain(event))}\n`;
    if (piece.length < 16_384) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
