/**
 * Owns the pages of somebody's own app passwords: the list, making one that is shown once, deleting.
 * A new one is shown on a page of its own after the redirect; whoever comes back to that page, or
 * sends the form again, finds no secret there and has made no second one.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { appPasswordDoors } from '../../../app-passwords/app-password.ts';
import { seeOther, sendPage } from '../../../http/answer.ts';
import { form, params, query } from '../../../http/parse.ts';
import { siteOf } from '../../../http/site.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { OwnAppPasswords } from '../../../own-account/own-app-passwords.ts';
import { actorOf, createGuard, type GuardParts } from '../guard.ts';
import type { Own } from '../portal.ts';
import { appPasswordsPath, newAppPasswordPath } from './path.ts';
import { addPage, deleteAllPage, deletePage, listPage, madePage, type Filled } from './views.ts';

export interface AppPasswordPageParts extends GuardParts {
  readonly ownAppPasswords: OwnAppPasswords;
  readonly clock: Clock;
}

/** What the list may say of what was just done: a fixed choice, so that no address brings its own words. */
const doneQuery = z.object({
  done: z.enum(['deleted', 'all-deleted', 'gone', 'full']).optional().catch(undefined),
});
const itsAddress = z.object({ id: z.string().regex(/^[\w-]{22}$/) });
const wanted = z.object({
  name: z.string().default(''),
  door: z.enum(appPasswordDoors).optional().catch(undefined),
  days: z.coerce.number().optional().catch(undefined),
});
const addForm = wanted.extend({ form: z.string().regex(/^[\w-]{22}$/) });

const deleteAllPath = `${appPasswordsPath}/delete-all`;

/** Registers the pages. */
export function appPasswordRoutes(
  parts: AppPasswordPageParts,
): (app: FastifyInstance) => Promise<void> {
  const { ownAppPasswords, clock } = parts;
  const guard = createGuard(parts);

  return async (app) => {
    app.get(appPasswordsPath, (request, reply) =>
      guard.opened(request, reply, appPasswordsPath, async (own) => {
        const { done } = query(request, doneQuery);
        const overview = await ownAppPasswords.overview(own.current.user);
        return sendPage(reply, listPage({ ...own, overview, now: clock.now(), done }));
      }),
    );

    app.get(newAppPasswordPath, (request, reply) => {
      const filled = query(request, wanted);
      return guard.fresh(request, reply, addPathWith(filled), (own) =>
        showForm(request, reply, own, filled),
      );
    });

    app.post(newAppPasswordPath, (request, reply) => {
      const { form: formId, ...filled } = form(request, addForm);
      return guard.fresh(request, reply, addPathWith(filled), async (own) => {
        const { name, door, days = Number.NaN } = filled;
        const asked = { formId, name, door, expiryDays: days };
        const created = await ownAppPasswords.create(own.current, asked, actorOf(request, own));
        switch (created.kind) {
          case 'made':
            return seeOther(reply, `${appPasswordsPath}/${created.id}`);
          case 'full':
            return seeOther(reply, `${appPasswordsPath}?done=full`);
          case 'not-allowed':
            return seeOther(reply, appPasswordsPath);
          case 'refused':
            return showForm(request, reply, own, { ...filled, refused: created.reason });
        }
      });
    });

    app.get(`${appPasswordsPath}/:id`, (request, reply) => {
      const { id } = params(request, itsAddress);
      return guard.opened(request, reply, `${appPasswordsPath}/${id}`, async (own) => {
        const shown = await ownAppPasswords.show(own.current, id);
        return shown === undefined
          ? seeOther(reply, appPasswordsPath)
          : sendPage(reply, madePage(own, shown.appPassword, shown.plain));
      });
    });

    app.get(`${appPasswordsPath}/:id/delete`, (request, reply) => {
      const { id } = params(request, itsAddress);
      return guard.fresh(request, reply, deletePath(id), async (own) => {
        const { list } = await ownAppPasswords.overview(own.current.user);
        const found = list.find((each) => each.id === id);
        return found === undefined
          ? seeOther(reply, `${appPasswordsPath}?done=gone`)
          : sendPage(reply, deletePage(own, found));
      });
    });

    app.post(`${appPasswordsPath}/:id/delete`, (request, reply) => {
      const { id } = params(request, itsAddress);
      return guard.fresh(request, reply, deletePath(id), async (own) => {
        const removed = await ownAppPasswords.remove(own.current, id, actorOf(request, own));
        return seeOther(reply, `${appPasswordsPath}?done=${removed ? 'deleted' : 'gone'}`);
      });
    });

    app.get(deleteAllPath, (request, reply) =>
      guard.fresh(request, reply, deleteAllPath, async (own) => {
        const { list } = await ownAppPasswords.overview(own.current.user);
        return list.length === 0
          ? seeOther(reply, appPasswordsPath)
          : sendPage(reply, deleteAllPage(own, list.length));
      }),
    );

    app.post(deleteAllPath, (request, reply) =>
      guard.fresh(request, reply, deleteAllPath, async (own) => {
        const count = await ownAppPasswords.removeAll(own.current, actorOf(request, own));
        return seeOther(reply, `${appPasswordsPath}?done=${count > 0 ? 'all-deleted' : 'gone'}`);
      }),
    );
  };

  async function showForm(
    request: FastifyRequest,
    reply: FastifyReply,
    own: Own,
    filled: Filled,
  ): Promise<FastifyReply> {
    const overview = await ownAppPasswords.overview(own.current.user);
    if (overview.standing !== 'allowed') return seeOther(reply, appPasswordsPath);
    if (overview.isFull) return seeOther(reply, `${appPasswordsPath}?done=full`);
    const formId = siteOf(request).token(16);
    const status = filled.refused === undefined ? 200 : 422;
    return sendPage(reply, addPage(own, overview, formId, filled), { status });
  }
}

/** What was typed is kept while the second step is asked. */
function addPathWith({ name, door, days }: Filled): string {
  const typed = new URLSearchParams({
    ...(name === '' ? {} : { name: name.slice(0, 80) }),
    ...(door === undefined ? {} : { door }),
    ...(days === undefined ? {} : { days: String(days) }),
  }).toString();
  return typed === '' ? newAppPasswordPath : `${newAppPasswordPath}?${typed}`;
}

function deletePath(id: string): string {
  return `${appPasswordsPath}/${id}/delete`;
}
