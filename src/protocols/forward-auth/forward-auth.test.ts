import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { after, before, describe, it } from 'node:test';

import { send, type Answer } from '../../../test/support/http-client.ts';
import { codeOfApp, newPerson, type Person } from '../../../test/support/people.ts';
import { until } from '../../../test/support/poll.ts';
import { startTweestap, type Tweestap } from '../../../test/support/tweestap.ts';
import type { AppPasswordDoor } from '../../app-passwords/app-password.ts';
import { readBasic } from './basic.ts';
import { identityHeaders } from './identity.ts';

const wiki = 'https://wiki.voorbeeld.example';
const shop = 'https://shop.voorbeeld.example';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

describe('the HTTP door', () => {
  let tweestap: Tweestap;
  before(async () => {
    tweestap = await startTweestap({
      environment: {
        TWEESTAP_TRUSTED_PROXIES: '127.0.0.1',
        TWEESTAP_FORWARD_AUTH_SITES: `${wiki},${shop}`,
      },
    });
  });
  after(() => tweestap.close());

  /** What a proxy says of a request for this address. */
  const proxied = (address: string, headers: Headers = {}): Headers => {
    const { protocol, host, pathname, search } = new URL(address);
    return {
      host,
      'x-forwarded-proto': protocol.slice(0, -1),
      'x-forwarded-host': host,
      'x-forwarded-uri': `${pathname}${search}`,
      'x-forwarded-for': '192.0.2.44',
      accept: 'text/html',
      ...headers,
    };
  };
  /** A proxy sends this to us, on a connection of its own. */
  const heard = (path: string, headers: Headers, method = 'GET'): Promise<Answer> =>
    send({ url: `${tweestap.origin}${path}`, port: tweestap.port, method, headers });
  /** A proxy asks of a request for this address. */
  const ask = (address: string, headers: Headers = {}, method = 'GET'): Promise<Answer> =>
    heard('/forward-auth', proxied(address, headers), method);
  /** A proxy passes a request for this address on to us. */
  const pass = (address: string, cookie?: string): Promise<Answer> => {
    const { pathname, search } = new URL(address);
    return heard(`${pathname}${search}`, proxied(address, { cookie }));
  };
  const cookieIn = (answer: Answer, name: string): string | undefined => {
    const pairs = (answer.headers['set-cookie'] ?? []).map((text) => text.split(';', 1)[0] ?? '');
    return pairs.find((pair) => pair.startsWith(`tweestap-${name}=`) && !pair.endsWith('='));
  };
  const locationOf = ({ headers }: Answer): string => headers.location ?? '';

  /** From the page that is wanted to where a browser with a session gets its ticket. */
  const towardsSite = async (
    person: Person,
    page = `${wiki}/wiki/Start`,
  ): Promise<{ readonly callback: string; readonly nonce: string | undefined }> => {
    const first = await ask(page);
    const started = await pass(locationOf(first));
    const { pathname, search, origin } = new URL(locationOf(started));
    assert.equal(origin, tweestap.origin);
    const ticket = await person.browser.ask(`${pathname}${search}`);
    return { callback: locationOf(ticket), nonce: cookieIn(started, 'site-nonce') };
  };
  const signedIn = async (): Promise<Person> => {
    const person = await newPerson(tweestap, { registered: ['phone'] });
    await person.signsIn();
    return person;
  };
  const siteCookieOf = async (person: Person): Promise<string> => {
    const { callback, nonce } = await towardsSite(person);
    const cookie = cookieIn(await pass(callback, nonce), 'site-session');
    assert.ok(cookie);
    return cookie;
  };
  const isShut = ({ headers, status }: Answer): void => {
    assert.ok(status === 401 || status === 302 || status === 403, String(status));
    assert.equal(headers['remote-user'], undefined);
  };

  describe('sends a browser', () => {
    it('to sign in under the name of the site itself, and remembers the page', async () => {
      const answer = await ask(`${wiki}/wiki/Start?a=1&b=2`);
      assert.equal(answer.status, 302);
      assert.equal(
        locationOf(answer),
        `${wiki}/.tweestap/sign-in?to=%2Fwiki%2FStart%3Fa%3D1%26b%3D2`,
      );
      const told = await heard('/forward-auth?answer=401', proxied(`${wiki}/`));
      assert.equal(told.status, 401);
      assert.equal(locationOf(told), `${wiki}/.tweestap/sign-in?to=%2F`);
      assert.equal(told.headers['www-authenticate'], undefined);
      assert.equal((await ask(`${wiki}/x`, {}, 'HEAD')).status, 302);
    });

    it('to the first page after what cannot be asked for again', async () => {
      const answer = await ask(`${wiki}/save`, { 'x-forwarded-method': 'POST' }, 'POST');
      assert.equal(locationOf(answer), `${wiki}/.tweestap/sign-in?to=%2F`);
    });

    it('never to another site than those that were named, whatever is asked', async () => {
      for (const address of [
        'https://evil.example',
        `${wiki}.evil.example`,
        `${wiki}:8443`,
        'http://wiki.voorbeeld.example',
        'https://evil@wiki.voorbeeld.example',
      ]) {
        isShut(await ask(address, { 'x-forwarded-host': address.replace(/^https?:\/\//, '') }));
        const query = new URLSearchParams({ site: address, to: '/', browser: 'a'.repeat(43) });
        const { status } = await tweestap.ask(`/forward-auth/sign-in?${query.toString()}`);
        assert.equal(status, 404);
      }
    });

    it('never off the site, whatever page it wants', async () => {
      const person = await signedIn();
      for (const page of [
        '//evil.example/',
        '/\\evil.example',
        'https://evil.example/',
        '@evil.example',
        '.evil.example',
        '/a\r\nset-cookie: x',
        `/${'x'.repeat(2000)}`,
      ]) {
        const started = await pass(`${wiki}/.tweestap/sign-in?${query({ to: page })}`);
        const { pathname, search } = new URL(locationOf(started));
        const ticket = await person.browser.ask(`${pathname}${search}`);
        assert.ok(locationOf(ticket).endsWith('&to=%2F'), locationOf(ticket));
        const address = new URL(locationOf(ticket));
        address.searchParams.set('to', page);
        const entered = await pass(address.href, cookieIn(started, 'site-nonce'));
        assert.equal(locationOf(entered), `${wiki}/`);
      }
    });
  });

  describe('believes', () => {
    it('nobody but trusted proxies', async () => {
      const { app } = tweestap.server.parts;
      const headers = {
        'x-forwarded-proto': 'https',
        'x-forwarded-host': new URL(wiki).host,
        cookie: await siteCookieOf(await signedIn()),
      };
      const from = async (remoteAddress: string): Promise<number> =>
        (await app.inject({ url: '/forward-auth', headers, remoteAddress })).statusCode;
      assert.equal(await from('127.0.0.1'), 200);
      assert.equal(await from('192.0.2.1'), 403);
      const callback = await app.inject({
        url: '/.tweestap/callback',
        headers,
        remoteAddress: '192.0.2.1',
      });
      assert.equal(callback.statusCode, 404);
    });

    it('no header that came twice', async () => {
      for (const name of ['x-forwarded-host', 'x-forwarded-proto']) {
        const value = name.endsWith('host') ? new URL(wiki).host : 'https';
        isShut(await ask(`${wiki}/`, { [name]: [value, value] }));
        isShut(await ask(`${wiki}/`, { [name]: `${value}, ${value}` }));
        isShut(await ask(`${wiki}/`, { [name]: undefined }));
      }
    });
  });

  describe('lets in', () => {
    it('whoever is signed in, and tells the site who it is', async () => {
      const person = await signedIn();
      const { administration, database } = tweestap.installation;
      const user = await administration.find(person.userPrincipalName);
      const change = { displayName: 'Zoë\r\nSet-Cookie: x', groups: ['sales', 'a,b'] };
      await database.stores.users.change(user?.id ?? '', change);
      const { status, headers } = await ask(`${wiki}/`, { cookie: await siteCookieOf(person) });
      assert.equal(status, 200);
      assert.equal(headers['remote-user'], person.userPrincipalName);
      assert.equal(headers['remote-name'], 'Zo%C3%AB%0D%0ASet-Cookie: x');
      assert.equal(headers['remote-groups'], 'sales,a%2Cb');
      assert.equal(headers['set-cookie'], undefined);
    });

    it('nobody any more whose second step is asked for, and was not given', async () => {
      const els = await newPerson(tweestap, { user: { perUserMfaState: 'disabled' } });
      await els.arrives();
      const cookie = await siteCookieOf(els);
      assert.equal((await ask(`${wiki}/`, { cookie })).status, 200);
      const { administration, database } = tweestap.installation;
      const user = await administration.find(els.userPrincipalName);
      await database.stores.users.change(user?.id ?? '', { perUserMfaState: 'enforced' });
      isShut(await ask(`${wiki}/`, { cookie }));
    });

    it('nobody with less than the site requires, who sets up what is missing on the way', async () => {
      const { governing } = tweestap.installation;
      const required = 'app-only';
      const strength = {
        id: required,
        name: 'An app',
        combinations: [['password', 'authenticator-code']],
      };
      await governing.changePolicy('test', (policy) => ({
        ...policy,
        strengths: [strength],
        sites: [{ site: shop, required }],
      }));
      const person = await signedIn();
      const { browser, words } = person;
      const cookie = await siteCookieOf(person);
      await until('the new policy', async () => {
        const { callback } = await towardsSite(person, `${shop}/cart`);
        return new URL(callback, tweestap.origin).pathname.startsWith('/sign-in/');
      });
      assert.equal((await ask(`${wiki}/`, { cookie })).status, 200);

      const started = await pass(locationOf(await ask(`${shop}/cart`)));
      const { pathname, search } = new URL(locationOf(started));
      await browser.open(`${pathname}${search}`);
      const { addMethod, adding, contact } = words.registration;
      assert.equal(browser.page.heading, addMethod.strength('').title);
      assert.ok(browser.page.text.includes(new URL(shop).host));
      const app = addMethod.setUp('Authenticator app');
      await browser.press(app);
      assert.match(browser.page.title, new RegExp(adding.page));
      await browser.press(adding.cancel);
      assert.equal(browser.page.heading, addMethod.strength('').title);
      await browser.press(app);
      await browser.press(contact.setUp, { appUse: 'code' });
      const key = /secret=([A-Z2-7]+)/.exec(browser.page.html)?.[1] ?? assert.fail('no key');
      // The browser goes on to the site by itself, which does not stand anywhere.
      const code = codeOfApp(key, tweestap.now());
      await assert.rejects(browser.press(words.challenge.verify, { code }), /shop\.voorbeeld/);
      const ticket = await browser.ask(`${pathname}${search}`);
      assert.match(locationOf(ticket), /^https:\/\/shop\..*\/callback\?ticket=/);
    });

    it('nobody any more whose account is switched off, or whose session was left alone', async () => {
      const { administration, database } = tweestap.installation;
      const person = await signedIn();
      const cookie = await siteCookieOf(person);
      const user = await administration.find(person.userPrincipalName);
      await database.stores.users.change(user?.id ?? '', { accountEnabled: false });
      isShut(await ask(`${wiki}/`, { cookie }));
      await database.stores.users.change(user?.id ?? '', { accountEnabled: true });
      assert.equal((await ask(`${wiki}/`, { cookie })).status, 200);
      await tweestap.advanceSeconds(90 * 86_400);
      isShut(await ask(`${wiki}/`, { cookie }));
    });
  });

  describe("a site's cookie", () => {
    it('opens no other site, and none of our own pages', async () => {
      const cookie = await siteCookieOf(await signedIn());
      isShut(await ask(`${shop}/`, { cookie }));
      const asOurs = cookie.replace('site-session', 'session');
      const profile = await tweestap.ask('/my-profile', { headers: { cookie: asOurs } });
      assert.notEqual(profile.status, 200);
    });

    it('is not our session, nor anything that somebody could make of one', async () => {
      const person = await signedIn();
      const cookie = await siteCookieOf(person);
      const token = person.browser.cookies.find('session') ?? '';
      isShut(await ask(`${wiki}/`, { cookie: `tweestap-session=${token}` }));
      isShut(await ask(`${wiki}/`, { cookie: `tweestap-site-session=${token}` }));
      const [named = ''] = cookie.split('.');
      isShut(await ask(`${wiki}/`, { cookie: `${named}.${'A'.repeat(43)}` }));
      isShut(await ask(`${wiki}/`, { cookie: named }));
      assert.equal((await ask(`${wiki}/`, { cookie })).status, 200);
    });
  });

  describe('a ticket', () => {
    const isRefused = (answer: Answer): void => {
      assert.equal(cookieIn(answer, 'site-session'), undefined);
      // A page of ours that says so: from the site's own page it would begin again, without an end.
      assert.equal(locationOf(answer), `${tweestap.origin}/forward-auth/expired`);
    };

    it('is good once', async () => {
      const { callback, nonce } = await towardsSite(await signedIn());
      const [one, other] = await Promise.all([pass(callback, nonce), pass(callback, nonce)]);
      const cookies = [one, other].map((answer) => cookieIn(answer, 'site-session'));
      assert.equal(cookies.filter((cookie) => cookie !== undefined).length, 1);
      isRefused(await pass(callback, nonce));
      // Who pressed reload is in already.
      const again = await pass(
        callback,
        cookies.find((cookie) => cookie !== undefined),
      );
      assert.equal(locationOf(again), `${wiki}/wiki/Start`);
      assert.equal((await tweestap.ask('/forward-auth/expired')).status, 410);
    });

    it('is good in each tab that was on the way, whichever gets there first', async () => {
      const person = await signedIn();
      const first = await towardsSite(person);
      const started = await heard(
        `/.tweestap/sign-in?to=%2Fother`,
        proxied(`${wiki}/`, { cookie: first.nonce }),
      );
      await pass(first.callback, first.nonce);
      const { pathname, search } = new URL(locationOf(started));
      // The second tab signed in by itself, and the session of the first one is no more.
      const other = await signedIn();
      const ticket = await other.browser.ask(`${pathname}${search}`);
      const entered = await pass(locationOf(ticket), first.nonce);
      assert.equal(locationOf(entered), `${wiki}/other`);
      const cookie = cookieIn(entered, 'site-session');
      const { headers } = await ask(`${wiki}/`, { cookie });
      assert.equal(headers['remote-user'], other.userPrincipalName);
    });

    it('is good for a minute', async () => {
      const { callback, nonce } = await towardsSite(await signedIn());
      await tweestap.advanceSeconds(61);
      isRefused(await pass(callback, nonce));
    });

    it('is good in the browser that asked for it only, and used up by any other', async () => {
      const thief = await pass(`${wiki}/.tweestap/sign-in?to=%2F`);
      for (const stolen of [undefined, cookieIn(thief, 'site-nonce')]) {
        const { callback, nonce } = await towardsSite(await signedIn());
        isRefused(await pass(callback, stolen));
        isRefused(await pass(callback, nonce));
      }
    });

    it('is good at its own site only, and as it was made', async () => {
      const { callback, nonce } = await towardsSite(await signedIn());
      isRefused(await pass(callback.replace(wiki, shop), nonce));
      isRefused(await pass(callback.replace(/ticket=.{40}/, 'ticket='), nonce));
      isRefused(await pass(`${wiki}/.tweestap/callback`, nonce));
      assert.ok(cookieIn(await pass(callback, nonce), 'site-session'));
    });

    it('opens nothing once the session has ended', async () => {
      const person = await signedIn();
      const { callback, nonce } = await towardsSite(person);
      await person.browser.open('/sign-out');
      await person.browser.press('Sign out');
      isRefused(await pass(callback, nonce));
    });

    it('is told to nobody further on', async () => {
      const { callback, nonce } = await towardsSite(await signedIn());
      const { headers } = await pass(callback, nonce);
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.equal(headers['cache-control'], 'no-store');
    });
  });

  describe('asks a program for name and password', () => {
    const program = { accept: '*/*' };
    const basic = (name: string, password: string): string =>
      `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
    const appPasswordOf = async (person: Person, door?: AppPasswordDoor): Promise<string> => {
      const { database, administration, appPasswords } = tweestap.installation;
      const user = await administration.find(person.userPrincipalName);
      const wanted = { userId: user?.id ?? '', name: 'git', expiryDays: 90, door };
      const made = await appPasswords.make(database.stores, wanted);
      assert.ok(made.kind === 'made');
      return made.plain;
    };

    it('and lets in who sends an app password for this door, without any cookie', async () => {
      const person = await newPerson(tweestap, { registered: ['phone'] });
      const { userPrincipalName: name } = person;
      const authorization = basic(name, await appPasswordOf(person, 'http'));
      const answer = await ask(`${wiki}/dav`, { ...program, authorization }, 'POST');
      assert.equal(answer.status, 200);
      assert.equal(answer.headers['remote-user'], name);
      assert.equal(answer.headers['set-cookie'], undefined);
      const other = basic(name, await appPasswordOf(person, 'ldap'));
      isShut(await ask(`${wiki}/dav`, { ...program, authorization: other }));
    });

    it('and says no to anything else, counted and with the address it came from', async () => {
      const person = await newPerson(tweestap, { registered: ['phone'] });
      const { userPrincipalName: name, password } = person;
      for (const authorization of [basic(name, password), basic('nobody', 'x'), 'Basic %%%']) {
        const answer = await ask(`${wiki}/dav`, { authorization });
        assert.equal(answer.status, 401);
        assert.equal(
          answer.headers['www-authenticate'],
          'Basic realm="wiki.voorbeeld.example", charset="UTF-8"',
        );
      }
      const { audit } = tweestap.installation.database.stores;
      const [event] = await audit.list({ kind: 'door-refused', limit: 1 });
      assert.equal(event?.address, '192.0.2.44');
      assert.equal(event?.details['door'], 'http');
    });

    it('and lets nobody in by it with less than the site requires', async () => {
      const { governing } = tweestap.installation;
      const person = await newPerson(tweestap, { registered: ['phone'] });
      const byAppPassword = basic(person.userPrincipalName, await appPasswordOf(person, 'http'));
      const els = await newPerson(tweestap, { user: { perUserMfaState: 'disabled' } });
      const byPassword = basic(els.userPrincipalName, els.password);
      const at = (authorization: string): Promise<Answer> =>
        ask(`${shop}/dav`, { ...program, authorization });
      const requires = async (required: string): Promise<void> => {
        const sites = required === 'password' ? [] : [{ site: shop, required }];
        await governing.changePolicy('test', (policy) => ({ ...policy, sites }));
      };

      await requires('password');
      assert.equal((await at(byPassword)).status, 200);
      assert.equal((await at(byAppPassword)).status, 200);
      // An app password stands in for the second step, the account's own for nothing but itself.
      await requires('second-step');
      await until('the new policy', async () => (await at(byPassword)).status === 401);
      assert.equal((await at(byAppPassword)).status, 200);
      for (const stricter of ['phishing-resistant', 'app-only']) {
        await requires(stricter);
        await until('the new policy', async () => (await at(byAppPassword)).status === 401);
        isShut(await at(byPassword));
        // Nothing that could be typed there would do, so nothing is asked for.
        assert.equal((await at(byAppPassword)).headers['www-authenticate'], undefined);
      }
      assert.equal(
        (await ask(`${wiki}/dav`, { ...program, authorization: byAppPassword })).status,
        200,
      );
      await requires('password');
    });

    it('but no browser, whose page or script would show a window for it', async () => {
      assert.ok((await ask(`${wiki}/`, program)).headers['www-authenticate']);
      for (const script of [{ 'x-requested-with': 'x' }, { 'sec-fetch-mode': 'cors' }]) {
        const answer = await ask(`${wiki}/api`, { ...program, ...script });
        assert.equal(answer.status, 401);
        assert.equal(answer.headers['www-authenticate'], undefined);
        assert.equal(answer.headers.location, undefined);
      }
    });
  });
});

describe('what a site is told of a person', () => {
  it('is printable ASCII that gives every name back, and never more than one header', () => {
    for (const displayName of [
      'Zoë van Dijk',
      '100% 日本語',
      'a\r\nRemote-Groups: admins',
      'a\0b\u007f',
    ]) {
      const headers = identityHeaders({
        userPrincipalName: 'zoe@voorbeeld.example',
        displayName,
        mail: undefined,
        groups: [],
      });
      assert.match(headers['remote-name'], /^[\x20-\x7e]+$/);
      assert.equal(decodeURIComponent(headers['remote-name']), displayName);
      assert.deepEqual([headers['remote-email'], headers['remote-groups']], ['', '']);
    }
  });
});

describe('a name and a password in a header', () => {
  const encoded = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

  it('are parted at the first colon, and may be any letters', () => {
    assert.deepEqual(readBasic(encoded('zoë:a:b')), { name: 'zoë', password: 'a:b' });
    assert.deepEqual(readBasic(encoded('a:')), { name: 'a', password: '' });
  });

  it('are not read where they say nothing, or are no such thing', () => {
    for (const text of ['', ':x', 'abc', 'a\0:b', 'a:b\n']) {
      assert.equal(readBasic(encoded(text)), 'unreadable', JSON.stringify(text));
    }
    assert.equal(readBasic('Basic'), 'unreadable');
    assert.equal(readBasic(`Basic ${'A'.repeat(5000)}`), 'unreadable');
    assert.equal(readBasic('Bearer abc'), undefined);
    assert.equal(readBasic(undefined), undefined);
  });
});

function query(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams(fields).toString();
}

describe('the HTTP door, before a site is named', () => {
  it('tells whoever sets up a proxy what is missing, and has no other address', async () => {
    const tweestap = await startTweestap({
      environment: { TWEESTAP_TRUSTED_PROXIES: '127.0.0.1' },
    });
    try {
      const { app } = tweestap.server.parts;
      const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': new URL(wiki).host };
      const asked = await app.inject({ url: '/forward-auth', headers });
      assert.equal(asked.statusCode, 403);
      assert.match(asked.body, /name its origin in forwardAuth\.sites/);
      for (const url of ['/forward-auth/sign-in', '/forward-auth/expired']) {
        assert.equal((await tweestap.ask(url)).status, 404, url);
      }
    } finally {
      await tweestap.close();
    }
  });

  it('writes into its log what is missing, once a minute', async () => {
    let written = '';
    const logTo = new Writable({
      write(chunk, _encoding, done) {
        written += String(chunk);
        done();
      },
    });
    const tweestap = await startTweestap({
      environment: { TWEESTAP_TRUSTED_PROXIES: '127.0.0.1', TWEESTAP_LOG_LEVEL: 'warn' },
      logTo,
    });
    const refused = (): readonly Record<string, unknown>[] =>
      written
        .split('\n')
        .filter((line) => line.includes('a proxy was refused'))
        .map((line) => JSON.parse(line));
    try {
      const { app } = tweestap.server.parts;
      const { host } = new URL(wiki);
      const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': host };
      const ask = () => app.inject({ url: '/forward-auth', headers });
      for (let times = 0; times < 5; times += 1) await ask();
      await until('the first line', () => refused().length > 0);
      const [line, ...others] = refused();
      assert.deepEqual(
        [line?.['msg'], line?.['from'], line?.['site'], line?.['level'], others],
        ['a proxy was refused: forwardAuth.sites names no site at all', '127.0.0.1', wiki, 40, []],
      );
      await tweestap.advanceSeconds(59);
      await ask();
      await tweestap.advanceSeconds(2);
      await ask();
      await ask();
      await until('the second line', () => refused().length > 1);
      assert.equal(refused().length, 2);
    } finally {
      await tweestap.close();
    }
  });
});
