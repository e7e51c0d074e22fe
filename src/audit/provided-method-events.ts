/** Owns the events of what those in charge register for somebody. */
import { act, type Act } from './audit.ts';
import type { AuditEvent } from './audit-event.ts';

/** A phone or an address was registered for them, in place of an earlier one or not. */
export const methodRegisteredByAdmin = (
  registered: Act & { readonly kind: string; readonly slot: string },
): AuditEvent =>
  act('method-registered-by-admin', registered, {
    kind: registered.kind,
    slot: registered.slot,
  });

/** What is asked of them first was chosen for them. */
export const defaultMethodChangedByAdmin = (
  changed: Act & { readonly method: string },
): AuditEvent => act('default-method-changed-by-admin', changed, { method: changed.method });
