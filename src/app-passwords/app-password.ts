/** Owns what an app password is: a long secret for one older app that cannot show a second step. */

/** The doors that take app passwords; never a browser sign-in (`product.md`, "App passwords"). */
export type AppPasswordDoor = 'ldap' | 'radius' | 'http';

export interface AppPassword {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  /** Keyed hash of the password without its blanks. */
  readonly hash: Buffer;
  /** 1 to 40: its place, unique per person, so that the maximum holds under parallel requests. */
  readonly slot: number;
  /** Undefined: any of the doors. */
  readonly door: AppPasswordDoor | undefined;
  readonly createdAt: Date;
  readonly expiresAt: Date | undefined;
  readonly lastUsedAt: Date | undefined;
}

/** How many one person may have (E-081). */
export const maximumAppPasswords = 40;
