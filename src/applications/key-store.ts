/** Owns what the keeper of signing keys promises: what applications check our tokens with. */

/** A private key as a JSON Web Key (RFC 7517). */
export type PrivateJwk = Readonly<Record<string, unknown>>;

export interface SigningKey {
  readonly kid: string;
  /** JWA name (RFC 7518): `RS256`, `ES256`, `EdDSA`. */
  readonly algorithm: string;
  /** Sealed at rest. */
  readonly privateJwk: PrivateJwk;
  readonly createdAt: Date;
  /** From when it signs; until then it is published only (attack ATK-93). */
  readonly activeFrom: Date;
  /** Since when it signs no more; it stays published until it is removed. */
  readonly retiredAt: Date | undefined;
  /** An operator's mark: it stays published, however long ago it was retired (attack ATK-93). */
  readonly retain: boolean;
}

export interface KeyStore {
  /** Adds; false when there is a key of that name already. */
  add(key: SigningKey): Promise<boolean>;
  /** All of them, the first to become active first. */
  list(): Promise<readonly SigningKey[]>;
  /** Ends signing with it; false when there is none, or when it was retired before. */
  retire(kid: string, at: Date): Promise<boolean>;
  /** Sets or clears the mark that keeps it published; false when there is no such key. */
  setRetain(kid: string, retain: boolean): Promise<boolean>;
  /** Ends publishing it; false when there is none, or while it is marked to be retained. */
  remove(kid: string): Promise<boolean>;
}
