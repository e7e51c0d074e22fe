/**
 * Every step of a sign-in × every address that could move it on (attack ATK-20). What stands below is
 * the whole of what may happen; everything else changes nothing, however right the password, the code
 * or the number is that comes with it.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { User } from '../../src/accounts/user.ts';
import { userHandleOf } from '../../src/methods/security-key/ceremony.ts';
import { state } from '../../src/methods/security-key/state.ts';
import { registeredSecret, softKey, type SoftKey } from '../support/authenticator.ts';
import type { Browser } from '../support/browser.ts';
import type { Answer } from '../support/http-client.ts';
import { codeOfApp, newPerson, otherThan, type Person } from '../support/people.ts';
import { routesOf } from '../support/routes.ts';
import { startTweestap, type Tweestap } from '../support/tweestap.ts';

let tweestap: Tweestap;
before(async () => {
  tweestap = await startTweestap();
  await tweestap.installation.governing.changePolicy('test', (policy) => ({
    ...policy,
    registration: {
      ...policy.registration,
      campaign: { enabled: true, includedGroups: [campaign] },
    },
  }));
});
after(() => tweestap.close());

/** Who is in this group is asked for an app, once signed in. */
const campaign = 'campaign';

/** Somebody at a step, with all that would be right there. */
interface Scene {
  readonly person: Person;
  readonly browser: Browser;
  readonly attempt: string;
  readonly csrf: string;
  /** The right answer to what is asked, where anything is. */
  readonly code: () => Promise<string>;
  /** Their passkey, where they have one. */
  readonly key?: SoftKey;
  /** Their Temporary Access Pass, where they have one. */
  readonly pass?: string;
}

const commands = [
  'sign-in/name',
  'sign-in/password',
  'sign-in/pass',
  'sign-in/ask-passkey',
  'sign-in/passkey',
  'sign-in/choose',
  'sign-in/answer',
  'sign-in/trust',
  'sign-in/change-password',
  'sign-in/prepare-reset',
  'sign-in/stay-signed-in',
  'sign-in/another-way',
  'sign-in/cancel',
  'sign-in/repeat',
  'sign-in/restart',
  'registration/set-up-now',
  'registration/add-method',
  'registration/contact',
  'registration/backup',
  'registration/answer',
  'registration/repeat',
  'registration/back',
  'registration/cancel',
  'registration/skip-backup',
  'registration/done',
] as const;
type Command = (typeof commands)[number];

const openChallenge = {
  'sign-in/answer': 'signed in',
  // One command, at two addresses.
  'registration/answer': 'signed in',
  'sign-in/choose': 'challenge',
  'sign-in/trust': 'challenge',
  'sign-in/another-way': 'choose',
  'sign-in/cancel': 'choose',
  'sign-in/repeat': 'challenge',
  'registration/repeat': 'challenge',
  'sign-in/restart': 'identify',
} as const;

describe('a sign-in at each step does what stands here and nothing else', () => {
  it('identify', () =>
    holds('identify', {
      'sign-in/name': 'password',
      'sign-in/ask-passkey': 'passkey',
      'sign-in/restart': 'identify',
    }));

  it('password', () =>
    holds('password', {
      'sign-in/name': 'password',
      'sign-in/password': 'challenge',
      'sign-in/pass': 'signed in',
      'sign-in/ask-passkey': 'passkey',
      'sign-in/restart': 'identify',
    }));

  it('passkey', () =>
    holds('passkey', {
      'sign-in/passkey': 'signed in',
      'sign-in/ask-passkey': 'passkey',
      'sign-in/restart': 'identify',
    }));

  it('a text', () => holds('a text', openChallenge));

  it('an app', () => holds('an app', openChallenge));

  it('a text that is over', () =>
    holds('a text that is over', {
      'sign-in/choose': 'challenge',
      'sign-in/trust': 'challenge',
      'sign-in/another-way': 'choose',
      'sign-in/cancel': 'choose',
      'sign-in/repeat': 'challenge',
      'registration/repeat': 'challenge',
      'sign-in/restart': 'identify',
    }));

  it('choose', () =>
    holds('choose', {
      'sign-in/choose': 'challenge',
      'sign-in/trust': 'choose',
      'sign-in/another-way': 'choose',
      'sign-in/cancel': 'choose',
      'sign-in/restart': 'identify',
    }));

  it('interrupt', () =>
    holds('interrupt', {
      'registration/set-up-now': 'register contact',
      'sign-in/restart': 'identify',
    }));

  it('contact', () =>
    holds('contact', {
      'registration/contact': 'register prove',
      'registration/backup': 'register prove',
      'sign-in/restart': 'identify',
    }));

  it('prove', () =>
    holds('prove', {
      'registration/answer': 'register app-password',
      'sign-in/answer': 'register app-password',
      'registration/repeat': 'register prove',
      'sign-in/repeat': 'register prove',
      'registration/back': 'register contact',
      'registration/contact': 'register prove',
      'registration/backup': 'register prove',
      'sign-in/restart': 'identify',
    }));

  it('backup', () =>
    holds('backup', {
      'registration/backup': 'register prove-backup',
      'registration/contact': 'register prove-backup',
      'registration/skip-backup': 'register app-password',
      'sign-in/restart': 'identify',
    }));

  it('prove-backup', () =>
    holds('prove-backup', {
      'registration/answer': 'register app-password',
      'sign-in/answer': 'register app-password',
      'registration/repeat': 'register prove-backup',
      'sign-in/repeat': 'register prove-backup',
      'registration/back': 'register backup',
      'registration/backup': 'register prove-backup',
      'registration/contact': 'register prove-backup',
      'registration/skip-backup': 'register app-password',
      'sign-in/restart': 'identify',
    }));

  it('app-password', () =>
    holds('app-password', { 'registration/done': 'signed in', 'sign-in/restart': 'identify' }));

  it('add-method', () =>
    holds('add-method', {
      'registration/add-method': 'register contact',
      'sign-in/restart': 'identify',
    }));

  it('an addition in passing', () =>
    holds('an addition in passing', {
      'registration/contact': 'register prove',
      'registration/backup': 'register prove',
      'registration/cancel': 'add-method',
      'sign-in/restart': 'identify',
    }));

  it('paused', () => holds('paused', { 'sign-in/restart': 'identify' }));

  it('a disabled account', () => holds('a disabled account', { 'sign-in/restart': 'identify' }));

  it('a blocked account', () => holds('a blocked account', { 'sign-in/restart': 'identify' }));

  it('no method that is allowed', () =>
    holds('no method that is allowed', { 'sign-in/restart': 'identify' }));

  it('change-password', () =>
    holds('change-password', {
      'sign-in/change-password': 'signed in',
      'sign-in/restart': 'identify',
    }));

  it('finished', () => holds('finished', {}));

  it('expired', () => holds('expired', {}));
});

describe('the list of commands', () => {
  it('is whole: the running server has no other address that moves a sign-in', async () => {
    const answered = (await routesOf(tweestap.server.parts.app))
      .filter(({ method, url }) => method === 'POST' && url.includes(':attempt'))
      // Those of a reset have a table of their own: `reset-steps.test.ts`.
      .filter(({ url }) => !url.startsWith('/password-reset/'))
      .map(({ url }) => url.slice(1).replace('/:attempt', ''));
    assert.deepEqual(answered.toSorted(), commands.toSorted());
  });
});

/** From this step the allowed commands lead where they should, and no other does anything. */
async function holds(
  step: string,
  allowed: Readonly<Partial<Record<Command, string>>>,
): Promise<void> {
  const scene = await sceneAt(step);
  const before = await standing(scene);
  for (const command of commands) {
    if (allowed[command] === undefined) {
      await doesNothing(scene, before, command, await rightBody(scene, command));
    }
    if (allowed[command] === undefined || needsFields(step, command)) {
      await doesNothing(scene, before, command, {});
      await doesNothing(scene, before, command, { code: '', password: '', name: '' });
    }
  }
  for (const command of commands) {
    const next = allowed[command];
    if (next === undefined) continue;
    const fresh = await sceneAt(step);
    await tweestap.advanceSeconds(31);
    const answer = await send(fresh, command, await rightBody(fresh, command));
    const led = opensSession(answer) ? 'signed in' : await stepOf(fresh);
    assert.equal(led, next, `${command} at “${step}”: ${answer.status}`);
  }
}

async function doesNothing(
  scene: Scene,
  before: unknown,
  command: Command,
  body: Readonly<Record<string, string>>,
): Promise<void> {
  const answer = await send(scene, command, body);
  const about = `${command} with ${Object.keys(body).join(' ') || 'nothing'}: ${answer.status}`;
  // The form of step 1 is shown again with what was typed; everything else leads to where things stand.
  const isShownAgain = answer.status === 200 && command === 'registration/back';
  const isRefused = answer.status >= 400 && answer.status < 500;
  assert.ok(answer.status === 303 || isRefused || isShownAgain, about);
  assert.ok(!opensSession(answer), about);
  if (answer.status === 303) {
    const own = [`/sign-in/${scene.attempt}`, `/registration/${scene.attempt}`];
    assert.ok(own.includes(String(answer.headers['location'])), about);
  }
  assert.deepEqual(await standing(scene), before, about);
}

function opensSession({ headers }: Answer): boolean {
  return (headers['set-cookie'] ?? []).some((set) => /^tweestap-session=[^;]/.test(set));
}

/** Whether it does nothing without its fields; a step back in the browser counts, whatever is typed then. */
function needsFields(step: string, command: Command): boolean {
  if (/contact|backup$/.test(command)) return !step.startsWith('prove') && !/skip/.test(command);
  return /name|password|\/pass(?:key)?$|choose|answer|trust|add-method$/.test(command);
}

function send(
  { browser, attempt, csrf }: Scene,
  command: Command,
  body: Readonly<Record<string, string>>,
): Promise<Answer> {
  const [page, name] = command.split('/');
  return browser.ask(`/${page}/${attempt}/${name}`, {
    method: 'POST',
    headers: {
      origin: tweestap.origin,
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ csrf, ...body }).toString(),
  });
}

/** The best that could be sent there. */
async function rightBody(
  { person, attempt, code, key = softKey(), pass = 'N0THAVEANY' }: Scene,
  command: Command,
): Promise<Readonly<Record<string, string>>> {
  const { attempts, registrations, users } = tweestap.installation.database.stores;
  const { challenge, identified } = (await attempts.find(attempt)) ?? {};
  const userId = identified?.userId ?? '';
  const phone = { country: 'NL', number: '06 11000111', by: 'text', way: 'mobile', appUse: 'code' };
  switch (command) {
    case 'sign-in/name':
      return { name: person.userPrincipalName };
    case 'sign-in/password':
      return { password: person.password };
    case 'sign-in/pass':
      return { pass };
    case 'sign-in/passkey': {
      const asked = state.safeParse(challenge?.state);
      const question = asked.success ? asked.data.options.challenge : '';
      const credential = key.get({ challenge: question, origin: tweestap.origin });
      return { challenge: challenge?.id ?? 'none', credential };
    }
    case 'sign-in/trust':
      return { trust: 'yes' };
    case 'registration/add-method':
      return { kind: 'authenticator-app' };
    case 'sign-in/prepare-reset':
      return { choice: 'later' };
    case 'sign-in/stay-signed-in':
      return { stay: 'yes' };
    case 'sign-in/change-password':
      return { password: 'a quite different one' };
    case 'sign-in/choose': {
      const [registration] = await registrations.list(userId);
      const user = await users.find(userId);
      const method = user?.defaultMethod?.methodId ?? 'text-message';
      return { option: `${registration?.id}.${method}` };
    }
    case 'sign-in/answer':
    case 'registration/answer':
      return { challenge: challenge?.id ?? 'none', code: await code() };
    case 'registration/contact':
    case 'registration/backup':
      return phone;
    case 'sign-in/ask-passkey':
    case 'sign-in/another-way':
    case 'sign-in/cancel':
    case 'sign-in/repeat':
    case 'sign-in/restart':
    case 'registration/set-up-now':
    case 'registration/repeat':
    case 'registration/back':
    case 'registration/cancel':
    case 'registration/skip-backup':
    case 'registration/done':
      return {};
  }
}

/** All that a command could have changed, but for what a page says of the last one. */
async function standing({ attempt: id }: Scene): Promise<unknown> {
  const { stores } = tweestap.installation.database;
  const attempt = await stores.attempts.find(id);
  assert.ok(attempt, 'the attempt is gone');
  const { version: _version, notice: _notice, steps: _steps, ...rest } = attempt;
  const userId = attempt.identified?.userId ?? '';
  return {
    rest,
    user: await stores.users.find(userId),
    registrations: await stores.registrations.list(userId),
    appPasswords: await stores.appPasswords.list(userId),
    sessions: await stores.sessions.list(userId, tweestap.now()),
  };
}

async function stepOf({ attempt: id, browser }: Scene): Promise<string> {
  const name = `attempt-${Buffer.from(id, 'base64url').subarray(0, 6).toString('hex')}`;
  const ref = { id, browser: browser.cookies.find(name) };
  const { step } = await tweestap.server.parts.signin.look(ref);
  return step.kind === 'register' ? `register ${step.stage}` : step.kind;
}

/** Registers a passkey for them. */
async function passkeyOf({ userPrincipalName }: Person): Promise<SoftKey> {
  const { database, clock } = tweestap.installation;
  const user = await database.stores.users.findByName(userPrincipalName);
  assert.ok(user);
  const key = softKey({ userHandle: userHandleOf(user.id) });
  await database.stores.registrations.add({
    id: `passkey-${user.id}`,
    userId: user.id,
    kind: 'security-key',
    slot: '1',
    secret: registeredSecret(key),
    version: 1,
    createdAt: clock.now(),
    lastUsedAt: undefined,
  });
  return key;
}

/** A Temporary Access Pass for them. */
async function passOf({ userPrincipalName }: Person): Promise<string> {
  const { administration } = tweestap.installation;
  const user = await administration.find(userPrincipalName);
  const order = { length: 8, minutes: 60, once: true, forgets: false };
  return (await administration.issuePass(user?.id ?? '', order, 'test')).plain;
}

const never = (): Promise<string> => Promise.resolve('123456');

async function sceneAt(step: string): Promise<Scene> {
  const somebody = (
    registered: readonly ('app' | 'phone')[],
    user: Partial<User> = {},
  ): Promise<Person> => newPerson(tweestap, { registered, user });
  const at = (person: Person, code: Scene['code'] = never): Scene => {
    const { browser } = person;
    const attempt = /\/(?:sign-in|registration)\/([\w-]{22})/.exec(browser.page.html)?.[1];
    const csrf = /name="csrf" value="([^"]+)"/.exec(browser.page.html)?.[1];
    assert.ok(attempt !== undefined && csrf !== undefined, `${step}: ${browser.page.title}`);
    return { person, browser, attempt, csrf, code };
  };
  const ofApp = (person: Person) => (): Promise<string> => Promise.resolve(person.appCode());
  /** The text is read once, however often its code is used. */
  const ofText = ({ phone }: Person): Scene['code'] => {
    let read: Promise<string> | undefined;
    return () => (read ??= phone.code());
  };
  const enabled: Partial<User> = { perUserMfaState: 'enabled' };
  const wrongCodes = async (person: Person, times: number): Promise<void> => {
    for (let tries = 0; tries < times; tries++) {
      await person.typesCode(otherThan(person.appCode()));
    }
  };

  switch (step) {
    case 'add-method':
    case 'an addition in passing': {
      const person = await somebody(['phone'], { groups: [campaign] });
      await person.signsIn();
      if (step === 'add-method') return at(person);
      const { setUp } = person.words.registration.addMethod;
      await person.browser.press(setUp('Authenticator app'));
      return at(person);
    }
    case 'identify': {
      const person = await somebody(['phone']);
      await person.browser.open('/sign-in');
      return at(person);
    }
    case 'password': {
      const person = await somebody(['phone']);
      await person.browser.open('/sign-in');
      await person.typesName();
      return { ...at(person), pass: await passOf(person) };
    }
    case 'passkey': {
      const person = await somebody(['phone']);
      await person.browser.open('/sign-in');
      await person.browser.press('Sign in with a security key or passkey');
      return { ...at(person), key: await passkeyOf(person) };
    }
    case 'a text': {
      const person = await somebody(['phone']);
      await person.arrives();
      return at(person, ofText(person));
    }
    case 'an app': {
      const person = await somebody(['app']);
      await person.arrives();
      return at(person, ofApp(person));
    }
    case 'a text that is over': {
      const person = await somebody(['phone']);
      await person.arrives();
      const code = await person.phone.code();
      for (let tries = 0; tries < 5; tries++) await person.typesCode(otherThan(code));
      return at(person, () => Promise.resolve(code));
    }
    case 'choose': {
      const person = await somebody(['app']);
      await person.arrives();
      await person.browser.press('Cancel');
      return at(person, ofApp(person));
    }
    case 'interrupt': {
      const person = await somebody([], enabled);
      await person.arrives();
      return at(person);
    }
    case 'contact': {
      const person = await somebody([], enabled);
      await person.arrives();
      await person.browser.press('Set it up now');
      return at(person);
    }
    case 'prove': {
      const person = await somebody([], enabled);
      await person.arrives();
      await person.browser.press('Set it up now');
      await person.browser.press('Next', { number: person.mobilePhone, by: 'text' });
      return at(person, ofText(person));
    }
    case 'backup':
    case 'prove-backup': {
      const person = await somebody([], enabled);
      const { browser } = person;
      await person.arrives();
      await browser.press('Set it up now');
      await browser.press('Set up', { way: 'app', appUse: 'code' });
      const [, key = ''] = /secret=([A-Z2-7]+)/.exec(browser.page.html) ?? [];
      await person.typesCode(codeOfApp(key, tweestap.now()));
      if (step === 'backup') return at(person);
      await browser.press('Next', { number: person.mobilePhone, by: 'text' });
      return at(person, ofText(person));
    }
    case 'app-password': {
      const person = await somebody([], enabled);
      await person.arrives();
      await person.browser.press('Set it up now');
      await person.browser.press('Next', { number: person.mobilePhone, by: 'text' });
      await person.typesCode(await person.phone.code());
      return at(person);
    }
    case 'paused': {
      const person = await somebody(['app']);
      await person.arrives();
      await wrongCodes(person, 5);
      await person.browser.press('Start again');
      await wrongCodes(person, 5);
      return at(person, ofApp(person));
    }
    case 'a disabled account': {
      const person = await somebody(['app'], { accountEnabled: false });
      await person.arrives();
      return at(person, ofApp(person));
    }
    case 'a blocked account': {
      const blocked = { at: tweestap.now(), until: undefined, reason: 'test' };
      const person = await somebody(['app'], { blocked });
      await person.arrives();
      return at(person, ofApp(person));
    }
    case 'no method that is allowed': {
      const person = await somebody(['app'], {
        groups: ['security-key-only'],
        mfaRequiredAt: new Date(0),
      });
      await person.arrives();
      return at(person, ofApp(person));
    }
    case 'change-password': {
      const person = await somebody(['app'], { mustChangePassword: true });
      await person.signsIn();
      return at(person, ofApp(person));
    }
    case 'finished': {
      const person = await somebody(['app']);
      const { browser } = person;
      await person.arrives();
      const scene = at(person, ofApp(person));
      // The browser lets go of it in the end; a thief would not.
      const cookies = browser.cookies.copy();
      await person.typesCode(person.appCode());
      return { ...scene, browser: tweestap.browserWith(cookies) };
    }
    case 'expired': {
      const person = await somebody(['app']);
      await person.arrives();
      await tweestap.advanceSeconds(3601);
      return at(person, ofApp(person));
    }
    default:
      return assert.fail(step);
  }
}
