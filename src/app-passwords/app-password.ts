/** Owns what an app password is: a long secret for one older app that cannot show a second step. */

/** The doors that take app passwords; never a browser sign-in (`product.md`, "App passwords"). */
export const appPasswordDoors = ['ldap', 'radius', 'http'] as const;
export type AppPasswordDoor = (typeof appPasswordDoors)[number];

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
  readonly lastUse: AppPasswordUse | undefined;
}

/** When, by which door and from which address one was last used. */
export interface AppPasswordUse {
  readonly at: Date;
  readonly door: AppPasswordDoor;
  readonly address: string;
}

/** How long the one page that shows a new one waits to be fetched. */
export const showWithinMs = 10 * 60_000;
/** How long a name may be. */
export const longestAppPasswordName = 40;

/** How many one person may have (E-081). */
export const maximumAppPasswords = 40;
