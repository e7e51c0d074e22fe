/** What every keeper of approvals is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { inParallel, onFreshStores, type MakeStores } from '../lib/stores.contract.ts';
import type { ApprovalStore } from './approval-store.ts';
import type { Approval } from './approval.ts';

/** Anna asks to block Bram, unless the test says otherwise. */
export function sampleApproval(fields: Partial<Approval> = {}): Approval {
  return {
    id: 'approval-1',
    act: 'block',
    targetId: 'user-bram',
    role: undefined,
    values: { until: '2026-11-30T09:00:00.000Z' },
    askedBy: 'user-anna',
    askedAt: new Date(1000),
    reason: 'he left yesterday',
    expiresAt: new Date(9000),
    decision: undefined,
    usedAt: undefined,
    ...fields,
  };
}

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeApprovalStore(
  make: MakeStores<{ readonly approvals: ApprovalStore }>,
): void {
  const now = new Date(2000);
  const agreed = { by: 'user-cas', at: now, isAgreed: true };
  const { act, targetId, role, values, askedBy } = sampleApproval();
  const asked = { act, targetId, role, values, askedBy } as const;

  describe('an approval store', () => {
    it('gives back what was asked, newest first, and what became of it', () =>
      onFreshStores(make, async ({ stores: { approvals } }) => {
        const sample = sampleApproval();
        const newer = sampleApproval({ id: 'approval-2', askedAt: new Date(1500), targetId: '' });
        await approvals.add(sample);
        await approvals.add(newer);
        assert.deepEqual(await approvals.find('approval-1'), sample);
        assert.equal(await approvals.find('approval-3'), undefined);
        assert.deepEqual(
          (await approvals.list(9)).map(({ id }) => id),
          ['approval-2', 'approval-1'],
        );
        assert.equal(await approvals.isOpen(asked, now), true);
        assert.equal(await approvals.isOpen({ ...asked, act: 'unblock' }, now), false);
        assert.equal(await approvals.isOpen({ ...asked, values: {} }, now), false);
        assert.equal(await approvals.decide('approval-1', agreed), true);
        assert.deepEqual((await approvals.find('approval-1'))?.decision, agreed);
        assert.equal(await approvals.forget(new Date(9001)), 2);
        assert.deepEqual(await approvals.list(9), []);
      }));

    it('is decided by one of many who decide at once, and used by one of many', () =>
      onFreshStores(make, async (fresh) => {
        await fresh.stores.approvals.add(sampleApproval());
        const decided = await inParallel(fresh, 10, ({ stores }) =>
          stores.approvals.decide('approval-1', agreed),
        );
        assert.equal(decided.filter(Boolean).length, 1);
        const used = await inParallel(fresh, 10, ({ stores }) =>
          stores.approvals.consume(asked, now),
        );
        assert.equal(used.filter(Boolean).length, 1);
        assert.deepEqual((await fresh.stores.approvals.find('approval-1'))?.usedAt, now);
        assert.equal(await fresh.stores.approvals.isOpen(asked, now), false);
      }));

    it('lets nothing be done that was not agreed to, by whom, to whom, or too late', () =>
      onFreshStores(make, async ({ stores: { approvals } }) => {
        await approvals.add(sampleApproval());
        assert.equal(await approvals.consume(asked, now), false, 'nobody agreed yet');
        await approvals.decide('approval-1', agreed);
        assert.equal(await approvals.consume({ ...asked, act: 'unblock' }, now), false);
        assert.equal(await approvals.consume({ ...asked, targetId: 'user-els' }, now), false);
        assert.equal(await approvals.consume({ ...asked, askedBy: 'user-cas' }, now), false);
        assert.equal(await approvals.consume({ ...asked, role: 'user' }, now), false);
        const given = { act: 'change-role', role: 'reports-reader' } as const;
        await approvals.add(sampleApproval({ ...given, id: 'approval-4' }));
        await approvals.decide('approval-4', agreed);
        assert.equal((await approvals.find('approval-4'))?.role, 'reports-reader');
        const more = { ...asked, ...given, role: 'global-admin' } as const;
        assert.equal(await approvals.consume(more, now), false, 'that was another role');
        assert.equal(await approvals.isOpen(more, now), false);
        assert.equal(await approvals.consume({ ...more, role: undefined }, now), false);
        assert.equal(await approvals.consume({ ...asked, ...given }, now), true);
        const nobody = async ({ by }: { readonly by: string }): Promise<boolean> =>
          by !== 'user-cas';
        assert.equal(await approvals.isOpen(asked, now, nobody), false);
        assert.equal(await approvals.consume(asked, now, nobody), false, 'that stands no more');
        assert.equal(await approvals.isOpen(asked, now), true);
        assert.equal(await approvals.consume(asked, new Date(9000)), false, 'it is over');
        await approvals.add(sampleApproval({ id: 'approval-2' }));
        await approvals.decide('approval-2', { ...agreed, isAgreed: false });
        await approvals.consume(asked, now);
        assert.equal(await approvals.consume(asked, now), false, 'that was declined');
        await approvals.add(sampleApproval({ id: 'approval-3', expiresAt: new Date(1999) }));
        assert.equal(await approvals.decide('approval-3', agreed), false, 'too late to agree');
      }));
  });
}
