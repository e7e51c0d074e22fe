/** What somebody tries who means harm, and what comes of it (`docs/threat-model.md`). */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { freshDatabase } from '../../test/support/database.ts';
import { password, startHall, type Hall } from '../../test/support/signin.ts';
import type { User } from '../accounts/user.ts';
import type { AttemptStore } from './attempt-store.ts';
import type { OpenRequest } from './signin.ts';

const opening: OpenRequest = {
  request: {
    applicationId: undefined,
    applicationName: undefined,
    required: 'password',
    anew: 'nothing',
    returnTo: '/',
    subject: undefined,
  },
  locale: 'en',
  address: '192.0.2.1',
  userAgent: 'test',
  session: undefined,
};

describe('somebody with an account of their own', () => {
  it('opens no session for another by exchanging the name while the password is looked at', async () => {
    // What another tab does between two looks at the attempt, each time at the worst moment.
    const meanwhile: (() => Promise<unknown>)[] = [];
    const database = await freshDatabase();
    const attempts: AttemptStore = {
      ...database.stores.attempts,
      find: async (id) => {
        const found = await database.stores.attempts.find(id);
        await meanwhile.shift()?.();
        return found;
      },
    };
    const otherTab = await startHall(database);
    const hall = await startHall({ ...database, stores: { ...allOf(database.stores), attempts } });
    const own = await hall.person({ userPrincipalName: 'mallory@voorbeeld.example' });
    const victim = await hall.person({
      userPrincipalName: 'victim@voorbeeld.example',
      passwordHash: undefined,
      perUserMfaState: 'disabled',
    });
    const ref = await otherTab.signin.open(opening);
    await otherTab.signin.identify(ref, own.userPrincipalName);
    for (const { userPrincipalName } of [victim, own]) {
      meanwhile.push(() => otherTab.signin.identify(ref, userPrincipalName));
    }
    await hall.signin.password(ref, password, undefined).catch(() => undefined);
    assert.deepEqual(await hall.stores.sessions.list(victim.id, hall.clock.now()), []);
    await database.close();
  });
});

/** All stores at once: those of a database are made one by one, when they are asked for. */
function allOf(stores: Hall['stores']): Hall['stores'] {
  return { ...stores };
}
