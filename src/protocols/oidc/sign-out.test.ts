import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { after, before, beforeEach, describe, it } from 'node:test';

import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';
import * as client from 'openid-client';

import type { User } from '../../accounts/user.ts';
import { revokeEverything } from '../../signin/revoke-everything.ts';
import { startProvider, type Provider } from '../../../test/support/provider.ts';
import { relyingParty, type RelyingParty } from '../../../test/support/relying-party.ts';
import type { Browser } from '../../../test/support/wire-browser.ts';

const bye = 'https://intranet.example/bye';

describe('signing out', () => {
  let provider: Provider;
  let anna: User;
  let intranet: RelyingParty;
  let wiki: RelyingParty;
  let listener: Server;
  let browser: Browser;
  /** What applications were told, by path. */
  let told: { readonly path: string; readonly token: string }[] = [];
  let isIntranetDown = false;
  before(async () => {
    provider = await startProvider();
    listener = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const token = new URLSearchParams(body).get('logout_token') ?? '';
        told.push({ path: request.url ?? '', token });
        response.statusCode = isIntranetDown && request.url === '/intranet' ? 400 : 200;
        response.end();
      });
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const address = listener.address();
    assert.ok(address !== null && typeof address === 'object');
    const application = async (name: string) =>
      relyingParty(
        provider.origin,
        await provider.application({
          name,
          // That people are sent to this machine says that the application lives here.
          redirectUris: [`https://${name}.example/cb`, `http://127.0.0.1:${address.port}/cb`],
          postLogoutRedirectUris: [`https://${name}.example/bye`],
          backchannelLogoutUri: `http://127.0.0.1:${address.port}/${name}`,
        }),
        `https://${name}.example/cb`,
      );
    intranet = await application('intranet');
    wiki = await application('wiki');
    anna = await provider.person({
      userPrincipalName: 'anna@voorbeeld.example',
      perUserMfaState: 'disabled',
      preferredLanguage: 'nl',
    });
  });
  after(async () => {
    listener.close();
    await provider.close();
  });
  beforeEach(() => {
    told = [];
    isIntranetDown = false;
    browser = provider.browser();
  });

  const enters = async (application: RelyingParty) => {
    const errand = await application.begin();
    await browser.open(errand.address);
    if (!browser.screen.isElsewhere) await provider.signsIn(browser, anna);
    return application.redeem(browser.screen.url, errand);
  };
  const endOf = (application: RelyingParty, parameters: Readonly<Record<string, string>>): URL =>
    client.buildEndSessionUrl(application.config, parameters);
  const verified = async (token: string): Promise<JWTPayload> => {
    const keys = createRemoteJWKSet(new URL(`${provider.origin}/oidc/jwks`));
    const { payload } = await jwtVerify(token, keys, {
      issuer: provider.origin,
      typ: 'logout+jwt',
      algorithms: ['ES256'],
      requiredClaims: ['jti', 'events', 'exp', 'iat'],
    });
    return payload;
  };
  const isSignedIn = async (): Promise<boolean> => {
    const { heading } = await browser.open('/');
    return heading === 'Mijn profiel';
  };
  const isOver = async (application: RelyingParty, refreshToken: string | undefined) => {
    await assert.rejects(
      application.refresh(refreshToken ?? ''),
      (error) => error instanceof client.ResponseBodyError && error.error === 'invalid_grant',
    );
  };

  it('asks first whoever was sent here by anybody, in the person’s language', async () => {
    await enters(intranet);
    const { status, heading, html, headers } = await browser.open(
      endOf(intranet, { post_logout_redirect_uri: bye, state: 'x y' }),
    );
    assert.deepEqual([status, heading], [200, 'Afmelden?']);
    assert.match(html, /intranet vraagt ons om u af te melden/);
    assert.match(html, /anna@voorbeeld\.example/);
    assert.match(headers.get('content-security-policy') ?? '', /form-action 'self'/);
    assert.doesNotMatch(html, /<script>|style=/);
    // Whoever stays is not led to where the application says goodbye.
    assert.match(html, /<a[^>]*href="\/"[^>]*>.*Aangemeld blijven/);
    assert.doesNotMatch(html, /href="https:/);
    assert.ok(await isSignedIn());
    assert.deepEqual(told, []);
  });

  it('asks nobody where the application shows its ID token, tells every one, and leads back', async () => {
    const first = await enters(intranet);
    const second = await enters(wiki);
    const { url, isElsewhere } = await browser.open(
      endOf(intranet, {
        id_token_hint: first.id_token ?? '',
        post_logout_redirect_uri: bye,
        state: 's',
      }),
    );
    assert.ok(isElsewhere);
    assert.equal(url.href, `${bye}?state=s`);

    assert.deepEqual(told.map(({ path }) => path).toSorted(), ['/intranet', '/wiki']);
    for (const { path, token } of told) {
      const payload = await verified(token);
      const { claims } = path === '/wiki' ? second : first;
      const mine = path === '/wiki' ? second.claims() : first.claims();
      assert.equal(payload.sub, anna.id);
      assert.equal(payload['sid'], mine?.['sid']);
      assert.equal(payload.aud, mine?.aud);
      assert.ok(claims !== undefined && payload['nonce'] === undefined);
      assert.deepEqual(payload['events'], {
        'http://schemas.openid.net/event/backchannel-logout': {},
      });
    }
    await isOver(intranet, first.refresh_token);
    await isOver(wiki, second.refresh_token);
    assert.equal(browser.cookie('tweestap-oidc'), undefined);
    assert.equal(await isSignedIn(), false);
    const errand = await intranet.begin({ prompt: 'none' });
    const back = await browser.open(errand.address);
    assert.equal(back.url.searchParams.get('error'), 'login_required');
    const audited = await provider.stores.audit.list({ kind: 'signed-out', limit: 10 });
    assert.equal(audited[0]?.userId, anna.id);
  });

  it('may be posted by the application, as its sign-in may', async () => {
    const { id_token: hint = '' } = await enters(intranet);
    const { address } = await intranet.begin({ prompt: 'none' });
    const parameters = new URLSearchParams({ id_token_hint: hint, post_logout_redirect_uri: bye });
    const posted = async (path: string, body: URLSearchParams): Promise<string> => {
      // As from another site: without a cookie.
      const { status, headers } = await fetch(new URL(path, provider.origin), {
        method: 'POST',
        redirect: 'manual',
        headers: { origin: 'https://intranet.example', 'sec-fetch-site': 'cross-site' },
        body,
      });
      assert.equal(status, 303);
      return headers.get('location') ?? '';
    };
    const signIn = await browser.open(await posted('/oidc/authorize', address.searchParams));
    assert.ok(signIn.url.searchParams.has('code'), signIn.url.href);
    assert.ok(await isSignedIn());
    const signOut = await browser.open(await posted('/oidc/end-session', parameters));
    assert.equal(signOut.url.href, bye);
    assert.equal(await isSignedIn(), false);
  });

  it('asks all the same where the ID token is somebody else’s or of an earlier session', async () => {
    const eva = await provider.person({
      userPrincipalName: 'eva@voorbeeld.example',
      perUserMfaState: 'disabled',
    });
    const evas = provider.browser();
    const errand = await intranet.begin();
    await evas.open(errand.address);
    await provider.signsIn(evas, eva);
    const foreign = await intranet.redeem(evas.screen.url, errand);
    const earlier = await enters(intranet);
    browser = provider.browser();
    await enters(intranet);
    for (const { id_token: hint = '' } of [foreign, earlier]) {
      const { heading } = await browser.open(
        endOf(intranet, { id_token_hint: hint, post_logout_redirect_uri: bye }),
      );
      assert.equal(heading, 'Afmelden?');
      assert.ok(await isSignedIn());
    }
    // Nor does an ID token of an application that this session never opened end it.
    const { id_token: elsewhere = '' } = await (async () => {
      const other = provider.browser();
      const begun = await wiki.begin();
      await other.open(begun.address);
      await provider.signsIn(other, anna);
      return wiki.redeem(other.screen.url, begun);
    })();
    const { heading } = await browser.open(endOf(wiki, { id_token_hint: elsewhere }));
    assert.equal(heading, 'Afmelden?');
    assert.deepEqual(told, []);
  });

  it('leads back after the person said yes', async () => {
    await enters(intranet);
    await browser.open(endOf(intranet, { post_logout_redirect_uri: bye, state: 's' }));
    await browser.press('Afmelden');
    assert.ok(browser.screen.isElsewhere);
    assert.equal(browser.screen.url.href, `${bye}?state=s`);
    assert.deepEqual(
      told.map(({ path }) => path),
      ['/intranet'],
    );
    assert.equal(await isSignedIn(), false);
  });

  it('shows that it is done where no application waits', async () => {
    await enters(intranet);
    await browser.open('/oidc/end-session');
    assert.equal(browser.screen.heading, 'Afmelden?');
    await browser.press('Afmelden');
    assert.equal(browser.screen.url.pathname, '/signed-out');
    assert.equal(await isSignedIn(), false);
  });

  it('goes on at once for somebody who is signed out already', async () => {
    const { id_token: hint = '' } = await enters(intranet);
    await provider.stores.sessions.removeAll(anna.id);
    const { url, isElsewhere } = await browser.open(
      endOf(intranet, { id_token_hint: hint, post_logout_redirect_uri: bye }),
    );
    assert.ok(isElsewhere);
    assert.equal(url.href, bye);
    await until(() => told.length === 1);
  });

  it('cannot be caused by a page of somebody else', async () => {
    await enters(intranet);
    const { html } = await browser.open('/oidc/end-session');
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
    const forge = async (headers: Readonly<Record<string, string>>, token: string) => {
      const response = await browser.ask('/oidc/end-session/confirm', {
        method: 'POST',
        headers,
        body: new URLSearchParams({ xsrf: token, logout: 'yes' }),
      });
      return response.status;
    };
    assert.equal(await forge({ origin: 'https://evil.example' }, xsrf), 403);
    assert.equal(await forge({ 'sec-fetch-site': 'cross-site' }, xsrf), 403);
    assert.equal(await forge({ origin: provider.origin }, 'guessed'), 400);
    assert.ok(await isSignedIn());
    assert.deepEqual(told, []);
  });

  it('on My Profile tells every application too', async () => {
    const first = await enters(intranet);
    await enters(wiki);
    await browser.open('/');
    await browser.press('Afmelden');
    assert.equal(browser.screen.url.pathname, '/signed-out');
    assert.deepEqual(told.map(({ path }) => path).toSorted(), ['/intranet', '/wiki']);
    await isOver(intranet, first.refresh_token);
    assert.equal(browser.cookie('tweestap-oidc'), undefined);
  });

  it('works though an application refuses to listen', async () => {
    isIntranetDown = true;
    const first = await enters(intranet);
    await enters(wiki);
    await browser.open('/');
    await browser.press('Afmelden');
    assert.equal(browser.screen.url.pathname, '/signed-out');
    assert.equal(told.length, 2);
    await isOver(intranet, first.refresh_token);
    assert.ok(
      provider.events.some((event) => event.kind === 'told' && event.result === 400),
      'the operator hears of it',
    );
    assert.deepEqual(
      provider.events.filter(({ kind }) => kind === 'failed'),
      [],
    );
  });

  it('happens by itself when somebody else signs in, and their applications differ', async () => {
    const bram = await provider.person({
      userPrincipalName: 'bram@voorbeeld.example',
      perUserMfaState: 'disabled',
    });
    const annas = await enters(intranet);
    await provider.stores.sessions.removeAll(anna.id);
    const errand = await wiki.begin();
    await browser.open(errand.address);
    await provider.signsIn(browser, bram);
    const tokens = await wiki.redeem(browser.screen.url, errand);
    assert.equal(tokens.claims()?.sub, bram.id);
    await until(() => told.length === 1);
    assert.equal(told[0]?.path, '/intranet');
    assert.equal((await verified(told[0].token)).sub, anna.id);
    await isOver(intranet, annas.refresh_token);
  });

  it('happens by itself when an account is switched off', async () => {
    await enters(intranet);
    await provider.stores.users.change(anna.id, { accountEnabled: false });
    const { isElsewhere, heading } = await browser.open((await intranet.begin()).address);
    assert.deepEqual([isElsewhere, heading], [false, 'Sign in']);
    await until(() => told.length === 1);
    await provider.stores.users.change(anna.id, { accountEnabled: true });
  });

  it('everywhere puts nobody out who came in again before it was told', async () => {
    const before = await enters(intranet);
    await provider.database.transact((stores) =>
      revokeEverything(stores, {
        userId: anna.id,
        reason: 'first-method-registered',
        actor: anna.id,
        appPasswords: false,
        at: provider.clock.now(),
      }),
    );
    browser = provider.browser();
    const after = await enters(intranet);
    await provider.oidc.tellRevocations();
    const words = await Promise.all(
      told.map(async ({ path, token }) => ({ path, ...(await verified(token)) })),
    );
    const toIntranet = words
      .filter(({ path }) => path === '/intranet')
      .map((word) => ('sid' in word ? word['sid'] : 'of everybody'));
    assert.ok(toIntranet.includes(before.claims()?.['sid']));
    assert.ok(!toIntranet.includes('of everybody'));
    assert.ok(!toIntranet.includes(after.claims()?.['sid']));
  });

  it('everywhere, by whoever may do that, is told to every application that listens', async () => {
    const tokens = await enters(intranet);
    await provider.oidc.tellRevocations();
    assert.equal(told.length, 0);
    await provider.database.transact((stores) =>
      revokeEverything(stores, {
        userId: anna.id,
        reason: 'blocked',
        actor: 'command-line',
        appPasswords: false,
        at: provider.clock.now(),
      }),
    );
    await isOver(intranet, tokens.refresh_token);
    await provider.oidc.tellRevocations();
    const words = await Promise.all(
      told.map(async ({ path, token }) => ({ path, ...(await verified(token)) })),
    );
    assert.ok(words.every(({ sub }) => sub === anna.id));
    // Once for all of a person's sessions, and for each that an application may know by its `sid` alone.
    const everywhere = words.filter((word) => !('sid' in word)).map(({ path }) => path);
    assert.deepEqual(everywhere.toSorted(), ['/intranet', '/wiki']);
    const mine = tokens.claims()?.['sid'];
    const one = words.filter((word) => 'sid' in word && word['sid'] === mine);
    assert.deepEqual(
      one.map(({ path }) => path),
      ['/intranet'],
    );
    // What was told is not told again when the browser comes by.
    told = [];
    await browser.open((await intranet.begin()).address);
    assert.equal(browser.screen.heading, 'Sign in');
    assert.deepEqual(told, []);
  });
});

/** Waits for what goes on behind the person's back. */
async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo() && tries < 200; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.ok(isSo(), 'it did not come to that');
}
