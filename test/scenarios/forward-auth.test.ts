/**
 * A site behind nginx, configured as `docs/connecting/nginx.md` says: people sign in on our pages and
 * come back to the page they wanted, programs come in with an app password.
 */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { after, before, describe, it } from 'node:test';

import { send, type Answer } from '../support/http-client.ts';
import { newPerson, type Person } from '../support/people.ts';
import {
  connecting,
  freePort,
  newWorkshop,
  startProgram,
  withoutPrograms,
  type RunningProgram,
  type Workshop,
} from '../support/programs.ts';
import { startTweestap, type Tweestap } from '../support/tweestap.ts';

const withoutNginx = withoutPrograms('/usr/sbin/nginx');

describe('a site behind nginx', { skip: withoutNginx }, () => {
  let tweestap: Tweestap;
  let workshop: Workshop;
  let application: Server;
  let nginx: RunningProgram;
  let site: string;

  before(async () => {
    const port = await freePort();
    // Another host than ours, as browsers see it: only the cookies of a test's jar are shared.
    site = `http://127.0.0.1:${port}`;
    tweestap = await startTweestap({
      environment: {
        TWEESTAP_TRUSTED_PROXIES: '127.0.0.1',
        TWEESTAP_FORWARD_AUTH_SITES: site,
      },
    });
    const wiki = await startWiki();
    application = wiki.server;
    workshop = newWorkshop();
    const { folder, write } = workshop;
    const guarded = write(
      'wiki.conf',
      connecting('nginx/tweestap.conf', {
        'listen 443 ssl;': `listen 127.0.0.1:${port};`,
        'ssl_certificate /etc/ssl/wiki.pem;': '',
        'ssl_certificate_key /etc/ssl/wiki.key;': '',
        'server_name wiki.voorbeeld.example;': 'server_name 127.0.0.1;',
        'http://127.0.0.1:3000': `http://127.0.0.1:${wiki.port}`,
        'http://127.0.0.1:8080': `http://127.0.0.1:${tweestap.port}`,
      }),
    );
    const main = write(
      'nginx.conf',
      `daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 64; }
http {
  access_log ${folder}/access.log;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  include ${guarded};
}
`,
    );
    nginx = await startProgram(['/usr/sbin/nginx', '-c', main], port);
  });
  after(async () => {
    await nginx.stop();
    await new Promise((closed) => application.close(closed));
    await tweestap.close();
    workshop.remove();
  });

  const atSite = (
    path: string,
    headers: Readonly<Record<string, string | undefined>> = {},
  ): Promise<Answer> => send({ url: `${site}${path}`, headers });
  const withPhone = (): Promise<Person> => newPerson(tweestap, { registered: ['phone'] });
  const appPasswordOf = async (person: Person): Promise<{ id: string; basic: string }> => {
    const { database, administration, appPasswords } = tweestap.installation;
    const user = await administration.find(person.userPrincipalName);
    assert.ok(user);
    const wanted = { userId: user.id, name: 'Calendar', expiryDays: 90 };
    const made = await appPasswords.make(database.stores, wanted);
    assert.ok(made.kind === 'made');
    const text = `${person.userPrincipalName}:${made.plain}`;
    return { id: made.appPassword.id, basic: `Basic ${Buffer.from(text).toString('base64')}` };
  };

  it('sends people to sign in, and brings them back to the page that they wanted', async () => {
    const person = await withPhone();
    await person.arrives(`${site}/wiki/Start?edit=1&lang=nl`);
    assert.ok(person.browser.address.startsWith(tweestap.origin), person.browser.address);
    await person.typesCode(await person.phone.code());
    assert.equal(person.browser.address, `${site}/wiki/Start?edit=1&lang=nl`);
    assert.ok(person.browser.page.html.includes(`remote-user: ${person.userPrincipalName}`));
  });

  it('lets in without a word who is signed in already', async () => {
    const person = await withPhone();
    await person.signsIn();
    await person.browser.open(`${site}/`);
    assert.equal(person.browser.address, `${site}/`);
    assert.match(person.browser.page.html, /remote-user: /);
  });

  it('shuts at once for whoever signs out, is blocked or is signed out by an admin', async () => {
    const { administration } = tweestap.installation;
    const ends: readonly ((person: Person, userId: string) => Promise<unknown>)[] = [
      async ({ browser }) => {
        await browser.open(`${tweestap.origin}/sign-out`);
        await browser.press('Sign out');
      },
      (_person, userId) => administration.block(userId, { reason: 'test', by: 'test' }),
      (_person, userId) => administration.revokeSessions(userId, 'test'),
    ];
    for (const end of ends) {
      const person = await withPhone();
      await person.signsIn();
      await person.browser.open(`${site}/`);
      const cookie = person.browser.cookies.header('/');
      const headers = { cookie, accept: 'text/html' };
      assert.equal((await atSite('/', headers)).status, 200);
      const user = await administration.find(person.userPrincipalName);
      await end(person, user?.id ?? '');
      assert.equal((await atSite('/', headers)).status, 302);
    }
  });

  it('lets a program in with an app password, without a cookie, until it is deleted', async () => {
    const person = await withPhone();
    const { id, basic } = await appPasswordOf(person);
    const answer = await atSite('/dav/', {
      authorization: basic,
      'remote-user': 'admin@voorbeeld.example',
      'remote-groups': 'admins',
    });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['set-cookie'], undefined);
    assert.ok(answer.body.includes(`remote-user: ${person.userPrincipalName}`));
    // Nothing that the program wrote itself reaches the application, nor does the app password.
    assert.ok(!answer.body.includes('admin'));
    assert.ok(!answer.body.includes('authorization'));
    const { administration } = tweestap.installation;
    const user = await administration.find(person.userPrincipalName);
    await administration.removeAppPassword(user?.id ?? '', id, 'test');
    assert.equal((await atSite('/dav/', { authorization: basic })).status, 401);
  });

  it('asks programs for a password, scripts for nothing, and says it once', async () => {
    const program = await atSite('/dav/');
    assert.equal(program.status, 401);
    const challenges = program.rawHeaders.filter((each) => /^www-authenticate$/i.test(each));
    assert.equal(challenges.length, 1);
    assert.match(program.headers['www-authenticate'] ?? '', /^Basic realm="127\.0\.0\.1:\d+"/);
    const script = await atSite('/', { 'x-requested-with': 'XMLHttpRequest', accept: 'text/html' });
    assert.equal(script.status, 401);
    assert.equal(script.headers['www-authenticate'], undefined);
  });

  it('shows nobody the way by which nginx asks', async () => {
    assert.equal((await atSite('/.tweestap/ask')).status, 404);
  });
});

/** An application that knows nothing of signing in: says what it was told of whoever asks. */
async function startWiki(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer(({ headers }, response) => {
    const told = Object.entries(headers).filter(([name]) => /^remote-|^authorization$/.test(name));
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<h1>Wiki</h1><pre>${told.map((pair) => pair.join(': ')).join('\n')}</pre>`);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  return { server, port: typeof address === 'object' ? (address?.port ?? 0) : 0 };
}
