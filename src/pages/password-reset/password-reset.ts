/**
 * Owns the pages of a forgotten password. `GET /password-reset/:attempt` shows where the reset stands;
 * every form is one command and ends in a redirect back to that page.
 */
import { setTimeout as wait } from 'node:timers/promises';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { frameOf, seeOther, sendPage } from '../../http/answer.ts';
import { csrfToken } from '../../http/csrf.ts';
import { form, query } from '../../http/parse.ts';
import { attemptToken, dropAttempt } from '../../http/sign-in-cookies.ts';
import { TweestapError } from '../../errors/errors.ts';
import type { SafeHtml } from '../../lib/html.ts';
import type { Methods } from '../../methods/method.ts';
import type { Policies } from '../../policies/policies.ts';
import { isReset, type Attempt } from '../../signin/attempt.ts';
import type { FindCurrentSession } from '../../signin/current-session.ts';
import type { AttemptRef, Progress } from '../../signin/progress.ts';
import { asShown } from '../../signin/reset-gates.ts';
import type { Resetting } from '../../signin/resetting.ts';
import type { Signin } from '../../signin/signin.ts';
import { goOn, openOwnAttempt, pathOf, refOf, resetPath, wantedPage } from '../attempt.ts';
import { markOf } from '../challenge/mark.ts';
import { answerAttemptFaults, sendGone } from '../sign-in/gone.ts';
import { passwordResetBundleName } from './bundle.ts';
import { challengePage, choosePage, namingPage } from './gate-page.ts';
import { namePage, type NameAsked } from './name-page.ts';
import {
  endPage,
  nobodyPage,
  passwordPage,
  stoppedPage,
  type PasswordSlip,
} from './password-page.ts';
import { passwordResetPath } from './path.ts';
import type { ResetView } from './view.ts';

export interface PasswordResetParts {
  readonly signin: Pick<Signin, 'open' | 'look'>;
  readonly resetting: Resetting;
  readonly methods: Methods;
  readonly policies: Policies;
  readonly currentSession: FindCurrentSession;
}

/** The sign-in that somebody comes from. */
const origin = z.object({
  from: z
    .string()
    .regex(/^[\w-]{22}$/)
    .optional()
    .catch(undefined),
});
const nameForm = z.object({ name: z.string(), human: z.string().default('') });
const chooseForm = z.object({ method: z.string() });
const destinationForm = z.object({ destination: z.string() });
const passwordForm = z.object({ password: z.string(), again: z.string() });
const answerForm = z.object({ challenge: z.string() }).catchall(z.string());

/** Longer than a command takes by itself, where nothing is hashed. */
const leastMs = 30;

/** Registers the pages. */
export function passwordResetRoutes(
  parts: PasswordResetParts,
): (app: FastifyInstance) => Promise<void> {
  const { signin, resetting, methods, policies } = parts;

  return async (app) => {
    answerAttemptFaults(app, parts, passwordResetPath);

    // Every command takes as long, whatever there was to read of an account (attack ATK-30).
    const startedAt = new WeakMap<FastifyRequest, number>();
    app.addHook('onRequest', async (request) => {
      startedAt.set(request, performance.now());
    });
    app.addHook('onSend', async (request) => {
      const started = startedAt.get(request);
      if (request.method !== 'POST' || started === undefined) return;
      await wait(Math.max(0, started + leastMs - performance.now()));
    });

    app.get(passwordResetPath, async (request, reply) => {
      const { reset, organisation } = await policies.current();
      if (reset.allowedFor === 'nobody') {
        const page = nobodyPage(frameOf(request), reset.helpLink ?? organisation.helpLink);
        return sendPage(reply, page);
      }
      const left = await signInLeft(request);
      const returnTo = left?.request.returnTo ?? '/';
      const { id } = await openOwnAttempt(signin, request, reply, { purpose: 'reset', returnTo });
      if (left !== undefined) return seeOther(reply, `${resetPath(id)}?from=${left.id}`);
      return seeOther(reply, resetPath(id));
    });

    for (const how of ['done', 'unlocked'] as const) {
      app.get(`${passwordResetPath}/${how}`, async (request, reply) => {
        const { reset } = await policies.current();
        const to = wantedPage(request);
        const signInHref = to === '/' ? '/sign-in' : to;
        return sendPage(
          reply,
          endPage(frameOf(request), how, { isTold: reset.notifyPerson, signInHref }),
        );
      });
    }

    app.get(`${passwordResetPath}/:attempt`, async (request, reply) => {
      const progress = await resetting.look(refOf(request));
      if (progress.step.kind === 'gone') {
        const code = progress.step.reason === 'finished' ? 'ATTEMPT_FINISHED' : 'ATTEMPT_EXPIRED';
        return sendGone(request, reply, parts, { code, againHref: passwordResetPath });
      }
      if (progress.step.kind === 'reset-identify') {
        const typed = (await signInLeft(request))?.identified?.typed;
        const question = resetting.humanQuestion(progress.attempt.id);
        return show(request, reply, progress, (view) => namePage(view, { question, typed }));
      }
      return show(request, reply, progress, pageOf);
    });

    app.get(`${passwordResetPath}/:attempt/status`, async (request) => {
      const progress = await resetting.look(refOf(request));
      return { step: markOf(asShown(progress, methods), methods), href: pathOf(progress) };
    });

    app.post(`${passwordResetPath}/:attempt/name`, async (request, reply) => {
      const ref = refOf(request);
      const { name, human } = form(request, nameForm);
      const again = async (asked: NameAsked): Promise<FastifyReply> => {
        const progress = await resetting.look(ref);
        return progress.step.kind === 'reset-identify'
          ? show(request, reply, progress, (view) => namePage(view, asked), 422)
          : goOn(request, reply, progress);
      };
      if (name.trim() === '') return again({ question: human, isMissing: true });
      const { progress, check } = await resetting.identify(ref, name, human);
      if (check === 'passed') return goOn(request, reply, progress);
      // What was only too early stays good: whoever waits must not begin to wait anew.
      const question = check.kind === 'wait' ? human : resetting.humanQuestion(ref.id);
      return again({ question, typed: name, check });
    });

    app.post(`${passwordResetPath}/:attempt/choose`, async (request, reply) => {
      const { method } = form(request, chooseForm);
      return goOn(request, reply, await resetting.choose(refOf(request), method));
    });

    app.post(`${passwordResetPath}/:attempt/destination`, async (request, reply) => {
      const { destination } = form(request, destinationForm);
      return goOn(request, reply, await resetting.name(refOf(request), destination));
    });

    app.post(`${passwordResetPath}/:attempt/answer`, async (request, reply) => {
      const { challenge, ...answer } = form(request, answerForm);
      return goOn(request, reply, await resetting.answer(refOf(request), challenge, answer));
    });

    app.post(`${passwordResetPath}/:attempt/password`, async (request, reply) => {
      const ref = refOf(request);
      const { password, again } = form(request, passwordForm);
      const slip: PasswordSlip | undefined =
        password === '' ? 'missing' : password === again ? undefined : 'differs';
      if (slip !== undefined) {
        const progress = await resetting.look(ref);
        return progress.step.kind === 'reset-password'
          ? show(request, reply, progress, (view) => passwordPage(view, slip), 422)
          : goOn(request, reply, progress);
      }
      return end(request, reply, await resetting.setPassword(ref, password), 'done');
    });

    app.post(`${passwordResetPath}/:attempt/unlock`, async (request, reply) =>
      end(request, reply, await resetting.unlock(refOf(request)), 'unlocked'),
    );

    const commands = {
      'another-way': resetting.anotherWay,
      repeat: resetting.repeat,
      restart: resetting.restart,
    } satisfies Record<string, (ref: AttemptRef) => Promise<Progress>>;
    for (const [name, command] of Object.entries(commands)) {
      app.post(`${passwordResetPath}/:attempt/${name}`, async (request, reply) =>
        goOn(request, reply, await command(refOf(request))),
      );
    }

    // Where a form's address is opened by itself (a restored tab, a reload): the page it belongs to.
    const forms = ['name', 'choose', 'destination', 'answer', 'password', 'unlock'];
    for (const name of [...forms, ...Object.keys(commands)]) {
      app.get(`${passwordResetPath}/:attempt/${name}`, async (request, reply) =>
        seeOther(reply, resetPath(refOf(request).id)),
      );
    }
  };

  function pageOf(view: ResetView): SafeHtml {
    const { step } = view.progress;
    switch (step.kind) {
      case 'reset-choose':
        return choosePage(view);
      case 'reset-name':
        return namingPage(view);
      case 'reset-challenge':
        return challengePage(view);
      case 'reset-password':
        return passwordPage(view);
      case 'reset-stopped':
        return stoppedPage(view);
      default:
        throw new Error(`the step ${step.kind} is none of a reset`);
    }
  }

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    progress: Progress,
    page: (view: ResetView) => SafeHtml,
    status = 200,
  ): FastifyReply {
    const frame = {
      ...frameOf(request, { bundles: [passwordResetBundleName] }),
      languageSwitch: { path: pathOf(progress) },
    };
    const shown = asShown(progress, methods);
    const view = { frame, csrf: csrfToken(request, reply), progress: shown, methods };
    return sendPage(reply, page(view), { status });
  }

  /**
   * The sign-in of this browser that was left for the reset: what was typed there as the name is shown
   * once more, and what waited behind it still waits at the end. The sign-in itself ends with the reset.
   */
  async function signInLeft(request: FastifyRequest): Promise<Attempt | undefined> {
    const { from: id } = query(request, origin);
    const browser = id === undefined ? undefined : attemptToken(request, id);
    if (id === undefined || browser === undefined) return undefined;
    try {
      const { attempt, step } = await signin.look({ id, browser });
      return step.kind === 'gone' || isReset(attempt) ? undefined : attempt;
    } catch (error) {
      if (error instanceof TweestapError) return undefined;
      throw error;
    }
  }

  /** Nobody is signed in by it: the browser lets go of the attempt, and may sign in. */
  function end(
    request: FastifyRequest,
    reply: FastifyReply,
    progress: Progress,
    how: 'done' | 'unlocked',
  ): FastifyReply {
    const { finishedAt, id, request: asked } = progress.attempt;
    if (finishedAt === undefined) return goOn(request, reply, progress);
    dropAttempt(reply, id);
    const to = encodeURIComponent(asked.returnTo);
    return seeOther(reply, `${passwordResetPath}/${how}?to=${to}`);
  }
}
