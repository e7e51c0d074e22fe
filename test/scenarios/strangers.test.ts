/**
 * What a stranger learns about accounts (attack ATK-30): nothing, before the right password. Everything
 * that is answered to a name is the same to the byte, but for what was typed, whether the account is
 * there, switched off, blocked, not set up yet, or nobody's.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { User } from '../../src/accounts/user.ts';
import type { Locale } from '../../src/i18n/locale.ts';
import type { Browser } from '../support/browser.ts';
import type { Answer } from '../support/http-client.ts';
import { addUser, type Identity } from '../support/people.ts';
import { startTweestap, type Tweestap } from '../support/tweestap.ts';

let tweestap: Tweestap;
before(async () => {
  tweestap = await startTweestap();
});
after(() => tweestap.close());

let serial = 0;
/** A name that nobody had before; all are of one length. */
function newName(): string {
  serial += 1;
  return `name-${String(serial).padStart(6, '0')}@voorbeeld.example`;
}

/** One account of every kind. */
async function everyKind(): Promise<Readonly<Record<string, string>>> {
  const blocked = { at: tweestap.now(), until: undefined, reason: 'test' };
  const kinds: Readonly<Record<string, readonly [readonly ('app' | 'phone')[], Partial<User>]>> = {
    'with an app': [['app'], {}],
    'with a phone': [['phone'], {}],
    'not set up yet': [[], { perUserMfaState: 'enabled' }],
    'too late to set up': [[], { mfaRequiredAt: new Date(0) }],
    'with a password only': [[], { perUserMfaState: 'disabled' }],
    'an admin': [['app'], { role: 'global-admin', preferredLanguage: 'nl' }],
    'switched off': [['app'], { accountEnabled: false }],
    blocked: [['app'], { blocked }],
    'without a password': [[], { passwordHash: undefined }],
    'to change the password': [['app'], { mustChangePassword: true }],
  };
  const names: Record<string, string> = {};
  for (const [kind, [registered, change]] of Object.entries(kinds)) {
    const { userPrincipalName } = await addUser(tweestap, registered, {
      ...change,
      userPrincipalName: newName(),
    });
    names[kind] = userPrincipalName;
  }
  return names;
}

describe('a stranger', () => {
  const seesNoDifference = async (language: Locale): Promise<void> => {
    const names = await everyKind();
    const expected = await visit(language, newName());
    assert.equal(expected.length, 24);
    for (const [kind, name] of Object.entries(names)) {
      assert.deepEqual(await visit(language, name), expected, kind);
    }
    // However it is written: names nobody has, and the same account, are answered alike.
    const [existing = ''] = Object.values(names);
    for (const written of [existing.toUpperCase(), newName().toUpperCase()]) {
      assert.deepEqual(await visit(language, written), expected, written);
    }
  };

  it('sees no difference between accounts, nor that there is one', () => seesNoDifference('en'));
  it('sees no difference between accounts, nor that there is one, in Dutch', () =>
    seesNoDifference('nl'));

  it('sees the same pause after ten wrong passwords, whoever it was', async () => {
    const pausedPage = async (name: string): Promise<string> => {
      const browser = tweestap.browser();
      await browser.open('/sign-in');
      await browser.press('Next', { name });
      for (let guess = 0; guess < 11; guess++) {
        await browser.press('Sign in', { password: `guess ${guess}` });
      }
      assert.match(browser.page.text, /Wait before you try again/);
      return withoutWhatWasTyped(
        browser.page.html.replaceAll(/<count-down[^>]*>/g, '<count-down>'),
        {
          name,
          attempt: browser.address,
        },
      );
    };
    const names = await everyKind();
    const expected = await pausedPage(newName());
    for (const [kind, name] of Object.entries(names)) {
      assert.equal(await pausedPage(name), expected, kind);
    }
  });

  it('is paused by account, however the name is written', async () => {
    const { userPrincipalName: name } = await addUser(tweestap, ['app']);
    const written = [name, name.toUpperCase(), ` ${name} `, name.replace('e', 'E'), `${name}\t`];
    for (let guess = 0; guess < 10; guess++) {
      const browser = tweestap.browser();
      await browser.open('/sign-in');
      await browser.press('Next', { name: written[guess % written.length] ?? name });
      await browser.press('Sign in', { password: `guess ${guess}` });
      assert.doesNotMatch(browser.page.text, /Wait before/);
    }
    const browser = tweestap.browser();
    await browser.open('/sign-in');
    await browser.press('Next', { name });
    await browser.press('Sign in', { password: 'one more' });
    assert.match(browser.page.text, /Wait before you try again/);
  });

  it('waits as long for nobody’s password as for somebody’s', async () => {
    const samples = 40;
    const somebodies: Identity[] = [];
    for (let one = 0; one < samples; one++) somebodies.push(await addUser(tweestap, ['app']));
    const times = { somebody: new Array<number>(), nobody: new Array<number>() };
    for (const { userPrincipalName } of somebodies) {
      times.somebody.push(await millisecondsFor(userPrincipalName));
      times.nobody.push(await millisecondsFor(newName()));
    }
    const chance = chanceThatFirstIsLonger(times.somebody, times.nobody);
    // Without the hash of a stand-in this is 1; by chance it leaves 0.3 to 0.7 once in a thousand.
    assert.ok(chance > 0.2 && chance < 0.8, `somebody’s takes longer in ${chance} of all pairs`);
  });

  it('learns the state of an account with the right password, and not before', async () => {
    const blocked = { at: tweestap.now(), until: undefined, reason: 'test' };
    for (const [change, heading] of [
      [{ accountEnabled: false }, 'Your account is switched off'],
      [{ blocked }, 'Your account is blocked'],
    ] as const) {
      const account = await addUser(tweestap, ['phone'], change);
      const browser = tweestap.browser();
      await browser.open('/sign-in');
      await browser.press('Next', { name: account.userPrincipalName });
      await browser.press('Sign in', { password: account.password });
      assert.equal(browser.page.heading, heading);
      assert.deepEqual(await tweestap.phones.messages({ to: account.mobilePhone }), []);
    }
  });
});

async function millisecondsFor(name: string): Promise<number> {
  const browser = tweestap.browser();
  await browser.open('/sign-in');
  await browser.press('Next', { name });
  const startedAt = performance.now();
  await browser.pressAtOnce(1, 'Sign in', { password: 'not the right one' });
  return performance.now() - startedAt;
}

/** The area under the curve: 0.5 where nothing can be told from the time (security.md A4). */
function chanceThatFirstIsLonger(first: readonly number[], second: readonly number[]): number {
  const longer = first.flatMap((one) => second.filter((other) => one > other));
  return longer.length / (first.length * second.length);
}

/** Everything that is answered on the way of somebody who guesses, in a form that can be compared. */
async function visit(language: Locale, name: string): Promise<readonly unknown[]> {
  const browser = tweestap.browser({ language });
  const answers: unknown[] = [];
  let attempt = '';
  const note = (answer: Answer): Answer => {
    attempt ||= /\/sign-in\/[\w-]{22}/.exec(answer.body)?.[0] ?? '';
    answers.push(comparable(answer, { name, attempt }));
    return answer;
  };
  const page = async (): Promise<string> => note(await browser.ask(attempt)).body;
  const send = async (command: string, fields: Readonly<Record<string, string>>): Promise<void> => {
    note(await postForm(browser, `${attempt}/${command}`, { csrf, ...fields }));
  };

  const first = note(await browser.ask('/sign-in'));
  const csrf = /name="csrf" value="([^"]+)"/.exec(first.body)?.[1] ?? '';
  await page();
  await send('name', { name });
  await page();
  await send('password', { password: '' });
  for (const password of ['wrong', 'also wrong', 'x'.repeat(300), 'wrong']) {
    await send('password', { password, name });
    await page();
  }
  note(await browser.ask(`${attempt}/status`, { headers: { accept: 'application/json' } }));
  await send('change-password', { password: 'a new password' });
  await send('answer', { challenge: 'x', code: '123456' });
  await send('choose', { option: 'x' });
  await send('repeat', {});
  await send('another-way', {});
  note(await browser.ask(attempt.replace('sign-in', 'registration')));
  note(
    await postForm(browser, `${attempt.replace('sign-in', 'registration')}/set-up-now`, { csrf }),
  );
  await send('restart', {});
  await page();
  note(await browser.ask('/my-profile'));
  return answers;
}

function postForm(
  browser: Browser,
  path: string,
  fields: Readonly<Record<string, string>>,
): Promise<Answer> {
  return browser.ask(path, {
    method: 'POST',
    headers: {
      origin: tweestap.origin,
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams(fields).toString(),
  });
}

interface Typed {
  readonly name: string;
  readonly attempt: string;
}

function comparable({ status, rawHeaders, body }: Answer, typed: Typed): unknown {
  const headers = rawHeaders
    .flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : []))
    .filter(([name]) => name !== 'date' && name !== 'Date')
    .map((pair) => withoutWhatWasTyped(pair.join(': '), typed));
  return { status, headers, length: body.length, body: withoutWhatWasTyped(body, typed) };
}

/** Random values keep their length: it is compared as well. */
function withoutWhatWasTyped(text: string, { name, attempt }: Typed): string {
  const id = /[\w-]{22}/.exec(attempt)?.[0] ?? 'none yet';
  return text
    .replaceAll(id, '<attempt>')
    .replaceAll(new RegExp(escaped(name), 'gi'), '<name>')
    .replaceAll(/attempt-[0-9a-f]{12}/g, 'attempt-<id>')
    .replaceAll(/\/(?:sign-in|registration)\/[\w-]{22}/g, '/sign-in/<attempt>')
    .replaceAll(/(?<=[="])[\w-]{43}(?=[";])/g, '<token>')
    .replaceAll(/(?<=tweestap-form=)[\w-]{32}/g, '<token>')
    .replaceAll(/<code>[A-Z2-7]{8}<\/code>/g, '<code>reference</code>');
}

function escaped(text: string): string {
  return text.replaceAll(/[.+*?^${}()|[\]\\]/g, '\\$&');
}
