/**
 * Two nodes, as two processes on one PostgreSQL database: what is good once is good once over both,
 * what is counted is counted over both, and what is ended on one is dead on the other (attacks
 * ATK-01, ATK-10, ATK-11, ATK-34, ATK-97).
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { Installation } from '../../src/installation/installation.ts';
import { newBrowser, openBrowser, type Browser } from '../support/browser.ts';
import type { Answer } from '../support/http-client.ts';
import { addUser, codeOfApp, keyOnPage, otherThan, type Identity } from '../support/people.ts';
import { phonesOf, type Phones } from '../support/phones.ts';
import { until } from '../support/poll.ts';
import { solved } from '../support/reset.ts';
import { startProcess, type TweestapProcess } from '../support/tweestap-process.ts';
import {
  newPostgresDatabase,
  openPlace,
  runCommand,
  withoutPostgres,
  type Place,
} from '../support/tweestap.ts';

const origin = 'http://localhost:8080';

describe('two nodes on one database', { skip: withoutPostgres }, () => {
  let place: Place;
  let nodes: readonly TweestapProcess[] = [];
  let installation: Installation;
  let phones: Phones;
  before(async () => {
    place = await newPostgresDatabase();
    // Both find an empty database, and both prepare it.
    nodes = await Promise.all([startProcess(place, { origin }), startProcess(place, { origin })]);
    installation = await openPlace(place);
    phones = phonesOf(nodes.map(({ ask }) => ask));
  });
  after(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await installation?.close();
    await place?.remove();
  });

  const node = (number: number): TweestapProcess =>
    nodes[number % nodes.length] ?? assert.fail('no node');
  const portOf = (number: number) => () => node(number).port;
  const browserAt = (number: number): Browser => newBrowser({ origin, portOf: portOf(number) });
  /** The same browser, by way of the other node. */
  const alsoAt = (number: number, browser: Browser): Browser =>
    openBrowser(browser.cookies, { origin, portOf: portOf(number) });

  const arrives = async (browser: Browser, { userPrincipalName: name, password }: Identity) => {
    await browser.open('/sign-in');
    await browser.press('Next', { name });
    await browser.press('Sign in', { password });
  };
  const idOf = async (identity: Identity): Promise<string> =>
    (await installation.administration.find(identity.userPrincipalName))?.id ?? '';
  const sessionsOf = async (identity: Identity): Promise<number> => {
    const { sessions } = installation.database.stores;
    return (await sessions.list(await idOf(identity), installation.clock.now())).length;
  };
  const eventsOf = async (identity: Identity, kind: string): Promise<number> => {
    const userId = await idOf(identity);
    return (await installation.database.stores.audit.list({ userId, kind, limit: 500 })).length;
  };
  const appCode = ({ key }: Identity): string => codeOfApp(key ?? '', installation.clock.now());
  const opened = (answers: readonly Answer[]): number =>
    answers.filter(({ headers }) => headers['set-cookie']?.some((set) => /-session=/.test(set)))
      .length;
  const noFaults = (answers: readonly Answer[]): void => {
    for (const { status, body } of answers) {
      assert.ok(status < 500, `answered ${status}: ${body.slice(0, 300)}`);
    }
  };
  /** Presses a button as often at once on each node. */
  const onBoth = async (
    times: number,
    browser: Browser,
    label: string,
    fields: Readonly<Record<string, string>> = {},
  ): Promise<readonly Answer[]> => {
    const other = alsoAt(1, browser);
    await other.open(browser.address);
    const answers = await Promise.all([
      browser.pressAtOnce(times, label, fields),
      other.pressAtOnce(times, label, fields),
    ]);
    noFaults(answers.flat());
    return answers.flat();
  };

  it('prepared one database together', async () => {
    assert.equal(await installation.database.stores.users.count(), 8);
    assert.equal((await installation.database.plan()).pending.length, 0);
  });

  it('go on with a sign-in that began on the other', async () => {
    const person = await addUser({ installation }, ['phone']);
    const browser = browserAt(0);
    await arrives(browser, person);
    const other = alsoAt(1, browser);
    await other.open(browser.address);
    assert.equal(other.page.heading, 'Enter the code from the text message');
    await other.press('Verify', { code: await phones.phone(person.mobilePhone).code() });
    assert.equal(other.page.heading, 'My Profile');
    await browser.open('/my-profile');
    assert.equal(browser.page.heading, 'My Profile');
  });

  it('wake each other: a page waits at one, and the phone answers at the other', async () => {
    const person = await addUser({ installation }, ['phone']);
    const phone = phones.phone(person.mobilePhone);
    const browser = browserAt(0);
    await arrives(browser, person);
    await phone.text();
    const [, digits = ''] = /class="number-match">.*?<strong>(\d+)</s.exec(browser.page.html) ?? [];
    const other = alsoAt(1, browser);
    await other.open(browser.address);
    const both = await Promise.all([browser.listens(), other.listens()]);
    await until('both to hear', () => both.every(({ heard }) => heard('hello') === 1));
    // Whichever of them sent the text hears the answer: one of the two streams is at the other.
    const before = both.map(({ heard }) => heard('changed'));
    await phone.replies(digits);
    await until('both to be told', () =>
      both.every(({ heard }, one) => heard('changed') > (before[one] ?? 0)),
    );
    assert.equal((await browser.untilItMovesOn()).heading, 'My Profile');
    for (const each of both) each.stop();
  });

  it('open one session when one code is sent fifty times, half to each', async () => {
    const person = await addUser({ installation }, ['app']);
    const browser = browserAt(0);
    await arrives(browser, person);
    const answers = await onBoth(25, browser, 'Verify', { code: appCode(person) });
    assert.equal(opened(answers), 1);
    assert.equal(await sessionsOf(person), 1);
    assert.equal(await eventsOf(person, 'signed-in'), 1);
  });

  it('reset a password that was proved on the other, once for both, and end what it opened', async () => {
    const { policies } = installation;
    await policies.change((policy) => ({
      ...policy,
      reset: { ...policy.reset, allowedFor: 'all', gates: 1 },
    }));
    const person = await addUser({ installation }, ['app'], { perUserMfaState: 'disabled' });
    await arrives(browserAt(1), person);
    assert.equal(await sessionsOf(person), 1);
    const browser = browserAt(0);
    await browser.open('/password-reset');
    const human = solved(browser.formOf('Next').fields['human'] ?? '');
    const other = alsoAt(1, browser);
    await other.open(browser.address);
    await other.press('Next', { name: person.userPrincipalName, human });
    await browser.open(browser.address);
    await browser.press(/^Enter a code from/);
    await browser.press('Verify', { code: appCode(person) });
    assert.equal(browser.page.heading, 'Choose a new password');
    const fields = { password: 'zeven groene olifanten', again: 'zeven groene olifanten' };
    await onBoth(5, browser, 'Finish', fields);
    assert.equal(await eventsOf(person, 'password-reset'), 1);
    assert.equal(await sessionsOf(person), 0);
    await arrives(browserAt(1), { ...person, password: fields.password });
    assert.equal(await sessionsOf(person), 1);
  });

  it('take a code of an app once, in two sign-ins on two nodes', async () => {
    const person = await addUser({ installation }, ['app']);
    const browsers = [browserAt(0), browserAt(1), browserAt(0), browserAt(1)];
    for (const browser of browsers) await arrives(browser, person);
    const code = appCode(person);
    const answers = await Promise.all(
      browsers.map((browser) => browser.pressAtOnce(5, 'Verify', { code })),
    );
    noFaults(answers.flat());
    assert.equal(opened(answers.flat()), 1);
    assert.equal(await sessionsOf(person), 1);
  });

  it('keep five authenticator apps of one person, where both add the last at once', async () => {
    const person = await addUser({ installation }, ['app', 'phone']);
    const { registrations } = installation.database.stores;
    const userId = await idOf(person);
    for (const slot of ['2', '3', '4']) {
      await registrations.add({
        id: installation.random.token(16),
        userId,
        kind: 'authenticator-app',
        slot,
        secret: { key: installation.random.base32(32), acceptedStep: 0 },
        version: 1,
        createdAt: installation.clock.now(),
        lastUsedAt: undefined,
      });
    }
    const byApp = browserAt(0);
    await arrives(byApp, person);
    await byApp.press('Verify', { code: appCode(person) });
    const byText = browserAt(1);
    await arrives(byText, person);
    await byText.press('Sign in another way');
    await byText.press(/^Text/);
    await byText.press('Verify', { code: await phones.phone(person.mobilePhone).code() });

    for (const browser of [byApp, byText]) {
      await browser.open('/my-profile/security-info/add');
      await browser.press('Add', { place: 'authenticator-app.' });
      await browser.press('Set up', { appUse: 'code' });
    }
    const answers = await Promise.all(
      [byApp, byText].map((browser) => {
        const code = codeOfApp(keyOnPage(browser.page.html), installation.clock.now());
        return browser.pressAtOnce(1, 'Verify', { code });
      }),
    );
    noFaults(answers.flat());
    const apps = (await registrations.list(userId)).filter(
      ({ kind }) => kind === 'authenticator-app',
    );
    assert.equal(apps.length, 5);
    const told = answers.flat().map(({ headers }) => headers.location?.split('?')[1]);
    assert.deepEqual(new Set(told), new Set(['done=added', 'done=full']));
  });

  it('look at ten wrong codes together, and then not even at the right one', async () => {
    const person = await addUser({ installation }, ['app']);
    const browsers = Array.from({ length: 8 }, (_, number) => browserAt(number));
    for (const browser of browsers) await arrives(browser, person);
    const code = otherThan(appCode(person));
    const answers = await Promise.all(
      browsers.map((browser) => browser.pressAtOnce(5, 'Verify', { code })),
    );
    noFaults(answers.flat());
    const looked = await eventsOf(person, 'answer-rejected');
    assert.ok(looked <= 10, `looked at ${looked}`);
    const late = browserAt(1);
    await arrives(late, person);
    assert.equal(late.page.heading, 'Wait before you verify your identity again');
    const paused = await eventsOf(person, 'second-steps-paused');
    assert.equal(paused, 1, 'the person is told once');
  });

  it('look at ten wrong passwords together', async () => {
    const person = await addUser({ installation }, ['app']);
    const browsers = [browserAt(0), browserAt(1)];
    for (const browser of browsers) {
      await browser.open('/sign-in');
      await browser.press('Next', { name: person.userPrincipalName });
    }
    const guesses = browsers.flatMap((browser, one) =>
      Array.from({ length: 12 }, (_, guess) =>
        browser.pressAtOnce(1, 'Sign in', { password: `guess ${one} ${guess}` }),
      ),
    );
    noFaults((await Promise.all(guesses)).flat());
    assert.equal(await eventsOf(person, 'password-rejected'), 10);
  });

  it('register one phone and make one app password, however often both are told', async () => {
    const person = await addUser({ installation }, [], { perUserMfaState: 'enabled' });
    const phone = phones.phone(person.mobilePhone);
    const browser = browserAt(0);
    await arrives(browser, person);
    await onBoth(10, browser, 'Set it up now');
    await browser.open(browser.address);
    await onBoth(10, browser, 'Next', { number: person.mobilePhone, by: 'text' });
    const code = await phone.code();
    await browser.open(browser.address);
    await onBoth(10, browser, 'Verify', { code });
    await browser.open(browser.address);
    const answers = await onBoth(10, browser, 'Done');
    assert.equal(opened(answers), 1);
    assert.equal(await sessionsOf(person), 1);
    assert.equal(await eventsOf(person, 'method-registered'), 1);
    const { registrations, appPasswords } = installation.database.stores;
    assert.equal((await registrations.list(await idOf(person))).length, 1);
    assert.equal((await appPasswords.list(await idOf(person))).length, 1);
    const texts = (await phone.messages()).filter(({ kind }) => kind === 'text');
    assert.equal(texts.length, 1);
  });

  it('send each text once', async () => {
    const people = await Promise.all(
      Array.from({ length: 6 }, () => addUser({ installation }, ['phone'])),
    );
    await Promise.all(people.map((person, number) => arrives(browserAt(number), person)));
    for (const { mobilePhone } of people) {
      await phones.phone(mobilePhone).text();
      assert.equal((await phones.phone(mobilePhone).messages()).length, 1);
    }
  });

  it('know within five seconds that somebody was signed out, blocked or switched off elsewhere', async () => {
    for (const command of [
      ['user', 'revoke-sessions'],
      ['user', 'block', '--reason', 'test'],
      ['user', 'require-reregister'],
      ['user', 'set-password', '--permanent'],
    ]) {
      const person = await addUser({ installation }, ['app']);
      const browser = browserAt(0);
      await arrives(browser, person);
      await browser.press('Verify', { code: appCode(person) });
      const other = alsoAt(1, browser);
      await other.open('/my-profile');
      assert.equal(other.page.heading, 'My Profile');
      const [group = '', name = '', ...options] = command;
      const done = await runCommand(place, [group, name, person.userPrincipalName, ...options]);
      assert.equal(done.code, 0, done.error);
      for (const each of [browser, other]) {
        await until('the session to be over', async () => {
          await each.open('/my-profile');
          return each.page.heading === 'Sign in';
        });
      }
    }
  });

  it('sign somebody out on both who signs out on one', async () => {
    const person = await addUser({ installation }, ['app']);
    const browser = browserAt(0);
    await arrives(browser, person);
    await browser.press('Verify', { code: appCode(person) });
    const thief = openBrowser(browser.cookies.copy(), { origin, portOf: portOf(1) });
    await browser.press('Sign out');
    await thief.open('/my-profile');
    assert.equal(thief.page.heading, 'Sign in');
  });

  it('go on where the other was killed', async () => {
    const person = await addUser({ installation }, ['phone']);
    const phone = phones.phone(person.mobilePhone);
    const browser = browserAt(0);
    await arrives(browser, person);
    const code = await phone.code();
    const [first, second] = nodes;
    assert.ok(first && second);
    await first.kill();
    const other = alsoAt(1, browser);
    await other.open(browser.address);
    await other.press('Verify', { code });
    assert.equal(other.page.heading, 'My Profile');
    nodes = [await startProcess(place, { origin }), second];
    const back = alsoAt(0, browser);
    await back.open('/my-profile');
    assert.equal(back.page.heading, 'My Profile');
  });

  it('wrote one log, unbroken', async () => {
    const { checked, brokenAt } = await installation.database.stores.audit.verify();
    assert.ok(checked > 100);
    assert.equal(brokenAt, undefined);
  });
});
