/**
 * Owns `/simulator/api/…`: what the page does, for scripts. Its words are promised to other people's
 * scripts. No CSRF token is asked for, since scripts have none; what another site's page sends is
 * refused by its origin, and JSON is the only body that is read.
 */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

import type {
  ArrivedMessage,
  SimulatorNetwork,
} from '../../delivery/providers/simulator/network.ts';
import { systemDoor } from '../../http/door.ts';
import { form, params, query } from '../../http/parse.ts';
import {
  advanceSeconds,
  channel,
  defaultSlowness,
  fault,
  keyEntry,
  phoneNumber,
  replyText,
  requireDone,
  slowness,
} from './actions.ts';
import { onThisMachineOnly } from './loopback.ts';
import type { SamplePerson } from './sample-person.ts';

export interface SimulatorApiParts {
  readonly network: SimulatorNetwork;
  readonly people: () => readonly SamplePerson[] | Promise<readonly SamplePerson[]>;
  readonly advanceClock: (seconds: number) => void | Promise<void>;
}

/** The routes, on a scope of their own. */
export function simulatorApi(app: FastifyInstance, parts: SimulatorApiParts): void {
  const { network, people, advanceClock } = parts;
  systemDoor(app, { body: 'json', origins: 'ours' });
  onThisMachineOnly(app);

  app.get('/simulator/api/people', async () => (await people()).map(toPersonJson));

  app.get('/simulator/api/messages', (request) =>
    network.messages(query(request, messageQuery)).map(toMessageJson),
  );

  app.post('/simulator/api/calls/:id/answer', async (request, reply) => {
    requireDone(await network.answer(params(request, callParams).id));
    return reply.code(204).send();
  });
  app.post('/simulator/api/calls/:id/keys', async (request, reply) => {
    const { id } = params(request, callParams);
    const { keys } = form(request, z.strictObject({ keys: keyEntry }));
    requireDone(await network.keys(id, keys));
    return reply.code(204).send();
  });
  app.post('/simulator/api/calls/:id/hangup', async (request, reply) => {
    requireDone(await network.hangUp(params(request, callParams).id));
    return reply.code(204).send();
  });
  app.post('/simulator/api/calls/:id/voicemail', async (request, reply) => {
    requireDone(await network.voicemail(params(request, callParams).id));
    return reply.code(204).send();
  });

  app.post('/simulator/api/texts', async (request, reply) => {
    const { from, text } = form(request, z.strictObject({ from: phoneNumber, text: replyText }));
    await network.reply(from, text);
    return reply.code(204).send();
  });

  app.post('/simulator/api/faults', async (request, reply) => {
    const asked = form(
      request,
      z.strictObject({ channel, fault, ms: slowness.default(defaultSlowness) }),
    );
    network.setFault(asked.channel, { fault: asked.fault, milliseconds: asked.ms });
    return reply.code(204).send();
  });

  app.post('/simulator/api/clock', async (request, reply) => {
    const asked = form(request, z.strictObject({ advanceSeconds }));
    await advanceClock(asked.advanceSeconds);
    await network.tick();
    return reply.code(204).send();
  });
}

const callParams = z.object({ id: z.string().max(100) });

const messageQuery = z.object({
  // `?to=+316…` as people type it arrives with a blank: that is what a plus means in a query.
  to: z
    .string()
    .max(320)
    .transform((to) => to.replace(/^ (?=\d)/, '+'))
    .exactOptional(),
  kind: z.enum(['text', 'call', 'mail', 'push']).exactOptional(),
  after: z.string().max(100).exactOptional(),
});

function toPersonJson(
  person: SamplePerson,
): Readonly<Record<Exclude<keyof SamplePerson, 'app'>, string | null>> {
  return {
    userPrincipalName: person.userPrincipalName,
    displayName: person.displayName,
    password: person.password,
    mobilePhone: person.mobilePhone ?? null,
    businessPhone: person.businessPhone ?? null,
    mail: person.mail ?? null,
    otherMail: person.otherMail ?? null,
    note: noteOf(person),
  };
}

/** With the key of the app, so that a script finds it where a person does. */
function noteOf({ note, app }: SamplePerson): string {
  return app === undefined ? note.en : `${note.en} Key: ${app.key}`;
}

function toMessageJson(message: ArrivedMessage): Readonly<Record<string, string>> {
  const { id, at, kind, to, from, language } = message;
  const common = { id, at: at.toISOString(), kind, to, from };
  switch (message.kind) {
    case 'text':
      return { ...common, text: message.text, language, status: message.status };
    case 'mail':
      return {
        ...common,
        subject: message.subject,
        text: message.text,
        language,
        status: 'delivered',
      };
    case 'push':
      return { ...common, text: message.text, language, status: 'delivered' };
    case 'call': {
      const { phase, end, spoken, dialled } = message.call;
      return {
        ...common,
        text: spoken.join(' '),
        language,
        status: phase,
        ...(end === undefined ? {} : { reason: end }),
        ...(dialled === undefined ? {} : { extension: dialled }),
      };
    }
  }
}
