/**
 * Applications that others wrote sign people in by OpenID Connect: Debian's Apache with
 * mod_auth_openidc, and a program made with Python's Authlib. Each is configured as
 * `docs/connecting/openid-connect.md` says.
 */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import type { Browser } from '../support/browser.ts';
import { send } from '../support/http-client.ts';
import { newPerson, type Person } from '../support/people.ts';
import { until } from '../support/poll.ts';
import {
  connecting,
  freePort,
  newWorkshop,
  startProgram,
  withoutFiles,
  type RunningProgram,
  type Workshop,
} from '../support/programs.ts';
import { startTweestap, type Tweestap } from '../support/tweestap.ts';

const twoSteps = 'https://refeds.org/profile/mfa';
const oneStep = 'https://refeds.org/profile/sfa';

interface Application {
  readonly clientId: string;
  readonly clientSecret: string;
}

async function addApplication(
  tweestap: Tweestap,
  ...args: readonly string[]
): Promise<Application> {
  const { code, output, error } = await tweestap.command('app', 'add', ...args, '--json');
  assert.equal(code, 0, error);
  const added: Application = JSON.parse(output);
  return added;
}

const modules = '/usr/lib/apache2/modules';
const withoutApache = withoutFiles('/usr/sbin/apache2', `${modules}/mod_auth_openidc.so`);

describe('Apache with mod_auth_openidc', { skip: withoutApache }, () => {
  let tweestap: Tweestap;
  let workshop: Workshop;
  let apache: RunningProgram;
  let site: string;

  before(async () => {
    const port = await freePort();
    site = `http://127.0.0.1:${port}`;
    tweestap = await startTweestap();
    workshop = newWorkshop();
    const { clientId, clientSecret } = await addApplication(
      tweestap,
      'Intranet',
      '--redirect-uri',
      `${site}/.openid`,
      '--post-logout-redirect-uri',
      `${site}/bye/`,
      '--backchannel-logout-uri',
      `${site}/.openid?logout=backchannel`,
    );
    const { folder, write } = workshop;
    for (const page of ['', 'sales/', 'payroll/', 'bye/']) {
      mkdirSync(join(folder, 'www', page), { recursive: true });
      write(`www/${page}index.html`, '<h1>Intranet</h1><pre><!--#printenv --></pre>');
    }
    const conf = write(
      'tweestap.conf',
      connecting('apache/openid-connect.conf', {
        'https://login.voorbeeld.example': tweestap.origin,
        'https://intranet.voorbeeld.example': site,
        'CLIENT-ID': clientId,
        'CLIENT-SECRET': clientSecret,
        'A-LONG-RANDOM-STRING': 'forty-two fish and a bicycle of our own',
      }),
    );
    const loaded = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'dir', 'include', 'mime']
      .concat(['filter', 'auth_openidc'])
      .map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`);
    const main = write(
      'httpd.conf',
      `ServerRoot ${folder}
ServerName 127.0.0.1
PidFile ${folder}/httpd.pid
ErrorLog ${folder}/httpd.log
LogLevel auth_openidc:warn
DefaultRuntimeDir ${folder}
Listen 127.0.0.1:${port}
${loaded.join('\n')}
TypesConfig /dev/null
AddType text/html .html
DocumentRoot ${folder}/www
DirectoryIndex index.html
<Directory ${folder}/www>
  Options +Includes
  AddOutputFilter INCLUDES .html
</Directory>
Include ${conf}
<Location "/bye/">
  AuthType None
  Require all granted
</Location>
`,
    );
    apache = await startProgram(['/usr/sbin/apache2', '-D', 'FOREGROUND', '-f', main], port, {
      asNobody: folder,
    });
  });
  after(async () => {
    await apache.stop();
    await tweestap.close();
    workshop.remove();
  });

  /** What the site was told of whoever asked for the page that is open. */
  const told = ({ page }: Browser, name: string): string | undefined =>
    new RegExp(`^${name}=(.*)$`, 'm').exec(page.html)?.[1];
  const withPhone = (): Promise<Person> => newPerson(tweestap, { registered: ['phone'] });

  it('learns who somebody is and how they proved it, and leads to the page they wanted', async () => {
    const person = await newPerson(tweestap, {
      registered: ['phone'],
      user: { groups: ['sales'] },
    });
    await person.signsIn(`${site}/sales/?week=12`);
    const { browser } = person;
    assert.equal(browser.address, `${site}/sales/?week=12`);
    assert.equal(told(browser, 'REMOTE_USER'), person.userPrincipalName);
    assert.equal(told(browser, 'OIDC_CLAIM_acr'), twoSteps);
    assert.equal(told(browser, 'OIDC_CLAIM_amr'), 'pwd,sms,mfa');
    assert.equal(told(browser, 'OIDC_CLAIM_groups'), 'sales');
    assert.equal(told(browser, 'OIDC_CLAIM_email'), person.userPrincipalName);
  });

  it('lets in without a word who is signed in already, but only those of the group', async () => {
    const person = await withPhone();
    await person.signsIn();
    const { browser } = person;
    await browser.open(`${site}/`);
    assert.equal(browser.address, `${site}/`);
    assert.equal(told(browser, 'REMOTE_USER'), person.userPrincipalName);
    const { status } = await browser.open(`${site}/sales/`);
    assert.equal(status, 401);
  });

  it('asks for a second step where a folder wants one, of whoever came without', async () => {
    const person = await newPerson(tweestap, {
      registered: ['app'],
      user: { perUserMfaState: 'disabled' },
    });
    const { browser } = person;
    await person.arrives(`${site}/`);
    assert.equal(told(browser, 'OIDC_CLAIM_acr'), oneStep);
    await browser.open(`${site}/payroll/`);
    assert.ok(browser.address.startsWith(tweestap.origin), browser.address);
    await person.typesCode(person.appCode());
    assert.equal(browser.address, `${site}/payroll/`);
    assert.equal(told(browser, 'OIDC_CLAIM_acr'), twoSteps);
    assert.equal(told(browser, 'OIDC_CLAIM_amr'), 'pwd,otp,mfa');
  });

  it('signs people out here and there, without another question', async () => {
    const person = await withPhone();
    await person.signsIn(`${site}/`);
    const { browser } = person;
    await browser.open(`${site}/.openid?logout=${encodeURIComponent(`${site}/bye/`)}`);
    assert.equal(browser.address, `${site}/bye/`);
    assert.equal(told(browser, 'REMOTE_USER'), undefined);
    await browser.open(`${site}/`);
    assert.equal(browser.page.heading, person.words.signIn.name.title);
  });

  it('shuts when somebody signs out at Tweestap, is blocked, or is signed out by an admin', async () => {
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
      await person.signsIn(`${site}/`);
      const cookie = person.browser.cookies.header('/');
      const isOpen = async (): Promise<boolean> => {
        const headers = { cookie, accept: 'text/html' };
        return (await send({ url: `${site}/`, headers })).status === 200;
      };
      assert.ok(await isOpen());
      const user = await administration.find(person.userPrincipalName);
      await end(person, user?.id ?? '');
      await until('the site to be told', async () => !(await isOpen()));
    }
  });
});

const python = '/usr/bin/python3';
const libraries = '/usr/lib/python3/dist-packages';
const withoutAuthlib = withoutFiles(
  python,
  `${libraries}/authlib/__init__.py`,
  `${libraries}/requests/__init__.py`,
);

describe("a website made with Python's Authlib", { skip: withoutAuthlib }, () => {
  let tweestap: Tweestap;
  let workshop: Workshop;
  let website: RunningProgram;
  let site: string;

  before(async () => {
    const port = await freePort();
    site = `http://127.0.0.1:${port}`;
    tweestap = await startTweestap();
    workshop = newWorkshop();
    const { clientId, clientSecret } = await addApplication(
      tweestap,
      'Website',
      '--redirect-uri',
      `${site}/callback`,
      '--post-logout-redirect-uri',
      `${site}/bye`,
      '--backchannel-logout-uri',
      `${site}/hear-of-sign-out`,
    );
    const program = workshop.write('website.py', connecting('openid-connect/website.py', {}));
    website = await startProgram([python, '-I', program], port, {
      asNobody: workshop.folder,
      environment: {
        ISSUER: tweestap.origin,
        CLIENT_ID: clientId,
        CLIENT_SECRET: clientSecret,
        ORIGIN: site,
        PORT: String(port),
        // Everything here is on one machine; Authlib wants https else.
        AUTHLIB_INSECURE_TRANSPORT: '1',
      },
    });
  });
  after(async () => {
    await website.stop();
    await tweestap.close();
    workshop.remove();
  });

  it('learns who somebody is, by a token that it checks, and how they proved it', async () => {
    const person = await newPerson(tweestap, { registered: ['phone'] });
    const { browser } = person;
    await person.signsIn(`${site}/sign-in`);
    assert.equal(browser.address, `${site}/`);
    const { page } = browser;
    assert.match(page.heading, /^Hello Person/);
    assert.ok(page.text.includes(`preferred_username: ${person.userPrincipalName}`), page.text);
    assert.ok(page.text.includes(`acr: ${twoSteps}`), page.text);
  });

  it('renews its tokens, and asks userinfo with the new one', async () => {
    const person = await newPerson(tweestap, { registered: ['phone'] });
    const { browser } = person;
    await person.signsIn(`${site}/sign-in`);
    for (let time = 0; time < 2; time += 1) {
      await browser.open(`${site}/renew`);
      assert.equal(browser.page.heading, 'Hello again');
      assert.ok(browser.page.text.includes(`email: ${person.userPrincipalName}`));
    }
  });

  it('asks for the second step anew, and sees that it was taken', async () => {
    const person = await newPerson(tweestap, { registered: ['app'] });
    const { browser } = person;
    await person.signsIn(`${site}/sign-in`);
    await tweestap.advanceSeconds(60);
    await browser.open(`${site}/step-up`);
    assert.ok(browser.address.startsWith(tweestap.origin), browser.address);
    await person.typesCode(person.appCode());
    assert.ok(browser.page.text.includes(`acr: ${twoSteps}`), browser.page.text);
  });

  it('signs people out here and there, without another question', async () => {
    const person = await newPerson(tweestap, { registered: ['phone'] });
    const { browser } = person;
    await person.signsIn(`${site}/sign-in`);
    await browser.press('Sign out');
    assert.equal(browser.address, `${site}/bye`);
    await browser.open(`${site}/sign-in`);
    assert.equal(browser.page.heading, person.words.signIn.name.title);
  });

  it('hears of a sign-out elsewhere, and believes no other word of it', async () => {
    const person = await newPerson(tweestap, { registered: ['phone'] });
    const { browser } = person;
    await person.signsIn(`${site}/sign-in`);
    const forged = await send({
      url: `${site}/hear-of-sign-out`,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'logout_token=eyJhbGciOiJub25lIn0.e30.',
    });
    assert.equal(forged.status, 400);
    await browser.open(`${site}/`);
    assert.match(browser.page.heading, /^Hello/);
    const { administration } = tweestap.installation;
    const user = await administration.find(person.userPrincipalName);
    await administration.revokeSessions(user?.id ?? '', 'test');
    await until('the website to hear of it', async () => {
      await browser.open(`${site}/`);
      return browser.page.heading === 'Who are you?';
    });
  });
});
