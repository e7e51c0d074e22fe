/** What every keeper of the engine's records is held to, and whoever ends a person's grants. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { GrantStore } from '../../applications/grant-store.ts';
import { inParallel, onFreshStores, type MakeStores } from '../../lib/stores.contract.ts';
import type { OidcStore } from './oidc-store.ts';

const models = ['AuthorizationCode', 'AccessToken', 'RefreshToken', 'Session', 'Interaction'];
const now = new Date(1000);
const later = new Date(60_000);

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeOidcStore(make: MakeStores<{ readonly oidc: OidcStore }>): void {
  describe("a store of the engine's records", () => {
    it('gives back a payload as it was, and replaces it', () =>
      onFreshStores(make, async ({ stores: { oidc } }) => {
        const payload = {
          accountId: 'user-anna',
          clientId: 'sample',
          grantId: 'grant',
          iat: 1,
          // Plain JSON of the engine's: a field that is called like a date is none.
          claims: { id_token: { auth_time: null }, updatedAt: '2024-01-01T00:00:00.000Z' },
        };
        await oidc.upsert('AccessToken', 'id', payload, later);
        assert.deepEqual(await oidc.find('AccessToken', 'id', now), {
          payload,
          consumedAt: undefined,
        });
        await oidc.upsert('AccessToken', 'id', { iat: 2 }, undefined);
        assert.deepEqual((await oidc.find('AccessToken', 'id', new Date(1e12)))?.payload, {
          iat: 2,
        });
        await oidc.destroy('AccessToken', 'id');
        assert.equal(await oidc.find('AccessToken', 'id', now), undefined);
      }));

    it('finds a value under the model it was minted for, and under no other', () =>
      onFreshStores(make, async ({ stores: { oidc } }) => {
        for (const model of models) {
          await oidc.upsert(
            model,
            `of ${model}`,
            { uid: `uid of ${model}`, userCode: model },
            later,
          );
        }
        for (const model of models) {
          for (const other of models) {
            const found = await Promise.all([
              oidc.find(model, `of ${other}`, now),
              oidc.findBy(model, 'uid', `uid of ${other}`, now),
              oidc.findBy(model, 'userCode', other, now),
            ]);
            assert.deepEqual(
              found.map((record) => record !== undefined),
              model === other ? [true, true, true] : [false, false, false],
            );
            if (model !== other) assert.equal(await oidc.consume(model, `of ${other}`, now), false);
          }
        }
      }));

    it('keeps the same id apart in two models', () =>
      onFreshStores(make, async ({ stores: { oidc } }) => {
        await oidc.upsert('Session', 'id', { kind: 'session' }, later);
        await oidc.upsert('Interaction', 'id', { kind: 'interaction' }, later);
        await oidc.destroy('Session', 'id');
        assert.deepEqual((await oidc.find('Interaction', 'id', now))?.payload, {
          kind: 'interaction',
        });
      }));

    it('is spent once when fifty come at once, on two nodes', () =>
      onFreshStores(make, async (fresh) => {
        await fresh.stores.oidc.upsert('AuthorizationCode', 'code', {}, later);
        const spent = await inParallel(fresh, 50, ({ stores }) =>
          stores.oidc.consume('AuthorizationCode', 'code', now),
        );
        assert.equal(spent.filter(Boolean).length, 1);
        const found = await fresh.stores.oidc.find('AuthorizationCode', 'code', now);
        assert.deepEqual(found?.consumedAt, now);
      }));

    it('stays spent when it is replaced', () =>
      onFreshStores(make, async ({ stores: { oidc } }) => {
        await oidc.upsert('RefreshToken', 'token', {}, later);
        await oidc.consume('RefreshToken', 'token', now);
        await oidc.upsert('RefreshToken', 'token', { again: true }, later);
        assert.equal(await oidc.consume('RefreshToken', 'token', now), false);
        assert.deepEqual((await oidc.find('RefreshToken', 'token', now))?.consumedAt, now);
      }));

    it('neither finds nor spends what has expired, and forgets it', () =>
      onFreshStores(make, async ({ stores: { oidc } }) => {
        await oidc.upsert('AuthorizationCode', 'code', { uid: 'u' }, later);
        await oidc.upsert('Grant', 'grant', {}, undefined);
        assert.ok(await oidc.find('AuthorizationCode', 'code', new Date(59_999)));
        assert.equal(await oidc.find('AuthorizationCode', 'code', later), undefined);
        assert.equal(await oidc.findBy('AuthorizationCode', 'uid', 'u', later), undefined);
        assert.equal(await oidc.consume('AuthorizationCode', 'code', later), false);
        assert.equal(await oidc.removeExpired(later), 1);
        assert.ok(await oidc.find('Grant', 'grant', new Date(1e12)));
      }));

    it('lists what one account has of a model, while it lives', () =>
      onFreshStores(make, async ({ stores: { oidc } }) => {
        await oidc.upsert('Session', 'a', { accountId: 'user-anna', jti: 'a' }, later);
        await oidc.upsert('Session', 'b', { accountId: 'user-anna', jti: 'b' }, later);
        await oidc.upsert('Session', 'old', { accountId: 'user-anna', jti: 'old' }, now);
        await oidc.upsert('Session', 'c', { accountId: 'user-ben', jti: 'c' }, later);
        await oidc.upsert('Grant', 'd', { accountId: 'user-anna', jti: 'd' }, later);
        const found = await oidc.listOf('Session', 'user-anna', now);
        assert.deepEqual(found.map(({ payload }) => String(payload['jti'])).toSorted(), ['a', 'b']);
      }));

    it('ends everything under a grant, and nothing else', () =>
      onFreshStores(make, async ({ stores: { oidc } }) => {
        await oidc.upsert('AccessToken', 'a', { grantId: 'one' }, later);
        await oidc.upsert('RefreshToken', 'b', { grantId: 'one' }, later);
        await oidc.upsert('RefreshToken', 'c', { grantId: 'two' }, later);
        assert.equal(await oidc.revokeByGrantId('one'), 2);
        assert.equal(await oidc.find('RefreshToken', 'b', now), undefined);
        assert.ok(await oidc.find('RefreshToken', 'c', now));
      }));

    it('takes any text for an id', () =>
      onFreshStores(make, async ({ stores: { oidc } }) => {
        for (const id of [
          '',
          '\0',
          '\ud800',
          "'; drop table oidc_record; --",
          'x'.repeat(100_000),
        ]) {
          assert.equal(await oidc.find('AccessToken', id, now), undefined);
          assert.equal(await oidc.consume('AccessToken', id, now), false);
        }
      }));
  });
}

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeGrantStore(
  make: MakeStores<{ readonly grants: GrantStore; readonly oidc: OidcStore }>,
): void {
  describe('a grant store', () => {
    it("ends all that applications hold of a person, on every node, and nobody else's", () =>
      onFreshStores(make, async (fresh) => {
        const { oidc, grants } = fresh.stores;
        const other = await fresh.anotherNode();
        for (const model of models) {
          await oidc.upsert(model, 'annas', { accountId: 'user-anna' }, later);
          await oidc.upsert(model, 'bens', { accountId: 'user-ben' }, later);
        }
        const ended = models.filter((model) => model !== 'Session');
        assert.equal(await grants.removeAll('user-anna'), ended.length);
        // It opens nothing by itself, and says who is to be told.
        assert.ok(await other.stores.oidc.find('Session', 'annas', now));
        for (const model of ended) {
          assert.equal(await other.stores.oidc.find(model, 'annas', now), undefined);
          assert.ok(await other.stores.oidc.find(model, 'bens', now));
        }
      }));

    it('ends what was given for a sign-in that was proved in one way, and nothing else', () =>
      onFreshStores(make, async (fresh) => {
        const { oidc, grants } = fresh.stores;
        const given = async (
          grantId: string,
          model: string,
          amr?: readonly string[],
          accountId = 'user-anna',
        ): Promise<void> => {
          const ways = amr === undefined ? {} : { amr };
          await oidc.upsert(model, `${model} ${grantId}`, { accountId, grantId, ...ways }, later);
        };
        for (const grantId of ['by-text', 'by-key', 'plain', 'new', 'bens']) {
          await oidc.upsert('Grant', grantId, { accountId: 'user-anna' }, later);
          await given(grantId, 'AccessToken', undefined);
        }
        await given('by-text', 'RefreshToken', ['pwd', 'sms', 'mfa']);
        await given('by-key', 'RefreshToken', ['pwd', 'pop', 'mfa']);
        await given('plain', 'RefreshToken');
        await given('new', 'AuthorizationCode', ['pwd', 'tel', 'mfa']);
        await given('bens', 'RefreshToken', ['pwd', 'sms', 'mfa'], 'user-ben');
        assert.equal(await grants.removeProvedBy('user-anna', ['sms', 'tel'], now), 4);
        assert.equal(await grants.removeProvedBy('user-anna', ['sms', 'tel'], now), 0);
        const { oidc: seen } = (await fresh.anotherNode()).stores;
        for (const [grantId, isLeft] of [
          ['by-text', false],
          ['by-key', true],
          ['plain', true],
          ['new', false],
          ['bens', true],
        ] as const) {
          const found = [
            await seen.find('Grant', grantId, now),
            await seen.find('AccessToken', `AccessToken ${grantId}`, now),
          ];
          assert.deepEqual(
            found.map((record) => record !== undefined),
            [isLeft, isLeft],
            grantId,
          );
        }
      }));
  });
}
