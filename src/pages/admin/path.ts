/** Owns the addresses of the administrator's pages. */

export const adminPath = '/admin';
export const usersPath = '/admin/users';
export const settingsPath = '/admin/settings';
export const newUserPath = '/admin/users/new';
export const groupsPath = '/admin/groups';

/** The page of one person. `id` is the account's. */
export function personPath(id: string): string {
  return `${usersPath}/${id}`;
}
