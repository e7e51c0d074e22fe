import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { decodeProtectedHeader } from 'jose';
import * as client from 'openid-client';

import type { User } from '../../accounts/user.ts';
import { TweestapError } from '../../errors/errors.ts';
import { startProvider, type Provider } from '../../../test/support/provider.ts';
import {
  relyingParty,
  type Errand,
  type RelyingParty,
} from '../../../test/support/relying-party.ts';
import type { Browser } from '../../../test/support/wire-browser.ts';

const callback = 'https://intranet.example/callback';

describe('codes and tokens', () => {
  let provider: Provider;
  let els: User;
  let intranet: RelyingParty;
  let credentials: { readonly clientId: string; readonly clientSecret: string | undefined };
  let browser: Browser;
  let names = 0;
  const counted = new Map<string, number>();
  let isStoreDown = false;
  before(async () => {
    provider = await startProvider({
      change: (parts) => ({
        ...parts,
        store: {
          ...parts.store,
          upsert: (...values) => (count('upsert'), parts.store.upsert(...values)),
          find: (...values) => {
            count('find');
            if (isStoreDown) throw new TweestapError('STORE_UNAVAILABLE');
            return parts.store.find(...values);
          },
          findBy: (...values) => (count('find'), parts.store.findBy(...values)),
          destroy: (...values) => (count('destroy'), parts.store.destroy(...values)),
        },
      }),
    });
    credentials = await provider.application({ name: 'Intranet', redirectUris: [callback] });
    intranet = await relyingParty(provider.origin, credentials, callback);
  });
  after(() => provider.close());
  beforeEach(async () => {
    names += 1;
    els = await provider.person({
      userPrincipalName: `els${names}@voorbeeld.example`,
      perUserMfaState: 'disabled',
    });
    browser = provider.browser();
  });

  const count = (what: string): void => {
    counted.set(what, (counted.get(what) ?? 0) + 1);
  };
  /** Signs in where that is asked, and stands at the application with a code. */
  const arrives = async (parameters?: Readonly<Record<string, string>>): Promise<Errand> => {
    const errand = await intranet.begin(parameters);
    await browser.open(errand.address);
    if (!browser.screen.isElsewhere) await provider.signsIn(browser, els);
    assert.ok(browser.screen.isElsewhere, browser.screen.heading);
    return errand;
  };
  const enters = async (parameters?: Readonly<Record<string, string>>) => {
    const errand = await arrives(parameters);
    return intranet.redeem(browser.screen.url, errand);
  };
  const knows = (token: string): Promise<string> =>
    intranet.userInfo(token, els.id).then(
      () => 'yes',
      (error: unknown) => {
        if (error instanceof client.WWWAuthenticateChallengeError) return `no: ${error.status}`;
        throw error;
      },
    );

  describe('a code', () => {
    it('needs the verifier that belongs to it', async () => {
      const errand = await arrives();
      await refuses(
        intranet.redeem(browser.screen.url, {
          ...errand,
          verifier: client.randomPKCECodeVerifier(),
        }),
        'invalid_grant',
      );
      const none = await post('token', {
        grant_type: 'authorization_code',
        code: browser.screen.url.searchParams.get('code') ?? '',
        redirect_uri: callback,
      });
      assert.deepEqual([none.status, none.body['error']], [400, 'invalid_grant']);
      // Neither spent it: the rightful owner still gets in.
      assert.ok((await intranet.redeem(browser.screen.url, errand)).access_token);
    });

    it('is never given without a challenge, or for a plain one', async () => {
      const { address } = await intranet.begin();
      const changes: Readonly<Record<string, (url: URL) => void>> = {
        'no challenge': (url) => {
          url.searchParams.delete('code_challenge');
          url.searchParams.delete('code_challenge_method');
        },
        'no challenge, but a method': (url) => url.searchParams.delete('code_challenge'),
        'an empty challenge': (url) => url.searchParams.set('code_challenge', ''),
        'no method, which means plain': (url) => url.searchParams.delete('code_challenge_method'),
        plain: (url) => url.searchParams.set('code_challenge_method', 'plain'),
        'a method nobody knows': (url) => url.searchParams.set('code_challenge_method', 's256'),
        'too short a challenge': (url) => url.searchParams.set('code_challenge', 'abc'),
      };
      await arrives();
      for (const [name, change] of Object.entries(changes)) {
        const url = new URL(address);
        change(url);
        const { url: at, isElsewhere } = await browser.open(url);
        assert.ok(isElsewhere, name);
        assert.equal(at.searchParams.get('error'), 'invalid_request', name);
        assert.equal(at.searchParams.get('code'), null, name);
        assert.equal(at.searchParams.get('iss'), provider.origin, name);
      }
    });

    it('is for the code flow only', async () => {
      const { address } = await intranet.begin();
      for (const type of [
        'token',
        'id_token',
        'code id_token',
        'code token',
        'id_token token',
        'none',
      ]) {
        address.searchParams.set('response_type', type);
        const { url } = await browser.open(address);
        assert.equal(
          url.searchParams.get('error') ?? new URLSearchParams(url.hash.slice(1)).get('error'),
          'unsupported_response_type',
          type,
        );
      }
    });

    it('is good once; a second use ends all that came of it', async () => {
      const errand = await arrives();
      const { url } = browser.screen;
      const tokens = await intranet.redeem(url, errand);
      assert.equal(await knows(tokens.access_token), 'yes');
      await refuses(intranet.redeem(url, errand), 'invalid_grant');
      assert.equal(await knows(tokens.access_token), 'no: 401');
      await refuses(intranet.refresh(tokens.refresh_token ?? ''), 'invalid_grant');
    });

    it('is good once for fifty who come at the same moment, and then for nobody', async () => {
      const errand = await arrives();
      const { url } = browser.screen;
      const all = await Promise.allSettled(
        Array.from({ length: 50 }, () => intranet.redeem(url, errand)),
      );
      const winners = all.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      assert.ok(winners.length <= 1, `${winners.length} were served`);
      for (const { access_token, refresh_token } of winners) {
        assert.equal(await knows(access_token), 'no: 401');
        await refuses(intranet.refresh(refresh_token ?? ''), 'invalid_grant');
      }
    });

    it('is too old after a minute', async () => {
      const errand = await arrives();
      provider.clock.advanceSeconds(61);
      await refuses(intranet.redeem(browser.screen.url, errand), 'invalid_grant');
    });

    it('is for one application, at one address', async () => {
      const errand = await arrives();
      const code = browser.screen.url.searchParams.get('code') ?? '';
      const other = await provider.application({
        name: 'Wiki',
        redirectUris: [callback, 'https://wiki.example/cb'],
      });
      const thief = await relyingParty(provider.origin, other, callback);
      await refuses(thief.redeem(browser.screen.url, errand), 'invalid_grant');
      const elsewhere = await post('token', {
        grant_type: 'authorization_code',
        code,
        redirect_uri: `${callback}/`,
        code_verifier: errand.verifier,
      });
      assert.equal(elsewhere.body['error'], 'invalid_grant');
      assert.ok((await intranet.redeem(browser.screen.url, errand)).access_token);
    });

    it('is not redeemed for who was blocked since', async () => {
      const errand = await arrives();
      await provider.stores.users.setBlock(els.id, {
        at: provider.clock.now(),
        until: undefined,
        reason: 'left',
      });
      await refuses(intranet.redeem(browser.screen.url, errand), 'invalid_grant');
    });

    it('is not redeemed once the session it came from has ended', async () => {
      const errand = await arrives();
      await provider.stores.sessions.removeAll(els.id);
      await refuses(intranet.redeem(browser.screen.url, errand), 'invalid_grant');
    });
  });

  describe('a refresh token', () => {
    it('is changed for a new one each time', async () => {
      const first = await enters();
      const second = await intranet.refresh(first.refresh_token ?? '');
      const third = await intranet.refresh(second.refresh_token ?? '');
      assert.equal(new Set([first, second, third].map((each) => each.refresh_token)).size, 3);
      assert.equal(third.claims()?.sub, els.id);
      assert.equal(third.claims()?.['auth_time'], first.claims()?.['auth_time']);
      assert.equal(await knows(third.access_token), 'yes');
    });

    it('used a second time ends the whole family', async () => {
      const first = await enters();
      const second = await intranet.refresh(first.refresh_token ?? '');
      await refuses(intranet.refresh(first.refresh_token ?? ''), 'invalid_grant');
      await refuses(intranet.refresh(second.refresh_token ?? ''), 'invalid_grant');
      assert.equal(await knows(second.access_token), 'no: 401');
    });

    it('used by twenty at the same moment serves one at most, and then nobody', async () => {
      const { refresh_token: token = '' } = await enters();
      const all = await Promise.allSettled(
        Array.from({ length: 20 }, () => intranet.refresh(token)),
      );
      const winners = all.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      assert.ok(winners.length <= 1, `${winners.length} were served`);
      for (const { refresh_token } of winners) {
        await refuses(intranet.refresh(refresh_token ?? ''), 'invalid_grant');
      }
      assert.ok(provider.events.some(({ kind }) => kind === 'reused'));
    });

    it('is for one application', async () => {
      const { refresh_token: token = '' } = await enters();
      const other = await provider.application({ name: 'Wiki', redirectUris: [callback] });
      const thief = await relyingParty(provider.origin, other, callback);
      await refuses(thief.refresh(token), 'invalid_grant');
      assert.ok((await intranet.refresh(token)).access_token);
    });

    it('brings no more than was granted', async () => {
      const { refresh_token = '' } = await enters({ scope: 'openid email' });
      const { status, body } = await post('token', {
        grant_type: 'refresh_token',
        refresh_token,
        scope: 'openid email groups',
      });
      assert.deepEqual([status, body['error']], [400, 'invalid_scope']);
    });

    it('does not serve who was switched off, blocked or removed since', async () => {
      const tokens = await enters();
      await provider.stores.users.change(els.id, { accountEnabled: false });
      await refuses(intranet.refresh(tokens.refresh_token ?? ''), 'invalid_grant');
      assert.equal(await knows(tokens.access_token), 'no: 401');
      await provider.stores.users.change(els.id, { accountEnabled: true });
      const at = provider.clock.now();
      await provider.stores.users.setBlock(els.id, { at, until: undefined, reason: 'fraud' });
      await refuses(intranet.refresh(tokens.refresh_token ?? ''), 'invalid_grant');
      await provider.stores.users.setBlock(els.id, undefined);
      assert.ok((await intranet.refresh(tokens.refresh_token ?? '')).access_token);
    });

    it('is not renewed, nor a code redeemed, with less than the application requires by now', async () => {
      const redirectUris = [callback];
      const bank = await provider.application({ name: 'Bank', redirectUris });
      const atBank = await relyingParty(provider.origin, bank, callback);
      const begun = async (): Promise<Errand> => {
        const errand = await atBank.begin({ scope: 'openid offline_access', prompt: 'consent' });
        await browser.open(errand.address);
        if (!browser.screen.isElsewhere) await provider.signsIn(browser, els);
        return errand;
      };
      const errand = await begun();
      const tokens = await atBank.redeem(browser.screen.url, errand);
      const open = await begun();
      const requires = async (required: string): Promise<void> => {
        const { clientId } = bank;
        const known = await provider.stores.applications.find(clientId);
        assert.ok(known);
        await provider.stores.applications.replace({ ...known, required });
      };
      for (const required of ['second-step', 'phishing-resistant', 'a-strength-of-our-own']) {
        await requires(required);
        await refuses(atBank.refresh(tokens.refresh_token ?? ''), 'invalid_grant');
      }
      await requires('password');
      const renewed = await atBank.refresh(tokens.refresh_token ?? '');
      assert.equal(renewed.claims()?.sub, els.id);
      await requires('second-step');
      await refuses(atBank.redeem(browser.screen.url, open), 'invalid_grant');
    });

    it('is not renewed for a strength of the organisation that its sign-in did not reach', async () => {
      const vault = await provider.application({ name: 'Vault', redirectUris: [callback] });
      const atVault = await relyingParty(provider.origin, vault, callback);
      els = await provider.person({ userPrincipalName: `mo${names}@voorbeeld.example` });
      await provider.app(els);
      const errand = await atVault.begin({ scope: 'openid offline_access', prompt: 'consent' });
      await browser.open(errand.address);
      await provider.signsIn(browser, els);
      let tokens = await atVault.redeem(browser.screen.url, errand);
      const requires = async (required: string, ...combinations: string[][]): Promise<void> => {
        await provider.policies.change((policy) => ({
          ...policy,
          strengths: [{ id: required, name: required, combinations }],
        }));
        const known = await provider.stores.applications.find(vault.clientId);
        assert.ok(known);
        await provider.stores.applications.replace({ ...known, required });
      };
      try {
        await requires('codes', ['password', 'text-message'], ['password', 'authenticator-code']);
        tokens = await atVault.refresh(tokens.refresh_token ?? '');
        await requires('keys', ['security-key']);
        await refuses(atVault.refresh(tokens.refresh_token ?? ''), 'invalid_grant');
        await requires('texts', ['password', 'text-message']);
        await refuses(atVault.refresh(tokens.refresh_token ?? ''), 'invalid_grant');
      } finally {
        await provider.policies.change((policy) => ({ ...policy, strengths: [] }));
      }
    });

    it('ends with the session, wherever that was ended', async () => {
      const tokens = await enters();
      await provider.stores.sessions.removeAll(els.id);
      assert.equal(await knows(tokens.access_token), 'no: 401');
      await refuses(intranet.refresh(tokens.refresh_token ?? ''), 'invalid_grant');
    });

    it('ends with the session where policy lets that last no longer by now', async () => {
      const tokens = await enters();
      const decides = (absoluteHours: number) =>
        provider.policies.change((policy) => ({
          ...policy,
          sessions: { ...policy.sessions, absoluteHours },
        }));
      const { absoluteHours } = (await provider.policies.current()).sessions;
      await decides(0.1);
      try {
        assert.equal(await knows(tokens.access_token), 'yes');
        provider.clock.advanceSeconds(360);
        assert.equal(await knows(tokens.access_token), 'no: 401');
        await refuses(intranet.refresh(tokens.refresh_token ?? ''), 'invalid_grant');
      } finally {
        await decides(absoluteHours);
      }
    });

    it('outlives a step-up in the same browser', async () => {
      const tokens = await enters();
      provider.clock.advanceSeconds(5);
      await enters({ prompt: 'login' });
      assert.equal(await knows(tokens.access_token), 'yes');
      assert.ok((await intranet.refresh(tokens.refresh_token ?? '')).access_token);
    });

    it('for offline access outlives the session, but not what ends everything', async () => {
      const tokens = await enters({ scope: 'openid offline_access', prompt: 'consent' });
      assert.match(tokens.scope ?? '', /offline_access/);
      await provider.stores.sessions.removeAll(els.id);
      const later = await intranet.refresh(tokens.refresh_token ?? '');
      assert.equal(later.claims()?.sub, els.id);
      await provider.stores.grants.removeAll(els.id);
      await refuses(intranet.refresh(later.refresh_token ?? ''), 'invalid_grant');
    });

    it('for offline access ends with what it was proved by: whoever has the lost phone is out', async () => {
      const tokens = await enters({ scope: 'openid offline_access', prompt: 'consent' });
      const rea = await provider.person({ userPrincipalName: `rea${names}@voorbeeld.example` });
      await provider.phone(rea);
      await provider.app(rea);
      const at = provider.clock.now();
      await provider.stores.registrations.add({
        id: `codes ${names}`,
        userId: rea.id,
        kind: 'recovery-codes',
        slot: '1',
        secret: { hashes: {} },
        version: 1,
        createdAt: at,
        lastUsedAt: at,
      });
      const has = await provider.stores.registrations.list(rea.id);
      const of = (wanted: string) => has.find(({ kind }) => kind === wanted)?.id ?? '';
      els = rea;
      browser = provider.browser();
      const reas = await enters({ scope: 'openid offline_access', prompt: 'consent' });
      const removes = (kind: string): Promise<boolean> =>
        provider.administration.removeMethod(rea.id, of(kind), 'command-line');
      // The phone proved nothing of it; nor did a list of codes that was made, and never used.
      await removes('phone');
      await removes('recovery-codes');
      const later = await intranet.refresh(reas.refresh_token ?? '');
      await removes('authenticator-app');
      await refuses(intranet.refresh(later.refresh_token ?? ''), 'invalid_grant');
      assert.equal(await knows(later.access_token), 'no: 401');
      assert.ok((await intranet.refresh(tokens.refresh_token ?? '')).access_token);
    });

    it('is not given where the application was registered without', async () => {
      const brief = await relyingParty(
        provider.origin,
        await provider.application({ name: 'Brief', redirectUris: [callback], refreshes: false }),
        callback,
      );
      await arrives();
      const errand = await brief.begin();
      await browser.open(errand.address);
      const tokens = await brief.redeem(browser.screen.url, errand);
      assert.equal(tokens.refresh_token, undefined);
    });

    it('can be given back', async () => {
      const tokens = await enters();
      await client.tokenRevocation(intranet.config, tokens.refresh_token ?? '');
      await refuses(intranet.refresh(tokens.refresh_token ?? ''), 'invalid_grant');
    });
  });

  describe('an application', () => {
    it('is forgotten with everything it was granted', async () => {
      const added = await provider.application({ name: 'Gone', redirectUris: [callback] });
      const gone = await relyingParty(provider.origin, added, callback);
      await arrives();
      const errand = await gone.begin();
      await browser.open(errand.address);
      const tokens = await gone.redeem(browser.screen.url, errand);
      await provider.applications.remove(added.clientId, 'test');
      await assert.rejects(gone.refresh(tokens.refresh_token ?? ''));
      await assert.rejects(gone.userInfo(tokens.access_token, els.id));
      const { status } = await browser.open((await gone.begin()).address);
      assert.equal(status, 400);
    });

    it('without a secret gets in by its challenge alone, and never by pretending to have one', async () => {
      const added = await provider.application({
        name: 'Phone',
        redirectUris: ['com.example.phone:/cb'],
        isPublic: true,
      });
      const phone = await relyingParty(provider.origin, added, 'com.example.phone:/cb');
      await arrives();
      const errand = await phone.begin();
      await browser.open(errand.address);
      assert.ok((await phone.redeem(browser.screen.url, errand)).access_token);
      const pretends = await relyingParty(
        provider.origin,
        { ...added, clientSecret: 'anything' },
        'com.example.phone:/cb',
      );
      const second = await pretends.begin();
      await browser.open(second.address);
      await assert.rejects(pretends.redeem(browser.screen.url, second));
    });

    it('with a secret does not get in without', async () => {
      const errand = await arrives();
      const without = await relyingParty(
        provider.origin,
        { ...credentials, clientSecret: undefined },
        callback,
      );
      await assert.rejects(without.redeem(browser.screen.url, errand));
    });
  });

  describe('signing keys', () => {
    it('change without anybody noticing', async () => {
      const before = await enters();
      const old = decodeProtectedHeader(before.id_token ?? '').kid;
      const next = await provider.keys.rotate();
      await provider.oidc.refresh();
      assert.deepEqual(await published(), [old, next.kid]);
      // During this day the application looks at our keys once, and keeps what it saw.
      intranet = await relyingParty(provider.origin, credentials, callback);
      assert.equal(decodeProtectedHeader((await enters()).id_token ?? '').kid, old);

      provider.clock.advanceSeconds(25 * 3600);
      await provider.oidc.refresh();
      assert.deepEqual(await published(), [next.kid, old]);
      const after = await enters();
      assert.equal(decodeProtectedHeader(after.id_token ?? '').kid, next.kid);
      // And what the old key signed is still recognised.
      const again = await intranet.begin({ id_token_hint: before.id_token ?? '' });
      assert.ok((await browser.open(again.address)).isElsewhere);

      provider.clock.advanceSeconds(7 * 86_400);
      await provider.oidc.refresh();
      assert.deepEqual(await published(), [next.kid]);
    });
  });

  describe('the store', () => {
    it('is asked no more than is needed', async () => {
      counted.clear();
      const tokens = await enters();
      assert.deepEqual(Object.fromEntries(counted), { upsert: 7, find: 6, destroy: 1 });
      counted.clear();
      await enters();
      assert.deepEqual(Object.fromEntries(counted), { find: 5, upsert: 3 });
      counted.clear();
      await intranet.refresh(tokens.refresh_token ?? '');
      assert.deepEqual(Object.fromEntries(counted), { find: 3, upsert: 2 });
    });

    it('may be away: people read so, programs are told, and nothing is said to be done', async () => {
      const errand = await arrives();
      isStoreDown = true;
      try {
        const { status, heading } = await browser.open((await intranet.begin()).address);
        assert.deepEqual([status, heading], [503, 'We can’t reach our data']);
        const token = await post('token', {
          grant_type: 'authorization_code',
          code: browser.screen.url.searchParams.get('code') ?? 'x',
          redirect_uri: callback,
          code_verifier: errand.verifier,
        });
        assert.deepEqual([token.status, token.body['error']], [503, 'server_error']);
      } finally {
        isStoreDown = false;
      }
      assert.ok((await enters()).access_token);
    });
  });

  async function published(): Promise<(string | undefined)[]> {
    const response = await fetch(`${provider.origin}/oidc/jwks`);
    const { keys }: { keys: { kid?: string }[] } = JSON.parse(await response.text());
    return keys.map(({ kid }) => kid);
  }

  async function post(path: string, fields: Readonly<Record<string, string>>) {
    const { clientId, clientSecret = '' } = credentials;
    const response = await fetch(`${provider.origin}/oidc/${path}`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      },
      body: new URLSearchParams(fields),
    });
    const body: Readonly<Record<string, unknown>> = JSON.parse(await response.text());
    return { status: response.status, body };
  }
});

async function refuses(promise: Promise<unknown>, code: string): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof client.ResponseBodyError, String(error));
    assert.equal(error.error, code);
    return true;
  });
}
