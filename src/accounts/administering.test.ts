import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import {
  adminActs,
  mayAct,
  mayGive,
  onlyLooks,
  organisationActs,
  refusalOf,
  type Act,
} from './administering.ts';
import { roles, type Role } from './user.ts';

const short = {
  rr: 'reports-reader',
  hd: 'help-desk',
  pol: 'authentication-policy-admin',
  aa: 'authentication-admin',
  paa: 'privileged-authentication-admin',
  ga: 'global-admin',
} as const satisfies Readonly<Record<string, Role>>;

/** Who may at all, written out once more: whoever changes the table changes it here as well. */
const expected: Readonly<Record<Act, string>> = {
  see: 'rr hd pol aa paa ga',
  'set-state': 'aa paa ga',
  block: 'hd aa paa ga',
  unblock: 'hd aa paa ga',
  're-register': 'hd aa paa ga',
  'revoke-sessions': 'hd aa paa ga',
  'delete-app-passwords': 'hd aa paa ga',
  'remove-method': 'hd aa paa ga',
  'set-phone': 'aa paa ga',
  'assign-token': 'aa paa ga',
  'change-contact': 'hd aa paa ga',
  'change-other-mail': 'aa paa ga',
  rename: 'aa paa ga',
  'change-groups': 'aa paa ga',
  'change-role': 'ga',
  'switch-account': 'aa paa ga',
  'set-password': 'aa paa ga',
  'issue-pass': 'aa paa ga',
  'delete-account': 'ga',
  'link-account': 'ga',
  'add-people': 'aa paa ga',
  'export-people': 'rr hd pol aa paa ga',
  announce: 'aa paa ga',
  'see-policy': 'rr hd pol aa paa ga',
  'change-policy': 'pol ga',
  'see-what-if': 'rr hd pol aa paa ga',
  'see-tokens': 'hd pol aa paa ga',
  'change-tokens': 'pol aa paa ga',
  'see-reports': 'rr hd pol aa paa ga',
  'see-logs': 'rr hd pol aa paa ga',
  'see-applications': 'rr hd pol aa paa ga',
  'change-applications': 'ga',
  'see-deliveries': 'rr hd pol aa paa ga',
  'retry-delivery': 'aa paa ga',
  'see-approvals': 'aa paa ga',
  approve: 'aa paa ga',
  'see-directory': 'rr hd pol aa paa ga',
  synchronise: 'aa paa ga',
  'confirm-synchronisation': 'ga',
};

describe('what those in charge may do', () => {
  it('is what the table says, for every role', () => {
    for (const act of [...adminActs, ...organisationActs]) {
      const allowed = Object.entries(short).filter(([, role]) => mayAct(role, act));
      assert.equal(allowed.map(([name]) => name).join(' '), expected[act], act);
      assert.equal(mayAct('user', act), false, act);
    }
  });

  it('never reaches themselves, nor anybody above them', () => {
    /** Whose accounts they reach: all up to this place in the order of the roles. */
    const reach: Readonly<Partial<Record<Role, Role>>> = {
      'help-desk': 'user',
      'authentication-admin': 'authentication-admin',
      'privileged-authentication-admin': 'global-admin',
      'global-admin': 'global-admin',
    };
    for (const act of adminActs.filter((each) => each !== 'see')) {
      for (const role of roles.filter((each) => mayAct(each, act))) {
        const actor = { id: 'one', role };
        const highest = reach[role] ?? assert.fail(`${role} acts on nobody`);
        assert.equal(refusalOf(actor, act, actor), 'self', `${role} ${act}`);
        for (const target of roles) {
          assert.equal(
            refusalOf(actor, act, { id: 'other', role: target }),
            roles.indexOf(target) > roles.indexOf(highest) ? 'above' : undefined,
            `${role} ${act} ${target}`,
          );
        }
      }
    }
  });

  it('lets the help desk make a pass only where the organisation says so, and never for whoever has a role', () => {
    const allowance = { helpDeskIssuesPasses: true };
    const helpDesk = { id: 'one', role: 'help-desk' } as const;
    const refusal = (role: Role, allowed = allowance) =>
      refusalOf(helpDesk, 'issue-pass', { id: 'other', role }, allowed);
    assert.equal(refusal('user'), undefined);
    assert.equal(refusal('user', { helpDeskIssuesPasses: false }), 'role');
    for (const role of roles.filter((each) => each !== 'user')) {
      assert.equal(refusal(role), 'above', role);
    }
    assert.equal(refusalOf(helpDesk, 'issue-pass', helpDesk, allowance), 'self');
    for (const act of [...adminActs, ...organisationActs]) {
      const gained = roles.filter((role) => mayAct(role, act, allowance) !== mayAct(role, act));
      assert.deepEqual(gained, act === 'issue-pass' ? ['help-desk'] : [], act);
    }
  });

  it('asks for no fresh second step where somebody only looks', () => {
    assert.deepEqual(
      [...adminActs, ...organisationActs].filter(onlyLooks),
      'see export-people see-policy see-what-if see-tokens see-reports see-logs see-applications see-deliveries see-approvals see-directory'.split(
        ' ',
      ),
    );
  });

  it('lets nobody give a role but those who own the organisation', () => {
    for (const role of roles) {
      const gives = roles.filter((each) => mayGive({ role: each }, role));
      assert.deepEqual(gives, ['global-admin'], role);
    }
  });

  it('lets nobody without a role see or do anything', () => {
    for (const act of adminActs) {
      const refusal = refusalOf({ id: 'one', role: 'user' }, act, { id: 'other', role: 'user' });
      assert.equal(refusal, 'role', act);
    }
  });
});
