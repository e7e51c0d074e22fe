/**
 * Owns which act stands behind each address of the portal: what a role may not do, it cannot open. An
 * address that is not here cannot be registered.
 */
import type { Act } from '../../accounts/administering.ts';

/** Method and address, as the router knows them. */
export const access = {
  'GET /admin': 'see',
  'GET /admin/users': 'see',
  'GET /admin/users/quick/enable': 'set-state',
  'POST /admin/users/quick/enable': 'set-state',
  'GET /admin/users/quick/enforce': 'set-state',
  'POST /admin/users/quick/enforce': 'set-state',
  'GET /admin/users/quick/disable': 'set-state',
  'POST /admin/users/quick/disable': 'set-state',
  'GET /admin/users/quick/re-register': 're-register',
  'POST /admin/users/quick/re-register': 're-register',
  'GET /admin/users/quick/revoke-sessions': 'revoke-sessions',
  'POST /admin/users/quick/revoke-sessions': 'revoke-sessions',
  'GET /admin/users/quick/delete-app-passwords': 'delete-app-passwords',
  'POST /admin/users/quick/delete-app-passwords': 'delete-app-passwords',
  'GET /admin/users/:id': 'see',
  'GET /admin/users/:id/sign-ins': 'see',
  'GET /admin/users/:id/history': 'see',
  'GET /admin/users/:id/edit': 'change-contact',
  'POST /admin/users/:id/edit': 'change-contact',
  'GET /admin/users/:id/state': 'set-state',
  'POST /admin/users/:id/state': 'set-state',
  'GET /admin/users/:id/block': 'block',
  'POST /admin/users/:id/block': 'block',
  'GET /admin/users/:id/unblock': 'unblock',
  'POST /admin/users/:id/unblock': 'unblock',
  'GET /admin/users/:id/re-register': 're-register',
  'POST /admin/users/:id/re-register': 're-register',
  'GET /admin/users/:id/revoke-sessions': 'revoke-sessions',
  'POST /admin/users/:id/revoke-sessions': 'revoke-sessions',
  'GET /admin/users/:id/delete-app-passwords': 'delete-app-passwords',
  'POST /admin/users/:id/delete-app-passwords': 'delete-app-passwords',
  'GET /admin/users/:id/switch-off': 'switch-account',
  'POST /admin/users/:id/switch-off': 'switch-account',
  'GET /admin/users/:id/switch-on': 'switch-account',
  'POST /admin/users/:id/switch-on': 'switch-account',
  'GET /admin/users/:id/password': 'set-password',
  'POST /admin/users/:id/password': 'set-password',
  'GET /admin/users/:id/pass': 'issue-pass',
  'POST /admin/users/:id/pass': 'issue-pass',
  'GET /admin/users/:id/methods/:registration': 'remove-method',
  'POST /admin/users/:id/methods/:registration': 'remove-method',
} as const satisfies Readonly<Record<string, Act>>;

/** An address of the portal, with its method. */
export type Address = keyof typeof access;
