import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { everythingRevoked, userAdded } from '../../audit/audit.ts';
import { settableClock, type SettableClock } from '../../lib/clock.ts';
import { freshDatabase, type FreshDatabase } from '../../../test/support/database.ts';
import { watchRevocations, type RevocationWatch } from './revocations.ts';

describe('word of what was ended everywhere', () => {
  let database: FreshDatabase;
  let clock: SettableClock;
  let watch: RevocationWatch;
  let told: string[];
  let isReachable = true;
  before(async () => {
    database = await freshDatabase();
  });
  after(() => database.close());
  beforeEach(() => {
    clock = settableClock(new Date());
    told = [];
    isReachable = true;
    watch = watchFrom(clock);
  });

  const watchFrom = (from: SettableClock): RevocationWatch => {
    const made = watchRevocations({
      audit: database.stores.audit,
      tell: async (userId) => {
        if (!isReachable) throw new Error('nobody answers');
        told.push(userId);
      },
      clock: from,
      failed: () => {},
      everyMs: 3_600_000,
    });
    after(() => made.stop());
    return made;
  };
  const revoke = (userId: string): Promise<void> =>
    database.stores.audit.append(
      everythingRevoked({
        at: clock.now(),
        userId,
        actor: 'command-line',
        reason: 'blocked',
        sessions: 1,
        grants: 1,
        trustedDevices: 0,
        appPasswords: 0,
      }),
    );
  const somethingElse = async (times: number): Promise<void> => {
    await database.transact(async ({ audit }) => {
      for (let time = 0; time < times; time += 1) {
        await audit.append(userAdded({ at: clock.now(), userId: 'x', actor: 'x' }));
      }
    });
  };

  it('is brought once for each person, however much else happens', async () => {
    clock.advanceSeconds(1000);
    watch = watchFrom(clock);
    await somethingElse(300);
    await revoke('anna');
    await somethingElse(250);
    await revoke('bram');
    await revoke('anna');
    await somethingElse(3);
    await watch.look();
    assert.deepEqual(told.toSorted(), ['anna', 'bram']);
    await watch.look();
    await somethingElse(1);
    await watch.look();
    assert.equal(told.length, 2);
  });

  it('is brought again to whoever could not be reached', async () => {
    clock.advanceSeconds(2000);
    watch = watchFrom(clock);
    await revoke('chris');
    isReachable = false;
    await assert.rejects(watch.look());
    isReachable = true;
    await watch.look();
    assert.deepEqual(told, ['chris']);
  });

  it('is brought after a start for what happened shortly before it, and not for long ago', async () => {
    clock.advanceSeconds(3000);
    await revoke('old');
    clock.advanceSeconds(300);
    await revoke('young');
    clock.advanceSeconds(60);
    await watchFrom(clock).look();
    assert.deepEqual(told, ['young']);
  });

  it('is looked for once at a time', async () => {
    clock.advanceSeconds(4000);
    watch = watchFrom(clock);
    await revoke('dewi');
    await Promise.all([watch.look(), watch.look(), watch.look()]);
    assert.deepEqual(told, ['dewi']);
  });
});
