/** Owns the page of one person, what the logs tell of them, and the way to all that is done for them from there. */
import { z } from 'zod';

import { nameOfProgram } from '../../../administration/acting-admin.ts';
import type { Administration } from '../../../administration/administration.ts';
import type { Providing } from '../../../administration/providing.ts';
import type { ApplicationStore } from '../../../applications/application-store.ts';
import { sendPage } from '../../../http/answer.ts';
import { query } from '../../../http/parse.ts';
import type { OwnPassword } from '../../../own-account/own-password.ts';
import { named } from '../../my-profile/recent-sign-ins/names.ts';
import type { AdminGuardParts, Open } from '../guard.ts';
import { peopleOf } from '../logs/people.ts';
import type { Once } from '../once.ts';
import { actRoutes } from './acts.ts';
import { contactRoutes } from './contact.ts';
import { doneQuery } from './done.ts';
import { historyPage, signInsPage } from './log-pages.ts';
import { personPage } from './person-page.ts';
import { personOf, withinReach } from './reach.ts';
import { registeredRoutes } from './registered.ts';
import { secretRoutes } from './secrets.ts';
import { standingRoutes } from './standing.ts';

export interface PersonPageParts extends AdminGuardParts {
  readonly administration: Administration;
  readonly passwordElsewhere: OwnPassword['elsewhere'];
  readonly providing: Providing;
  readonly once: Once;
  readonly applications: Pick<ApplicationStore, 'list'>;
}

const logQuery = z.object({
  before: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .optional()
    .catch(undefined),
});

const fewOf = 5;
const pageSize = 50;

/** Registers the pages. */
export function personRoutes(open: Open, parts: PersonPageParts): void {
  lookRoutes(open, parts);
  const openFor = withinReach(open, parts);
  contactRoutes(openFor, parts);
  actRoutes(openFor, parts.administration);
  standingRoutes(openFor, parts);
  registeredRoutes(openFor, parts);
  secretRoutes(openFor, parts);
}

function lookRoutes(open: Open, parts: PersonPageParts): void {
  const { stores, methods, policies, clock, applications, passwordElsewhere } = parts;

  open('GET /admin/users/:id', async (admin, request, reply) => {
    const user = await personOf(stores, request);
    const now = clock.now();
    const [registrations, appPasswords, devices, sessions, events, history] = await Promise.all([
      stores.registrations.list(user.id),
      stores.appPasswords.list(user.id),
      stores.trustedDevices.list(user.id, now),
      stores.sessions.list(user.id, now),
      stores.signInEvents.list({ userId: user.id, limit: fewOf }),
      stores.audit.list({ userId: user.id, limit: fewOf }),
    ]);
    const page = personPage({
      ...admin,
      user,
      allowance: (await policies.current()).administration,
      passwordElsewhere: passwordElsewhere(user),
      now,
      registrations,
      appPasswords,
      devices,
      sessions,
      events,
      history,
      methods,
      names: await named(applications, methods),
      nameOf: await actorsOf(parts, history),
      done: query(request, doneQuery).done,
    });
    return sendPage(reply, page);
  });

  open('GET /admin/users/:id/sign-ins', async (admin, request, reply) => {
    const user = await personOf(stores, request);
    const { before } = query(request, logQuery);
    const found = await stores.signInEvents.list({
      userId: user.id,
      limit: pageSize + 1,
      ...(before === undefined ? {} : { before: new Date(before) }),
    });
    const events = found.slice(0, pageSize);
    const older = found.length > pageSize ? events.at(-1)?.at.getTime() : undefined;
    const names = await named(applications, methods);
    const view = { ...admin, user, events, older, isFirst: before === undefined, names };
    return sendPage(reply, signInsPage({ ...view, now: clock.now() }));
  });

  open('GET /admin/users/:id/history', async (admin, request, reply) => {
    const user = await personOf(stores, request);
    const { before } = query(request, logQuery);
    const found = await stores.audit.list({
      userId: user.id,
      limit: pageSize + 1,
      ...(before === undefined ? {} : { before }),
    });
    const events = found.slice(0, pageSize);
    const older = found.length > pageSize ? events.at(-1)?.sequence : undefined;
    const nameOf = await actorsOf(parts, events);
    const names = await named(applications, methods);
    const view = { ...admin, user, events, older, isFirst: before === undefined, nameOf, names };
    return sendPage(reply, historyPage({ ...view, now: clock.now() }));
  });
}

/** The names of those who acted: of other accounts only, each looked up once, and of programs. */
async function actorsOf(
  { stores, applications }: Pick<PersonPageParts, 'stores' | 'applications'>,
  events: readonly { readonly actor: string; readonly userId: string | undefined }[],
): Promise<(actor: string) => string | undefined> {
  const others = events.filter(({ actor, userId }) => actor !== userId);
  const people = await peopleOf(
    stores.users,
    others.map(({ actor }) => actor),
  );
  const programs = new Map(
    (await applications.list()).map(({ clientId, name }) => [nameOfProgram(clientId), name]),
  );
  return (actor) => people.get(actor)?.displayName ?? programs.get(actor);
}
