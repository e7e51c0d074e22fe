/** Two nodes behind a proxy, on one database, under one public URL. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';

import { decodeJwt } from 'jose';

import type { User } from '../../accounts/user.ts';
import {
  everyServer,
  type DatabaseServer,
  type FreshDatabase,
} from '../../../test/support/database.ts';
import { startProvider, type Provider } from '../../../test/support/provider.ts';

const origin = 'https://login.voorbeeld.example';
const callback = 'https://intranet.example/callback';
const verifier = 'v'.repeat(43);

for (const server of everyServer()) describeNodes(server);

function describeNodes(server: DatabaseServer): void {
  describe(`two nodes under one name (${server.engine})`, () => {
    let database: FreshDatabase;
    let one: Provider;
    let other: Provider;
    let anna: User;
    let application: { readonly clientId: string; readonly clientSecret: string | undefined };
    before(async () => {
      database = await server.fresh();
      one = await startProvider({ origin, on: database });
      const { stores, transact } = await database.anotherDatabase();
      other = await startProvider({ origin, on: { ...database, stores, transact } });
      anna = await one.person({ perUserMfaState: 'disabled' });
      application = await one.application({ name: 'Intranet', redirectUris: [callback] });
    });
    after(async () => {
      await other.close();
      await one.close();
      await database.close();
      await server.close();
    });

    const get = (node: Provider, url: string, cookie = '') =>
      node.server.inject({ method: 'GET', url, headers: { host: new URL(origin).host, cookie } });
    const post = async (node: Provider, fields: Readonly<Record<string, string>>) => {
      const { clientId, clientSecret = '' } = application;
      const response = await node.server.inject({
        method: 'POST',
        url: '/oidc/token',
        headers: {
          host: new URL(origin).host,
          authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        payload: new URLSearchParams(fields).toString(),
      });
      const body: Readonly<Record<string, string>> = JSON.parse(response.body);
      return { status: response.statusCode, body };
    };
    const request = (): string => {
      const url = new URL('/oidc/authorize', origin);
      for (const [name, value] of Object.entries({
        client_id: application.clientId,
        redirect_uri: callback,
        response_type: 'code',
        scope: 'openid',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      })) {
        url.searchParams.set(name, value);
      }
      return url.pathname + url.search;
    };
    /** Anna's cookie, as one node gave it to her. */
    const signedInAt = async (node: Provider): Promise<string> => {
      const at = node.clock.now();
      const { token } = await node.sessions.open(node.stores.sessions, {
        userId: anna.id,
        proofs: [
          {
            method: 'password',
            strength: 'knowledge',
            amr: ['pwd'],
            registrationId: undefined,
            at,
          },
        ],
        lengths: { absoluteSeconds: 86_400, idleSeconds: 3600 },
        address: '127.0.0.1',
        userAgent: 'test',
      });
      return `__Host-session=${token}`;
    };
    const codeFrom = async (node: Provider, cookie: string): Promise<string> => {
      const response = await get(node, request(), cookie);
      const location = new URL(response.headers.location ?? '', origin);
      assert.equal(location.origin + location.pathname, callback, response.body);
      return location.searchParams.get('code') ?? '';
    };
    const redeem = (node: Provider, code: string) =>
      post(node, {
        grant_type: 'authorization_code',
        code,
        redirect_uri: callback,
        code_verifier: verifier,
      });

    it('speak of the public URL only, whatever they listen on', async () => {
      for (const node of [one, other]) {
        const found: Readonly<Record<string, unknown>> = JSON.parse(
          (await get(node, '/.well-known/openid-configuration')).body,
        );
        assert.equal(found['issuer'], origin);
        assert.equal(found['token_endpoint'], `${origin}/oidc/token`);
      }
    });

    it('give cookies that only this host and only encrypted connections carry', async () => {
      const asked = await get(one, request());
      assert.match(asked.headers.location ?? '', /^\/oidc\/interaction\/[\w-]+$/);
      const cookies = [asked.headers['set-cookie'] ?? []].flat();
      assert.equal(cookies.length, 2);
      for (const cookie of cookies) {
        assert.match(cookie, /^__Secure-oidc-(?:interaction|resume)=/);
        assert.match(cookie, /; path=\/oidc\/(?:interaction|authorize)\/[\w-]+;/);
        assert.match(cookie, /; secure/i);
        assert.match(cookie, /; httponly/i);
        assert.match(cookie, /; samesite=lax/i);
      }
      assert.match(String(asked.headers['strict-transport-security']), /^max-age=\d+$/);
      const entered = await get(one, request(), await signedInAt(one));
      const [session = ''] = [entered.headers['set-cookie'] ?? []].flat();
      assert.match(session, /^__Host-oidc=[\w-]+; path=\/; samesite=lax; secure; httponly$/i);
    });

    it('redeem one another’s codes, once', async () => {
      const cookie = await signedInAt(one);
      const code = await codeFrom(one, cookie);
      const { status, body } = await redeem(other, code);
      assert.equal(status, 200);
      assert.equal(decodeJwt(body['id_token'] ?? '').sub, anna.id);
      assert.equal((await redeem(one, code)).body['error'], 'invalid_grant');
      const again = { grant_type: 'refresh_token', refresh_token: body['refresh_token'] ?? '' };
      assert.equal((await post(other, again)).body['error'], 'invalid_grant');
    });

    it('serve one at most of many who come to both at the same moment', async () => {
      const code = await codeFrom(one, await signedInAt(one));
      const all = await Promise.all(
        Array.from({ length: 30 }, (_, index) => redeem(index % 2 === 0 ? one : other, code)),
      );
      const served = all.filter(({ status }) => status === 200);
      assert.ok(served.length <= 1, `${served.length} were served`);
      assert.ok(all.every(({ status }) => status === 200 || status === 400));
    });

    it('sign with the same keys, and change them together', async () => {
      const kids = async (node: Provider): Promise<unknown> => {
        const { keys }: { keys: { kid: string }[] } = JSON.parse(
          (await get(node, '/oidc/jwks')).body,
        );
        return keys.map(({ kid }) => kid);
      };
      assert.deepEqual(await kids(one), await kids(other));
      const next = await one.keys.rotate();
      await Promise.all([one.oidc.refresh(), other.oidc.refresh()]);
      assert.deepEqual(await kids(one), await kids(other));
      for (const node of [one, other]) node.clock.advanceSeconds(25 * 3600);
      await Promise.all([one.oidc.refresh(), other.oidc.refresh()]);
      const [signer] = [await kids(other)].flat();
      assert.equal(signer, next.kid);
    });

    it('forget a session that the other one ended', async () => {
      const cookie = await signedInAt(one);
      const { body } = await redeem(one, await codeFrom(one, cookie));
      await other.stores.sessions.removeAll(anna.id);
      const again = { grant_type: 'refresh_token', refresh_token: body['refresh_token'] ?? '' };
      assert.equal((await post(one, again)).body['error'], 'invalid_grant');
      const asked = await get(one, request(), cookie);
      assert.match(asked.headers.location ?? '', /^\/oidc\/interaction\//);
    });
  });
}
