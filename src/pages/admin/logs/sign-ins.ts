/** Owns the sign-in log of everybody: what is asked of it, one sign-in, following and taking it along. */
import { Readable } from 'node:stream';

import type { FastifyReply } from 'fastify';
import { z } from 'zod';

import type { SignInFilter } from '../../../audit/sign-in-event.ts';
import { TweestapError } from '../../../errors/errors.ts';
import { sendPage } from '../../../http/answer.ts';
import type { EventStreams } from '../../../http/event-stream.ts';
import { params, query } from '../../../http/parse.ts';
import type { Locale } from '../../../i18n/locale.ts';
import type { CsvSeparator } from '../../../lib/csv.ts';
import type { Signals } from '../../../lib/signals.ts';
import type { ApplicationStore } from '../../../applications/application-store.ts';
import { named } from '../../my-profile/recent-sign-ins/names.ts';
import type { AdminGuardParts, Open } from '../guard.ts';
import { addDays, beginOfDay, dayOf } from '../../../lib/days.ts';
import {
  everySignIn,
  exportFormats,
  signInsAs,
  type ExportFormat,
} from '../../../audit/exporting.ts';
import { createFollowing, followedUntil } from './following.ts';
import { signInLogPath, withFields } from './path.ts';
import { peopleOf, personMeant } from './people.ts';
import { signInLogPage, signInPage, type SignInsAsked } from './sign-in-pages.ts';

export interface LogPageParts extends AdminGuardParts {
  readonly applications: Pick<ApplicationStore, 'list'>;
  readonly streams: Pick<EventStreams, 'open'>;
  readonly signals: Pick<Signals, 'tell'>;
}

const text = z.string().max(256).default('').catch('');
/** Milliseconds since 1970: when somebody began to follow. */
const moment = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number)
  .optional()
  .catch(undefined);
const asked = z.object({
  person: text,
  /** `-`: the pages of Tweestap itself. */
  application: text,
  result: z.enum(['success', 'interrupted', 'failure']).optional().catch(undefined),
  reason: text,
  method: text,
  address: text,
  from: text,
  to: text,
  follow: moment,
  /** Milliseconds and id of the last of the page before. */
  behind: z
    .string()
    .regex(/^\d{1,15}\.[\w-]{1,64}$/)
    .optional()
    .catch(undefined),
});
const exportAsked = asked.extend({ format: z.enum(exportFormats).default('csv').catch('csv') });
const itsAddress = z.object({ id: z.string().regex(/^[\w-]{1,64}$/) });
const pageSize = 50;
const mostEvents = 200;
/** An attempt is over by then, whatever was waited for. */
const aroundMs = 3_600_000;

/** Registers the pages. */
export function signInLogRoutes(open: Open, parts: LogPageParts): void {
  const { stores, methods, clock } = parts;
  const following = createFollowing({
    ...parts,
    topic: 'sign-ins',
    newest: async () => placeOf(await stores.signInEvents.list({ limit: 1 })),
  });

  open('GET /admin/sign-ins', async (admin, request, reply) => {
    const fields = query(request, asked);
    const { filter, isNobody } = await filterOf(fields);
    const found = await stores.signInEvents.list({
      ...filter,
      behind: behindOf(fields.behind),
      limit: pageSize + 1,
    });
    const events = found.slice(0, pageSize);
    const view = {
      ...admin,
      asked: fields,
      events,
      older: found.length > pageSize ? placeOf(events.slice(-1)) : undefined,
      newest: placeOf(events.slice(0, 1)),
      isNobody,
      people: await peopleOf(
        stores.users,
        events.map(({ userId }) => userId),
      ),
      names: await named(parts.applications, methods),
      applications: await parts.applications.list(),
      now: clock.now(),
    };
    return sendPage(reply, signInLogPage(view));
  });

  open('GET /admin/sign-ins/newest', async (_admin, request, reply) => {
    const { follow, behind: _, ...fields } = query(request, asked);
    if (followedUntil(follow, clock.now()) === undefined) {
      return reply.send({ step: 'over', href: withFields(signInLogPath, fields) });
    }
    const { filter } = await filterOf(fields);
    return reply.send({ step: placeOf(await stores.signInEvents.list({ ...filter, limit: 1 })) });
  });

  open('GET /admin/sign-ins/events', async ({ current }, request, reply) =>
    following.open(request, reply, current.user.id),
  );

  open('GET /admin/sign-ins/export', async ({ frame }, request, reply) => {
    const { format, ...fields } = query(request, exportAsked);
    const { filter } = await filterOf(fields);
    const pieces = signInsAs(
      format,
      everySignIn(stores.signInEvents, filter),
      separatorFor(format, frame.locale),
    );
    return sendFile(reply, pieces, `sign-ins-${dayOf(clock.now())}`, format);
  });

  open('GET /admin/sign-ins/:id', async (admin, request, reply) => {
    const { id } = params(request, itsAddress);
    const event = await stores.signInEvents.find(id);
    if (event === undefined) throw new TweestapError('NOT_FOUND');
    const events = await stores.audit.list({
      attemptId: id,
      userId: event.userId,
      from: new Date(event.at.getTime() - aroundMs),
      to: new Date(event.at.getTime() + aroundMs),
      limit: mostEvents,
    });
    const ids = [event.userId, ...events.map(({ actor }) => actor)];
    const view = {
      ...admin,
      event,
      events: events.toReversed(),
      people: await peopleOf(stores.users, ids),
      names: await named(parts.applications, methods),
      now: clock.now(),
    };
    return sendPage(reply, signInPage(view));
  });

  async function filterOf(
    fields: SignInsAsked,
  ): Promise<{ readonly filter: SignInFilter; readonly isNobody: boolean }> {
    const { person, application, result, reason, method, address, from, to } = fields;
    const user = await personMeant(stores.users, person);
    const isNobody = person.trim() !== '' && user === undefined;
    const last = beginOfDay(to);
    return {
      isNobody,
      filter: {
        ...(user === undefined ? {} : { userId: user.id }),
        ...(isNobody ? { typedName: person.trim() } : {}),
        ...(application === '' ? {} : { applicationId: application === '-' ? '' : application }),
        result,
        ...(reason === '' ? {} : { reason }),
        ...(method === '' ? {} : { method }),
        ...(address.trim() === '' ? {} : { address: address.trim() }),
        from: beginOfDay(from),
        before: last === undefined ? undefined : addDays(last, 1),
      },
    };
  }
}

/** Excel splits at what its country writes lists with. */
export function separatorFor(format: ExportFormat, locale: Locale): CsvSeparator {
  return format === 'excel' && locale === 'nl' ? ';' : ',';
}

/** Answers with a file that is written while it is sent. */
export function sendFile(
  reply: FastifyReply,
  pieces: AsyncIterable<string>,
  name: string,
  format: ExportFormat,
): FastifyReply {
  const isCsv = format !== 'jsonl';
  return reply
    .header('content-type', isCsv ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}.${isCsv ? 'csv' : 'jsonl'}"`)
    .send(Readable.from(pieces));
}

function placeOf([event]: readonly { readonly at: Date; readonly id: string }[]): string {
  return event === undefined ? '' : `${event.at.getTime()}.${event.id}`;
}

function behindOf(place: string | undefined): { at: Date; id: string } | undefined {
  if (place === undefined) return undefined;
  const dot = place.indexOf('.');
  return { at: new Date(Number(place.slice(0, dot))), id: place.slice(dot + 1) };
}
