import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import type { User } from '../../accounts/user.ts';
import { revokeEverything } from '../../signin/revoke-everything.ts';
import { startProvider, type Provider } from '../../../test/support/provider.ts';
import { newBrowser, type Browser } from '../../../test/support/wire-browser.ts';
import {
  ensureSampleApplication,
  sampleApplicationName,
  startSampleApplication,
  type SampleApplication,
} from './sample-app.ts';

describe('the sample application', () => {
  let provider: Provider;
  let app: SampleApplication;
  let chris: User;
  /** The same person at the application and at Tweestap, which are two sites. */
  let there: Browser;
  let here: Browser;
  before(async () => {
    provider = await startProvider();
    app = await startSampleApplication({
      issuer: provider.origin,
      port: 0,
      applications: provider.applications,
      store: provider.stores.applications,
    });
    chris = await provider.person({
      userPrincipalName: 'chris@voorbeeld.example',
      displayName: 'Chris Bakker',
      groups: ['board'],
    });
    await provider.app(chris);
  });
  after(async () => {
    await app.stop();
    await provider.close();
  });
  beforeEach(() => {
    there = newBrowser(app.origin);
    here = provider.browser();
  });

  /** Goes on between the two sites until a page is shown. */
  const goOn = async (): Promise<Browser> => {
    for (let hops = 0; hops < 6; hops += 1) {
      if (there.screen.isElsewhere) await here.open(there.screen.url);
      else return there;
      if (!here.screen.isElsewhere) return here;
      await there.open(here.screen.url);
    }
    return assert.fail('sent round in circles');
  };
  const signsIn = async (): Promise<void> => {
    await there.open('/sign-in');
    const at = await goOn();
    if (at === here) {
      await provider.signsIn(here, chris);
      await there.open(here.screen.url);
    }
    assert.equal(there.screen.heading, 'Hello Chris Bakker');
  };

  it('says who it is, in the visitor’s language', async () => {
    await there.open('/');
    assert.equal(there.screen.heading, 'Welcome');
    const dutch = newBrowser(app.origin, { language: 'nl' });
    await dutch.open('/');
    assert.equal(dutch.screen.heading, 'Welkom');
    await there.open('/?lang=nl');
    assert.equal(there.screen.heading, 'Welkom');
    assert.match(there.screen.html, /<html lang="nl">/);
  });

  it('shows who signed in, and how', async () => {
    await signsIn();
    const { html } = there.screen;
    for (const told of [
      'chris@voorbeeld.example',
      'board',
      'In two steps',
      'password, one-time code, two different things',
      'https://refeds.org/profile/mfa',
      'pwd otp mfa',
      chris.id,
    ]) {
      assert.ok(html.includes(told), told);
    }
    assert.doesNotMatch(html, /<script>|style=|\son[a-z]+="/);
  });

  it('can ask for the second step again', async () => {
    await signsIn();
    const first = /datetime="([^"]+)"/.exec(there.screen.html)?.[1] ?? '';
    provider.clock.advanceSeconds(5);
    await there.open('/step-up');
    assert.equal(await goOn(), here);
    assert.equal(here.screen.heading, 'Enter the verification code from the mobile app');
    await provider.signsIn(here, chris);
    await there.open(here.screen.url);
    assert.equal(there.screen.heading, 'Hello Chris Bakker');
    const second = /datetime="([^"]+)"/.exec(there.screen.html)?.[1] ?? '';
    assert.ok(second > first);
  });

  it('signs out here and there', async () => {
    await signsIn();
    await there.press('Sign out');
    // The application shows its own ID token: nobody is asked again.
    await goOn();
    assert.ok(here.screen.isElsewhere);
    await there.open(here.screen.url);
    assert.equal(there.screen.url.pathname, '/signed-out');
    assert.match(there.screen.html, /You are signed out\./);
    await there.open('/sign-in');
    assert.equal((await goOn()).screen.heading, 'Sign in');
  });

  /** Word of a sign-out is on its way when the browser is answered; it arrives within seconds. */
  const hearsOfIt = async (): Promise<void> => {
    const deadline = Date.now() + 5000;
    while ((await (await there.ask('/signed-in')).text()) !== 'no') {
      assert.ok(Date.now() < deadline, 'nobody told the application');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  it('hears that somebody signed out elsewhere, and says so once', async () => {
    await signsIn();
    assert.equal(await (await there.ask('/signed-in')).text(), 'yes');
    await here.open('/');
    await here.press('Sign out');
    await hearsOfIt();
    await there.open('/');
    assert.equal(there.screen.heading, 'Welcome');
    assert.match(there.screen.html, /Tweestap told this website that your sign-in has ended/);
    await there.open('/');
    assert.doesNotMatch(there.screen.html, /has ended/);
  });

  it('hears that everything of a person was ended', async () => {
    await signsIn();
    await provider.database.transact((stores) =>
      revokeEverything(stores, {
        userId: chris.id,
        reason: 'blocked',
        actor: 'command-line',
        appPasswords: false,
        at: provider.clock.now(),
      }),
    );
    await provider.oidc.tellRevocations();
    await hearsOfIt();
  });

  it('believes no forged word of it', async () => {
    await signsIn();
    const claims = Buffer.from(JSON.stringify({ sub: chris.id })).toString('base64url');
    const none = Buffer.from('{"alg":"none","typ":"logout+jwt"}').toString('base64url');
    for (const token of ['', 'x', `${none}.${claims}.`, 'a'.repeat(20_000)]) {
      const { status } = await there.ask('/backchannel-logout', {
        method: 'POST',
        body: new URLSearchParams({ logout_token: token }),
      });
      assert.equal(status, 400);
    }
    assert.equal(await (await there.ask('/signed-in')).text(), 'yes');
    const forged = await there.ask('/sign-out', {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
    });
    assert.equal(forged.status, 403);
    await there.open('/');
    assert.equal(there.screen.heading, 'Hello Chris Bakker');
  });

  it('takes nobody in who did not begin here', async () => {
    await there.open('/callback?code=x&state=y');
    assert.equal(there.screen.status, 400);
    await there.open('/sign-in');
    const state = there.screen.url.searchParams.get('state') ?? '';
    await there.open(`/callback?error=access_denied&state=${state}`);
    assert.match(there.screen.html, /Signing in was stopped/);
    await there.open('/nowhere');
    assert.equal(there.screen.status, 404);
  });

  it('says so when Tweestap does not answer', async () => {
    const alone = await startSampleApplication({
      issuer: 'http://127.0.0.1:9',
      port: 0,
      applications: provider.applications,
      store: { list: async () => [] },
    });
    try {
      const browser = newBrowser(alone.origin);
      await browser.open('/sign-in');
      assert.equal(browser.screen.status, 503);
    } finally {
      await alone.stop();
    }
  });

  it('is registered once, and anew at another address', async () => {
    const { applications, stores } = provider;
    const parts = { applications, store: stores.applications };
    const first = await ensureSampleApplication({ ...parts, origin: 'http://localhost:5001' });
    const again = await ensureSampleApplication({ ...parts, origin: 'http://localhost:5001' });
    assert.equal(first.clientId, again.clientId);
    assert.equal(first.clientSecret, again.clientSecret);
    const moved = await ensureSampleApplication({ ...parts, origin: 'http://localhost:5002' });
    assert.notEqual(moved.clientId, first.clientId);
    const all = await applications.list();
    assert.equal(all.filter(({ name }) => name === sampleApplicationName).length, 1);
  });
});
