/** Owns ending what applications hold of a person: codes, tokens, grants. */

export interface GrantStore {
  /**
   * Removes every grant and token of a person; effective at once on every node. What the engine knows
   * of browsers stays: without a session of ours it opens nothing, and it says whom to tell of the end.
   */
  removeAll(userId: string): Promise<number>;
}
