/**
 * One call of the stand-in for Vonage: whoever is called, and the NCCO that is performed for them, in a
 * time of its own. What Vonage publishes of it holds: `talk` and `stream` hear no keys unless `bargeIn`,
 * where the first one ends it and is the first of the `input` that has to follow; an `input` ends with `#` where it is
 * to, with its most digits or its time, and tells neither `#` nor when a key was pressed.
 */
import assert from 'node:assert/strict';

import {
  detectionSeconds,
  openLine,
  Over,
  roundTripSeconds,
  type Callee,
  type CallStory,
} from './callee.ts';

export interface VonageCallParts {
  /** Asks us what to do; undefined where we answer with a fault. */
  readonly fetch: (url: string, fields: Readonly<Record<string, unknown>>) => Promise<unknown>;
  readonly passes: (seconds: number) => void | Promise<void>;
}

/** Actions that we may use, each with its options. */
const known: Readonly<Record<string, readonly string[]>> = {
  talk: ['action', 'text', 'bargeIn', 'loop', 'level', 'language', 'style', 'premium'],
  stream: ['action', 'streamUrl', 'level', 'bargeIn', 'loop'],
  input: ['action', 'type', 'dtmf', 'eventUrl', 'eventMethod'],
};

/** Plays a call that was asked for so. */
export async function playVonageCall(
  asked: Readonly<Record<string, unknown>>,
  callee: Callee,
  { fetch, passes }: VonageCallParts,
): Promise<CallStory> {
  const { picksUp = 'person' } = callee;
  const { to, machine_detection: detection, length_timer: limit = 7_200 } = asked;
  const [endpoint]: unknown[] = Array.isArray(to) ? to : [];
  const dtmfAnswer = words(field(endpoint, 'dtmfAnswer'));
  const line = openLine(callee, passes, Number(limit));
  const languages: string[] = [];
  let dialled = '';
  let answeredBy: string | undefined;
  /** The key that ended what was said: the first of the entry that follows. */
  let interrupting: string | undefined;

  const story = (status: CallStory['status'], endedBy: CallStory['endedBy']): CallStory => ({
    status,
    answeredBy,
    dialled,
    spoken: line.spoken,
    languages,
    seconds: line.now(),
    endedBy,
  });

  const talk = async (action: object): Promise<void> => {
    const text = words(field(action, 'text'));
    assert.ok(text.length <= 1_500 && text.trim() !== '', 'nothing to say, or too much');
    languages.push(words(field(action, 'language')));
    await say(action, text, false);
  };

  const stream = async (action: object): Promise<void> => {
    const [url, ...more]: unknown[] = [field(action, 'streamUrl')].flat();
    assert.ok(Array.isArray(field(action, 'streamUrl')) && more.length === 0);
    assert.ok(URL.canParse(words(url)), 'nothing to play');
    await say(action, words(url), true);
  };

  const say = async (action: object, what: string, isSound: boolean): Promise<void> => {
    const hearsKeys = field(action, 'bargeIn') === true;
    const isCutOff = await line.say(what, { isSound, hearsKeys });
    if (isCutOff) interrupting = await line.take(Number.POSITIVE_INFINITY);
  };

  const input = async (action: object): Promise<unknown> => {
    const dtmf = field(action, 'dtmf');
    const [url]: unknown[] = [field(action, 'eventUrl')].flat();
    assert.deepEqual(field(action, 'type'), ['dtmf']);
    const most = Number(field(dtmf, 'maxDigits') ?? 4);
    const timeOut = Number(field(dtmf, 'timeOut') ?? 3);
    assert.ok(most >= 1 && most <= 20 && timeOut >= 0 && timeOut <= 10);
    const isHashEnd = field(dtmf, 'submitOnHash') === true;
    let digits = '';
    let isFinished = false;
    const take = (key: string): void => {
      if (key === '#' && isHashEnd) isFinished = true;
      else digits += key;
      if (digits.length >= most) isFinished = true;
    };
    if (interrupting !== undefined) take(interrupting);
    interrupting = undefined;
    while (!isFinished) {
      const key = await line.take(timeOut);
      if (key === undefined) break;
      take(key);
    }
    if (!isFinished) await line.goOn(timeOut);
    await line.goOn(roundTripSeconds);
    return next(String(url), { speech: {}, dtmf: { digits, timed_out: !isFinished } });
  };

  const next = async (
    url: string,
    fields: Readonly<Record<string, unknown>> = {},
  ): Promise<unknown> => {
    const ncco = await fetch(url, fields);
    if (ncco === undefined) throw new Over('us');
    return ncco;
  };

  if (picksUp === 'busy') return story('busy', 'nobody');
  if (picksUp === 'unreachable') return story('failed', 'nobody');
  if (picksUp === 'nobody') {
    await passes(Number(asked['ringing_timer'] ?? 60));
    return story('no-answer', 'nobody');
  }
  await line.pickUp();
  try {
    await line.goOn((dtmfAnswer.match(/p/g) ?? []).length * 0.5);
    dialled = dtmfAnswer.replaceAll('p', '');
    if (detection !== undefined) {
      await line.goOn(detectionSeconds);
      answeredBy = picksUp === 'machine' ? 'machine' : 'human';
      if (detection === 'hangup' && picksUp === 'machine') return story('completed', 'us');
    }
    let [answerUrl]: unknown[] = [asked['answer_url']].flat();
    let ncco: unknown = await next(String(answerUrl));
    for (;;) {
      assert.ok(Array.isArray(ncco), 'an NCCO is a list');
      answerUrl = undefined;
      const actions: readonly unknown[] = ncco;
      ncco = undefined;
      for (const [index, action] of actions.entries()) {
        assert.ok(typeof action === 'object' && action !== null);
        const name = String(field(action, 'action'));
        for (const option of Object.keys(action)) {
          assert.ok(known[name]?.includes(option), `${name} has no ${option}`);
        }
        // "The next action that is none of these must be an input."
        const following = actions[index + 1];
        const isInput = following === undefined || field(following, 'action') === 'input';
        assert.ok(field(action, 'bargeIn') !== true || (following !== undefined && isInput));
        if (name === 'talk') await talk(action);
        else if (name === 'stream') await stream(action);
        else ncco = await input(action);
        if (ncco !== undefined) break;
      }
      if (ncco === undefined) throw new Over('us');
    }
  } catch (error) {
    if (error instanceof Over) return story('completed', error.by);
    throw error;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function words(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
