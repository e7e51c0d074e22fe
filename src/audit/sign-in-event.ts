/** Owns the sign-in log: one row an attempt, with every step of it (rows ). */

export interface SignInStep {
  readonly at: Date;
  /** `password` or a method's id. */
  readonly method: string;
  readonly result: 'success' | 'failure' | 'interrupted';
  /** A rejection reason, or `ok`. */
  readonly reason: string;
}

export interface SignInEvent {
  /** The attempt's id. */
  readonly id: string;
  readonly userId: string | undefined;
  readonly userPrincipalName: string;
  readonly applicationId: string | undefined;
  readonly at: Date;
  readonly address: string;
  readonly userAgent: string;
  readonly result: 'success' | 'failure' | 'interrupted';
  readonly reason: string;
  readonly steps: readonly SignInStep[];
}

export interface SignInEventStore {
  /** Writes or replaces the attempt's row, in the caller's transaction. */
  put(event: SignInEvent): Promise<void>;
  /** One of this person's, by its attempt's id. */
  find(id: string, userId: string): Promise<SignInEvent | undefined>;
  /** Newest first. */
  list(filter: {
    readonly userId?: string;
    readonly before?: Date;
    readonly limit: number;
  }): Promise<readonly SignInEvent[]>;
}
