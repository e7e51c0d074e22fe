/** A person's own acts on two nodes at once: what is made once is made once, what has a maximum keeps it. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { freshDatabase, type FreshDatabase } from '../../test/support/database.ts';
import { password, startHall, type Hall } from '../../test/support/signin.ts';
import type { User } from '../accounts/user.ts';
import type { CurrentSession } from '../signin/current-session.ts';
import { createOwnAppPasswords } from './own-app-passwords.ts';
import { createOwnPassword } from './own-password.ts';
import { createOwnSignIns } from './own-sign-ins.ts';

const visitor = { locale: 'en', address: '192.0.2.7' } as const;

describe('one’s own account on two nodes', () => {
  let database: FreshDatabase;
  let nodes: readonly [Hall, Hall];
  let anna: User;
  let current: CurrentSession;
  beforeEach(async () => {
    database = await freshDatabase();
    nodes = [await startHall(database), await startHall(database)];
    const [hall] = nodes;
    await hall.policies.change((policy) => ({ ...policy, appPasswords: { allowed: true } }));
    anna = await hall.person();
    await hall.app(anna);
    current = await hall.enter(anna);
    await hall.sent();
  });
  afterEach(() => database.close());

  const onBoth = <result>(
    times: number,
    run: (node: Hall, index: number) => Promise<result>,
  ): Promise<readonly PromiseSettledResult<result>[]> =>
    Promise.allSettled(
      Array.from({ length: times }, (_, index) => run(nodes[index % 2 === 0 ? 0 : 1], index)),
    );
  const makes = (node: Hall, formId: string) =>
    createOwnAppPasswords(node.parts).create(
      current,
      { formId, name: 'Mail', door: undefined, expiryDays: 90 },
      visitor,
    );

  it('keeps forty app passwords of sixty', async () => {
    const made = await onBoth(60, (node, index) => makes(node, `form-${index}`));
    const kinds = made.map((each) => (each.status === 'fulfilled' ? each.value.kind : 'fault'));
    assert.equal(kinds.filter((kind) => kind === 'made').length, 40);
    assert.equal(kinds.filter((kind) => kind === 'full').length, 20);
    assert.equal((await nodes[0].stores.appPasswords.list(anna.id)).length, 40);
  });

  it('makes one app password of one form, and shows it to one', async () => {
    const made = await onBoth(10, (node) => makes(node, 'the same form'));
    const [first] = made;
    assert.ok(first?.status === 'fulfilled' && first.value.kind === 'made');
    const { id } = first.value;
    assert.equal((await nodes[0].stores.appPasswords.list(anna.id)).length, 1);
    const shown = await onBoth(10, (node) => createOwnAppPasswords(node.parts).show(current, id));
    const plains = shown.filter(
      (each) => each.status === 'fulfilled' && each.value?.plain !== undefined,
    );
    assert.equal(plains.length, 1);
  });

  it('changes the password once', async () => {
    const changed = await onBoth(4, (node, index) =>
      createOwnPassword(node.parts).change(
        current,
        { current: password, wanted: `rustige vogel nummer ${index}` },
        { ...visitor, userAgent: 'test', knownBrowser: undefined },
      ),
    );
    const done = changed.filter(
      (each) => each.status === 'fulfilled' && each.value.kind === 'changed',
    );
    assert.equal(done.length, 1);
    const { stores, clock } = nodes[0];
    assert.equal((await stores.sessions.list(anna.id, clock.now())).length, 1);
  });

  it('closes the account once', async () => {
    const { stores } = nodes[0];
    const [event] = await stores.signInEvents.list({ userId: anna.id, limit: 1 });
    const denied = { id: event?.id ?? assert.fail(), application: 'Tweestap' };
    const done = await onBoth(6, (node) =>
      createOwnSignIns(node.parts).deny(current, denied, visitor),
    );
    assert.equal(done.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal((await stores.audit.list({ limit: 9, kind: 'sign-in-denied' })).length, 1);
  });
});
