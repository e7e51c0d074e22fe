/**
 * One call of the stand-in for Twilio: whoever is called, and the TwiML that is spoken to them, in a
 * time of its own. What Twilio documents of `<Gather>` holds: it alone hears keys, the first key ends
 * what is said inside it, and the entry ends with the last digit, the key that finishes it, or time.
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
import { readTwiml, type Verb } from './twiml.ts';

export interface CallParts {
  readonly fetch: (
    url: string,
    fields: Readonly<Record<string, string>>,
  ) => Promise<string | undefined>;
  readonly passes: (seconds: number) => void | Promise<void>;
}

/** Plays a call that was asked for with these parameters. */
export async function playCall(
  asked: Readonly<Record<string, string>>,
  callee: Callee,
  { fetch, passes }: CallParts,
): Promise<CallStory> {
  const { picksUp = 'person' } = callee;
  const sendDigits = asked['SendDigits'] ?? '';
  const detects = asked['MachineDetection'] !== undefined && sendDigits === '';
  const line = openLine(callee, passes, Number(asked['TimeLimit'] ?? 14_400));
  const languages: string[] = [];
  let dialled = '';
  let answeredBy: string | undefined;

  const story = (status: CallStory['status'], endedBy: CallStory['endedBy']): CallStory => ({
    status,
    answeredBy,
    dialled,
    spoken: line.spoken,
    languages,
    seconds: line.now(),
    endedBy,
  });

  /** Whether a key cut it off. */
  const say = (verb: Verb, hearsKeys: boolean): Promise<boolean> => {
    const isSound = verb.name === 'Play';
    assert.ok(!isSound || URL.canParse(verb.text), 'nothing to play');
    languages.push(verb.attributes['language'] ?? '');
    return line.say(verb.text, { isSound, hearsKeys });
  };

  /** Performs a verb; the document that comes next, if it leads to one. */
  const perform = async (verb: Verb): Promise<string | undefined> => {
    switch (verb.name) {
      case 'Say':
        await say(verb, false);
        return undefined;
      case 'Pause':
        await line.goOn(Number(verb.attributes['length'] ?? 1));
        return undefined;
      case 'Play':
        dialled += (verb.attributes['digits'] ?? '').replaceAll(/w/gi, '');
        if (verb.text !== '') await say(verb, false);
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
    const take = async (within: number): Promise<boolean> => {
      const key = await line.take(within);
      if (key === undefined) return false;
      if (key === finishOnKey) isFinished = true;
      else digits += key;
      if (digits.length >= most) isFinished = true;
      return true;
    };
    for (const verb of verbs) {
      assert.ok(['Say', 'Play', 'Pause'].includes(verb.name), `${verb.name} inside Gather`);
      if (!(await say(verb, true))) continue;
      await take(Number.POSITIVE_INFINITY);
      break;
    }
    while (!isFinished && (await take(timeout)));
    if (!isFinished) await line.goOn(timeout);
    if (digits === '' && attributes['actionOnEmptyResult'] !== 'true') return undefined;
    await line.goOn(roundTripSeconds);
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
      line.spoken.push('(an application error has occurred)');
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
  await line.pickUp();
  try {
    if (sendDigits !== '') {
      await line.goOn((sendDigits.match(/w/g) ?? []).length * 0.5);
      dialled += sendDigits.replaceAll(/w/gi, '');
    }
    if (detects) {
      await line.goOn(detectionSeconds);
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
