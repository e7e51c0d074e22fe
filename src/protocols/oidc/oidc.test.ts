import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { after, before, describe, it } from 'node:test';

import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as client from 'openid-client';
import * as z from 'zod';

import type { User } from '../../accounts/user.ts';
import { startProvider, type Provider } from '../../../test/support/provider.ts';
import { relyingParty, type RelyingParty } from '../../../test/support/relying-party.ts';
import type { Browser } from '../../../test/support/wire-browser.ts';

const callback = 'https://intranet.example/callback';
const mfa = 'https://refeds.org/profile/mfa';
const sfa = 'https://refeds.org/profile/sfa';
const codeHeading = 'Enter the verification code from the mobile app';

describe('an application in front of us', () => {
  let provider: Provider;
  let els: User;
  let chris: User;
  let intranet: RelyingParty;
  before(async () => {
    provider = await startProvider();
    els = await provider.person({
      userPrincipalName: 'els@voorbeeld.example',
      displayName: 'Els Jansen',
      mail: 'els@voorbeeld.example',
      groups: ['staff', 'works council'],
      preferredLanguage: 'nl',
      perUserMfaState: 'disabled',
    });
    chris = await provider.person({ userPrincipalName: 'chris@voorbeeld.example' });
    await provider.app(chris);
    intranet = await applicationOf({ name: 'Intranet', redirectUris: [callback] });
  });
  after(() => provider.close());

  const applicationOf = async (
    request: Parameters<Provider['application']>[0],
  ): Promise<RelyingParty> =>
    relyingParty(
      provider.origin,
      await provider.application(request),
      request.redirectUris?.[0] ?? '',
    );
  /** Opens an application and signs in where that is asked; where it ends, and what came of it. */
  const opens = async (
    browser: Browser,
    user: User,
    parameters?: Readonly<Record<string, string>>,
    application = intranet,
  ) => {
    const errand = await application.begin(parameters);
    await browser.open(errand.address);
    if (!browser.screen.isElsewhere) await provider.signsIn(browser, user);
    assert.ok(browser.screen.isElsewhere, `not there but at: ${browser.screen.heading}`);
    return application.redeem(browser.screen.url, errand);
  };
  /** What an application is told where nobody may be asked. */
  const asksSilently = async (
    browser: Browser,
    parameters: Readonly<Record<string, string>> = {},
  ) => {
    const errand = await intranet.begin({ prompt: 'none', ...parameters });
    const { url, isElsewhere } = await browser.open(errand.address);
    assert.ok(isElsewhere);
    assert.equal(url.searchParams.get('state'), errand.state);
    assert.equal(url.searchParams.get('iss'), provider.origin);
    return url.searchParams.get('error') ?? 'no error';
  };

  it('learns who signed in, and how', async () => {
    const tokens = await opens(provider.browser(), els);
    const { iss, aud, exp = 0, iat = 0, nonce, auth_time, ...claims } = tokens.claims() ?? {};
    assert.deepEqual(claims, {
      sub: els.id,
      acr: sfa,
      amr: ['pwd'],
      name: 'Els Jansen',
      preferred_username: 'els@voorbeeld.example',
      locale: 'nl',
      email: 'els@voorbeeld.example',
      email_verified: true,
      groups: ['staff', 'works council'],
    });
    assert.equal(iss, provider.origin);
    assert.equal(exp - iat, 3600);
    assert.ok(typeof nonce === 'string' && aud !== undefined);
    assert.ok(Math.abs(Number(auth_time) - Date.now() / 1000) < 60);
    assert.equal(decodeProtectedHeader(tokens.id_token ?? '').alg, 'ES256');

    const info = await intranet.userInfo(tokens.access_token, els.id);
    assert.deepEqual(info['groups'], ['staff', 'works council']);
    assert.equal(info.name, 'Els Jansen');
  });

  it('learns what its scopes say and no more', async () => {
    const claims = (await opens(provider.browser(), els, { scope: 'openid' })).claims();
    assert.deepEqual(Object.keys(claims ?? {}).toSorted(), [
      'acr',
      'amr',
      'aud',
      'auth_time',
      'exp',
      'iat',
      'iss',
      'nonce',
      'sub',
    ]);
  });

  it('is told that two steps were taken', async () => {
    const claims = (await opens(provider.browser(), chris)).claims();
    assert.equal(claims?.['acr'], mfa);
    assert.deepEqual(claims['amr'], ['pwd', 'otp', 'mfa']);
  });

  it('opens without a question once somebody is signed in', async () => {
    const browser = provider.browser();
    await opens(browser, els);
    const other = await applicationOf({
      name: 'Wiki',
      redirectUris: ['https://wiki.example/back'],
    });
    const errand = await other.begin();
    const before = browser.visited.length;
    await browser.open(errand.address);
    assert.ok(browser.screen.isElsewhere);
    assert.equal(browser.visited.length - before, 1);
    assert.equal((await other.redeem(browser.screen.url, errand)).claims()?.sub, els.id);
  });

  it('opens for whoever signed in at My Profile', async () => {
    const browser = provider.browser();
    await browser.open('/sign-in');
    await provider.signsIn(browser, els);
    assert.equal(browser.screen.heading, 'Mijn profiel');
    assert.equal(await asksSilently(browser), 'no error');
  });

  it('can say who is expected, and in which language', async () => {
    const browser = provider.browser();
    const { address } = await intranet.begin({
      login_hint: 'els"@voorbeeld.example',
      ui_locales: 'fr-CA en-GB nl',
    });
    await browser.open(address);
    assert.match(browser.screen.html, /<html lang="en"/);
    assert.match(
      browser.screen.html,
      /<input [^>]*name="name" [^>]*value="els&quot;@voorbeeld\.example"/,
    );
    const unknown = await intranet.begin({ ui_locales: 'xx '.repeat(500) });
    await provider.browser().open(unknown.address);
  });

  it('is told that nobody is signed in, where nobody may be asked', async () => {
    assert.equal(await asksSilently(provider.browser()), 'login_required');
  });

  it('is told that a further step is needed, where nobody may be asked', async () => {
    const browser = provider.browser();
    await opens(browser, els);
    assert.equal(await asksSilently(browser), 'no error');
    assert.equal(await asksSilently(browser, { acr_values: mfa }), 'interaction_required');
    assert.equal(
      await asksSilently(browser, { id_token_hint: await hintOf(chris) }),
      'login_required',
    );
    provider.clock.advanceSeconds(5);
    assert.equal(await asksSilently(browser, { max_age: '4' }), 'login_required');
    assert.equal(await asksSilently(browser, { max_age: '600' }), 'no error');
    // Without a value it is as if it were not there (RFC 6749 §3.1).
    assert.equal(await asksSilently(browser, { max_age: '', acr_values: '' }), 'no error');
  });

  it('is told that it was somebody else, where only one person would do', async () => {
    for (const isSignedIn of [true, false]) {
      const browser = provider.browser();
      if (isSignedIn) await opens(browser, els);
      const errand = await intranet.begin({ id_token_hint: await hintOf(chris) });
      await browser.open(errand.address);
      assert.equal(browser.screen.isElsewhere, false);
      provider.clock.advanceSeconds(1);
      await provider.signsIn(browser, els);
      assert.ok(browser.screen.isElsewhere, browser.screen.heading);
      assert.equal(browser.screen.url.searchParams.get('error'), 'login_required');
      assert.equal(browser.screen.url.searchParams.get('state'), errand.state);
      assert.equal(await asksSilently(browser), 'no error');
    }
  });

  it('can ask for the second step again, and only for that', async () => {
    const browser = provider.browser();
    const first = (await opens(browser, chris)).claims();
    provider.clock.advanceSeconds(10);
    const errand = await intranet.begin({ acr_values: mfa, max_age: '0' });
    await browser.open(errand.address);
    assert.equal(browser.screen.heading, codeHeading);
    await provider.signsIn(browser, chris);
    const again = (await intranet.redeem(browser.screen.url, errand)).claims();
    assert.equal(again?.['acr'], mfa);
    assert.equal(Number(again['auth_time']) - Number(first?.['auth_time']), 40);
  });

  it('can ask for everything again', async () => {
    const browser = provider.browser();
    await opens(browser, els);
    provider.clock.advanceSeconds(10);
    const errand = await intranet.begin({ prompt: 'login' });
    await browser.open(errand.address);
    assert.equal(browser.screen.heading, 'Enter your password');
    await provider.signsIn(browser, els);
    const claims = (await intranet.redeem(browser.screen.url, errand)).claims();
    assert.equal(claims?.sub, els.id);
    provider.clock.advanceSeconds(10);
    assert.equal(await asksSilently(browser), 'no error');
  });

  it('asks for what is missing when it wants more than was proved', async () => {
    const browser = provider.browser();
    await provider.stores.users.change(chris.id, { perUserMfaState: 'disabled' });
    const first = (await opens(browser, chris)).claims();
    assert.equal(first?.['acr'], sfa);
    const errand = await intranet.begin({ acr_values: mfa });
    await browser.open(errand.address);
    assert.equal(browser.screen.heading, codeHeading);
    await provider.signsIn(browser, chris);
    const claims = (await intranet.redeem(browser.screen.url, errand)).claims();
    assert.deepEqual([claims?.['acr'], claims?.['amr']], [mfa, ['pwd', 'otp', 'mfa']]);
    await provider.stores.users.change(chris.id, { perUserMfaState: 'enforced' });
  });

  it('always gets two steps where it was registered so', async () => {
    const payroll = await applicationOf({
      name: 'Payroll',
      redirectUris: ['https://payroll.example/cb'],
      required: 'second-step',
    });
    await provider.stores.users.change(chris.id, { perUserMfaState: 'disabled' });
    const claims = (await opens(provider.browser(), chris, {}, payroll)).claims();
    assert.equal(claims?.['acr'], mfa);
    await provider.stores.users.change(chris.id, { perUserMfaState: 'enforced' });
  });

  it('does not let in who was signed in from before a second step was required', async () => {
    const browser = provider.browser();
    await provider.stores.users.change(chris.id, { perUserMfaState: 'disabled' });
    await opens(browser, chris);
    await provider.stores.users.change(chris.id, { perUserMfaState: 'enforced' });
    assert.equal(await asksSilently(browser), 'interaction_required');
  });

  it('is refused what nobody here can prove, if it insists', async () => {
    const acr = { essential: true, values: ['urn:odd'] };
    const errand = await intranet.begin({ claims: JSON.stringify({ id_token: { acr } }) });
    const { url } = await provider.browser().open(errand.address);
    assert.equal(url.searchParams.get('error'), 'unmet_authentication_requirements');
    assert.equal(url.searchParams.get('state'), errand.state);
  });

  it('lets nobody in without a security key, if it insists on one', async () => {
    const acr = { essential: true, values: ['phr'] };
    const errand = await intranet.begin({ claims: JSON.stringify({ id_token: { acr } }) });
    const browser = provider.browser();
    await browser.open(errand.address);
    const { heading } = await provider.signsIn(browser, chris);
    assert.equal(heading, 'One more method is needed');
    assert.match(browser.screen.html, /Intranet asks for a method/);
    assert.equal((await browser.open(errand.address)).isElsewhere, false);
  });

  it('asks for the combination of the strength that it requires', async () => {
    const strength = { id: 'two-things', name: 'Two', combinations: [['password', 'phone-call']] };
    await provider.policies.change((policy) => ({ ...policy, strengths: [strength] }));
    const bank = await applicationOf({
      name: 'Bank',
      redirectUris: ['https://bank.example/cb'],
      required: 'two-things',
    });
    const browser = provider.browser();
    assert.equal((await opens(browser, chris)).claims()?.['acr'], mfa);
    await browser.open((await bank.begin()).address);
    // An app is all that chris has, and it was proved just now.
    assert.equal(browser.screen.heading, 'One more method is needed');
    assert.match(browser.screen.html, /Bank asks/);
    const wish = await intranet.begin({ acr_values: 'urn:tweestap:strength:two-things' });
    await browser.open(wish.address);
    assert.equal(browser.screen.heading, 'One more method is needed');
    await assert.rejects(
      applicationOf({ name: 'Odd', redirectUris: ['https://odd.example/cb'], required: 'odd' }),
      /unknown-strength/,
    );
    // Nor may chris set it up: what it would take is said all the same.
    const off = { 'phone-call': { enabled: false } };
    await provider.policies.change((policy) => ({ ...policy, methods: off }));
    await browser.open((await bank.begin()).address);
    assert.equal(browser.screen.heading, 'We cannot verify your identity');
    assert.match(browser.screen.html, /Bank takes something of this kind: Authentication phone\./);
    await provider.policies.change((policy) => ({ ...policy, methods: {} }));
  });

  it('gets the class it asked for, where more was proved', async () => {
    const browser = provider.browser();
    const claims = (await opens(browser, chris, { acr_values: sfa })).claims();
    assert.equal(claims?.['acr'], sfa);
    assert.equal((await opens(browser, chris)).claims()?.['acr'], mfa);
    assert.equal(
      (await opens(browser, chris, { acr_values: `phr ${mfa}` })).claims()?.['acr'],
      mfa,
    );
  });

  it('can post its answer instead of putting it into the address', async () => {
    const browser = provider.browser();
    await opens(browser, els);
    const errand = await intranet.begin({ response_mode: 'form_post' });
    const { html, headers, status } = await browser.open(errand.address);
    assert.equal(status, 200);
    assert.match(html, /<form method="post" action="https:\/\/intranet\.example\/callback">/);
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /script-src 'self' 'sha256-[\w+/=]+'/);
    assert.doesNotMatch(policy, /form-action|unsafe/);
  });

  it('is understood with prompts that ask nothing here', async () => {
    const browser = provider.browser();
    await opens(browser, els);
    const errand = await intranet.begin({ prompt: 'consent' });
    assert.ok((await browser.open(errand.address)).isElsewhere);
    provider.clock.advanceSeconds(1);
    const other = await intranet.begin({ prompt: 'select_account' });
    assert.equal((await browser.open(other.address)).isElsewhere, false);
  });

  it('keeps a request that waits for a sign-in from other browsers', async () => {
    const errand = await intranet.begin();
    const browser = provider.browser();
    await browser.open(errand.address);
    const [, interaction = ''] = browser.visited;
    const stranger = provider.browser();
    await stranger.open(interaction);
    assert.equal(stranger.screen.status, 410);
    assert.equal(stranger.screen.heading, 'This took too long');
    const resume = interaction.replace('/interaction/', '/authorize/');
    await stranger.open(resume);
    assert.equal(stranger.screen.status, 400);
    assert.equal(stranger.screen.heading, 'This took too long');
  });

  it('shows a page in the person’s language when a request cannot be answered', async () => {
    const browser = provider.browser({ language: 'nl' });
    const { status, heading, html, headers } = await browser.open(
      '/oidc/authorize?client_id=nobody',
    );
    assert.equal(status, 400);
    assert.equal(heading, 'We kunnen deze app niet openen');
    assert.match(html, /<html lang="nl"[^>]*>.*<title>Fout: /s);
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/);
    assert.equal(headers.get('cache-control'), 'no-store');
  });

  it('gives a program its role, for our own interface only', async () => {
    const { clientId, clientSecret } = await provider.application({
      name: 'Reports',
      role: 'reports-reader',
    });
    const program = await relyingParty(provider.origin, { clientId, clientSecret }, '');
    const tokens = await client.clientCredentialsGrant(program.config);
    assert.equal(tokens.expires_in, 600);
    assert.equal(tokens.id_token, undefined);
    assert.equal(decodeProtectedHeader(tokens.access_token).typ, 'at+jwt');
    const { iat: _iat, exp: _exp, jti: _jti, ...payload } = decodeJwt(tokens.access_token);
    assert.deepEqual(payload, {
      sub: clientId,
      client_id: clientId,
      iss: provider.origin,
      aud: provider.origin,
      roles: ['reports-reader'],
    });
    await assert.rejects(client.fetchUserInfo(program.config, tokens.access_token, clientId));
    await assert.rejects(
      client.clientCredentialsGrant(intranet.config),
      isRefused('unauthorized_client', 'invalid_request'),
    );
    await assert.rejects(
      client.clientCredentialsGrant(program.config, { resource: 'https://elsewhere.example' }),
      isRefused('invalid_target'),
    );
    const thief = await relyingParty(provider.origin, { clientId, clientSecret: 'guessed' }, '');
    await assert.rejects(
      client.clientCredentialsGrant(thief.config),
      (error) => error instanceof client.WWWAuthenticateChallengeError && error.status === 401,
    );
  });

  it('finds in discovery what there is, and nothing that there is not', async () => {
    const found = intranet.config.serverMetadata();
    assert.equal(found.issuer, provider.origin);
    assert.equal(found.authorization_endpoint, `${provider.origin}/oidc/authorize`);
    assert.equal(found.end_session_endpoint, `${provider.origin}/oidc/end-session`);
    assert.deepEqual(found.response_types_supported, ['code']);
    assert.deepEqual(found.code_challenge_methods_supported, ['S256']);
    assert.deepEqual(found.id_token_signing_alg_values_supported, ['ES256']);
    assert.deepEqual(found.grant_types_supported?.toSorted(), [
      'authorization_code',
      'client_credentials',
      'refresh_token',
    ]);
    assert.deepEqual(found.acr_values_supported, [sfa, mfa, 'phr']);
    assert.equal(found.authorization_response_iss_parameter_supported, true);
    assert.equal(found.backchannel_logout_supported, true);
    for (const absent of [
      'registration_endpoint',
      'device_authorization_endpoint',
      'pushed_authorization_request_endpoint',
      'introspection_endpoint',
      'backchannel_authentication_endpoint',
    ] as const) {
      assert.equal(found[absent], undefined, absent);
    }
  });

  it('finds public keys only', async () => {
    const response = await fetch(`${provider.origin}/oidc/jwks`);
    assert.match(response.headers.get('cache-control') ?? '', /^public, max-age=\d+$/);
    const { keys } = z
      .object({ keys: z.array(z.record(z.string(), z.unknown())) })
      .parse(await response.json());
    assert.equal(keys.length, 1);
    assert.deepEqual(Object.keys(keys[0] ?? {}).toSorted(), [
      'alg',
      'crv',
      'kid',
      'kty',
      'use',
      'x',
      'y',
    ]);
  });

  it('is not open to scripts of other pages', async () => {
    const headers = { origin: 'https://evil.example' };
    for (const path of ['/.well-known/openid-configuration', '/oidc/jwks', '/oidc/userinfo']) {
      const response = await fetch(provider.origin + path, { headers });
      assert.deepEqual(
        [...response.headers.keys()].filter((name) => name.startsWith('access-control')),
        [],
        path,
      );
      const preflight = await fetch(provider.origin + path, {
        method: 'OPTIONS',
        headers: { ...headers, 'access-control-request-method': 'GET' },
      });
      assert.equal(preflight.status, 405, path);
    }
    const token = await fetch(`${provider.origin}/oidc/token`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ grant_type: 'authorization_code', client_id: 'x' }),
    });
    assert.equal(token.headers.get('access-control-allow-origin'), null);
  });

  it('makes its links from the public URL alone', async () => {
    const port = Number(new URL(provider.origin).port);
    const evil: readonly Readonly<Record<string, string>>[] = [
      { 'x-forwarded-host': 'evil.example' },
      { 'x-forwarded-proto': 'https' },
      { forwarded: 'host=evil.example;proto=https' },
    ];
    for (const headers of evil) {
      const body = await ask(port, '/.well-known/openid-configuration', headers);
      assert.equal(JSON.parse(body).token_endpoint, `${provider.origin}/oidc/token`);
    }
    for (const path of [
      '/.well-known/openid-configuration',
      'http://evil.example/oidc/authorize',
    ]) {
      const body = await ask(port, path, { host: 'evil.example' });
      assert.ok(!body.includes('evil.example'), body);
    }
  });

  it('is not shaken by whatever it is sent', async () => {
    const nasty = [
      '%00',
      '%ff%fe',
      '__proto__',
      'constructor',
      '[]',
      '{"__proto__":{"x":1}}',
      'a'.repeat(5000),
      '',
      '\u{1f600}',
      '../../etc',
    ];
    const names = [
      'client_id',
      'redirect_uri',
      'scope',
      'state',
      'claims',
      'acr_values',
      'max_age',
      'prompt',
      'nonce',
      'id_token_hint',
      'response_mode',
      'code_challenge',
      'request',
      'request_uri',
      'resource',
      '__proto__',
      'ui_locales',
    ];
    const { address } = await intranet.begin();
    for (const name of names) {
      for (const value of nasty) {
        const url = new URL(address);
        url.searchParams.set(name, value);
        const twice = new URL(url);
        twice.searchParams.append(name, 'again');
        for (const each of [url.href, twice.href, `${url.href}&${name}=${value}`]) {
          const { status } = await fetch(each, { redirect: 'manual' });
          assert.ok(status < 500, `${status} for ${each}`);
        }
      }
    }
    for (const value of nasty) {
      for (const name of [
        'grant_type',
        'code',
        'refresh_token',
        'client_id',
        'client_secret',
        'code_verifier',
        '__proto__',
      ]) {
        const body = new URLSearchParams([
          ['grant_type', 'authorization_code'],
          [name, value],
          [name, 'x'],
        ]);
        for (const path of ['token', 'revoke', 'userinfo']) {
          const { status } = await fetch(`${provider.origin}/oidc/${path}`, {
            method: 'POST',
            body,
          });
          assert.ok(status >= 400 && status < 500, `${status} for ${path} ${name}`);
        }
      }
    }
    const bodies: readonly [string, string][] = [
      ['application/json', '{"grant_type":"authorization_code"}'],
      ['text/plain', 'x'],
      ['multipart/form-data; boundary=x', '--x--'],
      ['application/x-www-form-urlencoded; charset=utf-7', 'a=b'],
      ['application/x-www-form-urlencoded', 'a=b&'.repeat(30_000)],
    ];
    for (const [type, body] of bodies) {
      const { status } = await fetch(`${provider.origin}/oidc/token`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
      assert.ok(status >= 400 && status < 500, `${status} for ${type}`);
    }
    assert.deepEqual(Object.keys(Object.prototype), []);
    assert.deepEqual(
      provider.events.filter(({ kind }) => kind === 'failed'),
      [],
    );
  });

  it('is answered by no more than these addresses', async () => {
    for (const path of [
      '/oidc',
      '/oidc/',
      '/oidc/register',
      '/oidc/device',
      '/oidc/request',
      '/oidc/token/introspection',
      '/OIDC/authorize',
      '/oidc/authorize/',
    ]) {
      const { status } = await fetch(provider.origin + path, { redirect: 'manual' });
      assert.ok(status === 404 || status === 400, `${status} for ${path}`);
    }
    assert.equal((await fetch(`${provider.origin}/oidc/token`)).status, 405);
  });

  async function hintOf(user: User): Promise<string> {
    return (await opens(provider.browser(), user)).id_token ?? '';
  }
});

function isRefused(...codes: string[]): (error: unknown) => boolean {
  return (error) => error instanceof client.ResponseBodyError && codes.includes(error.error);
}

/** Asks as no browser would: with any host, and with an address in the request line. */
function ask(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port, path, headers }, (response) => {
      let body = JSON.stringify(response.headers);
      if (response.statusCode === 200) body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve(body));
    })
      .on('error', reject)
      .end();
  });
}
