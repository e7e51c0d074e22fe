/**
 * Owns `greetings`: what calls say at each of their moments, in each language, by themselves or in the
 * organisation's own words or voice.
 */
import * as z from 'zod';

import {
  greetingLimits,
  greetingPlaces,
  type GreetingFault,
  type GreetingPlace,
  type NewSaying,
  type ToldGreeting,
} from '../../../administration/greetings.ts';
import { greetingMoments } from '../../../delivery/greeting-store.ts';
import { locales } from '../../../i18n/locale.ts';
import { shortListQuery } from '../authentication/method-kind.ts';
import { notFound, refusal, type Refusal } from '../faults.ts';
import { list, one, wholeList } from '../listing.ts';
import {
  organisationOperation,
  sent,
  type Answer,
  type Call,
  type Operation,
} from '../operation.ts';

const path = '/greetings';
const context = path.slice(1);

const schema = z.object({
  /** `nl-press-hash`. */
  id: z.string(),
  language: z.enum(locales),
  moment: z.enum(greetingMoments),
  /** `{organisation}` and `{person}` stand for their names, as in words of one's own. */
  builtInWords: z.string(),
  /** The organisation's own; null where a sound of its own or the built-in words are heard. */
  words: z.string().nullable(),
  hasSound: z.boolean(),
  changedDateTime: z.string().nullable(),
});
const properties = Object.keys(schema.shape);

/** base64 makes four of three; what is around it is short. Longer ones are not read to their end. */
const longestBody = Math.ceil(greetingLimits.soundBytes / 3) * 4 + 64 * 1024;

export const greetingOperations: readonly Operation[] = [
  organisationOperation({
    method: 'GET',
    path,
    roots: ['tweestap'],
    act: 'see-policy',
    does: 'Lists what calls say, by language and moment.',
    query: shortListQuery,
    answers: { kind: 'collection', schema },
    run: async (call) =>
      list(call, {
        context,
        properties,
        ...wholeList((await call.parts.greetings.list()).map(entityOf)),
      }),
  }),
  organisationOperation({
    method: 'GET',
    path: `${path}/:greeting`,
    roots: ['tweestap'],
    act: 'see-policy',
    does: 'What calls say at one moment, in one language.',
    answers: { kind: 'entity', schema },
    run: async (call) => {
      const all = await call.parts.greetings.list();
      const found = all.find(({ id }) => id === call.params['greeting']);
      return one(call, found && entityOf(found), { context, properties });
    },
  }),
  organisationOperation({
    method: 'PATCH',
    path: `${path}/:greeting`,
    roots: ['tweestap'],
    act: 'change-policy',
    does: 'Says it in the organisation’s own words from now on; null is the built-in ones again.',
    body: sent({ words: z.string().max(2_000).nullable() }),
    answers: { kind: 'nothing' },
    run: (call, { words }) => change(call, words === null ? 'built-in' : { words }),
  }),
  organisationOperation({
    method: 'POST',
    path: `${path}/:greeting/sound`,
    roots: ['tweestap'],
    act: 'change-policy',
    does: `Plays a sound instead from now on: WAV or MP3 in base64, up to ${greetingLimits.soundBytes} bytes and shorter than ${greetingLimits.soundSeconds} seconds.`,
    body: sent({ content: z.string() }),
    longestBody,
    answers: { kind: 'nothing' },
    run: async (call, { content }) => {
      const sound = Buffer.from(content, 'base64');
      if (sound.toString('base64') !== content) {
        return refusal('badRequest', "Invalid value specified for property 'content'.");
      }
      return change(call, { sound });
    },
  }),
  organisationOperation({
    method: 'DELETE',
    path: `${path}/:greeting`,
    roots: ['tweestap'],
    act: 'change-policy',
    does: 'Takes the organisation’s own words or sound away: calls say the built-in words again.',
    answers: { kind: 'nothing' },
    run: (call) => change(call, 'built-in'),
  }),
];

async function change(call: Call, to: NewSaying): Promise<Answer | Refusal> {
  const place = placeOf(call);
  if (place === undefined) return notFound(call.params['greeting'] ?? '');
  const fault = await call.parts.greetings.change(place.language, place.moment, to, call.by);
  return fault === undefined ? { status: 204 } : refusal('badRequest', faults[fault]);
}

const faults: Readonly<Record<GreetingFault, string>> = {
  empty: 'words: empty; null is the built-in ones.',
  'too-long': `words: longer than ${greetingLimits.words} characters.`,
  'unknown-blank': 'words: only {organisation} and {person} stand for something.',
  'too-large': `content: larger than ${greetingLimits.soundBytes} bytes.`,
  'no-sound': 'content: neither a WAV nor an MP3.',
  'lasts-too-long': `content: lasts ${greetingLimits.soundSeconds} seconds or longer.`,
};

function placeOf({ params }: Call): GreetingPlace | undefined {
  return greetingPlaces.find(({ id }) => id === params['greeting']);
}

function entityOf(told: ToldGreeting): z.infer<typeof schema> {
  const { id, language, moment, builtInWords, own } = told;
  return {
    id,
    language,
    moment,
    builtInWords,
    words: own !== undefined && 'words' in own.says ? own.says.words : null,
    hasSound: own !== undefined && 'soundId' in own.says,
    changedDateTime: own?.changedAt.toISOString() ?? null,
  };
}
