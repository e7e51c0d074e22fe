/** Owns ending what applications hold of a person: codes, tokens, grants. */

export interface GrantStore {
  /**
   * Removes every grant and token of a person; effective at once on every node. What the engine knows
   * of browsers stays: without a session of ours it opens nothing, and it says whom to tell of the end.
   */
  removeAll(userId: string): Promise<number>;
  /**
   * Removes the grants, with all of their tokens, that a person was given for a sign-in proved in one of
   * these ways (`amr`, RFC 8176), whether or not its session lives still. Returns how many records those were.
   */
  removeProvedBy(userId: string, amr: readonly string[], now: Date): Promise<number>;
}
