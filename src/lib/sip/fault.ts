/** Owns how a call or a question at an exchange fails. */

/** What `SipFault` tells besides its message, which never holds a password. */
export interface SipFaultDetails {
  /** What the exchange answered; undefined where it did not. */
  readonly status?: number;
  /** When it would hear us again (§20.33), in seconds. */
  readonly retryAfterSeconds?: number;
  /** Whether the exchange may have the request. */
  readonly isSent: boolean;
  readonly cause?: unknown;
}

/** Why there is no call, or no answer. */
export class SipFault extends Error {
  override readonly name = 'SipFault';
  readonly status: number | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly isSent: boolean;
  constructor(message: string, { status, retryAfterSeconds, isSent, cause }: SipFaultDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
    this.isSent = isSent;
  }
}
