/**
 * Owns every fault Tweestap can run into: its code, what the web answers with, and whether its words
 * may reach a person. A wrong answer is no fault but an outcome (a `Verdict`), and a bug is an
 * `assert` or a plain `Error`; neither stands here.
 */

/** What the catalogue says about one fault. */
export interface Fault {
  /** The HTTP status at the edge; other protocols translate the code itself. */
  readonly status: number;
  /** Whether a person is told this, in the words of `strings.*.ts`. If not, they read INTERNAL. */
  readonly expose: boolean;
  /** For whoever reads the log: exact, English, without anything secret. */
  readonly message: string;
}

/** All faults. `docs/errors.md` is written from this table. */
export const errors = {
  ATTEMPT_NOT_FOUND: {
    status: 404,
    expose: true,
    message: 'There is no such attempt, or it belongs to another browser.',
  },
  ATTEMPT_EXPIRED: {
    status: 410,
    expose: true,
    message: 'The attempt was not finished in time.',
  },
  ATTEMPT_FINISHED: {
    status: 410,
    expose: true,
    message: 'The attempt was finished or cancelled before.',
  },
  ATTEMPT_CHANGED: {
    status: 409,
    expose: true,
    message: 'The attempt moved on in the meantime, as by a second tab.',
  },
  STEP_NOT_ALLOWED: {
    status: 409,
    expose: true,
    message: 'The attempt is at another step than the one asked for.',
  },
  REQUEST_MALFORMED: {
    status: 400,
    expose: true,
    message: 'The request does not have the form that is expected.',
  },
  REQUEST_TOO_LARGE: {
    status: 413,
    expose: true,
    message: 'The request is larger than is accepted here.',
  },
  REQUEST_FOREIGN: {
    status: 403,
    expose: true,
    message: 'The request did not come from our own page: its origin or its form token is wrong.',
  },
  NOT_FOUND: {
    status: 404,
    expose: true,
    message: 'There is nothing at this address.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    expose: true,
    message: 'This address does not answer this HTTP method.',
  },
  NOT_SIGNED_IN: {
    status: 401,
    expose: true,
    message: 'There is no session, or it has ended.',
  },
  STEP_UP_REQUIRED: {
    status: 403,
    expose: true,
    message: 'The session’s second step is too old, or too weak, for this change.',
  },
  NOT_ALLOWED: {
    status: 403,
    expose: true,
    message: 'The account does not have the role or the proof that this needs.',
  },
  TOO_MANY_TRIES: {
    status: 429,
    expose: true,
    message: 'The limit of tries was reached.',
  },
  BUSY: {
    status: 503,
    expose: true,
    message: 'More is waiting than can be done; the request was turned away.',
  },
  STORE_UNAVAILABLE: {
    status: 503,
    expose: true,
    message: 'The database does not answer.',
  },
  DELIVERY_REFUSED: {
    status: 502,
    expose: true,
    message: 'The provider did not accept the message.',
  },
  UPSTREAM_UNAVAILABLE: {
    status: 503,
    expose: true,
    message: 'The directory that owns people and passwords does not answer, or not as it should.',
  },
  PASSWORD_KEPT_ELSEWHERE: {
    status: 409,
    expose: true,
    message:
      'The password of this account is kept by the organisation’s directory, and is set there.',
  },
  OWNED_BY_DIRECTORY: {
    status: 409,
    expose: true,
    message:
      "The organisation's directory owns this of the account: it is changed there, and comes here with the next synchronisation.",
  },
  CONFIGURATION_FAULTY: {
    status: 500,
    expose: false,
    message: 'Something in the settings or in the policy is wrong.',
  },
  KEY_MISSING: {
    status: 500,
    expose: false,
    message: 'A secret was sealed with a key that is not among those in the settings.',
  },
  RECORD_DAMAGED: {
    // Not a 5xx: the answer is a refusal, however it came about, and no retry will change it.
    status: 409,
    expose: true,
    message: 'A sealed record is not what was written in its place: damaged, moved or swapped.',
  },
  HOST_UNKNOWN: {
    status: 421,
    expose: true,
    message: 'The request names a host that is not ours.',
  },
  INTERNAL: {
    status: 500,
    expose: true,
    message: 'Something happened that should be impossible: see the cause.',
  },
} as const satisfies Readonly<Record<string, Fault>>;

/** The name of a fault; an unknown one does not compile, and a `switch` over it is exhaustive. */
export type ErrorCode = keyof typeof errors;

/** The codes a person may read about. */
export type ExposedErrorCode = {
  [code in ErrorCode]: (typeof errors)[code]['expose'] extends true ? code : never;
}[ErrorCode];

/** What a fault brings along for the log and, where named here, for the edge. Never a secret. */
export interface ErrorDetails {
  /** When it is worth trying again: `Retry-After`, and the count-down on the page. */
  readonly retryAfterSeconds?: number;
  readonly [name: string]: unknown;
}

export interface TweestapErrorOptions {
  /** What led to it; a fault wraps its cause exactly once (`TweestapError.from`). */
  readonly cause?: unknown;
  readonly details?: ErrorDetails;
}

/** The one thing that is thrown for a fault. */
export class TweestapError extends Error {
  override readonly name = 'TweestapError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, { cause, details = {} }: TweestapErrorOptions = {}) {
    super(errors[code].message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }

  /** The HTTP status of the code. */
  get status(): number {
    return errors[this.code].status;
  }

  /** Whether a person may read the texts of the code. */
  get expose(): boolean {
    return errors[this.code].expose;
  }

  /** The fault itself where it is one already; anything else becomes the cause of `code`. */
  static from(cause: unknown, code: ErrorCode = 'INTERNAL', details?: ErrorDetails): TweestapError {
    if (cause instanceof TweestapError) return cause;
    return new TweestapError(code, { cause, ...(details === undefined ? {} : { details }) });
  }
}

/** What a person may read of a fault: its code where that is exposed, else `INTERNAL`. */
export function exposedCode(code: ErrorCode): ExposedErrorCode {
  return isExposed(code) ? code : 'INTERNAL';
}

/** Whether a person may read the texts of this code. */
export function isExposed(code: ErrorCode): code is ExposedErrorCode {
  return errors[code].expose;
}
