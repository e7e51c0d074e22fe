/**
 * Owns what each role may do, and to whom: one table that the pages, the acts themselves and the tests
 * ask. Nobody acts on themselves (row A-025: that is what Security info is for), nor on anybody above
 * them; whoever has a role is the business of administrators alone.
 */
import type { Role, User } from './user.ts';

/** Everything that somebody in charge does in the portal. */
export const adminActs = [
  'see',
  'set-state',
  'block',
  'unblock',
  're-register',
  'revoke-sessions',
  'delete-app-passwords',
  'remove-method',
  'change-contact',
  'change-other-mail',
  'switch-account',
  'set-password',
  'issue-pass',
] as const;
export type AdminAct = (typeof adminActs)[number];

const admins: readonly Role[] = ['authentication-admin', 'global-admin'];
const helpers: readonly Role[] = ['help-desk', ...admins];

/**
 * The help desk gets people back in without ever seeing or choosing what they prove themselves with
 * (attack ATK-37): no password, no pass, and no address that a notice would go to.
 */
const mayDo: Readonly<Record<AdminAct, readonly Role[]>> = {
  see: ['reports-reader', ...helpers],
  'set-state': admins,
  block: helpers,
  unblock: helpers,
  're-register': helpers,
  'revoke-sessions': helpers,
  'delete-app-passwords': helpers,
  'remove-method': helpers,
  'change-contact': helpers,
  'change-other-mail': admins,
  'switch-account': admins,
  'set-password': admins,
  'issue-pass': admins,
};

/** Whose accounts each role acts on. */
const actsOn: Readonly<Record<Role, readonly Role[]>> = {
  user: [],
  'reports-reader': [],
  'help-desk': ['user'],
  'authentication-admin': ['user', 'reports-reader', 'help-desk', 'authentication-admin'],
  'global-admin': ['user', 'reports-reader', 'help-desk', 'authentication-admin', 'global-admin'],
};

/** Why not: their role does not do this, it is themselves, or the account is out of their reach. */
export type AdminRefusal = 'role' | 'self' | 'above';

/** Whether this role does this to anybody at all. */
export function mayAct(role: Role, act: AdminAct): boolean {
  return mayDo[act].includes(role);
}

/** Why this person may not do this to that one; undefined where they may. Everybody may be seen. */
export function refusalOf(
  actor: Pick<User, 'id' | 'role'>,
  act: AdminAct,
  target: Pick<User, 'id' | 'role'>,
): AdminRefusal | undefined {
  if (!mayAct(actor.role, act)) return 'role';
  if (act === 'see') return undefined;
  if (actor.id === target.id) return 'self';
  return actsOn[actor.role].includes(target.role) ? undefined : 'above';
}
