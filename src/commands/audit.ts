/** Owns `tweestap audit …`: whether the log is whole, and taking the logs along. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import {
  auditEventsAs,
  everyAuditEvent,
  everySignIn,
  exportFormats,
  signInsAs,
  type ExportFormat,
} from '../audit/exporting.ts';
import { addDays, beginOfDay } from '../lib/days.ts';
import { canonicalUserPrincipalName } from '../lib/names.ts';
import type { Installation } from '../installation/installation.ts';
import { CommandFailure, jsonOption, type Call, type Command } from './command.ts';

export const auditCommands: readonly Command[] = [
  {
    name: 'audit verify',
    does: 'Walks the audit log: says whether every event is as it was written and none is missing.',
    more: 'Ends with 1 and the first event that was changed, removed or moved where there is one. Only the end that it tells, noted elsewhere, shows later whether an earlier day was put back.',
    options: {
      ...jsonOption,
      holds: {
        takes: 'a value',
        value: 'END',
        does: 'Also looks whether an end that was told earlier is still in it.',
      },
    },
    run: verify,
  },
  {
    name: 'audit export',
    does: 'Writes the audit log, or the sign-in log, newest first.',
    more: 'For instance: tweestap audit export --sign-ins --format csv --from 2026-11-01 > november.csv',
    options: {
      'sign-ins': {
        takes: 'nothing',
        does: 'The sign-in log: one line a sign-in, with its steps.',
      },
      format: {
        takes: 'a value',
        value: 'FORMAT',
        does: 'jsonl (unless told), csv, or excel: csv with a byte order mark.',
      },
      from: { takes: 'a value', value: 'DAY', does: 'From this day on, such as 2026-11-21.' },
      to: { takes: 'a value', value: 'DAY', does: 'Up to and including this day.' },
      user: { takes: 'a value', value: 'USER', does: 'Only what concerns this account.' },
      kind: { takes: 'a value', value: 'KIND', does: 'Only events of this kind; audit log only.' },
    },
    run: exportLog,
  },
];

const verifiedTogether = 50_000;

async function verify(call: Call): Promise<void> {
  const noted = notedEnd(call.text('holds'));
  const { stores } = (await call.installation()).database;
  const isWatched = call.io.error.isTTY === true;
  let after = 0;
  for (;;) {
    const part = await stores.audit.verifyPart({ after, most: verifiedTogether });
    const { checked, brokenAt, isDone, length } = part;
    if (isWatched) call.io.error.write(`\r${checked} of ${length} events verified`);
    if (!isDone) {
      after = checked;
      continue;
    }
    if (isWatched) call.io.error.write('\n');
    const last = brokenAt === undefined ? await stores.audit.find(checked) : undefined;
    const end = last === undefined ? undefined : `${checked}:${last.hash.toString('hex')}`;
    if (call.flag('json')) call.json({ checked, brokenAt: brokenAt ?? null, end: end ?? null });
    else if (brokenAt === undefined) {
      const where = end === undefined ? '' : ` It ends at ${end}`;
      call.say(`The audit log is whole: ${checked} events.${where}`);
    }
    if (brokenAt !== undefined) {
      throw new CommandFailure(`Event ${brokenAt} of the audit log was changed, removed or moved.`);
    }
    if (noted === undefined) return;
    const held = await stores.audit.find(noted.sequence);
    if (held?.hash.toString('hex') === noted.hash) return;
    throw new CommandFailure(
      `Event ${noted.sequence} is not the one that was noted: an earlier day was put back, and the log went on from there.`,
    );
  }
}

/** An end as it was told: the number of the event, and its hash. */
function notedEnd(
  typed: string | undefined,
): { readonly sequence: number; readonly hash: string } | undefined {
  if (typed === undefined) return undefined;
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(typed.trim()) ?? [];
  if (sequence === undefined || hash === undefined) {
    throw new CommandFailure(`--holds: ${typed} is no end that this command told.`, 2);
  }
  return { sequence: Number(sequence), hash: hash.toLowerCase() };
}

async function exportLog(call: Call): Promise<void> {
  const format = formatOf(call.text('format') ?? 'jsonl');
  const from = dayOf(call, 'from');
  const last = dayOf(call, 'to');
  const to = last === undefined ? undefined : addDays(last, 1);
  const isSignIns = call.flag('sign-ins');
  const kind = call.text('kind');
  if (isSignIns && kind !== undefined) {
    throw new CommandFailure('--kind is for the audit log only.', 2);
  }
  const { stores } = (await call.installation()).database;
  const userId = await userIdOf(stores, call.text('user'));
  const pieces = isSignIns
    ? signInsAs(format, everySignIn(stores.signInEvents, { userId, from, before: to }))
    : auditEventsAs(format, everyAuditEvent(stores.audit, { userId, kind, from, to }));
  await pipeline(Readable.from(pieces), call.io.output, { end: false });
}

function formatOf(typed: string): ExportFormat {
  const format = exportFormats.find((each) => each === typed);
  if (format !== undefined) return format;
  throw new CommandFailure(`${typed} is no format: ${exportFormats.join(', ')}.`, 2);
}

function dayOf(call: Call, option: 'from' | 'to'): Date | undefined {
  const typed = call.text(option);
  if (typed === undefined) return undefined;
  const day = beginOfDay(typed);
  if (day !== undefined) return day;
  throw new CommandFailure(`--${option}: ${typed} is no day such as 2026-11-21.`, 2);
}

async function userIdOf(
  { users }: Installation['database']['stores'],
  typed: string | undefined,
): Promise<string | undefined> {
  if (typed === undefined) return undefined;
  const name = canonicalUserPrincipalName(typed);
  const id = name === null ? undefined : await users.idOfName(name);
  if (id === undefined) throw new CommandFailure(`There is no user ${typed}.`);
  return id;
}
