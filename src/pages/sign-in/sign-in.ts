/**
 * Owns the sign-in pages. `GET /sign-in/:attempt` shows where the attempt stands; every form is one
 * command to the state machine and ends in a redirect back to that page.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { TweestapError } from '../../errors/errors.ts';
import { frameOf, seeOther, sendPage } from '../../http/answer.ts';
import { csrfToken } from '../../http/csrf.ts';
import type { EventStreams } from '../../http/event-stream.ts';
import { form } from '../../http/parse.ts';
import { attemptPath, knownBrowserToken, sessionToken } from '../../http/sign-in-cookies.ts';
import type { SafeHtml } from '../../lib/html.ts';
import type { Methods } from '../../methods/method.ts';
import { isReset } from '../../signin/attempt.ts';
import type { FindCurrentSession } from '../../signin/current-session.ts';
import type { AttemptRef, Progress } from '../../signin/progress.ts';
import type { Signin } from '../../signin/signin.ts';
import { attemptTopic } from '../../signin/topics.ts';
import {
  goOn,
  leave,
  localeOf,
  lostAForm,
  pathOf,
  refOf,
  wantedPage,
  openOwnAttempt,
} from '../attempt.ts';
import type { AttemptView } from '../attempt-view.ts';
import { trustFields } from '../challenge/challenge.ts';
import { markOf } from '../challenge/mark.ts';
import { challengePage, choosePage } from './challenge-page.ts';
import { answerAttemptFaults, sendGone } from './gone.ts';
import { lostPage, namePage } from './name-page.ts';
import { changePasswordPage, passwordPage } from './password-page.ts';
import { passkeyPage } from './passkey-page.ts';
import { prepareChoices, preparePage } from './prepare-page.ts';
import { stayPage } from './stay-page.ts';
import { blockedPage, pausedPage } from './stop-page.ts';

export interface SignInPageParts {
  readonly signin: Signin;
  readonly methods: Methods;
  readonly currentSession: FindCurrentSession;
  readonly streams: EventStreams;
}

const nameForm = z.object({ name: z.string() });
const passwordForm = z.object({ password: z.string(), name: z.string().optional() });
const passForm = z.object({ pass: z.string().max(400), name: z.string().optional() });
const newPasswordForm = z.object({ password: z.string() });
const chooseForm = z.object({ option: z.string() });
const prepareForm = z.object({ choice: z.enum(prepareChoices) });
const stayForm = z.object({ stay: z.enum(['yes', 'no']) });
const trustForm = z.object({ [trustFields.wished]: z.enum(['yes', 'no']) });
/** Which challenge is answered; the rest is the method's to read. */
const answerForm = z.object({ challenge: z.string() }).catchall(z.string());

/** Registers the sign-in pages. */
export function signInRoutes(parts: SignInPageParts): (app: FastifyInstance) => Promise<void> {
  const { signin, methods } = parts;

  return async (app) => {
    answerAttemptFaults(app, parts);

    app.get('/sign-in', async (request, reply) => {
      // Whoever is signed in already has nothing to do here; a session never lengthens itself.
      const current = await parts.currentSession(sessionToken(request));
      const returnTo = wantedPage(request);
      if (current !== undefined) return seeOther(reply, returnTo);
      // Shown at once: its forms lead to the attempt, and whoever comes back here begins anew.
      const { progress } = await openOwnAttempt(signin, request, reply, { returnTo });
      const first = lostAForm(request) && progress.step.kind === 'identify' ? lostPage : pageOf;
      return show(request, reply, progress, first);
    });

    app.get('/sign-in/:attempt', async (request, reply) => {
      const ref = refOf(request);
      const progress = await signin.look(ref);
      switch (progress.step.kind) {
        case 'finish':
        case 'start':
          return goOn(request, reply, await signin.finish(ref));
        case 'register':
        case 'add-method':
        case 'reset-identify':
        case 'reset-choose':
        case 'reset-name':
        case 'reset-challenge':
        case 'reset-password':
        case 'reset-stopped':
          return seeOther(reply, pathOf(progress));
        case 'gone':
          return sendGoneOrLeave(request, reply, progress);
        default:
          return show(request, reply, progress, pageOf);
      }
    });

    app.get('/sign-in/:attempt/status', async (request) => {
      const progress = await waitedFor(request);
      return { step: markOf(progress, methods), href: pathOf(progress) };
    });

    // Says when it is time to ask the above, to the browser that may ask it.
    app.get('/sign-in/:attempt/events', async (request, reply) => {
      const { attempt } = await waitedFor(request);
      return parts.streams.open(request, reply, {
        topics: [attemptTopic(attempt.id)],
        owner: attempt.id,
      });
    });

    app.post('/sign-in/:attempt/name', async (request, reply) => {
      const ref = refOf(request);
      const { name } = form(request, nameForm);
      if (name.trim() === '')
        return refuse(request, reply, ref, ['identify', 'password'], namePage);
      return goOn(request, reply, await signin.identify(ref, name));
    });

    app.post('/sign-in/:attempt/password', async (request, reply) => {
      const ref = refOf(request);
      const { password, name } = form(request, passwordForm);
      // The name that the page showed is the one that is meant, also when another tab went on.
      const typedName = name === undefined || name.trim() === '' ? undefined : name;
      if (password === '') {
        if (typedName !== undefined) await signin.identify(ref, typedName);
        return refuse(request, reply, ref, ['password'], (view) => passwordPage(view, 'password'));
      }
      const known = knownBrowserToken(request);
      return goOn(request, reply, await signin.password(ref, password, known, typedName));
    });

    app.post('/sign-in/:attempt/pass', async (request, reply) => {
      const ref = refOf(request);
      const { pass, name } = form(request, passForm);
      const typedName = name === undefined || name.trim() === '' ? undefined : name;
      if (pass.trim() === '') {
        if (typedName !== undefined) await signin.identify(ref, typedName);
        return refuse(request, reply, ref, ['password'], (view) => passwordPage(view, 'pass'));
      }
      const known = knownBrowserToken(request);
      return goOn(request, reply, await signin.pass(ref, pass, known, typedName));
    });

    app.post('/sign-in/:attempt/passkey', async (request, reply) => {
      const { challenge, ...answer } = form(request, answerForm);
      const known = knownBrowserToken(request);
      return goOn(request, reply, await signin.passkey(refOf(request), challenge, answer, known));
    });

    app.post('/sign-in/:attempt/choose', async (request, reply) => {
      const { option } = form(request, chooseForm);
      return goOn(request, reply, await signin.choose(refOf(request), option));
    });

    app.post('/sign-in/:attempt/answer', async (request, reply) => {
      const {
        challenge,
        [trustFields.offered]: offered,
        [trustFields.wished]: wished,
        ...answer
      } = form(request, answerForm);
      const trusts = offered === undefined ? undefined : wished !== undefined;
      const progress = await signin.answer(refOf(request), challenge, answer, trusts);
      return goOn(request, reply, progress);
    });

    app.post('/sign-in/:attempt/trust', async (request, reply) => {
      const { trust } = form(request, trustForm);
      return goOn(request, reply, await signin.trust(refOf(request), trust === 'yes'));
    });

    app.post('/sign-in/:attempt/change-password', async (request, reply) => {
      const ref = refOf(request);
      const { password } = form(request, newPasswordForm);
      if (password === '') {
        return refuse(request, reply, ref, ['change-password'], changePasswordPage);
      }
      return goOn(request, reply, await signin.changePassword(ref, password));
    });

    app.post('/sign-in/:attempt/prepare-reset', async (request, reply) => {
      const { choice } = form(request, prepareForm);
      return goOn(request, reply, await signin.prepareReset(refOf(request), choice));
    });

    app.post('/sign-in/:attempt/stay-signed-in', async (request, reply) => {
      const { stay } = form(request, stayForm);
      return goOn(request, reply, await signin.staySignedIn(refOf(request), stay === 'yes'));
    });

    const commands = {
      'another-way': signin.anotherWay,
      // Whoever cancels wants this call or code to be over, and is asked how to go on.
      cancel: signin.anotherWay,
      'ask-passkey': signin.askPasskey,
      repeat: signin.repeat,
      restart: signin.restart,
    } satisfies Record<string, (ref: AttemptRef) => Promise<Progress>>;
    for (const [name, command] of Object.entries(commands)) {
      app.post(`/sign-in/:attempt/${name}`, async (request, reply) =>
        goOn(request, reply, await command(refOf(request))),
      );
    }

    // Where a form's address is opened by itself (a restored tab, a reload): the page it belongs to.
    for (const name of [
      'name',
      'password',
      'pass',
      'passkey',
      'choose',
      'answer',
      'trust',
      'change-password',
      'prepare-reset',
      'stay-signed-in',
      ...Object.keys(commands),
    ]) {
      app.get(`/sign-in/:attempt/${name}`, async (request, reply) =>
        seeOther(reply, attemptPath(refOf(request).id)),
      );
    }
  };

  /**
   * Where a sign-in stands for a page that waits. A reset shows on pages of its own what may be seen of
   * it: here it would tell a stranger that somebody's phone was picked up (attack ATK-30).
   */
  async function waitedFor(request: FastifyRequest): Promise<Progress> {
    const progress = await signin.look(refOf(request));
    if (isReset(progress.attempt)) throw new TweestapError('ATTEMPT_NOT_FOUND');
    return progress;
  }

  /** The page of a step that is shown here. */
  function pageOf(view: AttemptView): SafeHtml {
    const { step } = view.progress;
    switch (step.kind) {
      case 'identify':
        return namePage(view);
      case 'password':
        return passwordPage(view);
      case 'passkey':
        return passkeyPage(view);
      case 'challenge':
        return challengePage(view);
      case 'choose':
        return choosePage(view);
      case 'paused':
        return pausedPage(view, step.until);
      case 'blocked':
        return blockedPage(view, step.reason);
      case 'change-password':
        return changePasswordPage(view);
      case 'prepare-reset':
        return preparePage(view, step.what);
      case 'stay-signed-in':
        return stayPage(view);
      case 'finish':
      case 'start':
      case 'register':
      case 'add-method':
      case 'gone':
      case 'reset-identify':
      case 'reset-choose':
      case 'reset-name':
      case 'reset-challenge':
      case 'reset-password':
      case 'reset-stopped':
        throw new Error(`the step ${step.kind} has no page here`);
    }
  }

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    progress: Progress,
    page: (view: AttemptView) => SafeHtml,
    status = 200,
  ): FastifyReply {
    const frame = {
      ...frameOf(request, { locale: localeOf(request, progress) }),
      languageSwitch: { path: pathOf(progress) },
    };
    const view = { frame, csrf: csrfToken(request, reply), progress, methods };
    return sendPage(reply, page(view), { status });
  }

  /** A field was left empty: nothing was tried, the page says so at once. */
  async function refuse(
    request: FastifyRequest,
    reply: FastifyReply,
    ref: AttemptRef,
    at: readonly Progress['step']['kind'][],
    page: (view: AttemptView, isMissing: boolean) => SafeHtml,
  ): Promise<FastifyReply> {
    const progress = await signin.look(ref);
    return at.includes(progress.step.kind)
      ? show(request, reply, progress, (view) => page(view, true), 422)
      : goOn(request, reply, progress);
  }

  /** A sign-in that a form completed goes on from here to the application that waits for it. */
  async function sendGoneOrLeave(
    request: FastifyRequest,
    reply: FastifyReply,
    progress: Progress,
  ): Promise<FastifyReply> {
    const current = await parts.currentSession(sessionToken(request));
    const { identified, finishedAt } = progress.attempt;
    const isEntered =
      finishedAt !== undefined && current !== undefined && current.user.id === identified?.userId;
    return isEntered
      ? leave(request, reply, progress)
      : sendGone(request, reply, parts, {
          code: finishedAt === undefined ? 'ATTEMPT_EXPIRED' : 'ATTEMPT_FINISHED',
          againHref: progress.attempt.request.returnTo,
        });
  }
}
