import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { addDays, beginOfDay, dayOf, midnightBefore } from './days.ts';

describe('days', () => {
  it('begin at midnight, and are told again as they were read', () => {
    const begin = beginOfDay('2028-02-29');
    assert.ok(begin !== undefined);
    assert.equal(begin.getHours(), 0);
    assert.equal(dayOf(begin), '2028-02-29');
    assert.deepEqual(midnightBefore(new Date(begin.getTime() + 3_600_000)), begin);
  });

  it('that there are not are none', () => {
    for (const day of ['', 'yesterday', '2026-02-29', '2026-13-01', '2026-1-1', '21-11-2026']) {
      assert.equal(beginOfDay(day), undefined, day);
    }
  });

  it('are added by the calendar, over the ends of months and of summer', () => {
    const begin = beginOfDay('2026-02-27');
    assert.ok(begin !== undefined);
    assert.equal(dayOf(addDays(begin, 2)), '2026-03-01');
    for (let days = 0; days < 400; days += 1) {
      assert.equal(addDays(begin, days).getHours(), 0);
    }
    assert.equal(dayOf(addDays(begin, -58)), '2025-12-31');
  });
});
