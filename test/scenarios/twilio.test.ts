/**
 * A service whose texts and calls go out by Twilio, over the stand-in: people sign in as they do with
 * the simulator, which this service does not have.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { send } from '../support/http-client.ts';
import { newPerson, otherThan, personAtOffice, type Person } from '../support/people.ts';
import { newFolder, runCommand, startTweestap, type Tweestap } from '../support/tweestap.ts';
import {
  ourNumber,
  ourVoiceNumber,
  startTwilio,
  type TwilioServer,
} from '../support/twilio-server.ts';
import type { Webhook, WebhookAnswer } from '../support/stand-in.ts';

const place = newFolder();
let twilio: TwilioServer;
let tweestap: Tweestap;
before(async () => {
  twilio = await startTwilio({
    origin: 'http://localhost:8080',
    deliver,
    passes: (seconds) => tweestap.advanceSeconds(seconds),
    now: () => tweestap.now(),
  });
  tweestap = await startTweestap({ place, organisation: 'empty', environment: settings() });
});
after(async () => {
  await tweestap.close();
  await twilio.close();
  await place.remove();
});

const settings = (): Record<string, string> => ({
  TWEESTAP_PUBLIC_URL: 'http://localhost:8080',
  TWEESTAP_TWILIO_ACCOUNT_SID: twilio.accountSid,
  TWEESTAP_TWILIO_AUTH_TOKEN: twilio.authToken,
  TWEESTAP_TWILIO_FROM: ourNumber,
  TWEESTAP_TWILIO_VOICE_FROM: ourVoiceNumber,
  TWEESTAP_TWILIO_ADDRESS: twilio.address,
  // The checks of other providers are not what this is about.
  TWEESTAP_PUSH: 'none',
});

/** As Twilio would reach the public address, which a proxy in front of us has. */
async function deliver({ url, headers, body }: Webhook): Promise<WebhookAnswer> {
  return send({ url, port: tweestap.port, method: 'POST', headers, body });
}

const isIn = ({ browser, words }: Person): void => {
  assert.equal(browser.page.heading, words.profile.title);
};

const digitsOn = ({ browser }: Person): string =>
  /<strong>(\d\d)<\/strong>/.exec(browser.page.html)?.[1] ?? assert.fail('no digits on the page');

/** Arrives, and asks to be called instead of texted. */
async function isCalled(person: Person): Promise<void> {
  const { browser, words, mobilePhone } = person;
  await person.arrives();
  await twilio.textTo(mobilePhone);
  await tweestap.advanceSeconds(31);
  await browser.press(words.signIn.challenge.anotherWay);
  await browser.press(new RegExp(`^${words.call.tile('').trim()}`));
}

describe('a sign-in by Twilio', () => {
  after(() => {
    assert.deepEqual(twilio.misunderstood(), []);
  });

  it('is by a text whose code is typed', async () => {
    const person = await newPerson(tweestap, { registered: ['phone'], language: 'nl' });
    await person.arrives();
    const { body } = await twilio.textTo(person.mobilePhone);
    const [code = ''] = /\d{6}/.exec(body) ?? [];
    await person.typesCode(otherThan(code));
    assert.ok(person.browser.page.text.includes(person.words.text.rejections['incorrect-code']));
    await person.typesCode(code);
    isIn(person);
  });

  it('is by a text that is replied to with the digits on the page', async () => {
    const person = await newPerson(tweestap, { registered: ['phone'] });
    await person.arrives();
    await twilio.textTo(person.mobilePhone);
    await twilio.reply(person.mobilePhone, digitsOn(person));
    await person.browser.untilItMovesOn();
    isIn(person);
  });

  it('is by a call that is confirmed with #', async () => {
    const person = await newPerson(tweestap, { registered: ['phone'] });
    await isCalled(person);
    const story = await twilio.ring(await twilio.callTo(person.mobilePhone), {
      presses: [{ keys: '#', after: /Once more/ }],
    });
    assert.match(story.spoken.at(-1) ?? '', /^Thank you/);
    await person.browser.untilItMovesOn();
    isIn(person);
  });

  it('is by a call that an administrator confirms with the digits on the page and #', async () => {
    const admin = await newPerson(tweestap, {
      registered: ['phone'],
      user: { role: 'global-admin' },
    });
    await isCalled(admin);
    await twilio.ring(await twilio.callTo(admin.mobilePhone), {
      presses: [{ keys: `${digitsOn(admin)}#`, after: /Once more/ }],
    });
    await admin.browser.untilItMovesOn();
    isIn(admin);
  });

  it('is by a call to an office phone, through the exchange to the extension', async () => {
    const person = await personAtOffice(tweestap, '+31205551234', '12');
    await person.arrives();
    const story = await twilio.ring(await twilio.callTo('+31205551234'), {
      presses: [{ keys: '#', after: /Once more/ }],
    });
    assert.equal(story.dialled, '12');
    await person.browser.untilItMovesOn();
    isIn(person);
  });

  it('is told on the page when voicemail answered, and when a text did not arrive', async () => {
    const person = await newPerson(tweestap, { registered: ['phone'] });
    await isCalled(person);
    await twilio.ring(await twilio.callTo(person.mobilePhone), { picksUp: 'machine' });
    await person.browser.open(person.browser.address);
    assert.ok(person.browser.page.text.includes(person.words.call.rejections['went-to-voicemail']));

    const other = await newPerson(tweestap, { registered: ['phone'] });
    await other.arrives();
    await twilio.report(await twilio.textTo(other.mobilePhone), 'undelivered', 30_003);
    await other.browser.open(other.browser.address);
    assert.ok(other.browser.page.text.includes(other.words.text.rejections['unable-to-reach']));
  });

  it('is no more than the password to whoever forges a report', async () => {
    const person = await newPerson(tweestap, { registered: ['phone'] });
    await isCalled(person);
    const call = await twilio.callTo(person.mobilePhone);
    const url = `${call.asked['Url'] ?? ''}/keys?turn=1&silences=0`;
    const forged = twilio.signed(url, { CallSid: call.sid, Digits: '#' }, 'f'.repeat(32));
    assert.equal((await twilio.bring(forged)).status, 403);
    const tab = person.browser.newTab();
    await tab.open('/my-profile');
    assert.equal(tab.page.heading, person.words.signIn.name.title);
  });
});

describe('tweestap check', () => {
  const check = (change: Readonly<Record<string, string>> = {}) =>
    runCommand({ ...place, environment: { ...place.environment, ...settings(), ...change } }, [
      'check',
    ]);

  it('proves the account and its numbers, and sends nothing', async () => {
    const before = twilio.texts().length + twilio.calls().length;
    const { code, output } = await check();
    assert.equal(code, 0, output);
    assert.equal(twilio.texts().length + twilio.calls().length, before);
  });

  it('tells credentials that Twilio does not take, and a number that is not ours', async () => {
    const wrong = await check({ TWEESTAP_TWILIO_AUTH_TOKEN: 'f'.repeat(32) });
    assert.equal(wrong.code, 1);
    assert.match(wrong.output, /twilio: .*Twilio does not take these credentials/);
    assert.ok(!wrong.output.includes('f'.repeat(32)));
    const foreign = await check({ TWEESTAP_TWILIO_FROM: '+31612340000' });
    assert.match(foreign.output, /\+31612340000 is no number of account/);
  });
});
