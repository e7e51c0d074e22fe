/** Owns ending what applications hold of a person: codes, refresh tokens, sessions at the engine. */

export interface GrantStore {
  /** Removes every grant and token of a person; effective at once on every node. */
  removeAll(userId: string): Promise<number>;
}
