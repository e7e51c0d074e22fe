/** What every keeper of hardware tokens is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { inParallel, onFreshStores, type MakeStores } from '../lib/stores.contract.ts';
import type { HardwareTokenStore } from './hardware-token-store.ts';
import type { HardwareToken } from './hardware-token.ts';
import { sampleRegistration } from './registration-store.contract.ts';
import type { RegistrationStore } from './registration-store.ts';

/** A token on the shelf, unless the test says otherwise. */
export function sampleToken(fields: Partial<HardwareToken> = {}): HardwareToken {
  return {
    id: 'token-1',
    serialNumber: 'A-1001',
    manufacturer: 'Feitian',
    model: 'c200',
    secret: { key: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', digits: 6, period: 60, algorithm: 'sha1' },
    assignedTo: undefined,
    registrationId: undefined,
    wrongCodes: 0,
    version: 1,
    createdAt: new Date(1000),
    ...fields,
  };
}

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeHardwareTokenStore(
  make: MakeStores<{
    readonly hardwareTokens: HardwareTokenStore;
    readonly registrations: RegistrationStore;
  }>,
): void {
  describe('a hardware token store', () => {
    it('gives back what was put on the shelf, found by its serial number', () =>
      onFreshStores(make, async ({ stores: { hardwareTokens } }) => {
        const token = sampleToken();
        assert.equal(await hardwareTokens.add(token), true);
        const known = { ...token, status: 'available', lastUsedAt: undefined };
        assert.deepEqual(await hardwareTokens.find(token.id), known);
        assert.deepEqual(await hardwareTokens.findBySerialNumber('A-1001'), known);
        assert.equal(await hardwareTokens.findBySerialNumber('a-1001'), undefined);
        assert.equal(await hardwareTokens.remove(token.id), true);
        assert.equal(await hardwareTokens.remove(token.id), false);
        assert.equal(await hardwareTokens.find(token.id), undefined);
      }));

    it('keeps one of those who put the same token there at once', () =>
      onFreshStores(make, async (fresh) => {
        const added = await inParallel(fresh, 10, ({ stores }, index) =>
          stores.hardwareTokens.add(sampleToken({ id: `token-${index}` })),
        );
        assert.equal(added.filter(Boolean).length, 1);
      }));

    it('tells where each stands, also once its registration was deleted', () =>
      onFreshStores(make, async ({ stores: { hardwareTokens, registrations } }) => {
        const standing = async (): Promise<unknown> => {
          const found = await hardwareTokens.find('token-1');
          return [found?.status, found?.registrationId];
        };
        const token = sampleToken();
        await hardwareTokens.add(token);
        const given = { ...token, assignedTo: 'user-anna' };
        assert.equal(await hardwareTokens.save(given), true);
        assert.deepEqual(await standing(), ['assigned', undefined]);
        assert.equal(await hardwareTokens.save({ ...given, version: 2, wrongCodes: 1 }), true);
        assert.deepEqual(await standing(), ['failedActivation', undefined]);
        const used = sampleRegistration({ lastUsedAt: new Date(9000) });
        await registrations.add(used);
        const activated = { ...given, version: 3, registrationId: used.id };
        assert.equal(await hardwareTokens.save(activated), true);
        assert.deepEqual(await standing(), ['activated', used.id]);
        const [found] = await hardwareTokens.search({ assignedTo: 'user-anna', limit: 9 });
        assert.deepEqual(found?.lastUsedAt, new Date(9000));
        await registrations.removeAll('user-anna');
        assert.deepEqual(await standing(), ['assigned', undefined]);
        assert.equal(await hardwareTokens.save(activated), false, 'from an older version');
      }));

    it('finds by the beginning of the serial number, by standing and page after page', () =>
      onFreshStores(make, async ({ stores: { hardwareTokens } }) => {
        for (const [index, serialNumber] of ['B-2', 'A-1', 'A-2', 'A-10'].entries()) {
          await hardwareTokens.add(
            sampleToken({
              id: `token-${index}`,
              serialNumber,
              ...(index % 2 === 0 ? { assignedTo: 'user-anna', wrongCodes: index } : {}),
            }),
          );
        }
        const found = async (
          search: Parameters<HardwareTokenStore['search']>[0],
        ): Promise<string> =>
          (await hardwareTokens.search(search)).map(({ serialNumber }) => serialNumber).join(' ');
        assert.equal(await found({ limit: 9 }), 'A-1 A-10 A-2 B-2');
        assert.equal(await found({ serialNumber: 'A-1', limit: 9 }), 'A-1 A-10');
        assert.equal(await found({ after: 'A-10', limit: 1 }), 'A-2');
        assert.equal(await found({ status: 'available', limit: 9 }), 'A-1 A-10');
        assert.equal(await found({ status: 'assigned', limit: 9 }), 'B-2');
        assert.equal(await found({ status: 'failedActivation', limit: 9 }), 'A-2');
        assert.equal(await found({ status: 'activated', limit: 9 }), '');
        assert.deepEqual(await hardwareTokens.count(), {
          available: 2,
          assigned: 1,
          activated: 0,
          failedActivation: 1,
        });
      }));
  });
}
