/** Owns the events of messages that are nobody's own: what those in charge do about them, where none go any more. */
import type { AuditEvent } from './audit-event.ts';
import { installationEvent, type InstallationAct } from './installation-event.ts';

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

/** Nothing is sent to a block of numbers any more: hardly any message there was answered. */
export const prefixClosed = ({
  at,
  prefix,
  sent,
  answered,
}: {
  readonly at: Date;
  readonly prefix: string;
  readonly sent: number;
  readonly answered: number;
}): AuditEvent =>
  installationEvent('prefix-closed', { at, actor: 'system' }, { prefix, sent, answered });

/** Somebody in charge opened it again. */
export const prefixOpened = (opened: InstallationAct & { readonly prefix: string }): AuditEvent =>
  installationEvent('prefix-opened', opened, { prefix: opened.prefix });

/** What calls say was changed, or (`built-in`) is what we say by ourselves again. */
export const greetingChanged = (
  act: InstallationAct & {
    readonly language: string;
    readonly moment: string;
    readonly to: 'words' | 'sound' | 'built-in';
  },
): AuditEvent => {
  const { language, moment, to } = act;
  return installationEvent('greeting-changed', act, { language, moment, to });
};
