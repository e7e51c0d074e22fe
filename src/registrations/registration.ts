/** Owns what a registration is: one thing that one person has registered, and may be asked with. */

export interface Registration {
  readonly id: string;
  readonly userId: string;
  /** `phone`, `authenticator-app`: what a method names in `registers`. */
  readonly kind: string;
  /** Its place among those of its kind; unique per person and kind, so a maximum is a place that is taken. */
  readonly slot: string;
  /** What the method keeps; sealed at rest. */
  readonly secret: unknown;
  /** Raised by every change of the secret: the compare-and-set that makes a code good once. */
  readonly version: number;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | undefined;
  /**
   * Present where its owner said that a sign-in was not theirs: since then nothing is sent to it that
   * lets somebody in, as long as they have another way (`options.ts`).
   */
  readonly suspendedAt?: Date;
  /** Present where it ends by itself: it is not asked after that, and goes soon after. */
  readonly endsAt?: Date;
}
