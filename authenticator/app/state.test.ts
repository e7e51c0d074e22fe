import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { PendingRequest } from '../../src/methods/notification/protocol.ts';
import type { Account } from '../vault/account.ts';
import {
  clockFault,
  emptyState,
  reduce,
  requestToShow,
  requestsAside,
  type Event,
  type State,
} from './state.ts';

const now = 1_800_000_000_000;
const account = (id: string): Account => ({
  kind: 'other',
  id,
  name: '',
  issuer: id,
  account: '',
  otp: { key: 'JBSWY3DPEHPK3PXP', digits: 6, period: 30, algorithm: 'sha1' },
});
const request = (id: string, askedAt = now): PendingRequest => ({
  id,
  application: 'Intranet',
  address: '145.97.20.4',
  browser: '',
  askedAt,
  expiresAt: askedAt + 60_000,
  isTest: false,
  purpose: 'sign-in',
});
const pending = (accountId: string, ...requests: readonly PendingRequest[]): Event => ({
  kind: 'pending',
  accountId,
  requests,
  aheadMs: 0,
});
const after = (...events: readonly Event[]): State =>
  events.reduce<State>(reduce, {
    ...emptyState,
    accounts: [account('home'), account('work')],
  });
const shown = (state: State): string | undefined => requestToShow(state)?.request.id;

describe('what the app knows', () => {
  it('asks about the oldest sign-in first, whoever is asked', () => {
    const state = after(
      pending('work', request('later', now + 1_000)),
      pending('home', request('sooner')),
    );
    assert.equal(shown(state), 'sooner');
  });

  it('does not ask again what was answered, even where an old list says so', () => {
    const state = after(
      pending('work', request('a')),
      { kind: 'answered', requestId: 'a' },
      pending('work', request('a'), request('b')),
    );
    assert.equal(shown(state), 'b');
  });

  it('lets a sign-in wait that was set aside, and takes it up again', () => {
    const aside = after(pending('work', request('a')), { kind: 'set-aside', requestId: 'a' });
    assert.equal(shown(aside), undefined);
    assert.equal(requestsAside(aside).length, 1);
    assert.equal(shown(reduce(aside, { kind: 'taken-up' })), 'a');
  });

  it('forgets a sign-in when its time is over, by the clock of this phone', () => {
    const ahead = 5_000;
    const state = after({
      kind: 'pending',
      accountId: 'work',
      requests: [request('a')],
      aheadMs: ahead,
    });
    const end = now + 60_000 - ahead;
    assert.equal(shown(reduce(state, { kind: 'tick', now: end - 1 })), 'a');
    assert.equal(shown(reduce(state, { kind: 'tick', now: end })), undefined);
  });

  it('forgets the sign-ins of an account that is removed', () => {
    const state = after(pending('work', request('a')), pending('home', request('b', now + 1)), {
      kind: 'accounts',
      accounts: [account('home')],
    });
    assert.equal(shown(state), 'b');
  });

  it('says that a clock is wrong only where codes would be refused', () => {
    const at = (aheadMs: number): number =>
      clockFault(after({ kind: 'pending', accountId: 'work', requests: [], aheadMs }));
    assert.equal(at(2_000), 0);
    assert.equal(at(-180_000), -180_000);
  });

  it('is the same where nothing changed', () => {
    const state = after(pending('work', request('a')));
    assert.equal(reduce(state, { kind: 'tick', now }), state);
    assert.equal(reduce(state, { kind: 'line', accountId: 'work', state: 'heard' }), state);
    assert.equal(reduce(state, { kind: 'taken-up' }), state);
  });
});
