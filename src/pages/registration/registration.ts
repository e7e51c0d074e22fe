/**
 * Owns the pages *Additional security verification*: the interrupt at the first sign-in and its
 * numbered steps. They belong to the attempt whose sign-in waits for them; nobody gets in before Done.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { frameOf, seeOther, sendPage } from '../../http/answer.ts';
import { csrfToken } from '../../http/csrf.ts';
import { form } from '../../http/parse.ts';
import { dropAttempt } from '../../http/sign-in-cookies.ts';
import { TweestapError } from '../../errors/errors.ts';
import type { SafeHtml } from '../../lib/html.ts';
import type { Methods } from '../../methods/method.ts';
import type { FindCurrentSession } from '../../signin/current-session.ts';
import { allPlacesTaken, progressOf } from '../../signin/registering.ts';
import type { AttemptRef, Progress } from '../../signin/progress.ts';
import type { Signin } from '../../signin/signin.ts';
import { goOn, localeOf, pathOf, refOf, registrationPath } from '../attempt.ts';
import type { AttemptView } from '../attempt-view.ts';
import { securityInfoPath } from '../my-profile/security-info/path.ts';
import { answerAttemptFaults } from '../sign-in/gone.ts';
import { addMethodPage, later } from './add-method-page.ts';
import { addedIn, isAsked, readAdded, type Added } from './added.ts';
import { addingPage, addingProvePage, type FilledIn } from './adding-page.ts';
import { backupPage, contactPage } from './contact-page.ts';
import { appPasswordPage, interruptPage } from './first-and-last-page.ts';
import { provePage } from './prove-page.ts';
import { contactForm, isProving, isUnderWay, possibleFor, readContact, typedFor } from './ways.ts';

export interface RegistrationPageParts {
  readonly signin: Signin;
  readonly methods: Methods;
  readonly currentSession: FindCurrentSession;
}

const answerForm = z.object({ challenge: z.string() }).catchall(z.string());
/** Fields of these pages, or of a method: what they are, whoever reads them says. */
const anyForm = z.record(z.string(), z.string());
type Input = z.infer<typeof anyForm>;
const addForm = z.object({ kind: z.string().max(100) });
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
      return isHere(progress) ? show(request, reply, progress) : seeOther(reply, pathOf(progress));
    });

    app.post('/registration/:attempt/set-up-now', async (request, reply) =>
      goOn(request, reply, await signin.setUpNow(refOf(request))),
    );

    app.post('/registration/:attempt/add-method', async (request, reply) => {
      const { kind } = form(request, addForm);
      const ref = refOf(request);
      return goOn(
        request,
        reply,
        kind === later ? await signin.snooze(ref) : await signin.addMethod(ref, kind),
      );
    });

    app.post('/registration/:attempt/contact', async (request, reply) =>
      begin(request, reply, form(request, anyForm)),
    );

    app.post('/registration/:attempt/backup', async (request, reply) =>
      begin(request, reply, { ...form(request, anyForm), way: 'mobile' }),
    );

    app.post('/registration/:attempt/answer', async (request, reply) => {
      const { challenge, ...answer } = form(request, answerForm);
      try {
        return goOn(request, reply, await signin.answer(refOf(request), challenge, answer));
      } catch (error) {
        if (!isFull(error)) throw error;
        // Somebody filled the last place meanwhile, in another tab.
        return seeOther(reply, `${securityInfoPath}?done=full`);
      }
    });

    app.post('/registration/:attempt/repeat', async (request, reply) => {
      const ref = refOf(request);
      const progress = await signin.look(ref);
      // The phone may have answered while the button was pressed.
      const isOver = progressOf(progress.attempt).draft === undefined;
      return goOn(request, reply, isOver ? progress : await signin.repeat(ref));
    });

    app.post('/registration/:attempt/back', async (request, reply) => {
      const ref = refOf(request);
      const typed = typedFor(progressOf((await signin.look(ref)).attempt).draft);
      const progress = await signin.backToContact(ref);
      return isAsking(progress)
        ? show(request, reply, progress, { typed })
        : goOn(request, reply, progress);
    });

    app.post('/registration/:attempt/cancel', async (request, reply) => {
      const ref = refOf(request);
      const { attempt } = await signin.look(ref);
      if (attempt.request.adds === undefined) return seeOther(reply, registrationPath(ref.id));
      if (attempt.addsInPassing === true) {
        return goOn(request, reply, await signin.dropAddition(ref));
      }
      await signin.backToContact(ref);
      dropAttempt(reply, ref.id);
      return seeOther(reply, securityInfoPath);
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
      'add-method',
      'contact',
      'backup',
      'answer',
      'repeat',
      'back',
      'cancel',
      'skip-backup',
      'done',
    ]) {
      app.get(`/registration/:attempt/${name}`, async (request, reply) =>
        seeOther(reply, registrationPath(refOf(request).id)),
      );
    }
  };

  /** Begins to prove what was chosen; what cannot be read is said at once, with all that was typed. */
  async function begin(
    request: FastifyRequest,
    reply: FastifyReply,
    typed: Input,
  ): Promise<FastifyReply> {
    const ref = refOf(request);
    const now = await signin.look(ref);
    const locale = localeOf(request, now);
    const added = addedIn(now, methods, locale);
    const before = await atContact(ref, now, added, typed);
    if (!isAsking(before)) return goOn(request, reply, before);
    const possible = possibleFor(before, methods);
    const read =
      added === undefined
        ? readContact(contactForm.parse(typed), possible, locale)
        : readAdded(added, typed, possible, locale);
    if (read === undefined) return goOn(request, reply, before);
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
  async function atContact(
    ref: AttemptRef,
    progress: Progress,
    added: Added | undefined,
    typed: Input,
  ): Promise<Progress> {
    const { attempt, step } = progress;
    const isAhead =
      step.kind === 'register' && (step.stage === 'prove' || step.stage === 'prove-backup');
    if (!isAhead) return progress;
    const possible = possibleFor(progress, methods);
    const isOnce =
      added === undefined
        ? isUnderWay(progress) &&
          isProving(progressOf(attempt).draft, contactForm.parse(typed), possible)
        : isAsked(added, typed, progress, possible);
    return isOnce ? progress : signin.backToContact(ref);
  }

  function isAsking({ step }: Progress): boolean {
    return step.kind === 'register' && (step.stage === 'contact' || step.stage === 'backup');
  }

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    progress: Progress,
    filled: FilledIn = {},
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

/** Whether its page is one of these. */
function isHere(progress: Progress): boolean {
  return pathOf(progress) === registrationPath(progress.attempt.id);
}

function pageOf(view: AttemptView, { typed, refused }: FilledIn): SafeHtml {
  const { progress, methods, frame } = view;
  if (progress.step.kind === 'add-method') return addMethodPage(view, progress.step);
  const { stage } = progressOf(progress.attempt);
  const added = addedIn(progress, methods, frame.locale);
  const filled = {
    typed: typed === undefined ? undefined : contactForm.parse(typed),
    refused,
  };
  switch (stage) {
    case 'interrupt':
      return interruptPage(view);
    case 'contact':
      return added === undefined
        ? contactPage(view, filled)
        : addingPage(view, added, { typed, refused });
    case 'prove':
    case 'prove-backup':
      return added === undefined ? provePage(view) : addingProvePage(view, added);
    case 'backup':
      return backupPage(view, filled);
    case 'app-password':
      return appPasswordPage(view);
  }
}

function isFull(error: unknown): boolean {
  return error instanceof TweestapError && error.details['reason'] === allPlacesTaken;
}
