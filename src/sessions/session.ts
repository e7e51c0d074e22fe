/** Owns what a session is: who is signed in here, and what they proved. */
import type { Strength } from '../lib/strength.ts';

/** One thing proved, and when. */
export interface Proof {
  /** `password` or a method's id. */
  readonly method: string;
  readonly strength: Strength;
  readonly amr: readonly string[];
  readonly registrationId: string | undefined;
  /** Present where it stood in for what its owner had lost: good where their strongest is asked. */
  readonly standsIn?: true;
  /** Present where it proved who somebody is without a password: a passkey. */
  readonly alone?: true;
  readonly at: Date;
}

export interface Session {
  /** Keyed hash of the cookie's token. */
  readonly id: Buffer;
  readonly userId: string;
  readonly proofs: readonly Proof[];
  readonly createdAt: Date;
  /** When the person last proved anything here: the token's `auth_time`. */
  readonly authenticatedAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
  readonly idleSeconds: number;
  readonly address: string;
  readonly userAgent: string;
  /** The id of the trusted device it was opened on, whose trust may end before it does. */
  readonly trustedDevice?: string | undefined;
  /** Present where it is to outlive the browser: what replaces it does so as well. */
  readonly staysSignedIn?: true | undefined;
}
