/**
 * Owns the pages *Additional security verification*: the interrupt at the first sign-in and its
 * numbered steps. They belong to the attempt whose sign-in waits for them; nobody gets in before Done.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { frameOf, seeOther, sendPage } from '../../http/answer.ts';
import { csrfToken } from '../../http/csrf.ts';
import { form } from '../../http/parse.ts';
import type { SafeHtml } from '../../lib/html.ts';
import type { Methods } from '../../methods/method.ts';
import type { FindCurrentSession } from '../../signin/current-session.ts';
import { isOpen } from '../../signin/attempt.ts';
import { progressOf } from '../../signin/registering.ts';
import type { AttemptRef, Progress, Signin } from '../../signin/signin.ts';
import { goOn, localeOf, pathOf, refOf, registrationPath } from '../attempt.ts';
import type { AttemptView } from '../attempt-view.ts';
import { answerAttemptFaults } from '../sign-in/gone.ts';
import { backupPage, contactPage, type Filled } from './contact-page.ts';
import { appPasswordPage, interruptPage } from './first-and-last-page.ts';
import { provePage } from './prove-page.ts';
import { contactForm, isProving, possibleFor, readContact, typedFor, type Typed } from './ways.ts';

export interface RegistrationPageParts {
  readonly signin: Signin;
  readonly methods: Methods;
  readonly currentSession: FindCurrentSession;
}

const answerForm = z.object({ challenge: z.string() }).catchall(z.string());
const doneForm = z.object({ keep: z.string().default('yes') });

/** Registers the registration pages. They load the bundle `registration`. */
export function registrationRoutes(
  parts: RegistrationPageParts,
): (app: FastifyInstance) => Promise<void> {
  const { signin, methods } = parts;

  return async (app) => {
    answerAttemptFaults(app, parts);

    app.get('/registration/:attempt', async (request, reply) => {
      const progress = await signin.look(refOf(request));
      return progress.step.kind === 'register'
        ? show(request, reply, progress)
        : seeOther(reply, pathOf(progress));
    });

    app.post('/registration/:attempt/set-up-now', async (request, reply) =>
      goOn(request, reply, await signin.setUpNow(refOf(request))),
    );

    app.post('/registration/:attempt/contact', async (request, reply) =>
      contactBy(request, reply, form(request, contactForm)),
    );

    app.post('/registration/:attempt/backup', async (request, reply) =>
      contactBy(request, reply, { ...form(request, contactForm), way: 'mobile' }),
    );

    app.post('/registration/:attempt/answer', async (request, reply) => {
      const { challenge, ...answer } = form(request, answerForm);
      return goOn(request, reply, await signin.answer(refOf(request), challenge, answer));
    });

    app.post('/registration/:attempt/repeat', async (request, reply) => {
      const ref = refOf(request);
      const progress = await signin.look(ref);
      const { draft } = progressOf(progress.attempt);
      const typed = typedFor(draft);
      return progress.attempt.challenge === undefined && typed !== undefined
        ? contactBy(request, reply, typed)
        : goOn(request, reply, await signin.repeat(ref));
    });

    app.post('/registration/:attempt/back', async (request, reply) => {
      const ref = refOf(request);
      const typed = typedFor(progressOf((await signin.look(ref)).attempt).draft);
      const progress = await signin.backToContact(ref);
      return isAsking(progress)
        ? show(request, reply, progress, { typed })
        : goOn(request, reply, progress);
    });

    app.post('/registration/:attempt/skip-backup', async (request, reply) =>
      goOn(request, reply, await signin.skipBackup(refOf(request))),
    );

    app.post('/registration/:attempt/done', async (request, reply) => {
      const { keep } = form(request, doneForm);
      return goOn(request, reply, await signin.done(refOf(request), keep !== 'no'));
    });

    // Where a form's address is opened by itself (a restored tab, a reload): the page it belongs to.
    for (const name of [
      'set-up-now',
      'contact',
      'backup',
      'answer',
      'repeat',
      'back',
      'skip-backup',
      'done',
    ]) {
      app.get(`/registration/:attempt/${name}`, async (request, reply) =>
        seeOther(reply, registrationPath(refOf(request).id)),
      );
    }
  };

  /** Begins to prove what was chosen; what cannot be read is said at once, with all that was typed. */
  async function contactBy(
    request: FastifyRequest,
    reply: FastifyReply,
    typed: Typed,
  ): Promise<FastifyReply> {
    const ref = refOf(request);
    const before = await atContact(ref, typed);
    if (!isAsking(before)) return goOn(request, reply, before);
    const read = readContact(typed, possibleFor(before, methods), localeOf(request, before));
    if (read.kind === 'missing') {
      return show(request, reply, before, { typed, refused: read }, 422);
    }
    const progress = await signin.contact(ref, read.contact);
    const { refused } = progress;
    return refused === undefined
      ? goOn(request, reply, progress)
      : show(request, reply, progress, { typed, refused }, 422);
  }

  /**
   * A form that was filled in before a step back in the browser still counts: its step comes again.
   * The same form once more (a second click) does not: the code of the first text would die of it.
   */
  async function atContact(ref: AttemptRef, typed: Typed): Promise<Progress> {
    const progress = await signin.look(ref);
    const { attempt, step, known } = progress;
    const isAhead =
      step.kind === 'register' && (step.stage === 'prove' || step.stage === 'prove-backup');
    if (!isAhead) return progress;
    const { challenge } = attempt;
    const isAsked =
      challenge !== undefined &&
      isOpen(challenge, known.now) &&
      isProving(progressOf(attempt).draft, typed, possibleFor(progress, methods));
    return isAsked ? progress : signin.backToContact(ref);
  }

  function isAsking({ step }: Progress): boolean {
    return step.kind === 'register' && (step.stage === 'contact' || step.stage === 'backup');
  }

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    progress: Progress,
    filled: Filled = {},
    status = 200,
  ): FastifyReply {
    const frame = {
      ...frameOf(request, { locale: localeOf(request, progress), bundles: ['registration'] }),
      languageSwitch: { path: pathOf(progress) },
    };
    const view = { frame, csrf: csrfToken(request, reply), progress, methods };
    return sendPage(reply, pageOf(view, filled), { status });
  }
}

function pageOf(view: AttemptView, filled: Filled): SafeHtml {
  const { stage } = progressOf(view.progress.attempt);
  switch (stage) {
    case 'interrupt':
      return interruptPage(view);
    case 'contact':
      return contactPage(view, filled);
    case 'prove':
    case 'prove-backup':
      return provePage(view);
    case 'backup':
      return backupPage(view, filled);
    case 'app-password':
      return appPasswordPage(view);
  }
}
