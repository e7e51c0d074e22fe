/** Owns the address of "what if". */

export const whatIfPath = '/admin/what-if';

/** The question about one person, the rest still open. */
export function whatIfOf(userPrincipalName: string): string {
  return `${whatIfPath}?${new URLSearchParams({ person: userPrincipalName }).toString()}`;
}
