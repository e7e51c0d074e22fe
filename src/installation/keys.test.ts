import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import {
  everyServer,
  testBox,
  type DatabaseServer,
  type FreshDatabase,
} from '../../test/support/database.ts';
import { createSecretBox } from '../lib/secret-box.ts';
import { vapidKeyBytes } from '../lib/web-push/vapid.ts';
import { settlePushKey } from './keys.ts';

const old = { id: 'test', key: Buffer.alloc(32, 1) };
const rotatedBox = createSecretBox({
  current: { id: 'next', key: Buffer.alloc(32, 3) },
  previous: [old],
  hashKey: Buffer.alloc(32, 2),
});
const laterBox = createSecretBox({
  current: { id: 'next', key: Buffer.alloc(32, 3) },
  previous: [],
  hashKey: Buffer.alloc(32, 2),
});

for (const server of everyServer()) describePushKey(server);

function describePushKey(server: DatabaseServer): void {
  describe(`the key that browsers subscribe with, on ${server.engine}`, () => {
    let fresh: FreshDatabase;
    before(async () => {
      fresh = await server.fresh();
    });
    after(async () => {
      await fresh.close();
      await server.close();
    });

    it('is made once, also by nodes that start at the same moment', async () => {
      const another = await fresh.anotherDatabase();
      const made = await Promise.all([
        settlePushKey(fresh.stores.meta, testBox),
        settlePushKey(another.stores.meta, testBox),
        settlePushKey(fresh.stores.meta, testBox),
      ]);
      const again = await settlePushKey(another.stores.meta, testBox);
      await another.close();
      assert.equal(new Set([...made, again].map(({ publicKey }) => publicKey)).size, 1);
      assert.equal(Buffer.from(again.publicKey, 'base64url').length, 65);
    });

    it('is sealed where it stands', async () => {
      const key = await settlePushKey(fresh.stores.meta, testBox);
      const kept = Buffer.from((await fresh.stores.meta.read('push-key')) ?? '', 'base64');
      const { d = '' } = key.privateKey.export({ format: 'jwk' });
      assert.equal(typeof d, 'string');
      assert.ok(!kept.includes(vapidKeyBytes(key)));
      assert.ok(!kept.includes(Buffer.from(String(d), 'base64url')));
    });

    it('outlives the key that sealed it', async () => {
      const { publicKey } = await settlePushKey(fresh.stores.meta, testBox);
      const rotated = await settlePushKey(fresh.stores.meta, rotatedBox);
      const later = await settlePushKey(fresh.stores.meta, laterBox);
      assert.deepEqual([rotated.publicKey, later.publicKey], [publicKey, publicKey]);
    });

    it('is not taken from whoever writes another into the database', async () => {
      await fresh.stores.meta.write('push-key', Buffer.from('no key').toString('base64'));
      await assert.rejects(settlePushKey(fresh.stores.meta, laterBox), { code: 'RECORD_DAMAGED' });
    });
  });
}
