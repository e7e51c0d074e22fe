/**
 * Every step of a reset × every address that could move it on, those of a sign-in among them, and the
 * other way round (attack ATK-20). What stands below is the whole of what may happen. And what strangers
 * learn by asking: the same of everybody, byte for byte (attack ATK-30), whatever host they name
 * (attack ATK-31).
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { User } from '../../src/accounts/user.ts';
import type { Browser } from '../support/browser.ts';
import type { Answer } from '../support/http-client.ts';
import { newPerson, otherThan, type Person } from '../support/people.ts';
import { solved } from '../support/reset.ts';
import { routesOf } from '../support/routes.ts';
import { startTweestap, type Tweestap } from '../support/tweestap.ts';

const newPassword = 'zeven groene olifanten';

let tweestap: Tweestap;
before(async () => {
  tweestap = await startTweestap();
  await gatesAre(1);
});
after(() => tweestap.close());

const gatesAre = (gates: 1 | 2): Promise<unknown> =>
  tweestap.installation.policies.change((policy) => ({
    ...policy,
    reset: { ...policy.reset, allowedFor: 'all', gates },
  }));

const commands = [
  'name',
  'choose',
  'destination',
  'answer',
  'password',
  'unlock',
  'another-way',
  'repeat',
  'restart',
] as const;
type Command = (typeof commands)[number];

interface Scene {
  readonly person: Person;
  readonly browser: Browser;
  readonly attempt: string;
  readonly csrf: string;
  /** What the human check asks there, if it does. */
  readonly question: string | undefined;
  readonly code: () => Promise<string>;
}

describe('a reset at each step does what stands here and nothing else', () => {
  it('identify', () => holds('identify', { name: 'reset-choose' }));

  it('choose', () => holds('choose', { choose: 'reset-challenge', restart: 'reset-identify' }));

  it('the whole number', () =>
    holds('the whole number', {
      choose: 'reset-challenge',
      destination: 'reset-challenge',
      'another-way': 'reset-choose',
      restart: 'reset-identify',
    }));

  const openChallenge = {
    choose: 'reset-challenge',
    answer: 'reset-password',
    repeat: 'reset-challenge',
    'another-way': 'reset-choose',
    restart: 'reset-identify',
  } as const;

  it('a code of the app', () => holds('a code of the app', openChallenge));

  it('a text', () => holds('a text', openChallenge));

  it('a text to nobody', () =>
    holds('a text to nobody', { ...openChallenge, answer: 'reset-challenge' }));

  it('a code that is over', () =>
    holds('a code that is over', {
      choose: 'reset-challenge',
      repeat: 'reset-challenge',
      'another-way': 'reset-choose',
      restart: 'reset-identify',
    }));

  it('the second gate', () =>
    holds('the second gate', { choose: 'reset-name', restart: 'reset-identify' }));

  it('the new password', () =>
    holds('the new password', {
      password: 'gone',
      unlock: 'gone',
      restart: 'reset-identify',
    }));

  it('stopped', () => holds('stopped', { restart: 'reset-identify' }));

  it('a disabled account, proved', () =>
    holds('a disabled account, proved', { restart: 'reset-identify' }));

  it('finished', () => holds('finished', {}));

  it('expired', () => holds('expired', {}));

  it('knows every address: the running server has no other', async () => {
    const answered = (await routesOf(tweestap.server.parts.app))
      .filter(({ method, url }) => method === 'POST' && url.startsWith('/password-reset/'))
      .map(({ url }) => url.replace('/password-reset/:attempt/', ''));
    assert.deepEqual(answered.toSorted(), commands.toSorted());
  });
});

describe('a sign-in and a reset', () => {
  it('take no command of one another', async () => {
    const others = (await routesOf(tweestap.server.parts.app))
      .filter(({ method, url }) => method === 'POST' && url.includes(':attempt'))
      .map(({ url }) => url);
    for (const step of ['choose', 'a code of the app', 'the new password']) {
      const scene = await sceneAt(step);
      const before = await standing(scene);
      for (const url of others.filter((one) => !one.startsWith('/password-reset/'))) {
        const body = { name: scene.person.userPrincipalName, password: newPassword };
        const sent = { ...body, challenge: await challengeOf(scene), code: await scene.code() };
        const answer = await post(scene, url.replace(':attempt', scene.attempt), sent);
        assert.ok(answer.status === 303 || answer.status >= 400, `${url} at “${step}”`);
        assert.deepEqual(await standing(scene), before, `${url} at “${step}”`);
      }
    }
    const person = await newPerson(tweestap, { registered: ['app'] });
    await person.arrives();
    const scene = at(person, () => Promise.resolve(person.appCode()));
    const before = await standing(scene);
    for (const command of commands) {
      const body = await rightBody(scene, command);
      await post(scene, `/password-reset/${scene.attempt}/${command}`, body);
      assert.deepEqual(await standing(scene), before, command);
    }
  });
});

describe('a reset in the middle of a sign-in', () => {
  it('knows the name, and the application still waits at the end', async () => {
    await gatesAre(1);
    const person = await newPerson(tweestap, { registered: ['app', 'phone'] });
    const { browser } = person;
    await browser.open('/sign-in?to=/my-profile/security-info');
    await person.typesName();
    await browser.follow("Can't access your account?");
    const { fields } = browser.formOf('Next');
    assert.equal(fields['name'], person.userPrincipalName);
    await browser.press('Next', { human: solved(fields['human'] ?? '') });
    await browser.press(/^Enter a code from/);
    await browser.press('Verify', { code: person.appCode() });
    await browser.press('Finish', { password: newPassword, again: newPassword });
    await browser.follow('Sign in');
    await person.typesName();
    await person.typesPassword(newPassword);
    await tweestap.advanceSeconds(31);
    await person.typesCode(person.appCode());
    assert.match(browser.address, /\/my-profile\/security-info$/);
  });

  it('tells nothing to a browser that did not begin the sign-in', async () => {
    await gatesAre(1);
    const person = await newPerson(tweestap, { registered: ['app'] });
    await person.browser.open('/sign-in');
    await person.typesName();
    const id = /sign-in\/([\w-]{22})/.exec(person.browser.address)?.[1] ?? assert.fail();
    const other = tweestap.browser();
    for (const from of [id, 'nonsense', '']) {
      await other.open(`/password-reset?from=${from}`);
      assert.equal(other.formOf('Next').fields['name'], '');
    }
  });
});

describe('a stranger who asks for a reset', () => {
  it('reads the same of everybody, byte for byte', async () => {
    const blocked = { at: tweestap.now(), until: undefined, reason: 'test' };
    const somebody = async (
      registered: readonly ('app' | 'phone')[],
      user: Partial<User> = {},
    ): Promise<string> => (await newPerson(tweestap, { registered, user })).userPrincipalName;
    const names = {
      registered: await somebody(['app', 'phone']),
      unregistered: await somebody([]),
      disabled: await somebody(['app', 'phone'], { accountEnabled: false }),
      blocked: await somebody(['phone'], { blocked }),
      admin: await somebody(['app'], { role: 'global-admin' }),
    };
    const length = Math.max(...Object.values(names).map((name) => name.length));
    const unknown = 'nobody@voorbeeld.example'.padStart(length, 'n');
    const seen: Record<string, readonly string[]> = {};
    for (const [kind, name] of Object.entries({ unknown, ...names })) {
      seen[kind] = await strolls(name);
    }
    for (const kind of Object.keys(names)) assert.deepEqual(seen[kind], seen['unknown'], kind);
  });

  it('gets no link to another host, whatever host is named', async () => {
    const person = await newPerson(tweestap, { registered: ['phone'] });
    const scene = await sceneAt('identify', person);
    const evil = 'evil.example';
    for (const headers of [
      { 'x-forwarded-host': evil },
      { 'x-forwarded-proto': 'https', 'x-forwarded-host': evil },
      { forwarded: `host=${evil};proto=https` },
      { 'x-host': evil, 'x-original-host': evil, 'x-forwarded-server': evil },
      { 'x-forwarded-port': '8443' },
    ]) {
      const answer = await scene.browser.ask('/password-reset', { headers });
      assert.equal(answer.status, 303);
      assert.match(String(answer.headers['location']), /^\/password-reset\/[\w-]{22}$/);
      const page = await scene.browser.ask(`/password-reset/${scene.attempt}`, { headers });
      assert.ok(!page.body.includes(evil) && !page.body.includes('8443'));
    }
    for (const host of [evil, `localhost.${evil}`, `${new URL(tweestap.origin).host}@${evil}`]) {
      const answer = await scene.browser.ask('/password-reset', { headers: { host } });
      assert.ok(answer.status >= 400 && answer.status < 500, `${host}: ${answer.status}`);
      assert.ok(!answer.body.includes(evil));
    }
    const text = await sceneAt('a text', person);
    await text.code();
    const messages = await person.phone.messages();
    assert.ok(!JSON.stringify(messages).includes(evil));
  });
});

/** What somebody sees who tries everything, but for what is random or the time. */
async function strolls(name: string): Promise<readonly string[]> {
  const browser = tweestap.browser();
  const seen: string[] = [];
  const shape = (): void => {
    const { html, status, headers } = browser.page;
    const {
      date: _date,
      'set-cookie': _cookies,
      'x-request-id': _id,
      // A connection ends after a thousand requests, whoever is asked about.
      connection: _connection,
      'keep-alive': _keepAlive,
      ...rest
    } = headers;
    const known = html
      .replaceAll(name, 'NAME')
      .replaceAll(/\/password-reset\/[\w-]{22}/g, '/password-reset/ATTEMPT')
      .replaceAll(/(name="(?:csrf|challenge|human)" value=)"[^"]*"/g, '$1"TOKEN"')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      .replaceAll(/\b\d\d?:\d\d\b/g, 'M:SS')
      .replaceAll(/step="[\w-]{12}"/g, 'step="MARK"')
      .replaceAll(/<strong>\d\d<\/strong>/g, '<strong>NN</strong>')
      .replaceAll(/stroke-dashoffset="[\d.]+"/g, 'OFFSET')
      // A question to a security key, and how long the ring is drawn.
      .replaceAll(/&quot;challenge&quot;:&quot;[\w-]{43}&quot;/g, 'QUESTION');
    seen.push(`${status} ${JSON.stringify(rest)} ${known}`);
  };
  await browser.open('/password-reset');
  shape();
  const question = browser.formOf('Next').fields['human'] ?? '';
  await browser.press('Next', { name, human: solved(question) });
  shape();
  for (const [gate, fields] of [
    [/^Enter a code from/, undefined],
    [/^Use a recovery code/, undefined],
    [/^Use my security key/, undefined],
    [/^Text my mobile phone/, { button: 'Send the text', destination: '+31 6 99999999' }],
    [/^Call my mobile/, { button: 'Call me', destination: '+31 6 99999999' }],
    [/^Email my/, { button: 'Send the code', destination: 'x@example.org' }],
  ] as const) {
    await browser.press(gate);
    shape();
    if (fields !== undefined) {
      await browser.press(fields.button, { destination: 'nonsense' });
      shape();
      await browser.press(fields.button, { destination: fields.destination });
      shape();
    }
    if (browser.buttons().includes('Verify')) {
      for (let tries = 0; tries < 2; tries++) {
        await browser.press('Verify', { code: '123456' });
        shape();
      }
    }
    await browser.press('Choose another way');
    shape();
    await tweestap.advanceSeconds(31);
  }
  return seen;
}

async function holds(
  step: string,
  allowed: Readonly<Partial<Record<Command, string>>>,
): Promise<void> {
  const scene = await sceneAt(step);
  const before = await standing(scene);
  for (const command of commands) {
    const bodies = allowed[command] === undefined ? [await rightBody(scene, command), {}] : [];
    for (const body of bodies) {
      const answer = await send(scene, command, body);
      const about = `${command} with ${Object.keys(body).join(' ') || 'nothing'}: ${answer.status}`;
      assert.ok(answer.status === 303 || (answer.status >= 400 && answer.status < 500), about);
      assert.ok(!opensSession(answer), about);
      assert.deepEqual(await standing(scene), before, about);
    }
  }
  for (const command of commands) {
    const next = allowed[command];
    if (next === undefined) continue;
    const fresh = await sceneAt(step);
    await tweestap.advanceSeconds(31);
    const answer = await send(fresh, command, await rightBody(fresh, command));
    assert.ok(!opensSession(answer), command);
    assert.equal(await stepOf(fresh), next, `${command} at “${step}”: ${answer.status}`);
  }
}

function opensSession({ headers }: Answer): boolean {
  return (headers['set-cookie'] ?? []).some((set) => /^tweestap-session=[^;]/.test(set));
}

function send(
  scene: Scene,
  command: Command,
  body: Readonly<Record<string, string>>,
): Promise<Answer> {
  return post(scene, `/password-reset/${scene.attempt}/${command}`, body);
}

function post(
  { browser, csrf }: Scene,
  path: string,
  body: Readonly<Record<string, string>>,
): Promise<Answer> {
  return browser.ask(path, {
    method: 'POST',
    headers: {
      origin: tweestap.origin,
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ csrf, ...body }).toString(),
  });
}

async function challengeOf({ attempt }: Scene): Promise<string> {
  const { attempts } = tweestap.installation.database.stores;
  return (await attempts.find(attempt))?.challenge?.id ?? 'none';
}

/** The best that could be sent there. */
async function rightBody(
  scene: Scene,
  command: Command,
): Promise<Readonly<Record<string, string>>> {
  const { person, question, code } = scene;
  switch (command) {
    case 'name': {
      const human = question === undefined ? '' : solved(question);
      return { name: person.userPrincipalName, human };
    }
    case 'choose': {
      const { attempts } = tweestap.installation.database.stores;
      const { proofs = [] } = (await attempts.find(scene.attempt)) ?? {};
      return { method: proofs.length === 0 ? 'authenticator-code' : 'email' };
    }
    case 'destination':
      return { destination: person.mobilePhone };
    case 'answer':
      return { challenge: await challengeOf(scene), code: await code() };
    case 'password':
      return { password: newPassword, again: newPassword };
    case 'unlock':
    case 'another-way':
    case 'repeat':
    case 'restart':
      return {};
  }
}

/** All that a command could have changed, but for what a page says of the last one. */
async function standing({ attempt: id }: Scene): Promise<unknown> {
  const { stores } = tweestap.installation.database;
  const attempt = await stores.attempts.find(id);
  if (attempt === undefined) return 'gone';
  const { version: _version, notice: _notice, steps: _steps, ...rest } = attempt;
  const userId = attempt.identified?.userId ?? '';
  return {
    rest,
    user: await stores.users.find(userId),
    registrations: await stores.registrations.list(userId),
    sessions: await stores.sessions.list(userId, tweestap.now()),
  };
}

async function stepOf({ attempt: id, browser }: Scene): Promise<string> {
  const name = `attempt-${Buffer.from(id, 'base64url').subarray(0, 6).toString('hex')}`;
  const token = browser.cookies.find(name);
  const { stores } = tweestap.installation.database;
  if ((await stores.attempts.find(id))?.finishedAt !== undefined) return 'gone';
  const { step } = await tweestap.server.parts.signin.look({ id, browser: token });
  return step.kind;
}

function at(person: Person, code: Scene['code']): Scene {
  const { browser } = person;
  const attempt = /\/(?:sign-in|password-reset)\/([\w-]{22})/.exec(browser.address)?.[1];
  const csrf = /name="csrf" value="([^"]+)"/.exec(browser.page.html)?.[1];
  assert.ok(attempt !== undefined && csrf !== undefined, browser.page.title);
  const question = /name="human" value="([^"]+)"/.exec(browser.page.html)?.[1];
  return { person, browser, attempt, csrf, question, code };
}

async function sceneAt(step: string, known?: Person): Promise<Scene> {
  const registered =
    step === 'a disabled account, proved' || step === 'stopped' ? ['app'] : ['app', 'phone'];
  const person =
    known ??
    (await newPerson(tweestap, {
      registered: registered.filter((one) => one === 'app' || one === 'phone'),
      user: step === 'a disabled account, proved' ? { accountEnabled: false } : {},
    }));
  const { browser } = person;
  const scene = (code: Scene['code'] = () => Promise.resolve(person.appCode())): Scene =>
    at(person, code);
  await gatesAre(step === 'the second gate' || step === 'stopped' ? 2 : 1);
  await browser.open('/password-reset');
  if (step === 'identify') return scene();
  const question = browser.formOf('Next').fields['human'] ?? '';
  await browser.press('Next', { name: person.userPrincipalName, human: solved(question) });
  if (step === 'choose') return scene();
  if (step === 'expired') {
    await tweestap.advanceSeconds(15 * 60 + 1);
    return scene();
  }
  if (/number|text/.test(step)) {
    await browser.press(/^Text my mobile phone/);
    if (step === 'the whole number') return scene();
    const isNobodys = step === 'a text to nobody';
    const destination = isNobodys ? '+31611999999' : person.mobilePhone;
    await browser.press('Send the text', { destination });
    if (isNobodys) return scene(() => Promise.resolve('123456'));
    const text = await person.phone.code();
    return scene(() => Promise.resolve(text));
  }
  await browser.press(/^Enter a code from/);
  if (step === 'a code of the app') return scene();
  if (step === 'a code that is over') {
    for (let tries = 0; tries < 5; tries++) {
      await browser.press('Verify', { code: otherThan(person.appCode()) });
    }
    return scene();
  }
  await browser.press('Verify', { code: person.appCode() });
  if (step !== 'finished') return scene();
  const proved = scene();
  // The browser lets go of it in the end; a thief would not.
  const cookies = browser.cookies.copy();
  await browser.press('Finish', { password: newPassword, again: newPassword });
  return { ...proved, browser: tweestap.browserWith(cookies) };
}
