import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { startProvider, type Provider } from '../../../test/support/provider.ts';
import { relyingParty, type RelyingParty } from '../../../test/support/relying-party.ts';

const callback = 'https://intranet.example/callback';

describe('the way back to an application', () => {
  let provider: Provider;
  let intranet: RelyingParty;
  let desktop: RelyingParty;
  before(async () => {
    provider = await startProvider();
    intranet = await relyingParty(
      provider.origin,
      await provider.application({
        name: 'Intranet',
        redirectUris: [callback],
        postLogoutRedirectUris: ['https://intranet.example/bye'],
      }),
      callback,
    );
    desktop = await relyingParty(
      provider.origin,
      await provider.application({
        name: 'Desktop',
        isPublic: true,
        redirectUris: ['http://127.0.0.1/cb', 'com.example.desktop:/cb'],
      }),
      'http://127.0.0.1/cb',
    );
  });
  after(() => provider.close());

  /** Whether a request with this address is taken; where it is not, nobody is sent anywhere. */
  const takes = async (application: RelyingParty, redirectUri: string): Promise<boolean> => {
    const { address } = await application.begin({ redirect_uri: redirectUri });
    const response = await fetch(address, { redirect: 'manual' });
    const location = response.headers.get('location');
    const html = await response.text();
    if (location !== null) {
      assert.ok(location.startsWith('/oidc/interaction/'), `sent to ${location}`);
      return true;
    }
    assert.equal(response.status, 400, redirectUri);
    assert.equal(response.headers.get('refresh'), null);
    assert.match(html, /We can’t open this app/);
    for (const [, address = ''] of html.matchAll(/(?:href|src|action)="([^"]*)"/g)) {
      assert.match(address, /^(?:\/(?!\/)|#|data:image)/);
    }
    return false;
  };

  it('is the address that was registered, to the letter', async () => {
    assert.equal(await takes(intranet, callback), true);
    for (const other of [
      `${callback}/`,
      `${callback}?`,
      `${callback}?x=1`,
      `${callback}#`,
      `${callback}#x`,
      `${callback}%20`,
      `${callback} `,
      ` ${callback}`,
      `${callback}%00`,
      `${callback}/..`,
      `${callback}/../callback`,
      `${callback}/%2e%2e/callback`,
      `${callback};x`,
      `${callback}.evil.example`,
      'https://intranet.example/Callback',
      'https://INTRANET.example/callback',
      'HTTPS://intranet.example/callback',
      'https://intranet.example:443/callback',
      'https://intranet.example:8443/callback',
      'http://intranet.example/callback',
      'https://intranet.example./callback',
      'https://intranet.example//callback',
      'https://intranet.example\\callback',
      'https://intranet.example/%63allback',
      'https://intranetXexample/callback',
      'https://intranet.example.evil.example/callback',
      'https://evil.example/https://intranet.example/callback',
      'https://intranet.example@evil.example/callback',
      'https://user@intranet.example/callback',
      'https://evil.example#@intranet.example/callback',
      'https://evil.example\\@intranet.example/callback',
      'https://evil.example?https://intranet.example/callback',
      '//intranet.example/callback',
      '/callback',
      'callback',
      'https:intranet.example/callback',
      'javascript:alert(1)//https://intranet.example/callback',
      'data:text/html,https://intranet.example/callback',
      'https://intranet.example/bye',
      'https://ıntranet.example/callback',
      `${callback},https://evil.example`,
      `${callback}\nhttps://evil.example`,
      '',
    ]) {
      assert.equal(await takes(intranet, other), false, other);
    }
  });

  it('must be said', async () => {
    const { address } = await intranet.begin();
    address.searchParams.delete('redirect_uri');
    const response = await fetch(address, { redirect: 'manual' });
    assert.deepEqual([response.status, response.headers.get('location')], [400, null]);
  });

  it('cannot be said twice', async () => {
    const { address } = await intranet.begin();
    address.searchParams.append('redirect_uri', 'https://evil.example/');
    const response = await fetch(address, { redirect: 'manual' });
    assert.deepEqual([response.status, response.headers.get('location')], [400, null]);
  });

  it('may have any port on the person’s own machine, and nothing else that differs', async () => {
    for (const uri of [
      'http://127.0.0.1/cb',
      'http://127.0.0.1:1/cb',
      'http://127.0.0.1:51234/cb',
      'com.example.desktop:/cb',
    ]) {
      assert.equal(await takes(desktop, uri), true, uri);
    }
    for (const uri of [
      'http://localhost:51234/cb',
      'http://[::1]:51234/cb',
      'http://127.0.0.2:51234/cb',
      'http://127.0.0.1:51234/cb/',
      'http://127.0.0.1:51234/cb?x',
      'http://127.0.0.1:51234@evil.example/cb',
      'http://user@127.0.0.1:51234/cb',
      'https://127.0.0.1:51234/cb',
      'http://127.0.0.1:x/cb',
      'http://127.0.0.1.evil.example/cb',
      'com.example.desktop://evil.example/cb',
      'com.example.desktop:/CB',
    ]) {
      assert.equal(await takes(desktop, uri), false, uri);
    }
  });

  it('with a fixed port is not flexible for what is no program on the machine', async () => {
    const local = await relyingParty(
      provider.origin,
      await provider.application({
        name: 'Sample',
        redirectUris: ['http://localhost:8081/callback'],
      }),
      'http://localhost:8081/callback',
    );
    assert.equal(await takes(local, 'http://localhost:8081/callback'), true);
    assert.equal(await takes(local, 'http://localhost:8082/callback'), false);
    assert.equal(await takes(local, 'http://localhost/callback'), false);
  });

  it('after signing out is one that was registered for it', async () => {
    const { clientId } = { clientId: intranet.config.clientMetadata().client_id };
    for (const [uri, isTaken] of [
      ['https://intranet.example/bye', true],
      ['https://intranet.example/bye/', false],
      ['https://intranet.example/bye?x', false],
      [callback, false],
      ['https://evil.example/', false],
    ] as const) {
      const url = new URL(`${provider.origin}/oidc/end-session`);
      url.searchParams.set('client_id', clientId);
      url.searchParams.set('post_logout_redirect_uri', uri);
      url.searchParams.set('state', 'a b&c');
      const response = await fetch(url, { redirect: 'manual', headers: { accept: 'text/html' } });
      const location = response.headers.get('location');
      assert.equal(location, isTaken ? `${uri}?state=a+b%26c` : null, uri);
      assert.equal(response.status, isTaken ? 303 : 400, uri);
    }
    const nobody = new URL(`${provider.origin}/oidc/end-session`);
    nobody.searchParams.set('post_logout_redirect_uri', 'https://evil.example/');
    const response = await fetch(nobody, { redirect: 'manual' });
    assert.equal(response.headers.get('location'), '/signed-out');
  });
});
