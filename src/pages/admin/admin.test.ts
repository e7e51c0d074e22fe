import assert from 'node:assert/strict';
import { sampleMessage } from '../../delivery/outbox-store.contract.ts';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { mayAct } from '../../accounts/administering.ts';
import { roles, type Role, type User } from '../../accounts/user.ts';
import { sampleApproval } from '../../accounts/approval-store.contract.ts';
import { sampleApplication } from '../../applications/application-store.contract.ts';
import { sampleToken } from '../../registrations/hardware-token-store.contract.ts';
import { testOrigin } from '../../../test/support/http-server.ts';
import { startPages, type Pages } from '../../../test/support/pages.ts';
import { routesOf } from '../../../test/support/routes.ts';
import { password } from '../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../test/support/visitor.ts';
import { access, type Address } from './access.ts';

describe('the administrator’s pages', () => {
  let pages: Pages;
  let anna: User;
  let bram: User;
  let visitor: Visitor;
  beforeEach(async () => {
    pages = await startPages();
    anna = await pages.person({ role: 'authentication-admin' });
    bram = await pages.person({
      userPrincipalName: 'bram@voorbeeld.example',
      displayName: 'Bram Bakker',
      mail: 'bram@voorbeeld.example',
      otherMail: 'bram@home.example',
      mobilePhone: '+31612345612',
    });
    await pages.app(anna);
    await pages.phone(bram);
    visitor = newVisitor(pages.server);
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: anna.userPrincipalName });
    await visitor.press('Sign in', { password });
    await visitor.press('Verify', { code: pages.appCode() });
  });
  afterEach(() => pages.close());

  const becomes = async (role: Role): Promise<void> => {
    await pages.stores.users.change(anna.id, { role });
  };
  const person = (act = ''): string => `/admin/users/${bram.id}${act}`;
  const mails = async (): Promise<readonly string[]> =>
    (await pages.sent()).flatMap(({ message }) =>
      message.kind === 'mail' ? [message.subject] : [],
    );
  const found = () => pages.stores.users.find(bram.id);
  /** A session of somebody, as a sign-in would have opened it. */
  const enters = async (user: User) => {
    const [own] = await pages.stores.sessions.list(anna.id, pages.clock.now());
    assert.ok(own);
    const session = { ...own, id: Buffer.alloc(32, 7), userId: user.id };
    await pages.stores.sessions.add(session);
    return { session };
  };

  it('stand each behind an act of their own, none beside the table', async () => {
    const routes = (await routesOf(pages.server)).filter(({ url }) => /^\/admin(\/|$)/.test(url));
    assert.deepEqual(
      routes.map(({ method, url }) => `${method} ${url}`).toSorted(),
      Object.keys(access).toSorted(),
    );
  });

  it('open to exactly the roles of the matrix, every route of the router', async () => {
    const routes = (await routesOf(pages.server)).filter(({ url }) => /^\/admin(\/|$)/.test(url));
    await visitor.open('/my-profile');
    const csrf = /name="csrf" value="([^"]+)"/.exec(visitor.page.html)?.[1] ?? assert.fail();
    const post = async (url: string): Promise<number> => {
      const { statusCode } = await pages.server.inject({
        method: 'POST',
        url,
        headers: {
          host: new URL(testOrigin).host,
          origin: testOrigin,
          'sec-fetch-site': 'same-origin',
          'content-type': 'application/x-www-form-urlencoded',
          cookie: [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        },
        payload: new URLSearchParams({ csrf }).toString(),
      });
      return statusCode;
    };
    // A stream does not end: its headers say enough.
    const head = async (url: string): Promise<number> => {
      const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const headers = { host: new URL(testOrigin).host, cookie };
      return (await pages.server.inject({ method: 'HEAD', url, headers })).statusCode;
    };
    const [signIn] = await pages.stores.signInEvents.list({ limit: 1 });
    const session = await pages.stores.sessions.list(anna.id, pages.clock.now());
    assert.ok(session[0]);
    const by = { current: { user: anna, session: session[0] }, address: '192.0.2.7' };
    const job = await pages.jobs.begin([bram], { kind: 'step', step: 'enforce' }, by);
    const token = sampleToken();
    await pages.stores.hardwareTokens.add(token);
    await pages.stores.approvals.add(sampleApproval());
    await pages.stores.applications.add(sampleApplication());
    const createdAt = pages.clock.now();
    const lost = { kind: 'mail', challengeId: undefined } as const;
    await pages.stores.outbox.add([sampleMessage('delivery-1', lost)]);
    await pages.stores.outbox.markFailed('delivery-1', 'nobody listened', createdAt);
    await pages.stores.closedPrefixes.close({
      prefix: '+316123',
      closedAt: createdAt,
      sent: 50,
      answered: 3,
    });
    await pages.stores.ldapClients.add({ name: 'mail', hash: Buffer.alloc(32), createdAt });
    await pages.stores.radiusClients.add({
      id: 'gateway',
      name: 'Gateway',
      addresses: ['10.0.0.1'],
      secret: 'a secret of the gateway',
      mode: 'app-password',
      signs: true,
      createdAt,
    });
    const isKnown = (address: string): address is Address => Object.hasOwn(access, address);
    for (const role of roles) {
      await becomes(role);
      for (const { method, url } of routes) {
        const address = `${method} ${url}`;
        assert.ok(isKnown(address), address);
        const path = url
          .replace('sign-ins/:id', `sign-ins/${signIn?.id ?? ''}`)
          .replace(':id', bram.id)
          .replace(':sequence', '1')
          .replace(':registration', 'none')
          .replace(':job', job)
          .replace(':token', token.id)
          .replace(':approval', 'approval-1')
          .replace(':delivery', 'delivery-1')
          .replace(':block', '316123')
          .replace(':language/:moment', 'nl/greeting')
          .replace('app/:system', 'app/sample')
          .replace('ldap/:system', 'ldap/mail')
          .replace('radius/:system', 'radius/gateway')
          .replace(':method', 'email')
          .replace(':strength', 'passwordless');
        const isAllowed = mayAct(role, access[address]);
        // What an allowed POST does is looked at below; here only who is turned away.
        if (method === 'POST' && isAllowed) continue;
        const status = path.endsWith('/events')
          ? await head(path)
          : method === 'GET'
            ? (await visitor.open(path)).status
            : await post(path);
        const expected = role === 'user' ? 404 : isAllowed ? [200, 422] : 403;
        assert.ok([expected].flat().includes(status), `${role} ${address}: ${status}`);
      }
    }
  });

  it('are linked to from My Profile for those who have a role, and for nobody else', async () => {
    await visitor.open('/my-profile');
    await visitor.follow('Administration');
    assert.equal(visitor.page.heading, 'Users');
    await becomes('user');
    await visitor.open('/my-profile');
    assert.doesNotMatch(visitor.page.text, /Administration/);
    await visitor.open('/admin/users');
    assert.equal(visitor.page.status, 404);
    assert.doesNotMatch(visitor.page.text, /Users/, 'that there is something is not told');
  });

  it('ask whoever has only proved the password for a second step, and come back', async () => {
    const [session] = await pages.stores.sessions.list(anna.id, pages.clock.now());
    assert.ok(session);
    await pages.stores.sessions.remove(session.id);
    await pages.stores.sessions.add({
      ...session,
      proofs: session.proofs.filter(({ method }) => method === 'password'),
    });
    pages.clock.advanceSeconds(60);
    await visitor.open(person());
    assert.equal(visitor.page.heading, 'Enter the verification code from the mobile app');
    await visitor.press('Verify', { code: pages.appCode() });
    assert.equal(visitor.page.heading, 'Bram Bakker');
  });

  it('ask for a fresh one before a change, and come back to the same page', async () => {
    pages.clock.advanceSeconds(301);
    await visitor.open(person());
    assert.equal(visitor.page.heading, 'Bram Bakker', 'looking needs none');
    await visitor.follow('Block');
    await visitor.press('Verify', { code: pages.appCode() });
    assert.equal(visitor.page.heading, 'Block Bram Bakker?');
    pages.clock.advanceSeconds(301);
    await visitor.press('Block', { reason: 'lost' });
    assert.equal((await found())?.blocked, undefined);
    await visitor.press('Verify', { code: pages.appCode() });
    assert.equal(visitor.page.heading, 'Block Bram Bakker?');
  });

  it('have for every button a page to come back to: its own, or the one above', () => {
    for (const address of Object.keys(access)) {
      const [method, url = ''] = address.split(' ');
      if (method !== 'POST') continue;
      const above = url.slice(0, url.lastIndexOf('/'));
      assert.ok(
        [url, above].some((page) => Object.hasOwn(access, `GET ${page}`)),
        address,
      );
    }
  });

  describe('Users', () => {
    it('finds by the beginning of a name, and says who is where', async () => {
      await visitor.open('/admin/users?text=bra');
      assert.match(
        visitor.page.text,
        /Bram Bakker bram@voorbeeld\.example Enforced Phone None seen/,
      );
      assert.doesNotMatch(visitor.page.text, /Anna de Vries anna@/);
      await visitor.open('/admin/users?text=bakker');
      assert.match(visitor.page.text, /1 person found .*Bram Bakker/, 'by the family name');
      await visitor.open('/admin/users?text=zzz');
      assert.match(visitor.page.text, /Nobody is found/);
      await visitor.open('/admin/users?standing=never');
      assert.match(visitor.page.text, /Nobody is found/);
      await visitor.open('/admin/users?state=nonsense&kind=%20&after=');
      assert.match(visitor.page.text, /Bram Bakker/);
    });

    it('goes on page by page', async () => {
      for (let i = 0; i < 55; i += 1) {
        await pages.person({
          userPrincipalName: `p${String(i).padStart(2, '0')}@voorbeeld.example`,
          displayName: `Person ${i}`,
        });
      }
      await visitor.open('/admin/users');
      assert.doesNotMatch(visitor.page.text, /Person 54/);
      await visitor.follow('Next people');
      assert.match(visitor.page.text, /Person 54/);
      assert.doesNotMatch(visitor.page.text, /Next people/);
      await visitor.follow('From the beginning');
      assert.match(visitor.page.text, /Bram Bakker/);
    });

    it('does a quick step for those selected, and leaves out whom it may not touch', async () => {
      const cas = await pages.person({
        userPrincipalName: 'cas@voorbeeld.example',
        displayName: 'Cas',
        role: 'global-admin',
      });
      const els = await pages.person({
        userPrincipalName: 'els@voorbeeld.example',
        displayName: 'Els',
        perUserMfaState: 'disabled',
      });
      const selected = [anna, bram, cas, els].map(({ id }) => `p-${id}=1`).join('&');
      await visitor.open(`/admin/users/quick/disable?${selected}&p-nobody=1`);
      assert.equal(visitor.page.heading, 'Disable multi-factor for 1 person?');
      assert.match(visitor.page.text, /also for a stranger who knows it/);
      assert.match(visitor.page.text, /Anna de Vries This is you/);
      assert.match(visitor.page.text, /Cas This account is above your role/);
      assert.match(visitor.page.text, /Els Nothing to change/);
      assert.match(visitor.page.text, /nobody There is no such account/);
      assert.equal((await found())?.perUserMfaState, 'enforced', 'nothing happened yet');
      await visitor.press('Disable');
      assert.match(visitor.page.text, /Done for 1 of 1\. .*Bram Bakker Disabled/);
      assert.equal((await found())?.perUserMfaState, 'disabled');
      assert.equal((await pages.stores.users.find(cas.id))?.perUserMfaState, 'enforced');
    });

    it('keeps the selection while whoever acts proves themselves again', async () => {
      await visitor.open(`/admin/users/quick/revoke-sessions?p-${bram.id}=1`);
      pages.clock.advanceSeconds(301);
      await visitor.press('Revoke sessions');
      await visitor.press('Verify', { code: pages.appCode() });
      assert.equal(visitor.page.heading, 'Sign 1 person out everywhere?');
      await visitor.press('Revoke sessions');
      assert.match((await mails()).join(), /signed out/);
    });

    it('selects everybody on the page, says how many, and comes back to the same search', async () => {
      await pages.person({
        userPrincipalName: 'brammetje@voorbeeld.example',
        displayName: 'Brammetje',
        perUserMfaState: 'disabled',
      });
      await visitor.open('/admin/users?text=bra');
      assert.match(visitor.page.text, /2 people found/);
      assert.doesNotMatch(visitor.page.html, / checked/);
      await visitor.follow('Select everybody on this page');
      assert.equal(visitor.page.html.match(/type="checkbox"[^>]* checked/g)?.length, 2);
      const { html } = visitor.page;
      assert.match(
        html,
        /<input type="hidden" name="text" value="bra">/,
        'sent with the selection',
      );
      const selected = [...html.matchAll(/name="(p-[\w-]+)"/g)].map(([, name]) => `${name}=1`);
      const enforce = `/admin/users/quick/enforce?text=bra&${selected.join('&')}`;
      await visitor.open(enforce);
      assert.equal(visitor.page.heading, 'Enforce multi-factor for 1 person?');
      await visitor.follow('Cancel');
      assert.match(visitor.page.text, /2 people found/);
      await visitor.open(enforce);
      await visitor.press('Enforce');
      assert.match(visitor.page.text, /Done for 1 of 1/);
      assert.match(visitor.page.html, /href="\/admin\/users\?text=bra"/);
      await visitor.open('/admin/users/quick/enable?text=bra');
      assert.match(visitor.page.text, /Select at least one person first.*2 people found/);
    });

    it('asks to select somebody first', async () => {
      await visitor.open('/admin/users/quick/enable');
      assert.equal(visitor.page.status, 422);
      assert.match(visitor.page.text, /Select at least one person first/);
    });
  });

  describe('a new user', () => {
    it('is added, and the temporary password is told once', async () => {
      await visitor.open('/admin/users');
      await visitor.follow('New user');
      await visitor.press('Add the account', {
        userPrincipalName: 'bram@voorbeeld.example',
        groups: 'staff',
        state: 'enabled',
      });
      assert.equal(visitor.page.status, 422);
      assert.match(visitor.page.text, /Somebody has this user name already/);
      await visitor.press('Add the account', {
        userPrincipalName: 'nina@voorbeeld.example',
        displayName: 'Nina Smit',
        mobilePhone: '06 1234 5678',
        businessPhone: '12',
        groups: 'staff, Delft',
        state: 'enabled',
      });
      assert.match(visitor.page.text, /Type a phone number that can be dialled/);
      await visitor.press('Add the account', {
        userPrincipalName: 'nina@voorbeeld.example',
        displayName: 'Nina Smit',
        mobilePhone: '06 1234 5678',
        businessPhone: '020 123 4567 x12',
        groups: 'staff, Delft',
        state: 'enabled',
      });
      assert.equal(visitor.page.heading, 'Nina Smit is added');
      const told = /Temporary password (\S+)/.exec(visitor.page.text)?.[1] ?? '';
      assert.ok(told.length >= 12, told);
      const nina = await pages.stores.users.findByName('nina@voorbeeld.example');
      assert.deepEqual(nina?.groups, ['staff', 'Delft']);
      assert.equal(nina?.businessPhoneExtension, '12');
      assert.equal(nina?.perUserMfaState, 'enabled');
      assert.equal(nina?.mustChangePassword, true);
      const [added] = await pages.stores.audit.list({ userId: nina?.id ?? '', limit: 1 });
      assert.deepEqual([added?.kind, added?.actor], ['user-added', anna.id]);
    });

    it('gets a role from a global administrator, and from nobody else', async () => {
      await visitor.open('/admin/users/new');
      assert.doesNotMatch(visitor.page.html, /name="role"/);
      await becomes('global-admin');
      await visitor.open('/admin/users/new');
      const fields = { userPrincipalName: 'x@voorbeeld.example', state: 'disabled' };
      await visitor.press('Add the account', { ...fields, role: 'emperor' });
      assert.match(visitor.page.text, /Choose a role that you may give/);
      await visitor.press('Add the account', { ...fields, role: 'help-desk' });
      assert.equal(visitor.page.heading, 'x is added');
    });
  });

  describe('a person', () => {
    it('gets another role, is told, and signs in again', async () => {
      await visitor.open(person('/role'));
      assert.equal(visitor.page.status, 403, 'roles are given by global administrators');
      await becomes('global-admin');
      const { session } = await enters(bram);
      await visitor.open(person('/role'));
      await visitor.press('Save', { role: 'emperor' });
      assert.match(visitor.page.text, /Choose a role/);
      await visitor.press('Save', { role: 'help-desk' });
      assert.match(visitor.page.text, /The role was changed\..*Role Help desk/);
      assert.equal((await found())?.role, 'help-desk');
      assert.equal(await pages.stores.sessions.find(session.id, pages.clock.now()), undefined);
      assert.match((await mails()).join(), /role of your .* account was changed/);
      await visitor.follow('Whole history');
      assert.match(visitor.page.text, /Role changed Anna de Vries From: User, to: Help desk/);
    });

    it('gets another phone in the place of the lost one, and is told', async () => {
      await visitor.open(person());
      await visitor.follow('Add or change a phone or address');
      await visitor.press('Register it', { what: 'mobile', number: '12' });
      assert.equal(visitor.page.status, 422);
      assert.match(visitor.page.text, /Type a phone number that can be dialled/);
      await visitor.press('Register it', { what: 'mobile', number: '06 8765 4398' });
      assert.match(visitor.page.text, /It is registered\./);
      assert.match(visitor.page.text, /\+31 ·· ·· ·· 98/);
      assert.doesNotMatch(visitor.page.text, /·· ·· ·· 12/);
      const [registered, ...rest] = await pages.stores.registrations.list(bram.id);
      assert.deepEqual(rest, []);
      assert.equal((await found())?.defaultMethod?.registrationId, registered?.id);
      assert.ok((await mails()).length > 0);
      for (const [what, number] of [
        ['office', '020 123 4567 x88'],
        ['email', 'bram@elsewhere.example'],
      ] as const) {
        await visitor.open(person('/phone'));
        await visitor.press('Register it', { what, number });
        assert.match(visitor.page.text, /It is registered\./);
      }
      assert.equal((await pages.stores.registrations.list(bram.id)).length, 3);
      assert.equal((await found())?.defaultMethod?.registrationId, registered?.id, 'stays');
    });

    it('joins groups and leaves some', async () => {
      await pages.stores.users.change(bram.id, { groups: ['staff', 'Delft'] });
      await visitor.open(person('/groups'));
      await visitor.press('Save', { groups: 'Delft, night shift' });
      assert.deepEqual((await found())?.groups, ['Delft', 'night shift']);
      assert.match((await mails()).join(), /groups of your .* account were changed/);
      await visitor.follow('Whole history');
      assert.match(visitor.page.text, /Joined: night shift, Left: staff/);
    });

    it('is shown with what they have and what happened, and nothing that opens a door', async () => {
      await visitor.open(person());
      const { text, html } = visitor.page;
      assert.match(text, /User name bram@voorbeeld\.example/);
      assert.match(text, /Mobile phone \+31 6 12345612/);
      assert.match(text, /\+31 ·· ·· ·· 12 · Registered/);
      assert.match(text, /No app passwords/);
      assert.doesNotMatch(html, /argon2|passwordHash/);
    });

    it('is blocked and unblocked with a reason, which the history tells', async () => {
      await visitor.open(person('/block'));
      await visitor.press('Block', { reason: '  ' });
      assert.equal(visitor.page.status, 422);
      assert.match(visitor.page.text, /Type a reason/);
      await visitor.press('Block', { reason: 'phone stolen' });
      assert.match(visitor.page.text, /The account is blocked\./);
      assert.match(visitor.page.text, /Reason: phone stolen/);
      await visitor.follow('Unblock');
      await visitor.press('Unblock', { reason: 'found it' });
      assert.equal((await found())?.blocked, undefined);
      await visitor.follow('Whole history');
      assert.match(visitor.page.text, /Unblocked Anna de Vries Reason: found it 127\.0\.0\.1/);
    });

    it('gets a temporary password that is shown once and must be changed', async () => {
      await visitor.open(person('/password'));
      await visitor.press('Make a temporary password');
      const told = /Temporary password (\S+)/.exec(visitor.page.text)?.[1] ?? '';
      assert.ok(told.length >= 12, told);
      assert.equal((await found())?.mustChangePassword, true);
      assert.match(String(visitor.page.headers['cache-control']), /no-store/);
      assert.doesNotMatch(visitor.page.html, /lang=nl/, 'another language would lose it');
      const shown = person('/password/made');
      assert.equal(visitor.page.path, shown, 'a page of its own, which no browser sends again');
      assert.ok(![...visitor.cookies.values()].some((value) => value.includes(told)));
      await visitor.open(shown);
      assert.ok(!visitor.page.text.includes(told));
      assert.match(visitor.page.text, /This was shown once, and is not shown again/);
      assert.match(visitor.page.html, /lang=nl/, 'there is nothing to lose any more');
      await visitor.open(person());
      assert.ok(!visitor.page.text.includes(told));
    });

    it('is told that password on its own page alone, by a cookie that nobody else can read', async () => {
      await visitor.open(person('/password'));
      const csrf = /name="csrf" value="([^"]+)"/.exec(visitor.page.html)?.[1] ?? assert.fail();
      const ask = (method: 'GET' | 'POST', url: string, more: readonly string[] = []) =>
        pages.server.inject({
          method,
          url,
          headers: {
            host: new URL(testOrigin).host,
            origin: testOrigin,
            'content-type': 'application/x-www-form-urlencoded',
            cookie: [...[...visitor.cookies].map((pair) => pair.join('=')), ...more].join('; '),
          },
          payload: method === 'POST' ? new URLSearchParams({ csrf }).toString() : '',
        });
      const sent = await ask('POST', person('/password'));
      assert.deepEqual([sent.statusCode, sent.headers.location], [303, person('/password/made')]);
      const cookie = sent.cookies.find(({ name }) => name.includes('shown-once'));
      assert.ok(cookie?.httpOnly === true && cookie.maxAge === 300);
      const handed = [`${cookie.name}=${cookie.value}`];
      const elsewhere = await ask('GET', person('/pass/made'), handed);
      assert.match(elsewhere.body, /This was shown once/, 'meant for another page');
      const shown = await ask('GET', person('/password/made'), handed);
      assert.match(shown.body, /This is shown only now/);
      assert.ok(shown.cookies.some(({ name, maxAge }) => name === cookie.name && maxAge === 0));
    });

    it('gets a pass, signs in with it and registers anew', async () => {
      await visitor.open(person('/pass'));
      await visitor.press('Make the pass', { minutes: '5' });
      assert.match(visitor.page.text, /Type a number of minutes from 10 to 43200/);
      assert.ok(visitor.page.html.includes(`href="${person('/pass')}?lang=nl"`), 'the same form');
      await visitor.press('Make the pass', { minutes: '60', length: '12', lost: '1' });
      const told = /Temporary Access Pass ((?:[0-9A-Z]{4} ){3})/.exec(visitor.page.text)?.[1] ?? '';
      assert.equal(told.replaceAll(' ', '').length, 12, visitor.page.text);
      assert.doesNotMatch(visitor.page.html, /lang=nl/, 'another language would lose it');
      const other = newVisitor(pages.server);
      await other.open('/sign-in');
      await other.press('Next', { name: bram.userPrincipalName });
      await other.press('Sign in with the pass', { pass: 'WRONG-PASS' });
      assert.match(other.page.text, /This user name and pass do not match/);
      await other.press('Sign in with the pass', { pass: told });
      assert.match(other.page.text, /Your admin has required that you set up this account/);
    });

    it('has their details changed, and hears of it at every address', async () => {
      await visitor.open(person('/edit'));
      await visitor.press('Save', { businessPhone: '12', businessPhoneExtension: 'x' });
      assert.equal(visitor.page.status, 422);
      assert.match(visitor.page.text, /Type a phone number that can be dialled/);
      await visitor.press('Save', {
        businessPhone: '020 123 4567',
        businessPhoneExtension: '88',
        preferredLanguage: 'nl',
      });
      assert.match(visitor.page.text, /The details were changed/);
      const now = await found();
      assert.equal(now?.businessPhone, '+31201234567');
      assert.equal(now?.businessPhoneExtension, '88');
      assert.equal(now?.otherMail, 'bram@home.example');
      assert.equal((await mails()).length, 2);
    });

    it('gets another user name and mailbox, and is told at the old one and the new one', async () => {
      const before = await found();
      assert.ok(before);
      await visitor.open(person());
      await visitor.follow('Change User name');
      assert.equal(visitor.page.heading, 'User name and mailbox of Bram Bakker');
      for (const [typed, fault] of [
        [{ userPrincipalName: 'bram' }, /Type a user name with an @ in it/],
        [{ userPrincipalName: 'br\u0430m@voorbeeld.example' }, /letters of one alphabet/],
        [{ userPrincipalName: anna.userPrincipalName.toUpperCase() }, /has this user name already/],
        [{ userPrincipalName: bram.userPrincipalName, mail: '' }, /Type one mail address/],
      ] as const) {
        await visitor.press('Save', typed);
        assert.equal(visitor.page.status, 422);
        assert.match(visitor.page.text, fault);
      }
      assert.deepEqual(await found(), before);
      await visitor.press('Save', { mail: 'bram@voorbeeld.example' });
      assert.match(visitor.page.text, /There was nothing to change/);
      assert.deepEqual(await mails(), []);

      await visitor.open(person('/rename'));
      const changed = {
        userPrincipalName: 'b.visser@voorbeeld.example',
        mail: 'b.visser@voorbeeld.example',
      };
      await visitor.press('Save', { ...changed, mail: ` ${changed.mail} ` });
      assert.match(visitor.page.text, /The user name or the mailbox was changed/);
      assert.deepEqual(await found(), { ...before, ...changed });
      const told = (await pages.sent()).flatMap(({ message }) =>
        message.kind === 'mail' ? [message.to] : [],
      );
      assert.deepEqual(told.toSorted(), [
        'b.visser@voorbeeld.example',
        'bram@home.example',
        'bram@voorbeeld.example',
      ]);
      await visitor.follow('Whole history');
      assert.match(
        visitor.page.text,
        /Details changed .*Mailbox, User name: from bram@voorbeeld.example to b.visser@/,
      );
    });

    it('is not said to have given the wrong answers that came in their name', async () => {
      const stranger = newVisitor(pages.server);
      await stranger.open('/sign-in');
      await stranger.press('Next', { name: bram.userPrincipalName });
      await stranger.press('Sign in', { password: 'guessed' });
      await visitor.open(person('/history'));
      assert.match(visitor.page.text, /Wrong password Somebody unknown/);
      await visitor.open(person('/sign-ins'));
      assert.match(
        visitor.page.text,
        /Refused Wrong password Password: wrong password 127\.0\.0\.1/,
      );
    });

    it('has one method deleted', async () => {
      const [phone] = await pages.stores.registrations.list(bram.id);
      await visitor.open(person(`/methods/${phone?.id ?? ''}`));
      assert.match(visitor.page.text, /\+31 ·· ·· ·· 12/);
      await visitor.press('Delete');
      assert.deepEqual(await pages.stores.registrations.list(bram.id), []);
      assert.match((await mails()).join(), /method of your .* was deleted/);
    });

    it('is moved to another state, switched off and on, and asked to register anew', async () => {
      await visitor.open(person('/state'));
      await visitor.press('Save', { state: 'disabled' });
      assert.match(visitor.page.text, /The state was changed/);
      await visitor.open(person('/switch-off'));
      await visitor.press('Switch off');
      assert.match(visitor.page.text, /This account is switched off/);
      await visitor.follow('Switch the account on');
      await visitor.press('Switch on');
      await visitor.follow('Require re-register');
      await visitor.press('Require re-register');
      assert.match(visitor.page.text, /Nothing registered/);
    });

    it('is removed for good by a global administrator who types the user name, and by nobody else', async () => {
      await visitor.open(person());
      assert.doesNotMatch(visitor.page.text, /Remove the account/);
      await becomes('global-admin');
      await visitor.open(person());
      await visitor.follow('Remove the account');
      await visitor.press('Remove the account', { name: 'anna@voorbeeld.example' });
      assert.match(visitor.page.text, /That is not the user name of this account/);
      assert.ok((await pages.stores.users.find(bram.id)) !== undefined);
      await visitor.press('Remove the account', {
        name: ` ${bram.userPrincipalName.toUpperCase()}`,
      });
      assert.equal(visitor.page.heading, 'Users');
      assert.match(visitor.page.text, /The account was removed/);
      assert.equal(await pages.stores.users.find(bram.id), undefined);
      assert.deepEqual(await pages.stores.registrations.list(bram.id), []);
      assert.equal((await visitor.open(person())).status, 404);
    });
  });

  describe('the help desk', () => {
    beforeEach(() => becomes('help-desk'));

    it('sees no way to a password, a pass, a state or an address', async () => {
      await visitor.open(person());
      assert.match(visitor.page.text, /Require re-register/);
      assert.doesNotMatch(
        visitor.page.text,
        /Temporary|Switch the account|Change (?:Multi|User name|Mailbox)/,
      );
      await visitor.open(person('/edit'));
      assert.match(visitor.page.text, /Your role does not change this/);
      for (const act of ['/pass', '/password', '/state', '/switch-off', '/rename']) {
        assert.equal((await visitor.open(person(act))).status, 403, act);
      }
      await visitor.follow('Back to Users');
      assert.equal(visitor.page.heading, 'Users');
      assert.equal((await visitor.open('/admin/users/nobody')).status, 404);
      await visitor.follow('Back to Users');
      assert.equal(visitor.page.heading, 'Users');
    });

    it('makes a pass for people without a role, where the organisation says so', async () => {
      await pages.policies.change((policy) => ({
        ...policy,
        administration: { helpDeskIssuesPasses: true },
      }));
      await visitor.open(person());
      assert.match(visitor.page.text, /Temporary Access Pass/);
      assert.doesNotMatch(visitor.page.text, /Temporary password|Switch the account/);
      assert.equal((await visitor.open(person('/pass'))).status, 200);
      await pages.stores.users.change(bram.id, { role: 'reports-reader' });
      assert.equal((await visitor.open(person('/pass'))).status, 403);
    });

    it('cannot touch anybody who has a role, nor write what its form does not show', async () => {
      await visitor.open(person('/block'));
      await pages.stores.users.change(bram.id, { role: 'reports-reader' });
      await visitor.press('Block', { reason: 'mine' });
      assert.equal(visitor.page.status, 403);
      assert.equal((await found())?.blocked, undefined);
      await visitor.open(person());
      assert.match(visitor.page.text, /You can look, and change nothing/);
    });
  });
});
