/**
 * Owns Security info: what somebody has registered to prove that it is them, and every change of it.
 * Opening it asks for the second step; what changes something asks for one that is fresh, and comes
 * back to the page that it was asked from.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { appPasswordStanding } from '../../../app-passwords/standing.ts';
import { TweestapError } from '../../../errors/errors.ts';
import { seeOther, sendPage } from '../../../http/answer.ts';
import { form, params, query } from '../../../http/parse.ts';
import { visitorOf } from '../../../http/site.ts';
import { formatDateTime } from '../../../i18n/format.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { SafeHtml } from '../../../lib/html.ts';
import type { Methods } from '../../../methods/method.ts';
import type { OwnHardwareTokens } from '../../../own-account/own-hardware-tokens.ts';
import type { Addable, Entry, Overview, SecurityInfo } from '../../../own-account/security-info.ts';
import type { KnownToken } from '../../../registrations/hardware-token.ts';
import type { Addition } from '../../../signin/attempt.ts';
import type { FindCurrentSession } from '../../../signin/current-session.ts';
import type { Signin } from '../../../signin/signin.ts';
import { askToSignIn, goOn } from '../../attempt.ts';
import { addedIn, methodAtOnce } from '../../registration/added.ts';
import { possibleFor } from '../../registration/ways.ts';
import { forAChange, openStepUp, stepUp } from '../../step-up.ts';
import { ownOf, type Own } from '../portal.ts';
import { newAppPasswordPath } from '../app-passwords/path.ts';
import {
  addPage,
  appPasswordPlace,
  closedPage,
  defaultPage,
  deletePage,
  valueOf,
} from './change-pages.ts';
import { doneQuery, type Done } from './done.ts';
import { listPage } from './list-page.ts';
import { securityInfoPath } from './path.ts';
import { tokenPage, tokenPath } from './token-page.ts';
import { wordsIn } from './words.ts';

export interface SecurityInfoPageParts {
  readonly signin: Pick<Signin, 'open' | 'look' | 'contact'>;
  readonly securityInfo: SecurityInfo;
  readonly hardwareTokens: OwnHardwareTokens;
  readonly currentSession: FindCurrentSession;
  readonly methods: Methods;
  readonly clock: Clock;
}

const registrationId = z.object({ registration: z.string().regex(/^[\w-]{1,64}$/) });
const tokenId = z.object({ token: z.string().regex(/^[\w-]{1,64}$/) });
const codeForm = z.object({ code: z.string().max(100).default('') });
const addForm = z.object({ place: z.string().default('') });
const defaultForm = z.object({ option: z.string().default('') });

/** Registers Security info. Adding and changing go through the registration pages. */
export function securityInfoRoutes(
  parts: SecurityInfoPageParts,
): (app: FastifyInstance) => Promise<void> {
  const { signin, securityInfo, hardwareTokens, methods } = parts;

  return async (app) => {
    app.get(securityInfoPath, (request, reply) =>
      opened(request, reply, securityInfoPath, async (own) => {
        const { user } = own.current;
        const { done } = query(request, doneQuery);
        return listPage({
          ...own,
          now: parts.clock.now(),
          overview: await overviewOf(own),
          mayAdd: await mayAdd(own, request),
          done,
          tokens: await hardwareTokens.waiting(user),
        });
      }),
    );

    app.get(`${securityInfoPath}/add`, (request, reply) =>
      opened(request, reply, `${securityInfoPath}/add`, async (own) => {
        const overview = await overviewOf(own);
        return (await mayAdd(own, request))
          ? adding(own, overview, false)
          : closedPage({ ...own, overview });
      }),
    );

    app.post(`${securityInfoPath}/add`, async (request, reply) => {
      const own = await ownOf(parts.currentSession, request, reply);
      if (own === undefined) return reply;
      const { place } = form(request, addForm);
      const overview = await overviewOf(own);
      if (!(await mayAdd(own, request))) return seeOther(reply, `${securityInfoPath}/add`);
      if (place === appPasswordPlace && mayMakeAppPasswords(own, overview)) {
        return seeOther(reply, newAppPasswordPath);
      }
      const chosen = addableBy(own, overview).find((addable) => valueOf(addable) === place);
      if (chosen === undefined) {
        return (await securityInfo.isOpen(own.current))
          ? sendPage(reply, adding(own, overview, true), { status: 422 })
          : seeOther(reply, securityInfoPath);
      }
      const adds = { kind: chosen.kind.id, slot: chosen.place.slot };
      return begin(request, reply, own, adds, 'added');
    });

    app.post(`${securityInfoPath}/:registration/change`, async (request, reply) => {
      const own = await ownOf(parts.currentSession, request, reply);
      if (own === undefined) return reply;
      const entry = entryOf(request, await overviewOf(own));
      if (entry?.isReplaceable !== true) return told(reply, 'gone');
      const { id, kind, slot } = entry.registration;
      return begin(request, reply, own, { kind, slot, replaces: id }, 'changed');
    });

    app.get(`${securityInfoPath}/:registration/delete`, (request, reply) => {
      const { registration: id } = params(request, registrationId);
      return fresh(request, reply, deletePath(id), async (own) => {
        const overview = await overviewOf(own);
        const entry = entryOf(request, overview);
        if (entry === undefined) return 'gone';
        return entry.isRemovable
          ? deletePage({ ...own, now: parts.clock.now(), overview, entry })
          : 'last';
      });
    });

    app.post(`${securityInfoPath}/:registration/delete`, (request, reply) => {
      const { registration: id } = params(request, registrationId);
      return changing(request, reply, deletePath(id), async ({ current, frame }) => {
        const { address } = visitorOf(request);
        const { locale } = frame;
        const wasDefault = current.user.defaultMethod?.registrationId === id;
        const removed = await securityInfo.remove(current, id, { locale, address });
        if (removed.kind !== 'removed') return removed.kind;
        return wasDefault ? 'deleted-default' : 'deleted';
      });
    });

    app.get(`${securityInfoPath}/default`, (request, reply) =>
      fresh(request, reply, `${securityInfoPath}/default`, async (own) =>
        choosing(own, await overviewOf(own)),
      ),
    );

    app.post(`${securityInfoPath}/default`, (request, reply) =>
      changing(request, reply, `${securityInfoPath}/default`, async (own) => {
        const { option } = form(request, defaultForm);
        const { address } = visitorOf(request);
        const { locale } = own.frame;
        const isSet = await securityInfo.setDefault(own.current, option, { locale, address });
        return isSet ? 'default' : 'gone';
      }),
    );

    app.get(`${securityInfoPath}/token/:token`, (request, reply) => {
      const { token: id } = params(request, tokenId);
      return fresh(request, reply, tokenPath(id), async (own) => {
        const token = await waitingOf(own, id);
        return token === undefined ? 'gone' : tokenPage({ ...own, token });
      });
    });

    app.post(`${securityInfoPath}/token/:token`, (request, reply) => {
      const { token: id } = params(request, tokenId);
      return changing(request, reply, tokenPath(id), async (own) => {
        const { code } = form(request, codeForm);
        const { locale } = own.frame;
        const { address } = visitorOf(request);
        const token = await waitingOf(own, id);
        const came = await hardwareTokens.activate(own.current, id, code, { locale, address });
        if (came.kind === 'activated') return 'added';
        if (came.kind === 'full' || came.kind === 'gone' || token === undefined) {
          return came.kind === 'full' ? 'full' : 'gone';
        }
        const { refused } = wordsIn(locale).token;
        const error =
          came.kind === 'paused'
            ? refused.paused(formatDateTime(came.untilAt, locale))
            : refused[came.kind];
        return tokenPage({ ...own, token, error });
      });
    });

    // Where a form's address is opened by itself (a restored tab): the page it belongs to.
    app.get(`${securityInfoPath}/:registration/change`, async (_request, reply) =>
      seeOther(reply, securityInfoPath),
    );
  };

  async function waitingOf({ current }: Own, id: string): Promise<KnownToken | undefined> {
    return (await hardwareTokens.waiting(current.user)).find((token) => token.id === id);
  }

  function overviewOf({ current, frame }: Own): Promise<Overview> {
    return securityInfo.overview(current.user, frame.locale);
  }

  function choosing(own: Own, overview: Overview): SafeHtml | Done {
    return overview.options.every(({ standsIn }) => standsIn)
      ? 'gone'
      : defaultPage({ ...own, overview });
  }

  function mayAdd({ current }: Own, request: FastifyRequest): Promise<boolean> {
    return securityInfo.mayAdd(current.user, visitorOf(request).address);
  }

  function adding(own: Own, overview: Overview, isMissing: boolean): SafeHtml {
    const addable = addableBy(own, overview);
    const hasAppPasswords = mayMakeAppPasswords(own, overview);
    return addPage({ ...own, overview, addable, hasAppPasswords, isMissing });
  }

  /** Not allowed, it is absent here; the page of app passwords says why. */
  function mayMakeAppPasswords({ current: { user } }: Own, { policy }: Overview): boolean {
    return appPasswordStanding(policy, user) === 'allowed';
  }

  /** An office phone that only the directory may name cannot be added where it names none. */
  function addableBy({ current: { user } }: Own, overview: Overview): readonly Addable[] {
    const { ways } = possibleFor({ known: { policy: overview.policy, user } }, methods);
    return overview.addable.filter(
      ({ place }) => place.slot !== 'office' || ways.office === 'allowed',
    );
  }

  function entryOf(request: FastifyRequest, { entries }: Overview): Entry | undefined {
    const { registration: id } = params(request, registrationId);
    return entries.find(({ registration }) => registration.id === id);
  }

  /** Opens the attempt that registers it, and begins in it at once where nothing has to be asked. */
  async function begin(
    request: FastifyRequest,
    reply: FastifyReply,
    own: Own,
    adds: Addition,
    done: Done,
  ): Promise<FastifyReply> {
    const returnTo = `${securityInfoPath}?done=${done}`;
    const wanted = { ...forAChange, returnTo, adds };
    const ref = await openStepUp(signin, request, reply, own.current, wanted);
    const progress = await signin.look(ref);
    const { step } = progress;
    const added = addedIn(progress, methods, own.frame.locale);
    const isReady = step.kind === 'register' && step.stage === 'contact';
    const method = added === undefined ? undefined : methodAtOnce(added);
    if (!isReady || method === undefined) return goOn(request, reply, progress);
    const choice = { methodId: method.id, input: {} };
    return goOn(request, reply, await signin.contact(ref, choice));
  }

  /** A page for whoever proved a second step in this session, however long ago. */
  async function opened(
    request: FastifyRequest,
    reply: FastifyReply,
    path: string,
    page: (own: Own) => Promise<SafeHtml>,
  ): Promise<FastifyReply> {
    const own = await ownOf(parts.currentSession, request, reply);
    if (own === undefined) return reply;
    return (await securityInfo.isOpen(own.current))
      ? sendPage(reply, await page(own))
      : stepUp(signin, request, reply, own.current, { returnTo: path });
  }

  /** A page for whoever did so just now; where there is nothing to show, the list says why. */
  async function fresh(
    request: FastifyRequest,
    reply: FastifyReply,
    path: string,
    page: (own: Own) => Promise<SafeHtml | Done>,
  ): Promise<FastifyReply> {
    const own = await ownOf(parts.currentSession, request, reply);
    if (own === undefined) return reply;
    if (!(await securityInfo.isFresh(own.current))) {
      return stepUp(signin, request, reply, own.current, { ...forAChange, returnTo: path });
    }
    const shown = await page(own);
    return typeof shown === 'string' ? told(reply, shown) : sendPage(reply, shown);
  }

  /** A change, or the page that asks once more; where the second step is too old, that comes after it. */
  async function changing(
    request: FastifyRequest,
    reply: FastifyReply,
    path: string,
    change: (own: Own) => Promise<Done | SafeHtml>,
  ): Promise<FastifyReply> {
    const own = await ownOf(parts.currentSession, request, reply);
    if (own === undefined) return reply;
    try {
      const came = await change(own);
      return typeof came === 'string' ? told(reply, came) : sendPage(reply, came, { status: 422 });
    } catch (error) {
      if (!(error instanceof TweestapError)) throw error;
      if (error.code === 'NOT_SIGNED_IN') return askToSignIn(request, reply);
      if (error.code !== 'STEP_UP_REQUIRED') throw error;
      return stepUp(signin, request, reply, own.current, { ...forAChange, returnTo: path });
    }
  }
}

function told(reply: FastifyReply, done: Done): FastifyReply {
  return seeOther(reply, `${securityInfoPath}?done=${done}`);
}

function deletePath(id: string): string {
  return `${securityInfoPath}/${id}/delete`;
}
