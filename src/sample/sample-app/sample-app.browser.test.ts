/**
 * The way between an application and us in Chromium, which holds forms to `form-action` through every
 * redirect, pages to their policy, and looks at both sites with axe.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';

import * as z from 'zod';

import type { User } from '../../accounts/user.ts';
import {
  startChromium,
  withoutChromium,
  type Chromium,
  type Window,
} from '../../../test/support/chromium.ts';
import { startProvider, type Provider } from '../../../test/support/provider.ts';
import { relyingParty } from '../../../test/support/relying-party.ts';
import { password } from '../../../test/support/signin.ts';
import { startSampleApplication, type SampleApplication } from './sample-app.ts';

describe('the way between an application and us in a browser', { skip: withoutChromium }, () => {
  let provider: Provider;
  let app: SampleApplication;
  let chromium: Chromium;
  let window: Window;
  let chris: User;
  before(async () => {
    [provider, chromium] = await Promise.all([startProvider(), startChromium()]);
    app = await startSampleApplication({
      issuer: provider.origin,
      port: 0,
      applications: provider.applications,
      store: provider.stores.applications,
    });
    chris = await provider.person({
      userPrincipalName: 'chris@voorbeeld.example',
      displayName: 'Chris Bakker',
    });
    await provider.app(chris);
  });
  after(async () => {
    await chromium.close();
    await app.stop();
    await provider.close();
  });
  beforeEach(async () => {
    window = await chromium.window({ origins: [app.origin, provider.origin] });
  });
  afterEach(async () => {
    const complaints = window.complaints();
    await window.close();
    assert.deepEqual(complaints, []);
  });

  const provesTheApp = async (): Promise<void> => {
    await window.sees('Enter the verification code from the mobile app');
    provider.clock.advanceSeconds(30);
    await window.page.locator('input[name=code]').fill(provider.appCode());
    await window.press('Verify');
  };
  const signsIn = async (): Promise<void> => {
    await window.open(`${app.origin}/`);
    await window.follow('Sign in');
    await window.sees('Sign in');
    await window.page.locator('input[name=name]').fill(chris.userPrincipalName);
    await window.press('Next');
    await window.sees('Enter your password');
    await window.page.locator('input[name=password]').fill(password);
    await window.press('Sign in');
    await provesTheApp();
    await window.sees('Hello Chris Bakker');
  };

  it('leads there and back', async () => {
    await signsIn();
    assert.equal(window.page.url(), `${app.origin}/`);
    await nothingSerious();
  });

  it('leads there and back for the second step alone', async () => {
    await signsIn();
    provider.clock.advanceSeconds(1);
    await window.follow('Ask for the second step again');
    await provesTheApp();
    await window.sees('Hello Chris Bakker');
  });

  it('leads from signing out here to signing out there, and back', async () => {
    await signsIn();
    await window.press('Sign out');
    await window.page.waitForURL(`${app.origin}/signed-out`);
    await window.reads('You are signed out.');
    await nothingSerious();
    await window.open(`${app.origin}/sign-in`);
    await window.sees('Sign in');
  });

  it('can be left without signing out', async () => {
    await signsIn();
    await window.open(`${provider.origin}/oidc/end-session`);
    await window.sees('Sign out?');
    await window.follow('Stay signed in');
    await window.sees('My Profile');
  });

  it('shows within seconds that somebody signed out elsewhere', async () => {
    await signsIn();
    const other = await window.newTab();
    await other.open(`${provider.origin}/`);
    await other.press('Sign out');
    await other.sees('You are signed out');
    await window.reads('Tweestap told this website that your sign-in has ended.');
  });

  it('can be posted by a form of the engine, whose script is named by its hash', async () => {
    const inbox = await collectForms();
    try {
      const redirectUri = `${inbox.origin}/callback`;
      const added = await provider.application({ name: 'Forms', redirectUris: [redirectUri] });
      const forms = await relyingParty(provider.origin, added, redirectUri);
      await signsIn();
      const { address, state } = await forms.begin({ response_mode: 'form_post' });
      const posts = await chromium.window({ origins: [provider.origin, inbox.origin] });
      await posts.context.addCookies(await window.context.cookies(provider.origin));
      await posts.open(address.href);
      await posts.sees('received');
      assert.equal(inbox.received[0]?.get('state'), state);
      assert.equal(inbox.received[0].get('iss'), provider.origin);
      const complaints = posts.complaints();
      await posts.close();
      assert.deepEqual(complaints, []);
    } finally {
      inbox.server.close();
      inbox.server.closeAllConnections();
    }
  });

  it('says what is wrong with a request on a page one can read', async () => {
    await window.open(`${provider.origin}/oidc/authorize?client_id=nobody`);
    await window.sees('We can’t open this app');
    await nothingSerious();
    await window.follow('Nederlands');
    await window.sees('We kunnen deze app niet openen');
  });

  /** Neither site has a fault that axe calls serious. */
  async function nothingSerious(): Promise<void> {
    await window.page.evaluate(axe);
    const found: unknown = await window.page.evaluate('axe.run()');
    const { violations } = z
      .object({ violations: z.array(z.object({ id: z.string(), impact: z.string().nullable() })) })
      .parse(found);
    assert.deepEqual(
      violations.filter(({ impact }) => impact === 'serious' || impact === 'critical'),
      [],
    );
  }
});

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** An application that takes what is posted to it. */
async function collectForms(): Promise<{
  readonly origin: string;
  readonly server: Server;
  readonly received: URLSearchParams[];
}> {
  const received: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (request.method === 'POST') received.push(new URLSearchParams(body));
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><link rel="icon" href="data:,"><h1>received</h1>');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { origin: `http://localhost:${address.port}`, server, received };
}
