/** Owns what is promised of the blocks of numbers that were closed, and opened again. */

/** A block that was closed since nobody there answered. */
export interface ClosedPrefix {
  /** `+37181`. */
  readonly prefix: string;
  readonly closedAt: Date;
  /** What was seen then. */
  readonly sent: number;
  readonly answered: number;
  /** Present once somebody in charge has opened it: only what is sent after that counts again. */
  readonly opened?: { readonly at: Date; readonly by: string };
}

export interface ClosedPrefixStore {
  find(prefix: string): Promise<ClosedPrefix | undefined>;
  /** Every one that was ever closed, the newest first. */
  list(): Promise<readonly ClosedPrefix[]>;
  /** Closes it; returns false where it is closed already. Atomic. */
  close(closed: Omit<ClosedPrefix, 'opened'>): Promise<boolean>;
  /** Opens it; returns false where it is not closed. Atomic. */
  open(prefix: string, opened: NonNullable<ClosedPrefix['opened']>): Promise<boolean>;
}
