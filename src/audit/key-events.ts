/** Owns the events of the installation's own keys: another one seals, another one signs. */
import type { AuditEvent } from './audit-event.ts';
import { installationEvent } from './installation-event.ts';

/** Everything that was sealed is sealed with another key, and the older ones open nothing any more. */
export const secretKeyRotated = (rotated: {
  readonly at: Date;
  readonly actor: string;
  /** Names the key in use; tells nothing of it. */
  readonly keyId: string;
  /** Those before it. */
  readonly replaced: readonly string[];
}): AuditEvent =>
  installationEvent('secret-key-rotated', rotated, {
    keyId: rotated.keyId,
    replaced: rotated.replaced.join(', '),
  });

/** Somebody asked for another key that signs tokens, before the time for it had come. */
export const signingKeyRotated = (rotated: {
  readonly at: Date;
  readonly actor: string;
  readonly kid: string;
  readonly signsFrom: Date;
  /** Keys that are published no more, since they may be known to somebody. */
  readonly withdrawn: readonly string[];
}): AuditEvent =>
  installationEvent('signing-key-rotated', rotated, {
    kid: rotated.kid,
    signsFrom: rotated.signsFrom.toISOString(),
    ...(rotated.withdrawn.length === 0 ? {} : { withdrawn: rotated.withdrawn.join(', ') }),
  });
