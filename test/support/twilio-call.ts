/**
 * One call of the stand-in for Twilio: whoever is called, and the TwiML that is spoken to them, in a
 * time of its own. What Twilio documents of `<Gather>` holds: it alone hears keys, the first key ends
 * what is said inside it, and the entry ends with the last digit, the key that finishes it, or time.
 */
import assert from 'node:assert/strict';

import { readTwiml, type Verb } from './twiml.ts';

/** Keys, and when whoever is called presses them. */
export type Pressing =
  /** So many seconds after picking up. */
  | { readonly keys: string; readonly at: number }
  /** Each time something like this has been said to its end, after a second. */
  | { readonly keys: string; readonly after: RegExp; readonly isOnce?: true }
  /** While something like this is being said. */
  | { readonly keys: string; readonly during: RegExp }
  /** A machine that plays the same tone for ever. */
  | { readonly keys: string; readonly every: number };

/** Who is called. */
export interface Callee {
  /** A person unless told. A machine is told from a person only where Twilio was asked to. */
  readonly picksUp?: 'person' | 'machine' | 'nobody' | 'busy' | 'unreachable';
  readonly presses?: readonly Pressing[];
  /** Puts the receiver down once this has been said. */
  readonly hangsUpAfter?: RegExp;
}

/** What happened, as one would tell it. */
export interface CallStory {
  readonly status: 'completed' | 'busy' | 'no-answer' | 'failed';
  readonly answeredBy: string | undefined;
  /** What was dialled after the answer. */
  readonly dialled: string;
  /** What was said; what a key cut short is marked with `…`. */
  readonly spoken: readonly string[];
  readonly languages: readonly string[];
  readonly seconds: number;
  readonly endedBy: 'us' | 'them' | 'time' | 'nobody';
}

export interface CallParts {
  readonly fetch: (
    url: string,
    fields: Readonly<Record<string, string>>,
  ) => Promise<string | undefined>;
  readonly passes: (seconds: number) => void | Promise<void>;
}

const secondsPerWord = 0.35;
const roundTripSeconds = 0.2;
const detectionSeconds = 3;
const ringingSeconds = 4;
const soundSeconds = 4;

class Over extends Error {
  readonly by: CallStory['endedBy'];
  constructor(by: CallStory['endedBy']) {
    super(by);
    this.by = by;
  }
}

/** Plays a call that was asked for with these parameters. */
export async function playCall(
  asked: Readonly<Record<string, string>>,
  callee: Callee,
  { fetch, passes }: CallParts,
): Promise<CallStory> {
  const { picksUp = 'person', presses = [], hangsUpAfter } = callee;
  const sendDigits = asked['SendDigits'] ?? '';
  const detects = asked['MachineDetection'] !== undefined && sendDigits === '';
  const spoken: string[] = [];
  const languages: string[] = [];
  const limit = Number(asked['TimeLimit'] ?? 14_400);
  let dialled = '';
  let answeredBy: string | undefined;
  let now = 0;
  let keys: { readonly at: number; readonly key: string }[] = [];

  const story = (
    status: CallStory['status'],
    endedBy: CallStory['endedBy'],
    seconds = now,
  ): CallStory => ({ status, answeredBy, dialled, spoken, languages, seconds, endedBy });

  const goOn = async (seconds: number): Promise<void> => {
    now += seconds;
    await passes(seconds);
    if (now > limit) throw new Over('time');
  };
  const willPress = (pressed: string, at: number): void => {
    keys = [...keys, ...[...pressed].map((key, index) => ({ at: at + index * 0.3, key }))].toSorted(
      (one, other) => one.at - other.at,
    );
  };
  /** The next key from `from` on, and no later than `until`. */
  const nextKey = (from: number, until: number): { at: number; key: string } | undefined => {
    const repeated = presses.flatMap((pressing) => {
      if (!('every' in pressing)) return [];
      const at = Math.ceil((from + 1e-9) / pressing.every) * pressing.every;
      return [{ at, key: pressing.keys }];
    });
    return [...keys.filter(({ at }) => at >= from), ...repeated]
      .toSorted((one, other) => one.at - other.at)
      .find(({ at }) => at < until);
  };
  const done = new Set<Pressing>();
  const hears = (text: string, beganAt: number): void => {
    for (const pressing of presses) {
      if ('during' in pressing && pressing.during.test(text)) {
        willPress(pressing.keys, beganAt + 0.5);
      }
    }
  };
  const heard = (text: string): void => {
    for (const pressing of presses) {
      if (!('after' in pressing) || !pressing.after.test(text) || done.has(pressing)) continue;
      willPress(pressing.keys, now + 1);
      if (pressing.isOnce === true) done.add(pressing);
    }
  };

  const say = async (verb: Verb, isHeard: (until: number) => boolean): Promise<boolean> => {
    const isSound = verb.name === 'Play';
    const seconds = isSound ? soundSeconds : verb.text.split(/\s+/).length * secondsPerWord;
    assert.ok(!isSound || URL.canParse(verb.text), 'nothing to play');
    languages.push(verb.attributes['language'] ?? '');
    hears(verb.text, now);
    if (isHeard(now + seconds)) {
      spoken.push(`${verb.text.split(/\s+/)[0] ?? ''}…`);
      return false;
    }
    await goOn(seconds);
    spoken.push(verb.text);
    heard(verb.text);
    if (hangsUpAfter?.test(verb.text) === true) throw new Over('them');
    return true;
  };

  /** Performs a verb; the document that comes next, if it leads to one. */
  const perform = async (verb: Verb): Promise<string | undefined> => {
    switch (verb.name) {
      case 'Say':
        await say(verb, () => false);
        return undefined;
      case 'Pause':
        await goOn(Number(verb.attributes['length'] ?? 1));
        return undefined;
      case 'Play':
        dialled += (verb.attributes['digits'] ?? '').replaceAll(/w/gi, '');
        // A sound is told by its address.
        if (verb.text !== '') await say(verb, () => false);
        return undefined;
      case 'Hangup':
        throw new Over('us');
      case 'Gather':
        return gather(verb);
      default:
        assert.fail(`the stand-in knows no ${verb.name}`);
    }
  };

  const gather = async ({ attributes, verbs }: Verb): Promise<string | undefined> => {
    const most = Number(attributes['numDigits'] ?? 1e9);
    const finishOnKey = attributes['finishOnKey'] ?? '#';
    const timeout = Number(attributes['timeout'] ?? 5);
    assert.ok(timeout >= 1 && Number.isInteger(timeout), 'a timeout is a positive integer');
    const { action } = attributes;
    assert.ok(action !== undefined, 'an entry that leads nowhere');
    let digits = '';
    let isFinished = false;
    const take = async (until: number): Promise<boolean> => {
      const pressed = nextKey(now, until);
      if (pressed === undefined) return false;
      // Each key is pressed once.
      keys = keys.filter((key) => key !== pressed);
      await goOn(pressed.at - now + 1e-6);
      if (pressed.key === finishOnKey) isFinished = true;
      else digits += pressed.key;
      if (digits.length >= most) isFinished = true;
      return true;
    };
    for (const verb of verbs) {
      assert.ok(['Say', 'Play', 'Pause'].includes(verb.name), `${verb.name} inside Gather`);
      const wasSaid = await say(verb, (until) => nextKey(now, until) !== undefined);
      if (wasSaid) continue;
      await take(Number.POSITIVE_INFINITY);
      break;
    }
    while (!isFinished && (await take(now + timeout)));
    if (!isFinished) await goOn(timeout);
    if (digits === '' && attributes['actionOnEmptyResult'] !== 'true') return undefined;
    await goOn(roundTripSeconds);
    return next(action, { Digits: digits, msg: 'Gather End', FinishedOnKey: '' });
  };

  const next = async (
    url: string,
    fields: Readonly<Record<string, string>> = {},
  ): Promise<string> => {
    const document = await fetch(url, {
      ...fields,
      ...(answeredBy === undefined ? {} : { AnsweredBy: answeredBy }),
    });
    if (document === undefined) {
      spoken.push('(an application error has occurred)');
      throw new Over('us');
    }
    return document;
  };

  if (picksUp === 'busy') return story('busy', 'nobody');
  if (picksUp === 'unreachable') return story('failed', 'nobody');
  if (picksUp === 'nobody') {
    await passes(Number(asked['Timeout'] ?? 60));
    return story('no-answer', 'nobody');
  }
  await passes(ringingSeconds);
  for (const pressing of presses) {
    if ('at' in pressing) willPress(pressing.keys, pressing.at);
  }
  try {
    if (sendDigits !== '') {
      await goOn((sendDigits.match(/w/g) ?? []).length * 0.5);
      dialled += sendDigits.replaceAll(/w/gi, '');
    }
    if (detects) {
      await goOn(detectionSeconds);
      answeredBy = picksUp === 'machine' ? 'machine_start' : 'human';
    }
    let document: string | undefined = await next(asked['Url'] ?? '');
    while (document !== undefined) {
      const verbs = readTwiml(document);
      document = undefined;
      for (const verb of verbs) {
        document = await perform(verb);
        if (document !== undefined) break;
      }
    }
    return story('completed', 'us');
  } catch (error) {
    if (error instanceof Over) return story('completed', error.by);
    throw error;
  }
}
