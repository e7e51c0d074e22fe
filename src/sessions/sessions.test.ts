import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { freshDatabase, type FreshDatabase } from '../../test/support/database.ts';
import { settableClock } from '../lib/clock.ts';
import { systemRandom } from '../lib/random.ts';
import { createSessions, type Sessions } from './sessions.ts';

describe('a session', () => {
  let database: FreshDatabase;
  let sessions: Sessions;
  let token: string;
  const clock = settableClock(new Date('2026-11-20T09:00:00Z'));
  before(async () => {
    database = await freshDatabase();
    const { box, stores } = database;
    sessions = createSessions({ store: stores.sessions, box, clock, random: systemRandom });
  });
  after(() => database.close());
  beforeEach(async () => {
    const opened = await sessions.open(database.stores.sessions, {
      userId: 'user-anna',
      proofs: [],
      lengths: { absoluteSeconds: 4 * 3600, idleSeconds: 3600 },
      address: '192.0.2.1',
      userAgent: 'test',
    });
    token = opened.token;
  });

  it('ends when it was not used for as long as it may rest', async () => {
    clock.advanceSeconds(3600);
    assert.ok(await sessions.find(token));
    clock.advanceSeconds(3601);
    assert.equal(await sessions.find(token), undefined);
    // Whoever looks again, with a clock that went back, finds nothing either.
    clock.advanceSeconds(-7200);
    assert.equal(await sessions.find(token), undefined);
  });

  it('ends when its time is over, however much it was used', async () => {
    for (let half = 0; half < 7; half++) {
      clock.advanceSeconds(1800);
      assert.ok(await sessions.find(token));
    }
    clock.advanceSeconds(1800);
    assert.equal(await sessions.find(token), undefined);
  });

  it('is opened by its token alone, to the letter', async () => {
    const { id } = (await sessions.find(token)) ?? {};
    assert.ok(id !== undefined);
    const others = ['', token.slice(1), `${token}A`, token.toLowerCase(), id.toString('base64url')];
    for (const other of others) assert.equal(await sessions.find(other), undefined, other);
    assert.equal(await sessions.find(undefined), undefined);
  });
});
