/** Owns what the keeper of put-off campaigns promises. */

/** How often somebody put the registration campaign off, and when they may be asked again. */
export interface Snooze {
  readonly times: number;
  readonly untilAt: Date;
}

export interface SnoozeStore {
  /** Undefined for somebody who never did. */
  find(userId: string): Promise<Snooze | undefined>;
  /** Replaces an earlier one. */
  put(userId: string, snooze: Snooze): Promise<void>;
  /** The person begins anew. */
  remove(userId: string): Promise<void>;
}
