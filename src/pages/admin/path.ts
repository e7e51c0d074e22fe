/** Owns the addresses of the administrator's pages. */

export const adminPath = '/admin';
export const usersPath = '/admin/users';

/** The page of one person. `id` is the account's. */
export function personPath(id: string): string {
  return `${usersPath}/${id}`;
}
