/**
 * Owns what each role may do, and to whom: one table that the pages, the API, the acts themselves and
 * the tests ask. Nobody acts on themselves (row A-025: that is what Security info is for), nor on
 * anybody above them; whoever has a role is the business of administrators alone.
 */
import type { Role, User } from './user.ts';

/** Everything that somebody in charge does to one account. */
export const adminActs = [
  'see',
  'set-state',
  'block',
  'unblock',
  're-register',
  'revoke-sessions',
  'delete-app-passwords',
  'remove-method',
  'set-phone',
  'assign-token',
  'change-contact',
  'change-other-mail',
  'rename',
  'change-groups',
  'change-role',
  'switch-account',
  'set-password',
  'issue-pass',
  'delete-account',
  'link-account',
] as const;
export type AdminAct = (typeof adminActs)[number];

/** Everything that somebody in charge does to the organisation, or sees of it. */
export const organisationActs = [
  'add-people',
  'export-people',
  'announce',
  'see-policy',
  'change-policy',
  'see-what-if',
  'see-tokens',
  'change-tokens',
  'see-reports',
  'see-logs',
  'see-applications',
  'change-applications',
  'see-deliveries',
  'retry-delivery',
  'see-approvals',
  'approve',
  'see-directory',
  'synchronise',
  'confirm-synchronisation',
] as const;
export type OrganisationAct = (typeof organisationActs)[number];

/** Everything that an address of the portal or of the API may stand for. */
export type Act = AdminAct | OrganisationAct;

const admins: readonly Role[] = [
  'authentication-admin',
  'privileged-authentication-admin',
  'global-admin',
];
const helpers: readonly Role[] = ['help-desk', ...admins];
const governors: readonly Role[] = ['authentication-policy-admin', 'global-admin'];
const owners: readonly Role[] = ['global-admin'];
const readers: readonly Role[] = ['reports-reader', 'authentication-policy-admin', ...helpers];

/**
 * The help desk gets people back in without ever seeing or choosing what they prove themselves with
 * (attack ATK-37): no password, no name, no address that a notice would go to, and no pass unless the organisation
 * would have it so.
 */
const mayDo: Readonly<Record<Act, readonly Role[]>> = {
  see: readers,
  'set-state': admins,
  block: helpers,
  unblock: helpers,
  're-register': helpers,
  'revoke-sessions': helpers,
  'delete-app-passwords': helpers,
  'remove-method': helpers,
  'set-phone': admins,
  'assign-token': admins,
  'change-contact': helpers,
  'change-other-mail': admins,
  rename: admins,
  'change-groups': admins,
  'change-role': owners,
  'switch-account': admins,
  'set-password': admins,
  'issue-pass': admins,
  'delete-account': owners,
  // It gives the password of somebody's account to others.
  'link-account': owners,
  'add-people': admins,
  'export-people': readers,
  announce: admins,
  'see-policy': readers,
  'change-policy': governors,
  'see-what-if': readers,
  'see-tokens': [...helpers, 'authentication-policy-admin'],
  'change-tokens': [...admins, 'authentication-policy-admin'],
  'see-reports': readers,
  'see-logs': readers,
  'see-applications': readers,
  'change-applications': owners,
  'see-deliveries': readers,
  'retry-delivery': admins,
  'see-approvals': admins,
  approve: admins,
  'see-directory': readers,
  synchronise: admins,
  'confirm-synchronisation': owners,
};

const belowAdmins: readonly Role[] = [
  'user',
  'reports-reader',
  'help-desk',
  'authentication-policy-admin',
  'authentication-admin',
];
const everybody: readonly Role[] = [
  ...belowAdmins,
  'privileged-authentication-admin',
  'global-admin',
];

/** Whose accounts each role acts on. */
const actsOn: Readonly<Record<Role, readonly Role[]>> = {
  user: [],
  'reports-reader': [],
  'help-desk': ['user'],
  'authentication-policy-admin': [],
  'authentication-admin': belowAdmins,
  'privileged-authentication-admin': everybody,
  'global-admin': everybody,
};

/** Why not: their role does not do this, it is themselves, or the account is out of their reach. */
export type AdminRefusal = 'role' | 'self' | 'above';

/** What the organisation adds to the table; nothing unless it says so. */
export interface Allowance {
  /** Whether the help desk makes Temporary Access Passes, for people without a role. */
  readonly helpDeskIssuesPasses?: boolean;
}

const nothingMore: Allowance = {};

/** Whether this role does this at all. */
export function mayAct(role: Role, act: Act, allowance = nothingMore): boolean {
  if (act === 'issue-pass' && role === 'help-desk') return allowance.helpDeskIssuesPasses === true;
  return mayDo[act].includes(role);
}

/** Whether it only looks: what changes something asks for a second step that is fresh. */
export function onlyLooks(act: Act): boolean {
  return act === 'see' || act.startsWith('see-') || act === 'export-people';
}

/** Why this person may not do this to that one; undefined where they may. Everybody may be seen. */
export function refusalOf(
  actor: Pick<User, 'id' | 'role'>,
  act: AdminAct,
  target: Pick<User, 'id' | 'role'>,
  allowance = nothingMore,
): AdminRefusal | undefined {
  if (!mayAct(actor.role, act, allowance)) return 'role';
  if (act === 'see') return undefined;
  if (actor.id === target.id) return 'self';
  return actsOn[actor.role].includes(target.role) ? undefined : 'above';
}

/** Whether somebody may give this role to a person: only one whom they could then still act on. */
export function mayGive(actor: Pick<User, 'role'>, role: Role): boolean {
  return (
    mayAct(actor.role, 'change-role') && (role === 'user' || actsOn[actor.role].includes(role))
  );
}
