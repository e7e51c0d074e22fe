/**
 * One-time means once, however many ask at the same moment (attacks ATK-02, ATK-10, ATK-11): answers,
 * replies, registrations, passwords and sign-outs, fifty at a time over fifty connections.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { Answer } from '../support/http-client.ts';
import { codeOfApp, keyOnPage, newPerson, otherThan, type Person } from '../support/people.ts';
import { post } from '../support/phones.ts';
import { startTweestap, type Tweestap } from '../support/tweestap.ts';

let tweestap: Tweestap;
before(async () => {
  tweestap = await startTweestap();
});
after(() => tweestap.close());

const times = 50;

const sessionsOf = async ({ userPrincipalName }: Person): Promise<number> => {
  const { administration, database, clock } = tweestap.installation;
  const user = await administration.find(userPrincipalName);
  return (await database.stores.sessions.list(user?.id ?? '', clock.now())).length;
};
const eventsOf = async ({ userPrincipalName }: Person, kind: string): Promise<number> => {
  const { administration, database } = tweestap.installation;
  const userId = (await administration.find(userPrincipalName))?.id ?? '';
  return (await database.stores.audit.list({ userId, kind, limit: 500 })).length;
};
const opened = (answers: readonly Answer[]): number =>
  answers.filter(({ headers }) => headers['set-cookie']?.some((set) => /-session=/.test(set)))
    .length;
const noFaults = (answers: readonly Answer[]): void => {
  for (const { status } of answers) assert.ok(status < 500, `answered ${status}`);
};

describe('fifty at the same moment', () => {
  it('right codes of an app in one sign-in open one session', async () => {
    const person = await newPerson(tweestap, { registered: ['app'] });
    await person.arrives();
    const code = person.appCode();
    const answers = await person.browser.pressAtOnce(times, 'Verify', { code });
    noFaults(answers);
    assert.equal(opened(answers), 1);
    assert.equal(await sessionsOf(person), 1);
    assert.equal(await eventsOf(person, 'signed-in'), 1);
  });

  it('right codes of an app in ten sign-ins open one session', async () => {
    const person = await newPerson(tweestap, { registered: ['app'] });
    const sessions = Array.from({ length: 10 }, () => tweestap.browser());
    for (const browser of sessions) {
      await browser.open('/sign-in');
      await browser.press('Next', { name: person.userPrincipalName });
      await browser.press('Sign in', { password: person.password });
    }
    const code = person.appCode();
    const answers = await Promise.all(
      sessions.map((browser) => browser.pressAtOnce(times / 10, 'Verify', { code })),
    );
    noFaults(answers.flat());
    assert.equal(opened(answers.flat()), 1);
    assert.equal(await sessionsOf(person), 1);
  });

  it('right codes of a text open one session', async () => {
    const person = await newPerson(tweestap, { registered: ['phone'] });
    await person.arrives();
    const code = await person.phone.code();
    const answers = await person.browser.pressAtOnce(times, 'Verify', { code });
    noFaults(answers);
    assert.equal(opened(answers), 1);
    assert.equal(await sessionsOf(person), 1);
  });

  it('replies to a text, and codes of it, open one session', async () => {
    const person = await newPerson(tweestap, { registered: ['phone'] });
    await person.arrives();
    const code = await person.phone.code();
    const [, digits = ''] = /<strong>(\d\d)<\/strong>/.exec(person.browser.page.html) ?? [];
    const replies = Array.from({ length: 10 }, () => person.phone.replies(digits));
    const answers = await person.browser.pressAtOnce(times, 'Verify', { code });
    await Promise.all(replies);
    noFaults(answers);
    await person.browser.open(person.browser.address);
    assert.equal(await sessionsOf(person), 1);
    assert.equal(await eventsOf(person, 'signed-in'), 1);
    assert.equal(await eventsOf(person, 'answer-accepted'), 1);
  });

  it('wrong codes are looked at ten times a day, whatever sign-in they come from', async () => {
    const person = await newPerson(tweestap, { registered: ['app'] });
    const browsers = Array.from({ length: 5 }, () => tweestap.browser());
    for (const browser of browsers) {
      await browser.open('/sign-in');
      await browser.press('Next', { name: person.userPrincipalName });
      await browser.press('Sign in', { password: person.password });
    }
    const code = otherThan(person.appCode());
    const answers = await Promise.all(
      browsers.map((browser) => browser.pressAtOnce(20, 'Verify', { code })),
    );
    noFaults(answers.flat());
    const looked = await eventsOf(person, 'answer-rejected');
    assert.ok(looked <= 10, `looked at ${looked}`);
    const [browser = tweestap.browser()] = browsers;
    await browser.open(browser.address);
    assert.match(browser.page.heading, /Wait before you verify/);
  });

  it('wrong passwords are looked at ten times, and a stranger cannot lock the owner out', async () => {
    const person = await newPerson(tweestap, { registered: ['app'] });
    await person.signsIn();
    await person.browser.open('/my-profile');
    await person.browser.press('Sign out');

    const stranger = tweestap.browser();
    await stranger.open('/sign-in');
    await stranger.press('Next', { name: person.userPrincipalName });
    const guesses = await Promise.all(
      Array.from({ length: times }, (_, guess) =>
        stranger.pressAtOnce(1, 'Sign in', { password: `guess ${guess}` }),
      ),
    );
    noFaults(guesses.flat());
    assert.equal(await eventsOf(person, 'password-rejected'), 10);
    await stranger.open(stranger.address);
    await stranger.press('Sign in', { password: person.password });
    assert.match(stranger.page.text, /Wait before you try again/);

    await tweestap.advanceSeconds(31);
    await person.arrives();
    await person.typesCode(person.appCode());
    assert.equal(person.browser.page.heading, 'My Profile');
  });

  it('right passwords of one person all end well', async () => {
    const person = await newPerson(tweestap, { registered: ['app'] });
    const browsers = Array.from({ length: 20 }, () => tweestap.browser());
    await Promise.all(
      browsers.map(async (browser) => {
        await browser.open('/sign-in');
        await browser.press('Next', { name: person.userPrincipalName });
        await browser.press('Sign in', { password: person.password });
        assert.match(browser.page.heading, /verification code from the mobile app/);
      }),
    );
  });

  it('Set it up now, Next and Done register one phone and make one app password', async () => {
    const person = await newPerson(tweestap, { user: { perUserMfaState: 'enabled' } });
    const { browser, phone } = person;
    await person.arrives();
    noFaults(await browser.pressAtOnce(times, 'Set it up now'));
    await browser.open(browser.address);
    noFaults(await browser.pressAtOnce(times, 'Next', { number: phone.number, by: 'text' }));
    const code = await phone.code();
    const texts = (await phone.messages()).filter(({ kind }) => kind === 'text');
    assert.equal(texts.length, 1);
    await browser.open(browser.address);
    noFaults(await browser.pressAtOnce(times, 'Verify', { code }));
    await browser.open(browser.address);
    const answers = await browser.pressAtOnce(times, 'Done');
    noFaults(answers);
    assert.equal(opened(answers), 1);
    assert.equal(await sessionsOf(person), 1);
    assert.equal(await eventsOf(person, 'method-registered'), 1);
    const { output } = await tweestap.command('user', 'show', person.userPrincipalName, '--json');
    const shown: { readonly appPasswords: number; readonly registrations: readonly unknown[] } =
      JSON.parse(output);
    assert.equal(shown.appPasswords, 1);
    assert.equal(shown.registrations.length, 1);
  });

  it('authenticator apps that are added from six browsers fill five places, and no more', async () => {
    const person = await newPerson(tweestap, { registered: ['app', 'phone'] });
    const browsers = Array.from({ length: 6 }, () => tweestap.browser());
    for (const browser of browsers) {
      await browser.open('/sign-in');
      await browser.press('Next', { name: person.userPrincipalName });
      await browser.press('Sign in', { password: person.password });
      await browser.press('Verify', { code: person.appCode() });
      // A code of the app is good once.
      await tweestap.advanceSeconds(31);
    }
    for (const browser of browsers) {
      await browser.open('/my-profile/security-info/add');
      await browser.press('Add', { place: 'authenticator-app.' });
      await browser.press('Set up', { appUse: 'code' });
    }
    const answers = await Promise.all(
      browsers.map((browser) => {
        const code = codeOfApp(keyOnPage(browser.page.html), tweestap.now());
        return browser.pressAtOnce(2, 'Verify', { code });
      }),
    );
    noFaults(answers.flat());
    const { output } = await tweestap.command('user', 'show', person.userPrincipalName, '--json');
    const shown: { readonly registrations: readonly unknown[] } = JSON.parse(output);
    assert.equal(shown.registrations.length, 1 + 5);
    assert.equal(await eventsOf(person, 'method-registered'), 4);
    const told = answers
      .flat()
      .filter(({ headers }) => headers.location?.endsWith('/security-info?done=full'));
    assert.ok(told.length >= 2, `${told.length} were told why`);
  });

  it('texts asked for are one text', async () => {
    const person = await newPerson(tweestap, { registered: ['phone'] });
    await person.arrives();
    await person.phone.text();
    await tweestap.advanceSeconds(31);
    noFaults(await person.browser.pressAtOnce(times, 'Send a new code'));
    await person.phone.text();
    const texts = (await person.phone.messages()).filter(({ kind }) => kind === 'text');
    assert.equal(texts.length, 2);
  });

  it('keys of one call open one session', async () => {
    const person = await newPerson(tweestap, { registered: ['phone'] });
    const { browser, phone } = person;
    await person.arrives();
    await phone.text();
    await tweestap.advanceSeconds(31);
    await browser.press('Sign in another way');
    await browser.press(/^Call/);
    const call = await phone.call();
    await call.answer();
    const { id } = await call.look();
    const pressed = await Promise.allSettled(
      Array.from({ length: 20 }, () =>
        post(tweestap.ask, `/simulator/api/calls/${id}/keys`, { keys: '#' }),
      ),
    );
    assert.ok(pressed.some(({ status }) => status === 'fulfilled'));
    const tabs = Array.from({ length: 20 }, () => browser.newTab());
    await Promise.all(tabs.map((tab) => tab.open(browser.address)));
    assert.equal(await sessionsOf(person), 1);
    assert.equal(await eventsOf(person, 'signed-in'), 1);
  });

  it('sign-outs end the session once', async () => {
    const person = await newPerson(tweestap, { registered: ['app'] });
    await person.signsIn();
    noFaults(await person.browser.pressAtOnce(times, 'Sign out'));
    assert.equal(await sessionsOf(person), 0);
  });

  it('new passwords change it once', async () => {
    const person = await newPerson(tweestap, {
      registered: ['app'],
      user: { mustChangePassword: true },
    });
    await person.signsIn();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, one) =>
        person.browser.pressAtOnce(1, 'Change password', { password: `a new password ${one}` }),
      ),
    );
    noFaults(answers.flat());
    assert.equal(opened(answers.flat()), 1);
    assert.equal(await eventsOf(person, 'password-changed'), 1);
    assert.equal(await sessionsOf(person), 1);
  });
});
