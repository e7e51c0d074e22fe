/** Owns the shape of an audit event: who did what, to whom, from where, and what came of it. */

export interface AuditEvent {
  /** Past tense: `password-rejected`, `method-registered`. */
  readonly kind: string;
  readonly at: Date;
  /** Whose account it concerns. */
  readonly userId: string | undefined;
  /** Who acted: the person, an admin's id, `command-line`, `system`. */
  readonly actor: string;
  readonly attemptId: string | undefined;
  readonly address: string | undefined;
  /** Facts by name; never a secret, a code, a password. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

/** An event as it is kept: its place in the chain, and the hash that binds it to the one before. */
export interface ChainedEvent extends AuditEvent {
  readonly sequence: number;
  readonly previousHash: Buffer;
  readonly hash: Buffer;
}
