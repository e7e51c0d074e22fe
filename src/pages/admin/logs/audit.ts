/** Owns the audit log of everything: what is asked of it, one event, the check of its chain. */
import { z } from 'zod';

import type { AuditFilter } from '../../../audit/audit-store.ts';
import { TweestapError } from '../../../errors/errors.ts';
import { sendPage } from '../../../http/answer.ts';
import { params, query } from '../../../http/parse.ts';
import { createGate } from '../../../lib/fifo.ts';
import { named } from '../../my-profile/recent-sign-ins/names.ts';
import type { Open } from '../guard.ts';
import { auditEventPage, auditLogPage, verifyPage, type AuditAsked } from './audit-pages.ts';
import { addDays, beginOfDay, dayOf } from '../../../lib/days.ts';
import { auditEventsAs, everyAuditEvent, exportFormats } from '../../../audit/exporting.ts';
import { createFollowing, followedUntil } from './following.ts';
import { auditLogPath, withFields } from './path.ts';
import { peopleOf, personMeant } from './people.ts';
import { sendFile, separatorFor, type LogPageParts } from './sign-ins.ts';

const text = z.string().max(256).default('').catch('');
const number = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number)
  .optional()
  .catch(undefined);
const asked = z.object({
  kind: text,
  person: text,
  actor: text,
  attempt: text,
  reason: text,
  from: text,
  to: text,
  follow: number,
  before: number,
});
const exportAsked = asked.extend({ format: z.enum(exportFormats).default('csv').catch('csv') });
const itsAddress = z.object({ sequence: z.string().regex(/^\d{1,15}$/) });
const verifyAsked = z.object({ after: number });
const pageSize = 50;
/** So many in one answer: a second or two. */
const verifiedTogether = 100_000;

/** Registers the pages. */
export function auditLogRoutes(open: Open, parts: LogPageParts): void {
  const { stores, methods, clock } = parts;
  const following = createFollowing({
    ...parts,
    topic: 'audit',
    newest: async () => newestOf(await stores.audit.list({ limit: 1 })),
  });
  // Whoever verifies keeps the machine busy; others who do wait for their turn.
  const gate = createGate();

  open('GET /admin/audit', async (admin, request, reply) => {
    const fields = query(request, asked);
    const filter = await filterOf(fields);
    const found = await stores.audit.list({
      ...filter,
      before: fields.before,
      limit: pageSize + 1,
    });
    const events = found.slice(0, pageSize);
    const ids = events.flatMap(({ userId, actor }) => [userId, actor]);
    const view = {
      ...admin,
      asked: fields,
      events,
      older: found.length > pageSize ? events.at(-1)?.sequence : undefined,
      people: await peopleOf(stores.users, ids),
      names: await named(parts.applications, methods),
      now: clock.now(),
    };
    return sendPage(reply, auditLogPage(view));
  });

  open('GET /admin/audit/newest', async (_admin, request, reply) => {
    const { follow, before: _, ...fields } = query(request, asked);
    if (followedUntil(follow, clock.now()) === undefined) {
      return reply.send({ step: 'over', href: withFields(auditLogPath, fields) });
    }
    const filter = await filterOf(fields);
    return reply.send({ step: newestOf(await stores.audit.list({ ...filter, limit: 1 })) });
  });

  open('GET /admin/audit/events', async ({ current }, request, reply) =>
    following.open(request, reply, current.user.id),
  );

  open('GET /admin/audit/export', async ({ frame }, request, reply) => {
    const { format, ...fields } = query(request, exportAsked);
    const filter = await filterOf(fields);
    const pieces = auditEventsAs(
      format,
      everyAuditEvent(stores.audit, filter),
      separatorFor(format, frame.locale),
    );
    return sendFile(reply, pieces, `audit-${dayOf(clock.now())}`, format);
  });

  open('GET /admin/audit/verify', async (admin, request, reply) => {
    const { after } = query(request, verifyAsked);
    if (after === undefined) return sendPage(reply, verifyPage({ ...admin, check: undefined }));
    const check = await gate.run(() => stores.audit.verifyPart({ after, most: verifiedTogether }));
    // It goes on by itself, with and without script, until it is done or somebody leaves.
    if (!check.isDone) {
      const next = withFields(`${auditLogPath}/verify`, { after: check.checked });
      reply.header('refresh', `0; url=${next}`);
    }
    return sendPage(reply, verifyPage({ ...admin, check }));
  });

  open('GET /admin/audit/:sequence', async (admin, request, reply) => {
    const { sequence } = params(request, itsAddress);
    const event = await stores.audit.find(Number(sequence));
    if (event === undefined) throw new TweestapError('NOT_FOUND');
    const { attemptId } = event;
    const signIn = attemptId === undefined ? undefined : await stores.signInEvents.find(attemptId);
    const view = {
      ...admin,
      event,
      hasSignIn: signIn !== undefined,
      people: await peopleOf(stores.users, [event.userId, event.actor]),
      names: await named(parts.applications, methods),
      now: clock.now(),
    };
    return sendPage(reply, auditEventPage(view));
  });

  async function filterOf(fields: AuditAsked): Promise<AuditFilter> {
    const { kind, person, actor, attempt, reason, from, to } = fields;
    const [whose, who] = await Promise.all([
      personMeant(stores.users, person),
      personMeant(stores.users, actor),
    ]);
    const last = beginOfDay(to);
    return {
      ...(kind === '' ? {} : { kind }),
      ...(person.trim() === '' ? {} : { userId: whose?.id ?? person.trim() }),
      ...(actor.trim() === '' ? {} : { actor: who?.id ?? actor.trim() }),
      ...(attempt.trim() === '' ? {} : { attemptId: attempt.trim() }),
      ...(reason === '' ? {} : { reason }),
      from: beginOfDay(from),
      to: last === undefined ? undefined : addDays(last, 1),
    };
  }
}

function newestOf([event]: readonly { readonly sequence: number }[]): string {
  return event === undefined ? '' : String(event.sequence);
}
