/** Owns the addresses of the hardware tokens. */

export const tokensPath = '/admin/tokens';
export const importTokensPath = '/admin/tokens/import';

/** The page of one token. */
export function tokenPath(id: string): string {
  return `${tokensPath}/${id}`;
}
