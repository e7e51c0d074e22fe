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

/** Which sign-ins are meant; what is absent narrows nothing down. */
export interface SignInFilter {
  readonly userId?: string | undefined;
  /** A name that belonged to nobody, as it was typed, whatever its capitals. */
  readonly typedName?: string | undefined;
  /** The client id of an application; empty for the pages of Tweestap itself. */
  readonly applicationId?: string | undefined;
  readonly result?: SignInEvent['result'] | undefined;
  readonly reason?: string | undefined;
  /** What decided it (`decidedBy`). */
  readonly method?: string | undefined;
  readonly address?: string | undefined;
  /** At this moment or later. */
  readonly from?: Date | undefined;
  /** Before this moment. */
  readonly before?: Date | undefined;
}

/** By what sign-ins can be counted; a day is one of 24 hours, counted from the beginning of the filter. */
export type SignInAspect = 'day' | 'result' | 'method' | 'reason' | 'applicationId';

/** How many there were; of the aspects those that were asked for. */
export interface SignInTally {
  readonly count: number;
  /** 0 is the first day of the filter. */
  readonly day?: number;
  readonly result?: SignInEvent['result'];
  readonly method?: string;
  readonly reason?: string;
  /** Empty for the pages of Tweestap itself. */
  readonly applicationId?: string;
}

export interface SignInEventStore {
  /** Writes or replaces the attempt's row, in the caller's transaction. */
  put(event: SignInEvent): Promise<void>;
  /** One by its attempt's id; where a person is told, only one of theirs. */
  find(id: string, userId?: string): Promise<SignInEvent | undefined>;
  /** Newest first; `behind` goes on where another list ended. */
  list(
    filter: SignInFilter & {
      readonly behind?: Pick<SignInEvent, 'at' | 'id'> | undefined;
      readonly limit: number;
    },
  ): Promise<readonly SignInEvent[]>;
  /**
   * How many there were by each of these aspects, in no order. Asks for `from`: where days begin. Made
   * for a million of them: only an index is read.
   */
  tally(
    filter: SignInFilter & { readonly from: Date },
    by: readonly SignInAspect[],
  ): Promise<readonly SignInTally[]>;
}

/**
 * What decided a sign-in: the last thing that was asked for beside the password, `password` where
 * there was nothing else, and empty where nothing was asked at all.
 */
export function decidedBy({ steps }: Pick<SignInEvent, 'steps'>): string {
  const asked = steps.filter(({ method }) => method !== 'policy');
  const beside = asked.findLast(({ method }) => method !== 'password');
  return (beside ?? asked.at(-1))?.method ?? '';
}
