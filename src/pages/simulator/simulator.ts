/**
 * Owns `/simulator`: the phones and the mailbox of the sample organisation on one page, and the same
 * for scripts (`api.ts`). On this machine only, and only where the sample organisation is.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { TweestapError } from '../../errors/errors.ts';
import { frameOf, seeOther, sendPage } from '../../http/answer.ts';
import { csrfToken } from '../../http/csrf.ts';
import { form, params, query } from '../../http/parse.ts';
import type { Clock } from '../../lib/clock.ts';
import { html } from '../../lib/html.ts';
import {
  advanceSeconds,
  channel,
  fault,
  phoneNumber,
  replyText,
  requireDone,
  slowness,
} from './actions.ts';
import { simulatorApi, type SimulatorApiParts } from './api.ts';
import { simulatorBundleName } from './bundle.ts';
import { onThisMachineOnly } from './loopback.ts';
import { mailDocument } from './mailbox-view.ts';
import { liveParts, simulatorPage, type Scene } from './page.ts';
import { phonesOf } from './phones.ts';
import { pagePath, timeOfDay, type View } from './view.ts';
import { wordsIn } from './words.ts';

export interface SimulatorParts extends SimulatorApiParts {
  /** The service's clock, which `advanceClock` moves. */
  readonly clock: Clock;
}

/** The page and its API. The server's assets must have the bundle of `bundle.ts`. */
export function simulatorRoutes(parts: SimulatorParts): (app: FastifyInstance) => void {
  return (app) => {
    void app.register((scope, _options, done) => {
      simulatorApi(scope, parts);
      done();
    });
    void app.register((scope, _options, done) => {
      onThisMachineOnly(scope);
      pages(scope, parts);
      done();
    });
  };
}

function pages(app: FastifyInstance, parts: SimulatorParts): void {
  const { network, advanceClock } = parts;

  app.get('/simulator', async (request, reply) => {
    const asked = query(request, pageQuery);
    const view = await viewOf(request, reply, parts, asked.person);
    const frame = frameOf(request, { bundles: [simulatorBundleName] });
    allowFrames(reply);
    return sendPage(reply, simulatorPage(frame, sceneOf(parts, view, asked), view));
  });

  // What changed since: nothing (204), or the parts of the page as they are now.
  app.get('/simulator/live', async (request, reply) => {
    const asked = query(request, liveQuery);
    const view = await viewOf(request, reply, parts, asked.person);
    const scene = sceneOf(parts, view, asked);
    if (scene.seen === asked.seen) return reply.code(204).send();
    return sendPage(
      reply.header('x-seen', scene.seen),
      html`<!doctype html><title>–</title>${liveParts(scene, view)}`,
    );
  });

  app.get('/simulator/mails/:id', (request, reply) => {
    const { id } = params(request, z.object({ id: z.string().max(100) }));
    const mail = network.messages({ kind: 'mail' }).find((message) => message.id === id);
    if (mail?.kind !== 'mail') throw new TweestapError('NOT_FOUND');
    return reply
      .headers({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': mailPolicy,
        'x-frame-options': 'SAMEORIGIN',
      })
      .send(mailDocument(mail));
  });

  app.post('/simulator/calls/:id/:action', async (request, reply) => {
    const { id, action } = params(request, callParams);
    const fields = form(request, returnFields.extend({ key: key.exactOptional() }));
    switch (action) {
      case 'answer':
        requireDone(await network.answer(id));
        break;
      case 'hangup':
        requireDone(await network.hangUp(id));
        break;
      case 'voicemail':
        requireDone(await network.voicemail(id));
        break;
      case 'press':
        if (fields.key === undefined) throw new TweestapError('REQUEST_MALFORMED');
        requireDone(await network.press(id, fields.key));
        break;
    }
    return back(reply, parts, fields);
  });

  app.post('/simulator/texts', async (request, reply) => {
    const fields = form(request, returnFields.extend({ from: phoneNumber, text: replyText }));
    await network.reply(fields.from, fields.text);
    return back(reply, parts, fields);
  });

  app.post('/simulator/faults', async (request, reply) => {
    const fields = form(
      request,
      returnFields.extend({ channel, fault, ms: typedNumber.pipe(slowness) }),
    );
    network.setFault(fields.channel, { fault: fields.fault, milliseconds: fields.ms });
    return back(reply, parts, fields);
  });

  app.post('/simulator/clock', async (request, reply) => {
    const fields = form(
      request,
      returnFields.extend({ advanceSeconds: typedNumber.pipe(advanceSeconds) }),
    );
    await advanceClock(fields.advanceSeconds);
    await network.tick();
    return back(reply, parts, fields);
  });
}

const pageQuery = z.object({
  person: z.string().max(200).exactOptional(),
  mail: z.string().max(100).exactOptional(),
  as: z.literal('text').exactOptional(),
});
const liveQuery = pageQuery.extend({ seen: z.string().max(200).exactOptional() });
const callParams = z.object({
  id: z.string().max(100),
  action: z.enum(['answer', 'hangup', 'voicemail', 'press']),
});
const key = z.string().regex(/^[0-9*#]$/);
const returnFields = z.object({
  anchor: z.string().regex(/^[\w-]{1,60}$/),
  person: z.string().max(200).exactOptional(),
});
const typedNumber = z
  .string()
  .regex(/^\s*\d{1,9}\s*$/)
  .transform(Number);

/** A mail may bring its own looks and nothing else: no script, no forms, nothing from elsewhere. */
const mailPolicy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "frame-ancestors 'self'",
  "base-uri 'none'",
  'sandbox allow-popups allow-popups-to-escape-sandbox',
].join('; ');

/** The page shows mails in frames of our own; everything else stays as strict as on every page. */
function allowFrames(reply: FastifyReply): void {
  const policy = String(reply.raw.getHeader('content-security-policy') ?? "default-src 'none'");
  reply.header('content-security-policy', `${policy}; frame-src 'self'`);
}

async function viewOf(
  request: FastifyRequest,
  reply: FastifyReply,
  { people, clock }: SimulatorParts,
  name: string | undefined,
): Promise<View> {
  const { locale } = frameOf(request);
  const everyone = await people();
  return {
    locale,
    words: wordsIn(locale),
    csrf: csrfToken(request, reply),
    now: clock.now(),
    people: everyone,
    person: everyone.find(({ userPrincipalName }) => userPrincipalName === name),
  };
}

interface Asked {
  readonly mail?: string;
  readonly as?: 'text';
}

function sceneOf({ network }: SimulatorParts, view: View, asked: Asked): Scene {
  const { person, people, now, locale } = view;
  const phones = phonesOf(people, network.messages(), network.replies());
  const addresses = [person?.mail, person?.otherMail, person?.userPrincipalName]
    .filter((address) => address !== undefined)
    .map((address) => address.toLowerCase());
  const mails = network
    .messages({ kind: 'mail' })
    .filter((message) => message.kind === 'mail')
    .filter(({ to }) => person === undefined || addresses.includes(to.toLowerCase()))
    .toReversed();
  const own = person?.userPrincipalName;
  const livePath = new URLSearchParams(
    Object.entries({ person: own, mail: asked.mail, as: asked.as }).filter(
      (field): field is [string, string] => field[1] !== undefined,
    ),
  );
  return {
    phones:
      person === undefined
        ? phones
        : // A number of nobody's may have become this person's a minute ago.
          phones.filter(({ owner }) => owner === undefined || owner.userPrincipalName === own),
    mailbox: {
      mails,
      open: mails.find(({ id }) => id === asked.mail) ?? mails[0],
      asText: asked.as === 'text',
    },
    pushes: network.messages({ kind: 'push' }).filter((message) => message.kind === 'push'),
    faults: network.faults(),
    // The phones show the time, too, and an app another code every half minute.
    seen: [
      network.revision(),
      timeOfDay(now, locale),
      ...(person?.app === undefined ? [] : [Math.floor(now.getTime() / 30_000)]),
    ].join(' '),
    livePath: `/simulator/live?${livePath.toString()}`,
  };
}

async function back(
  reply: FastifyReply,
  { people }: SimulatorParts,
  fields: z.infer<typeof returnFields>,
): Promise<FastifyReply> {
  const everyone = await people();
  const person = everyone.find(({ userPrincipalName }) => userPrincipalName === fields.person);
  return seeOther(reply, pagePath({ person }, { anchor: fields.anchor }));
}
