/** Owns the events of what those in charge do about messages, as `audit.ts` owns all others. */
import type { AuditEvent } from './audit-event.ts';

interface MessageAct {
  readonly at: Date;
  readonly actor: string;
  readonly address: string | undefined;
  /** Whom the message is for. */
  readonly userId: string | undefined;
  /** The message's own id. */
  readonly id: string;
  readonly kind: string;
}

function event(name: string, { id, kind, ...act }: MessageAct): AuditEvent {
  return { kind: name, ...act, attemptId: undefined, details: { id, kind } };
}

/** What was given up goes out once more. */
export const deliveryRetried = (act: MessageAct): AuditEvent => event('delivery-retried', act);

/** Somebody in charge sent themselves a message, to see whether it arrives. */
export const testMessageSent = (act: MessageAct): AuditEvent => event('test-message-sent', act);

/** What calls say was changed, or (`built-in`) is what we say by ourselves again. */
export const greetingChanged = (act: {
  readonly at: Date;
  readonly actor: string;
  readonly address: string | undefined;
  readonly language: string;
  readonly moment: string;
  readonly to: 'words' | 'sound' | 'built-in';
}): AuditEvent => {
  const { at, actor, address, language, moment, to } = act;
  return {
    kind: 'greeting-changed',
    at,
    userId: undefined,
    actor,
    attemptId: undefined,
    address,
    details: { language, moment, to },
  };
};
