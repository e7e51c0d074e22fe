/** Owns `tweestap greeting …`: what phone calls say, in the organisation's own words or voice. */
import { readFile } from 'node:fs/promises';

import {
  greetingLimits,
  greetingPlaces,
  type GreetingFault,
  type GreetingPlace,
  type NewSaying,
} from '../administration/greetings.ts';
import { actor, CommandFailure, jsonOption, type Call, type Command } from './command.ts';
import { table } from './words.ts';

export const greetingCommands: readonly Command[] = [
  {
    name: 'greeting list',
    does: 'Lists what phone calls say, by language and moment.',
    options: jsonOption,
    run: listGreetings,
  },
  {
    name: 'greeting set',
    does: 'Has phone calls say something in your own words, or play a sound.',
    more: [
      'GREETING is its name in "greeting list". {organisation} and {person} stand for their names.',
      `FILE is a WAV or MP3 of at most 1 MiB, shorter than ${greetingLimits.soundSeconds} seconds.`,
      'For instance: tweestap greeting set en-thanks "Thank you, {person}."',
    ].join('\n'),
    arguments: [{ name: 'GREETING' }, { name: 'WORDS', optional: true }],
    options: { sound: { takes: 'a value', value: 'FILE', does: 'The sound, in place of WORDS.' } },
    run: async (call) => {
      const place = placeOf(call);
      const file = call.text('sound');
      if (call.has('WORDS') === (file !== undefined)) {
        throw new CommandFailure('Either WORDS or --sound says what is to be heard.', 2);
      }
      const to =
        file === undefined ? { words: call.argument('WORDS') } : { sound: await soundOf(file) };
      await change(call, place, to);
      call.say('Calls say so from now on.');
    },
  },
  {
    name: 'greeting reset',
    does: 'Has phone calls say the built-in words again.',
    arguments: [{ name: 'GREETING' }],
    run: async (call) => {
      await change(call, placeOf(call), 'built-in');
      call.say('Calls say the built-in words from now on.');
    },
  },
];

async function listGreetings(call: Call): Promise<void> {
  const { greetings } = await call.installation();
  const all = (await greetings.list()).map(({ id, builtInWords, own }) => {
    if (own === undefined) return { id, kind: 'built in', words: builtInWords };
    return 'words' in own.says
      ? { id, kind: 'own words', words: own.says.words }
      : { id, kind: 'own sound', words: null };
  });
  if (call.flag('json')) {
    call.json(all);
    return;
  }
  const rows = all.map(({ id, kind, words }) => [id, kind, words?.replaceAll(/\s+/g, ' ') ?? '']);
  call.say(table(['GREETING', 'IS', 'WORDS'], rows));
}

function placeOf(call: Call): GreetingPlace {
  const name = call.argument('GREETING');
  const found = greetingPlaces.find(({ id }) => id === name);
  if (found !== undefined) return found;
  const known = greetingPlaces.map(({ id }) => id).join(', ');
  throw new CommandFailure(`There is no greeting ${name}. There are ${known}.`);
}

async function soundOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new CommandFailure(`${file} cannot be read: ${String(error)}`);
  }
}

async function change(call: Call, place: GreetingPlace, to: NewSaying): Promise<void> {
  const { greetings } = await call.installation();
  const fault = await greetings.change(place.language, place.moment, to, actor);
  if (fault !== undefined) throw new CommandFailure(faults[fault]);
}

const faults: Readonly<Record<GreetingFault, string>> = {
  empty: 'There are no words. "greeting reset" takes back the built-in ones.',
  'too-long': `There are more than ${greetingLimits.words} characters: nobody listens longer.`,
  'unknown-blank': 'Only {organisation} and {person} stand for something.',
  'too-large': 'The sound is larger than 1 MiB.',
  'no-sound': 'The file is neither a WAV nor an MP3.',
  'lasts-too-long': `The sound lasts ${greetingLimits.soundSeconds} seconds or longer.`,
};
