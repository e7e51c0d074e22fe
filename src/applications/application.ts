/** Owns who may ask us: an application in front of which Tweestap stands. */

/** An OpenID Connect client, or a program with a role (`client_credentials`). */
export interface Application {
  readonly clientId: string;
  readonly name: string;
  /** Compared as exact strings (attack ATK-60). */
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  readonly backchannelLogoutUri: string | undefined;
  /** Sealed at rest; undefined for a public client, which has PKCE alone. */
  readonly clientSecret: string | undefined;
  readonly grants: readonly ('authorization_code' | 'refresh_token' | 'client_credentials')[];
  /** What a `client_credentials` token may do. */
  readonly role: string | undefined;
  /** Present where it may use the API as whoever is signed in to it, with the role that they have. */
  readonly api?: true;
  /**
   * What every sign-in for it must prove, whatever it asks itself: `password`, or the id of an
   * authentication strength (`second-step`, `phishing-resistant`, one of the organisation's own).
   */
  readonly required: string;
  readonly createdAt: Date;
}
