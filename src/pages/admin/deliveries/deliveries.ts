/**
 * Owns Deliveries: what was sent, what came of it, sending it again, sending oneself a test, and opening
 * blocks of numbers that closed themselves.
 */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

import type { Deliveries } from '../../../administration/deliveries.ts';
import type { NumberBlocks } from '../../../administration/number-blocks.ts';
import type { ProviderHealth } from '../../../delivery/health.ts';
import type { FoundDelivery } from '../../../delivery/outbox-store.ts';
import { TweestapError } from '../../../errors/errors.ts';
import { seeOther, sendPage } from '../../../http/answer.ts';
import { form, params, query } from '../../../http/parse.ts';
import { addDays, beginOfDay } from '../../../lib/days.ts';
import type { ApplicationStore } from '../../../applications/application-store.ts';
import type { ClosedPrefix } from '../../../delivery/closed-prefix-store.ts';
import { byOf, type AdminGuardParts, type Open } from '../guard.ts';
import { peopleOf, personMeant } from '../logs/people.ts';
import { named } from '../../my-profile/recent-sign-ins/names.ts';
import { numberBlocksPage, openBlockPage } from './blocks-page.ts';
import { deliveryPage, retryPage, testPage } from './delivery-page.ts';
import { deliveriesPage, deliveryStates, messageKinds } from './list-page.ts';
import { deliveryPath, numberBlocksPath } from './path.ts';

export interface DeliveryPageParts extends AdminGuardParts {
  readonly deliveries: Deliveries;
  readonly numberBlocks: NumberBlocks;
  readonly applications: Pick<ApplicationStore, 'list'>;
  /** How each provider does. */
  readonly health: () => Promise<readonly ProviderHealth[]>;
}

const text = z.string().max(256).default('').catch('');
const asked = z.object({
  kind: z.enum(messageKinds).optional().catch(undefined),
  state: z.enum(deliveryStates).optional().catch(undefined),
  person: text,
  from: text,
  to: text,
  /** Milliseconds and id of the last of the page before. */
  behind: z
    .string()
    .regex(/^\d{1,15}\.[\w-]{1,64}$/)
    .optional()
    .catch(undefined),
});
const itsAddress = z.object({ delivery: z.string().regex(/^[\w-]{1,64}$/) });
const itsBlock = z.object({
  block: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform((digits) => `+${digits}`),
});
const opened = z.object({ done: z.literal('opened').optional().catch(undefined) });
const done = z.object({ done: z.enum(['retried', 'test']).optional().catch(undefined) });
const testForm = z.object({ kind: z.enum(messageKinds).default('text').catch('text') });
const pageSize = 50;

/** Registers the pages. */
export function deliveryRoutes(open: Open, parts: DeliveryPageParts): void {
  const { stores, clock, deliveries, health, numberBlocks } = parts;

  open('GET /admin/deliveries', async (admin, request, reply) => {
    const fields = query(request, asked);
    const user = await personMeant(stores.users, fields.person);
    const isNobody = fields.person.trim() !== '' && user === undefined;
    const last = beginOfDay(fields.to);
    const found = isNobody
      ? []
      : await stores.outbox.search({
          kind: fields.kind,
          state: fields.state,
          userId: user?.id,
          from: beginOfDay(fields.from),
          before: last === undefined ? undefined : addDays(last, 1),
          behind: behindOf(fields.behind),
          limit: pageSize + 1,
        });
    const shown = found.slice(0, pageSize);
    const view = {
      ...admin,
      asked: fields,
      found: shown,
      older: found.length > pageSize ? placeOf(shown.at(-1)) : undefined,
      people: await peopleOf(
        stores.users,
        shown.map(({ userId }) => userId),
      ),
      isNobody,
      health: await health(),
      closedBlocks: (await numberBlocks.list()).filter((block) => block.opened === undefined)
        .length,
      now: clock.now(),
    };
    return sendPage(reply, deliveriesPage(view));
  });

  const carried = async (): Promise<readonly string[]> => (await health()).map(({ kind }) => kind);

  open('GET /admin/deliveries/test', async (admin, _request, reply) =>
    sendPage(reply, testPage({ ...admin, kind: 'text', carried: await carried() })),
  );

  open('POST /admin/deliveries/test', async (admin, request, reply) => {
    const { kind } = form(request, testForm);
    const { locale } = admin.frame;
    const result = await deliveries.sendTest(kind, byOf(admin, request), locale);
    if ('id' in result) return seeOther(reply, `${deliveryPath(result.id)}?done=test`);
    const view = { ...admin, kind, carried: await carried(), refused: result.refused };
    return sendPage(reply, testPage(view), { status: 422 });
  });

  open('GET /admin/deliveries/blocks', async (admin, request, reply) => {
    const blocks = await numberBlocks.list();
    const view = {
      ...admin,
      blocks,
      people: await peopleOf(
        stores.users,
        blocks.map((block) => block.opened?.by),
      ),
      names: await named(parts.applications, parts.methods),
      now: clock.now(),
      isOpened: query(request, opened).done === 'opened',
    };
    return sendPage(reply, numberBlocksPage(view));
  });

  open('GET /admin/deliveries/blocks/:block', async (admin, request, reply) => {
    const block = await blockAt(request);
    return block.opened === undefined
      ? sendPage(reply, openBlockPage({ ...admin, block }))
      : seeOther(reply, numberBlocksPath);
  });

  open('POST /admin/deliveries/blocks/:block', async (admin, request, reply) => {
    const { prefix } = await blockAt(request);
    const isOpened = await numberBlocks.open(byOf(admin, request), prefix);
    return seeOther(reply, isOpened ? `${numberBlocksPath}?done=opened` : numberBlocksPath);
  });

  open('GET /admin/deliveries/:delivery', async (admin, request, reply) => {
    const record = await recordAt(request);
    const { userId, attemptId } = record;
    const view = {
      ...admin,
      record,
      user: userId === undefined ? undefined : await stores.users.find(userId),
      hasSignIn:
        attemptId !== undefined && (await stores.signInEvents.find(attemptId)) !== undefined,
      done: query(request, done).done,
    };
    return sendPage(reply, deliveryPage(view));
  });

  open('GET /admin/deliveries/:delivery/retry', async (admin, request, reply) => {
    const record = await recordAt(request);
    if (!record.canRetry) return seeOther(reply, deliveryPath(record.id));
    return sendPage(reply, retryPage({ ...admin, record }));
  });

  open('POST /admin/deliveries/:delivery/retry', async (admin, request, reply) => {
    const { id } = await recordAt(request);
    const isBack = await deliveries.retry(id, byOf(admin, request));
    return seeOther(reply, isBack ? `${deliveryPath(id)}?done=retried` : deliveryPath(id));
  });

  async function blockAt(request: FastifyRequest): Promise<ClosedPrefix> {
    const { block: prefix } = params(request, itsBlock);
    const block = await stores.closedPrefixes.find(prefix);
    if (block === undefined) throw new TweestapError('NOT_FOUND');
    return block;
  }

  async function recordAt(request: FastifyRequest): Promise<FoundDelivery> {
    const { delivery: id } = params(request, itsAddress);
    const [record] = await stores.outbox.search({ id, limit: 1 });
    if (record === undefined) throw new TweestapError('NOT_FOUND');
    return record;
  }
}

function placeOf(record: FoundDelivery | undefined): string | undefined {
  return record === undefined ? undefined : `${record.createdAt.getTime()}.${record.id}`;
}

function behindOf(place: string | undefined): { createdAt: Date; id: string } | undefined {
  if (place === undefined) return undefined;
  const [at = '', id = ''] = place.split('.');
  return { createdAt: new Date(Number(at)), id };
}
