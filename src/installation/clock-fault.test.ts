import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { clockFault } from './clock-fault.ts';

describe('the clock of a node', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  const off = (ms: number): string | undefined => clockFault(now, new Date(now.getTime() - ms));

  it('may differ from that of the database by two seconds, and not by more', () => {
    assert.equal(off(2_000), undefined);
    assert.equal(off(-2_000), undefined);
    assert.equal(off(2_001), 'the clock of this machine is 2001 ms ahead of that of the database');
    assert.equal(off(-9_000), 'the clock of this machine is 9000 ms behind that of the database');
  });

  it('is believed where the database is on this machine and has none', () => {
    assert.equal(clockFault(now, undefined), undefined);
  });
});
