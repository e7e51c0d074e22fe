/** Owns what a RADIUS client is: a VPN gateway or another system that asks us about people. */

/**
 * How a client asks. `app-password`: name and app password. `password-then-challenge`: the account's
 * own password, then a second step in a further round or on the phone. `password+code`: both in one
 * field, the code of an app right behind the password.
 */
export const radiusModes = ['app-password', 'password-then-challenge', 'password+code'] as const;
export type RadiusMode = (typeof radiusModes)[number];

export interface RadiusClient {
  readonly id: string;
  /** Shown to people: what they sign in to. */
  readonly name: string;
  /** Where it asks from: addresses and ranges (CIDR), in their one spelling. */
  readonly addresses: readonly string[];
  /** Sealed at rest. */
  readonly secret: string;
  readonly mode: RadiusMode;
  /**
   * False for a client that cannot sign its requests with a Message-Authenticator: believed from this
   * machine only, where nobody stands between.
   */
  readonly signs: boolean;
  readonly createdAt: Date;
}
