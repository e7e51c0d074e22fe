/**
 * Owns what a message is: what a method asks to be sent, what is kept of it while it is on its way,
 * and what a provider may report back.
 */
import type { Locale } from '../i18n/locale.ts';

/** A text message. */
export interface TextMessage {
  readonly kind: 'text';
  /** E.164. */
  readonly to: string;
  readonly language: Locale;
  readonly body: string;
}

/**
 * A call as a script: `greeting` says who is asking, `instruction` what to press; both are repeated
 * on silence. Keys count only once the instruction has been spoken. `extension` is dialled after
 * the call is answered (row S-007).
 */
export interface CallMessage {
  readonly kind: 'call';
  /** E.164. */
  readonly to: string;
  readonly extension?: string;
  /** How many keys the instruction asks for before the `#`; none unless told. */
  readonly keysBeforeHash?: number;
  readonly language: Locale;
  readonly greeting: string;
  readonly instruction: string;
  /** Spoken after the right key, and after a wrong one. */
  readonly thanks: string;
  readonly refused: string;
  /** Sounds of the organisation to play instead of those words, by their ids in the greeting store. */
  readonly sounds?: Readonly<
    Partial<Record<'greeting' | 'instruction' | 'thanks' | 'refused', string>>
  >;
}

/** A mail: both bodies are complete in themselves. */
export interface MailMessage {
  readonly kind: 'mail';
  readonly to: string;
  readonly language: Locale;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Where a browser lets itself be woken (RFC 8030 §2), and the keys to encrypt for (RFC 8291 §2). */
export interface PushSubscription {
  /** An address of its push service. The browser named it, so anybody may have written it. */
  readonly endpoint: string;
  /** base64url: the receiver's public key (P-256, uncompressed), and its secret of 16 bytes. */
  readonly p256dh: string;
  readonly auth: string;
}

/** Wakes an app. It says that something waits, never what: whoever wakes asks us for it. */
export interface PushMessage {
  readonly kind: 'push';
  /** The device's id. */
  readonly to: string;
  readonly language: Locale;
  readonly subscription: PushSubscription;
  /** JSON without any secret: it passes through others' hands, and stands in their logs. */
  readonly body: string;
}

export type OutgoingMessage = TextMessage | CallMessage | MailMessage | PushMessage;
export type MessageKind = OutgoingMessage['kind'];

/** What a provider says of a message it took. */
export interface Receipt {
  readonly provider: string;
  /** The provider's own id: its later reports name it. */
  readonly reference: string;
  /** What it costs, where the provider says so at once. */
  readonly cost?: Cost;
}

/** What a message costs, as its provider tells. */
export interface Cost {
  /** Millionths of the currency. */
  readonly millionths: number;
  /** ISO 4217. */
  readonly currency: string;
}

/** What somebody decided on a paired device, as it came: nothing of it is proved before it is judged. */
export interface DeviceDecision {
  readonly kind: 'decision';
  /** How the device names itself. */
  readonly account: string;
  readonly decision: 'approve' | 'deny' | 'report';
  readonly number: string;
  readonly pin: string;
  /** The device's clock, milliseconds since 1970. */
  readonly at: number;
  readonly signature: string;
}

/**
 * What happened to a message, or what its receiver did. `keys` says whether the instruction had been
 * spoken to its end when they were pressed (attack ATK-42).
 */
export type DeliveryEvent =
  | { readonly kind: 'sent' }
  | {
      readonly kind: 'failed';
      /** `gone`: the receiver is no more, and what leads there is of no use ever again. */
      readonly reason: 'refused' | 'unreachable' | 'opted-out' | 'too-late' | 'gone';
    }
  | { readonly kind: 'answered' }
  | { readonly kind: 'keys'; readonly keys: string; readonly promptSpoken: boolean }
  | {
      readonly kind: 'ended';
      readonly reason: 'hung-up' | 'no-answer' | 'busy' | 'voicemail' | 'no-key';
    }
  | { readonly kind: 'reply'; readonly from: string; readonly text: string }
  | DeviceDecision;

/** A message on its way. `challengeId` is present when it belongs to an attempt. */
export interface QueuedMessage {
  readonly id: string;
  readonly message: OutgoingMessage;
  readonly attemptId: string | undefined;
  readonly challengeId: string | undefined;
  readonly userId: string | undefined;
  readonly createdAt: Date;
  /** After this moment it is worth nothing and is not sent any more. */
  readonly deliverBefore: Date;
  readonly tries: number;
  /** The provider that was asked before and may have it: no other may be asked. */
  readonly entrustedTo?: string | undefined;
}
