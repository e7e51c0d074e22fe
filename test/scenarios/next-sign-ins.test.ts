/** Every sign-in after the first: what goes right, and what each thing that goes wrong says to do. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { Locale } from '../../src/i18n/locale.ts';
import { newPerson, otherThan, samplePerson, type Person } from '../support/people.ts';
import { post } from '../support/phones.ts';
import { until } from '../support/poll.ts';
import { startTweestap, type Tweestap } from '../support/tweestap.ts';

let tweestap: Tweestap;
before(async () => {
  tweestap = await startTweestap();
});
after(() => tweestap.close());

const withPhone = (language: Locale = 'en'): Promise<Person> =>
  newPerson(tweestap, { registered: ['phone'], language });
const withApp = (language: Locale = 'en'): Promise<Person> =>
  newPerson(tweestap, { registered: ['app'], language });

const isIn = ({ browser, words }: Person): void => {
  assert.equal(browser.page.heading, words.profile.title);
};
const isOut = async ({ browser, words }: Person): Promise<void> => {
  const tab = browser.newTab();
  await tab.open('/my-profile');
  assert.equal(tab.page.heading, words.signIn.name.title);
};
/** Half a minute on: another text or call may be sent. */
const waitsForTheNextText = (): Promise<void> => tweestap.advanceSeconds(31);

/** Time passes on the service's clock, and the telephones notice. */
const timePasses = (advanceSeconds: number): Promise<void> =>
  post(tweestap.ask, '/simulator/api/clock', { advanceSeconds });

/** Arrives, and asks to be called instead of texted. */
async function isCalled(person: Person) {
  const { browser, words, phone } = person;
  await person.arrives();
  await phone.text();
  await waitsForTheNextText();
  await browser.press(words.signIn.challenge.anotherWay);
  await browser.press(new RegExp(`^${words.call.tile('').trim()}`));
  return phone.call();
}

describe('the next sign-in', () => {
  it('sends a text at once, and lets in who types its code', async () => {
    const bram = samplePerson(tweestap, 'bram');
    await bram.arrives();
    assert.match(bram.browser.page.text, /We've sent a text message to \+31 ·· ·· ·· 02/);
    await bram.typesCode(await bram.phone.code());
    isIn(bram);
  });

  it('speaks Dutch to who reads Dutch: the page, the text and what goes wrong', async () => {
    const person = await withPhone('nl');
    await person.arrives();
    const { text, language } = await person.phone.text();
    assert.equal(language, 'nl');
    assert.match(text, /^Voorbeeld: uw verificatiecode is \d{6}\./);
    const code = /\d{6}/.exec(text)?.[0] ?? '';
    await person.typesCode(otherThan(code));
    assert.match(person.browser.page.title, /^Fout: /);
    assert.ok(person.browser.page.text.includes(person.words.text.rejections['incorrect-code']));
    await person.typesCode(code);
    isIn(person);
  });

  it('takes a reply with the two digits on the page instead of the code', async () => {
    for (const language of ['en', 'nl'] as const) {
      const person = await withPhone(language);
      await person.arrives();
      await person.phone.text();
      const [, digits = ''] = /<strong>(\d\d)<\/strong>/.exec(person.browser.page.html) ?? [];
      await person.phone.replies(digits);
      await person.browser.untilItMovesOn();
      isIn(person);
    }
  });

  it('counts a reply with other digits, and one from another phone is nobody’s', async () => {
    const person = await withPhone();
    const { browser, phone, words } = person;
    await person.arrives();
    const code = await phone.code();
    const [, digits = ''] = /<strong>(\d\d)<\/strong>/.exec(browser.page.html) ?? [];
    await tweestap.phones.phone('+31612121212').replies(digits);
    await isOut(person);
    await phone.replies(otherThan(digits));
    await browser.open(browser.address);
    assert.ok(browser.page.text.includes(words.text.rejections['incorrect-digits']));
    await person.typesCode(code);
    isIn(person);
  });

  it('takes the code of an app of any maker', async () => {
    for (const language of ['en', 'nl'] as const) {
      const person = await withApp(language);
      await person.signsIn();
      isIn(person);
    }
  });

  it('calls when asked, and lets in who presses #', async () => {
    for (const language of ['en', 'nl'] as const) {
      const person = await withPhone(language);
      const call = await isCalled(person);
      assert.match(person.browser.page.text, /\+31 ·· ·· ·· \d\d/);
      await call.answer();
      await call.keys('#');
      await person.browser.untilItMovesOn();
      isIn(person);
    }
  });

  it('asks an admin for the digits on the page, and # alone is wrong', async () => {
    const admin = await newPerson(tweestap, {
      registered: ['phone'],
      user: { role: 'global-admin' },
    });
    const call = await isCalled(admin);
    const [, digits = ''] = /<strong>(\d\d)<\/strong>/.exec(admin.browser.page.html) ?? [];
    await call.answer();
    await call.keys('#');
    await isOut(admin);
    await call.keys(`${digits}#`);
    await admin.browser.untilItMovesOn();
    isIn(admin);
  });

  it('offers no other way where there is none, and an admin’s help', async () => {
    const person = await withApp();
    const { browser, words } = person;
    await person.arrives();
    assert.ok(!browser.buttons().includes(words.signIn.challenge.anotherWay));
    await browser.press(words.signIn.challenge.cancel);
    assert.ok(browser.page.text.includes(words.signIn.choose.ask));
  });

  it('sends nothing before the password is right', async () => {
    const person = await withPhone();
    await person.browser.open('/sign-in');
    await person.typesName();
    await person.typesPassword('not the right one');
    assert.deepEqual(await person.phone.messages(), []);
  });
});

describe('what goes wrong with a code', () => {
  it('is said, and the right code still counts', async () => {
    const person = await withPhone();
    const { browser, words } = person;
    await person.arrives();
    const code = await person.phone.code();
    await person.typesCode('12 34');
    assert.ok(browser.page.text.includes(words.text.rejections.unreadable));
    await person.typesCode(otherThan(code));
    assert.ok(browser.page.text.includes(words.text.rejections['incorrect-code']));
    await person.typesCode(code);
    isIn(person);
  });

  it('ends it after five wrong ones, and a new code helps', async () => {
    const person = await withPhone();
    const { browser, words, phone } = person;
    await person.arrives();
    const code = await phone.code();
    for (let tries = 0; tries < 5; tries++) await person.typesCode(otherThan(code));
    assert.ok(browser.page.text.includes(words.text.rejections['too-many-wrong']));
    assert.ok(!browser.buttons().includes(words.challenge.verify));
    await waitsForTheNextText();
    await browser.press(words.challenge.repeat.text);
    await person.typesCode(await phone.code());
    isIn(person);
  });

  it('is told of an old text when a newer one was sent', async () => {
    const person = await withPhone();
    const { browser, words, phone } = person;
    await person.arrives();
    const old = await phone.code();
    await waitsForTheNextText();
    await browser.press(words.challenge.repeat.text);
    const newer = await phone.code();
    await person.typesCode(old);
    assert.ok(browser.page.text.includes(words.text.rejections['incorrect-code']));
    await person.typesCode(newer);
    isIn(person);
  });

  it('is good until its time is over, and not a second longer', async () => {
    const inTime = await withPhone();
    await inTime.arrives();
    const code = await inTime.phone.code();
    await tweestap.advanceSeconds(170);
    await inTime.typesCode(code);
    isIn(inTime);

    const late = await withPhone();
    const { browser, words, phone } = late;
    await late.arrives();
    const lateCode = await phone.code();
    await tweestap.advanceSeconds(181);
    await late.typesCode(lateCode);
    assert.ok(browser.page.text.includes(words.text.rejections.expired));
    await browser.press(words.challenge.repeat.text);
    await late.typesCode(await phone.code());
    isIn(late);
  });

  it('is told when an app’s code was used before, in whatever sign-in', async () => {
    const person = await withApp();
    const code = person.appCode();
    const other = tweestap.browser();
    await person.arrives();
    await person.typesCode(code);
    isIn(person);
    const again = { ...person, browser: other };
    await other.open('/sign-in');
    await other.press(person.words.signIn.name.next, { name: person.userPrincipalName });
    await other.press(person.words.signIn.password.signIn, { password: person.password });
    await other.press(person.words.challenge.verify, { code });
    assert.ok(other.page.text.includes(person.words.app.rejections['code-already-used']));
    await isOut(again);
  });

  it('takes the current code of an app and the one before, not an older one', async () => {
    const person = await withApp();
    await person.arrives();
    const code = person.appCode();
    await tweestap.advanceSeconds(61);
    await person.typesCode(code);
    assert.ok(person.browser.page.text.includes(person.words.app.rejections['incorrect-code']));
    const before = person.appCode();
    await tweestap.advanceSeconds(30);
    await person.typesCode(before);
    isIn(person);
  });

  it('pauses after ten wrong ones, tells the person, and wants another password', async () => {
    const person = await withApp();
    const { browser, words } = person;
    for (let round = 0; round < 2; round++) {
      browser.cookies.forget();
      await person.arrives();
      for (let tries = 0; tries < 5; tries++) await person.typesCode(otherThan(person.appCode()));
    }
    assert.equal(browser.page.heading, words.signIn.paused.title);
    const mail = await tweestap.phones.mail(person.userPrincipalName);
    assert.match(mail.subject ?? '', /wrong|verification|verify/i);

    await tweestap.advanceSeconds(15 * 60 + 1);
    await browser.open(browser.address);
    await browser.press(words.challenge.repeat.nothing);
    await person.typesCode(person.appCode());
    assert.equal(browser.page.heading, words.signIn.changePassword.title);
    await isOut(person);
    await browser.press(words.signIn.changePassword.change, { password: 'a quite different one' });
    isIn(person);
  });
});

describe('what goes wrong with a call', () => {
  const told = async (
    reason: 'hung-up' | 'expired' | 'busy' | 'went-to-voicemail' | 'never-pressed-a-key',
    happens: (call: Awaited<ReturnType<typeof isCalled>>) => Promise<void>,
    language: Locale = 'en',
  ): Promise<void> => {
    const person = await withPhone(language);
    const { browser, words, phone } = person;
    const call = await isCalled(person);
    await happens(call);
    await until('the page to say so', async () => {
      await browser.open(browser.address);
      return browser.page.text.includes(words.call.rejections[reason]);
    });
    await isOut(person);
    await waitsForTheNextText();
    await browser.press(words.challenge.repeat.call);
    const again = await phone.call();
    await again.answer();
    await again.keys('#');
    await browser.untilItMovesOn();
    isIn(person);
  };

  it('is told after hanging up', () =>
    told('hung-up', async (call) => {
      await call.answer();
      await call.hangUp();
    }));
  it('is told in Dutch as well', () =>
    told(
      'hung-up',
      async (call) => {
        await call.answer();
        await call.hangUp();
      },
      'nl',
    ));
  it('is told when the call was declined', () => told('busy', (call) => call.hangUp()));
  it('is told when voicemail answered', () =>
    told('went-to-voicemail', (call) => call.voicemail()));
  it('is told when nobody answered for a minute', () => told('expired', () => timePasses(60)));
  it('is told when no key was pressed, however often the voice asked', () =>
    told('never-pressed-a-key', async (call) => {
      await call.answer();
      await timePasses(31);
    }));

  it('blocks the account where 0# says that it was not wanted', async () => {
    const person = await withPhone();
    const call = await isCalled(person);
    await call.answer();
    await call.keys('0#');
    await person.browser.untilItMovesOn();
    const { title } = person.words.signIn.blocked['account-blocked'];
    assert.equal(person.browser.page.heading, title);
  });

  it('counts no keys of a call that was cancelled', async () => {
    const person = await withPhone();
    const { browser, words } = person;
    const call = await isCalled(person);
    await call.answer();
    await browser.press(words.signIn.challenge.cancel);
    await call.keys('#');
    await isOut(person);
    await browser.open(browser.address);
    assert.equal(browser.page.heading, words.signIn.choose.title);
  });
});

describe('tabs, the back button and stale pages', () => {
  it('let two tabs go on with the same sign-in', async () => {
    const person = await withPhone();
    const { browser, words, phone } = person;
    await person.arrives();
    const second = browser.newTab();
    await second.open(browser.address);
    assert.equal(second.page.heading, browser.page.heading);
    await second.press(words.challenge.verify, { code: await phone.code() });
    assert.equal(second.page.heading, words.profile.title);
    // The first tab asks whether its page is still true, and goes on to where the other one is.
    await browser.untilItMovesOn();
    assert.equal(browser.page.status, 404);
    assert.ok(browser.page.text.includes(words.signIn.gone.signedIn(person.userPrincipalName)));
  });

  it('keep two sign-ins apart', async () => {
    const anna = await withPhone();
    const tab = anna.browser.newTab();
    await anna.arrives();
    await tab.open('/sign-in');
    assert.equal(tab.page.heading, anna.words.signIn.name.title);
    await anna.typesCode(await anna.phone.code());
    isIn(anna);
  });

  it('take a form again that was filled in on a page from before', async () => {
    const person = await withPhone();
    const { browser, words, phone } = person;
    await person.arrives();
    browser.back();
    // The password page, as the browser kept it: the password is right again, nothing is lost.
    await person.typesPassword();
    assert.equal(browser.page.heading, words.text.challenge.title);
    await person.typesCode(await phone.code());
    isIn(person);
    browser.back();
    await person.typesCode('123456');
    assert.equal(browser.page.status, 404);
    assert.ok(browser.page.text.includes(words.signIn.gone.signedIn(person.userPrincipalName)));
    await isInStill(person);
  });

  const isInStill = async ({ browser, words }: Person): Promise<void> => {
    const tab = browser.newTab();
    await tab.open('/my-profile');
    assert.equal(tab.page.heading, words.profile.title);
  };

  it('let somebody else begin instead, and start over', async () => {
    const person = await withPhone();
    const other = await withApp();
    const { browser, words } = person;
    await person.arrives();
    await browser.press(/^Not you\?$/);
    assert.equal(browser.page.heading, words.signIn.name.title);
    await browser.press(words.signIn.name.next, { name: other.userPrincipalName });
    await browser.press(words.signIn.password.signIn, { password: other.password });
    await browser.press(words.challenge.verify, { code: other.appCode() });
    assert.ok(browser.page.text.includes(other.userPrincipalName));
  });

  it('lose the code of a text that was left for another way', async () => {
    const person = await newPerson(tweestap, { registered: ['phone', 'app'] });
    const { browser, words, phone } = person;
    await person.arrives();
    const code = await phone.code();
    const stale = browser.newTab();
    await stale.open(browser.address);
    await browser.press(words.signIn.challenge.anotherWay);
    await browser.press(new RegExp(`^${words.app.tile.title}`));
    await stale.press(words.challenge.verify, { code });
    await isOut(person);
    await person.typesCode(person.appCode());
    isIn(person);
  });

  it('are gone after an hour', async () => {
    const person = await withPhone();
    const { browser } = person;
    await person.arrives();
    const code = await person.phone.code();
    await tweestap.advanceSeconds(3601);
    await person.typesCode(code);
    assert.equal(browser.page.status, 410);
    await isOut(person);
  });
});

describe('limits of texts', () => {
  it('send one in 30 seconds and five in an hour, and say when the next one may go', async () => {
    const person = await withPhone();
    const { browser, words, phone } = person;
    await person.arrives();
    await browser.press(words.challenge.repeat.text);
    assert.ok(browser.page.text.includes(words.challenge.limit.title));
    for (let more = 0; more < 4; more++) {
      await waitsForTheNextText();
      await browser.press(words.challenge.repeat.text);
    }
    await waitsForTheNextText();
    await browser.press(words.challenge.repeat.text);
    assert.match(browser.page.text, /The next one is possible in 5\d minutes/);
    const texts = (await phone.messages()).filter(({ kind }) => kind === 'text');
    assert.equal(texts.length, 5);
  });
});

describe('a network that misbehaves', () => {
  it('is told on the page, and another text gets through later', async () => {
    const person = await withPhone();
    const { browser, words, phone } = person;
    await tweestap.phones.fault('text', 'error');
    await person.arrives();
    await browser.untilItMovesOn();
    assert.ok(browser.page.text.includes(words.text.rejections['unable-to-reach']));
    await tweestap.phones.fault('text', 'none');
    await waitsForTheNextText();
    await browser.press(words.challenge.repeat.text);
    await person.typesCode(await phone.code());
    isIn(person);
  });

  it('that brings everything twice lets nobody in twice', async () => {
    await tweestap.phones.fault('text', 'duplicate');
    await tweestap.phones.fault('call', 'duplicate');
    const person = await withPhone();
    const call = await isCalled(person);
    await call.answer();
    await call.keys('#');
    await person.browser.untilItMovesOn();
    isIn(person);
    const { output } = await tweestap.command('user', 'show', person.userPrincipalName, '--json');
    const { sessions }: { readonly sessions: number } = JSON.parse(output);
    assert.equal(sessions, 1);
    await tweestap.phones.fault('text', 'none');
    await tweestap.phones.fault('call', 'none');
  });
});
