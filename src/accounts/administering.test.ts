import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { adminActs, mayAct, refusalOf, type AdminAct } from './administering.ts';
import type { Role } from './user.ts';

const roles: readonly Role[] = [
  'user',
  'reports-reader',
  'help-desk',
  'authentication-admin',
  'global-admin',
];

/** Who may at all, written out once more: whoever changes the table changes it here as well. */
const expected: Readonly<Record<AdminAct, string>> = {
  see: 'reports-reader help-desk authentication-admin global-admin',
  'set-state': 'authentication-admin global-admin',
  block: 'help-desk authentication-admin global-admin',
  unblock: 'help-desk authentication-admin global-admin',
  're-register': 'help-desk authentication-admin global-admin',
  'revoke-sessions': 'help-desk authentication-admin global-admin',
  'delete-app-passwords': 'help-desk authentication-admin global-admin',
  'remove-method': 'help-desk authentication-admin global-admin',
  'change-contact': 'help-desk authentication-admin global-admin',
  'change-other-mail': 'authentication-admin global-admin',
  'switch-account': 'authentication-admin global-admin',
  'set-password': 'authentication-admin global-admin',
  'issue-pass': 'authentication-admin global-admin',
};

describe('what those in charge may do', () => {
  it('is what the table says, for every role', () => {
    for (const act of adminActs) {
      const allowed = roles.filter((role) => mayAct(role, act));
      assert.equal(allowed.join(' '), expected[act], act);
    }
  });

  it('never reaches themselves, nor anybody above them', () => {
    const order: readonly Role[] = ['help-desk', 'authentication-admin', 'global-admin'];
    for (const act of adminActs.filter((each) => each !== 'see')) {
      for (const role of order) {
        if (!mayAct(role, act)) continue;
        const actor = { id: 'one', role };
        assert.equal(refusalOf(actor, act, actor), 'self', `${role} ${act}`);
        for (const target of roles) {
          const isAbove = order.indexOf(target) > order.indexOf(role);
          const isHelped = role !== 'help-desk' || target === 'user';
          assert.equal(
            refusalOf(actor, act, { id: 'other', role: target }),
            isAbove || !isHelped ? 'above' : undefined,
            `${role} ${act} ${target}`,
          );
        }
      }
    }
  });

  it('lets nobody without a role see or do anything', () => {
    for (const act of adminActs) {
      const refusal = refusalOf({ id: 'one', role: 'user' }, act, { id: 'other', role: 'user' });
      assert.equal(refusal, 'role', act);
    }
  });
});
