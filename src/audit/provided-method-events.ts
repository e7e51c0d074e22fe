/** Owns the events of what those in charge register for somebody, as `audit.ts` owns all others. */
import type { AuditEvent } from './audit-event.ts';

interface Act {
  readonly at: Date;
  readonly userId: string;
  readonly actor: string;
  readonly address?: string | undefined;
}

/** A phone or an address was registered for them, in place of an earlier one or not. */
export const methodRegisteredByAdmin = (
  registered: Act & { readonly kind: string; readonly slot: string },
): AuditEvent =>
  event('method-registered-by-admin', registered, {
    kind: registered.kind,
    slot: registered.slot,
  });

/** What is asked of them first was chosen for them. */
export const defaultMethodChangedByAdmin = (
  changed: Act & { readonly method: string },
): AuditEvent => event('default-method-changed-by-admin', changed, { method: changed.method });

function event(
  kind: string,
  { at, userId, actor, address }: Act,
  details: Readonly<Record<string, string>>,
): AuditEvent {
  return { kind, at, userId, actor, attemptId: undefined, address, details };
}
