import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { freshDatabase, type FreshDatabase } from '../../test/support/database.ts';
import { settableClock } from '../lib/clock.ts';
import { systemRandom } from '../lib/random.ts';
import {
  graceSeconds,
  isTrusted,
  mostDevices,
  trustDevice,
  useDevice,
  type DeviceParts,
  type Trust,
  type Use,
} from './trusted-devices.ts';

describe('a trusted device', () => {
  let database: FreshDatabase;
  let parts: DeviceParts;
  let heidi: Trust;
  let cookie: string;
  let people = 0;
  const clock = settableClock(new Date('2026-11-20T09:00:00Z'));
  before(async () => {
    database = await freshDatabase();
    parts = { box: database.box, clock, random: systemRandom };
  });
  after(() => database.close());
  beforeEach(async () => {
    heidi = {
      userId: `heidi-${(people += 1)}`,
      registrations: ['phone', 'app'],
      days: 30,
      address: '192.0.2.1',
      userAgent: 'Firefox',
      replaces: undefined,
    };
    ({ cookie } = await trustDevice(parts, database.stores.trustedDevices, heidi));
  });

  const use = (value: string | undefined, change: Partial<Trust> = {}): Promise<Use> =>
    useDevice(parts, database.stores.trustedDevices, value, { ...heidi, ...change });
  const devices = () => database.stores.trustedDevices.list(heidi.userId, clock.now());
  /** The next value of the cookie. */
  const renewed = (used: Use): string => {
    assert.equal(used.kind, 'trusted');
    assert.ok(used.cookie !== undefined);
    return used.cookie;
  };

  it('is known by its cookie, which is another after every use', async () => {
    const second = renewed(await use(cookie));
    assert.notEqual(second, cookie);
    clock.advanceSeconds(3600);
    const third = renewed(await use(second, { address: '192.0.2.9' }));
    assert.notEqual(third, second);
    const [device] = await devices();
    assert.equal(device?.address, '192.0.2.9');
    assert.deepEqual(device.lastUsedAt, clock.now());
  });

  it('is not known by any cookie that differs in one bit', async () => {
    for (let bit = 0; bit < 256; bit++) {
      const trusted = await trustDevice(parts, database.stores.trustedDevices, heidi);
      const [fixed, changing] = trusted.cookie
        .split('.')
        .map((half) => Buffer.from(half, 'base64url'));
      assert.ok(fixed !== undefined && changing !== undefined);
      const half = bit < 128 ? fixed : changing;
      const place = (bit % 128) >> 3;
      half[place] = (half[place] ?? 0) ^ (1 << (bit & 7));
      const flipped = `${fixed.toString('base64url')}.${changing.toString('base64url')}`;
      assert.notEqual((await use(flipped)).kind, 'trusted', `bit ${bit}`);
    }
  });

  it('is not known by what is no cookie of ours', async () => {
    for (const sent of [undefined, '', '.', `${cookie}A`, cookie.slice(1), cookie.replace('.', '')])
      assert.equal((await use(sent)).kind, 'unknown', sent);
    assert.equal((await use(cookie)).kind, 'trusted');
  });

  it('is trusted for the person who trusted it, and stays so when another tries', async () => {
    assert.equal((await use(cookie, { userId: 'alice' })).kind, 'unknown');
    assert.equal((await use(cookie)).kind, 'trusted');
  });

  it('is trusted no longer once a value comes back that was changed', async () => {
    const second = renewed(await use(cookie));
    clock.advanceSeconds(graceSeconds + 1);
    assert.equal((await use(cookie)).kind, 'reused');
    assert.equal((await use(second)).kind, 'unknown');
    assert.deepEqual(await devices(), []);
  });

  it('knows a value that is older than the last one, however soon it comes', async () => {
    renewed(await use(renewed(await use(cookie))));
    assert.equal((await use(cookie)).kind, 'reused');
  });

  it('survives two tabs that come at once', async () => {
    const used = await Promise.all([
      database.transact((held) => useDevice(parts, held.trustedDevices, cookie, heidi)),
      database.transact((held) => useDevice(parts, held.trustedDevices, cookie, heidi)),
    ]);
    assert.deepEqual(
      used.map(({ kind }) => kind),
      ['trusted', 'trusted'],
    );
    // One got the new value; the other leaves that in the browser.
    assert.equal(
      used.filter((one) => one.kind === 'trusted' && one.cookie !== undefined).length,
      1,
    );
    assert.equal((await devices()).length, 1);
  });

  it('takes the value before the last from the same browser only', async () => {
    renewed(await use(cookie));
    assert.equal((await use(cookie, { userAgent: 'Chrome' })).kind, 'reused');
  });

  it('is trusted as long as policy says, also when that becomes less', async () => {
    clock.advanceSeconds(7 * 86_400 - 1);
    const second = renewed(await use(cookie, { days: 7 }));
    clock.advanceSeconds(1);
    assert.equal((await use(second, { days: 7 })).kind, 'unknown');
    const third = renewed(await use(second, { days: 365 }));
    clock.advanceSeconds(23 * 86_400);
    assert.equal((await use(third, { days: 365 })).kind, 'unknown');
  });

  it('is trusted while the same things are registered', async () => {
    const second = renewed(await use(cookie, { registrations: ['app', 'phone'] }));
    const third = renewed(await use(second));
    for (const registrations of [['phone'], ['phone', 'app', 'key'], ['phone', 'other'], []]) {
      assert.equal((await use(third, { registrations })).kind, 'unknown');
      const [device] = await devices();
      assert.ok(device);
      assert.equal(isTrusted(parts, device, { ...heidi, registrations }), false);
    }
  });

  it('is one device when it is trusted again', async () => {
    const again = { ...heidi, replaces: cookie };
    const second = await trustDevice(parts, database.stores.trustedDevices, again);
    assert.equal((await devices()).length, 1);
    assert.equal((await use(cookie)).kind, 'unknown');
    assert.equal((await use(second.cookie)).kind, 'trusted');
  });

  it('makes room for one more by ending the one that was not used for longest', async () => {
    for (let more = 0; more < mostDevices; more++) {
      clock.advanceSeconds(1);
      await trustDevice(parts, database.stores.trustedDevices, heidi);
    }
    assert.equal((await devices()).length, mostDevices);
    assert.equal((await use(cookie)).kind, 'unknown');
  });

  it('is trusted no longer by a row that somebody changed beside us', async () => {
    const later = clock.now().getTime() + 365 * 86_400_000;
    const [device] = await devices();
    assert.ok(device);
    const changes = [
      `expires_at = ${later}`,
      `version = version + 1`,
      `user_id = 'mallory'`,
      `detail = (select detail from trusted_device where id <> '${device.id}' limit 1)`,
    ];
    for (const change of changes) {
      const own = await trustDevice(parts, database.stores.trustedDevices, heidi);
      await database.intrude(`update trusted_device set ${change} where id = '${own.device.id}'`);
      if (change.startsWith('expires_at')) clock.advanceSeconds(30 * 86_400);
      assert.equal((await use(own.cookie, { days: 365 })).kind, 'unknown', change);
      const { stores } = database;
      assert.equal(
        await stores.trustedDevices.find(own.device.id, 'mallory', clock.now()),
        undefined,
        change,
      );
    }
  });

  it('leaves nothing in the database that opens anything', async () => {
    const [fixed = '', changing = ''] = cookie.split('.');
    const rows = await database.intrude('select * from trusted_device');
    const text = rows
      .flatMap((row) => Object.values(row))
      .map((value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : JSON.stringify(value),
      )
      .join(' ');
    assert.ok(!text.includes(fixed) && !text.includes(changing));
  });
});
