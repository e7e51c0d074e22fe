/** Owns the addresses of OpenID Connect. Discovery tells them to applications. */

export const enginePaths = {
  authorization: '/oidc/authorize',
  token: '/oidc/token',
  userinfo: '/oidc/userinfo',
  jwks: '/oidc/jwks',
  revocation: '/oidc/revoke',
  end_session: '/oidc/end-session',
} as const;

/** Where the engine sends the browser for our sign-in; the engine's cookie is for this path alone. */
export function interactionPath(uid: string): string {
  return `/oidc/interaction/${uid}`;
}

/** Where somebody ends who signed out and whom no application waits for. */
export const signedOutPath = '/signed-out';
