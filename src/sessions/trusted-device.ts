/** Owns what a trusted device is: a browser whose owner proved a second step and asked not to be asked again. */

export interface TrustedDevice {
  /** Keyed hash of the part of the cookie that stays, and of the person: nobody else's finds it. */
  readonly id: string;
  readonly userId: string;
  /** Raised by every use; a use from an older version is refused. */
  readonly version: number;
  /** Keyed hash of the part of the cookie that every use changes. */
  readonly token: string;
  /** What that was before the last use: another tab may have sent it at the same moment. */
  readonly earlier: { readonly token: string; readonly at: Date } | undefined;
  /** The mark of what the person had registered: whatever is added or removed ends the trust. */
  readonly registrations: string;
  readonly userAgent: string;
  /** Where it was used last. */
  readonly address: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
}
