/**
 * A service whose calls go out by SIP, over the stand-in for an exchange: somebody at an office is called
 * behind another exchange, the command line proves the settings, and a service that stops hangs up.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { personAtOffice } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { startExchange, type Exchange } from '../support/sip-exchange.ts';
import { letterSpeaker, type LetterSpeaker } from '../support/spoken-letters.ts';
import { newFolder, runCommand, startTweestap, type Tweestap } from '../support/tweestap.ts';

const place = newFolder();
let exchange: Exchange;
let speaker: LetterSpeaker;
let tweestap: Tweestap;
before(async () => {
  speaker = letterSpeaker();
  exchange = await startExchange();
  tweestap = await startTweestap({ place, organisation: 'empty', environment: settings() });
});
after(async () => {
  await tweestap.close();
  await exchange.goDown();
  speaker.remove();
  await place.remove();
});

const settings = (): Record<string, string> => ({
  TWEESTAP_SIP_HOST: '127.0.0.1',
  TWEESTAP_SIP_PORT: String(exchange.port),
  TWEESTAP_SIP_TRANSPORT: 'udp',
  TWEESTAP_SIP_USER: 'tweestap',
  TWEESTAP_SIP_EXTENSION_PAUSE_SECONDS: '0',
  TWEESTAP_SIP_SPEECH_COMMAND: speaker.command.join(','),
  TWEESTAP_PUBLIC_URL: 'http://localhost:8080',
  // The checks of other providers are not what this is about.
  TWEESTAP_PUSH: 'none',
});

describe('a service whose calls go by SIP', () => {
  it('calls an office, dials the extension, and lets in who presses #', async () => {
    const person = await personAtOffice(tweestap, '+31205551234', '12');
    await person.arrives();
    const call = await exchange.call();
    assert.equal(call.to, '+31205551234');
    await until('the instruction', () => call.words().split('\n').length > 2);
    assert.equal(call.dialled(), '12');
    await until('silence', () => call.silence() > 2);
    call.press('#');
    await until('the goodbye', () => /Thank you/.test(call.words()));
    await person.browser.untilItMovesOn();
    assert.equal(person.browser.page.heading, person.words.profile.title);
  });

  it('is found in order by a check, which calls nobody, or told what is not', async () => {
    const check = (change: Readonly<Record<string, string>> = {}) =>
      runCommand({ ...place, environment: { ...place.environment, ...settings(), ...change } }, [
        'check',
      ]);
    const before = exchange.invites();
    const { code, output } = await check();
    assert.equal(code, 0, output);
    assert.equal(exchange.invites(), before);
    const mute = await check({ TWEESTAP_SIP_SPEECH_COMMAND: 'false' });
    assert.equal(mute.code, 1);
    assert.match(mute.output, /sip: .*the speech program ended with 1, in en/);
  });

  it('is tried by a call from the command line, which tells how it ended', async () => {
    const count = exchange.calls().length;
    const trying = runCommand(
      {
        ...place,
        environment: {
          ...place.environment,
          ...settings(),
          TWEESTAP_SIP_MACHINE_DETECTION: 'false',
        },
      },
      ['check', '--send-to', '+31612345678', '--call'],
    );
    const call = await exchange.call(count);
    await until('the instruction', () => call.words().split('\n').length > 2);
    await until('silence', () => call.silence() > 2);
    call.press('#');
    await until('the end', () => call.end());
    const { code, output } = await trying;
    assert.equal(code, 0, output);
    assert.match(output, /^test {3}a call may take a minute …$/m);
    assert.match(output, /sip: it calls it \S+, after \d+ ms; the call ended: hung-up/);
  });

  it('hangs up when it stops', async () => {
    const person = await personAtOffice(tweestap, '+31205555678', '34');
    const count = exchange.calls().length;
    await person.arrives();
    const call = await exchange.call(count);
    await until('the greeting', () => call.words() !== '');
    await tweestap.close();
    assert.equal(call.end(), 'caller');
  });
});
