/** Owns what the keeper of the policy promises. */

export interface StoredPolicy {
  readonly version: number;
  /** As it was written; parse it with `policySchema`. */
  readonly document: unknown;
}

export interface PolicyStore {
  /** Version 0 with an empty document where none was ever written. */
  read(): Promise<StoredPolicy>;
  /** Replaces version `from`; false when somebody else wrote first. */
  write(from: number, document: unknown): Promise<boolean>;
}
