/**
 * Owns handing texts to a message centre by SMPP 3.4: long ones in parts, receipts and replies on the
 * same connection. The connection is opened with the first text, or at the start where somebody listens,
 * and anew when it ended.
 *
 * SMPP knows no idempotency key, and what is not answered cannot be asked for: what the centre may have
 * is not sent again.
 */
import { createHash } from 'node:crypto';

import type { Clock } from '../../../lib/clock.ts';
import { unlessAborted } from '../../../lib/deadline.ts';
import {
  addressOf,
  readMessageId,
  statuses,
  submitBody,
  type Delivered,
} from '../../../lib/smpp/pdu.ts';
import { decodeText, encodeText } from '../../../lib/smpp/text.ts';
import type { DeliveryEvent, QueuedMessage, Receipt } from '../../message.ts';
import type { Provider, ProviderEar } from '../../provider.ts';
import { refuseIfPerhapsTaken, remembering } from '../../receipts.ts';
import { deliveryRefused, type Refusal } from '../../refusal.ts';
import { brokenOff, hex, openSession, SmppFault, type Session } from './session.ts';
import type { SmppSettings } from './settings.ts';

/** The name under which receipts of this provider are known. */
export const smppName = 'smpp';

/** Makes the provider; it connects to nobody before it has to. */
export function smppProvider({
  settings,
  clock,
}: {
  readonly settings: SmppSettings;
  readonly clock: Clock;
}): Provider {
  let session: Session | undefined;
  let opening: Promise<Session> | undefined;
  let ear: ProviderEar | undefined;
  let reference = 0;
  const stopping = new AbortController();

  /** One connection for all who send; whoever gives up leaves it to the others. */
  const open = (): Promise<Session> => {
    if (session?.isOpen() === true) return Promise.resolve(session);
    opening ??= openSession(settings, (delivered) => hear(delivered, ear, clock), stopping.signal)
      .then((opened) => {
        session = opened;
        return opened;
      })
      .finally(() => {
        opening = undefined;
      });
    return opening;
  };

  const send = async (queued: QueuedMessage, signal: AbortSignal): Promise<Receipt> => {
    const { message, deliverBefore } = queued;
    if (message.kind !== 'text') {
      const fault = `a ${message.kind} is no text`;
      throw deliveryRefused({ retry: false, reason: 'refused', fault });
    }
    refuseIfPerhapsTaken(smppName, queued);
    reference = (reference + 1) % 256;
    const { dataCoding, parts } = encodeText(message.body, reference);
    const validitySeconds = Math.max(
      shortestPatienceSeconds,
      (deliverBefore.getTime() - clock.now().getTime()) / 1_000,
    );
    const ids: string[] = [];
    for (const part of parts) {
      const body = submitBody({
        from: addressOf(settings.from),
        to: addressOf(message.to),
        esmClass: parts.length > 1 ? 0x40 : 0,
        dataCoding,
        validitySeconds,
        message: part,
      });
      try {
        const line = await unlessAborted(signal, open()).catch((error: unknown) => {
          throw error instanceof SmppFault ? error : new SmppFault(brokenOff, false, error);
        });
        const answer = await line.submit(body, signal);
        if (answer.status !== statuses.ok) throw deliveryRefused(refusalOf(answer.status));
        ids.push(readMessageId(answer.body));
      } catch (error) {
        throw asRefusal(error, ids.length > 0);
      }
    }
    const [first = queued.id] = ids;
    return { provider: smppName, reference: first };
  };

  return {
    name: smppName,
    kinds: ['text'],
    send: remembering(send),
    check: async () => {
      // Of its own: nobody who listens is to miss a receipt because of it.
      const { signal } = new AbortController();
      const tried = await openSession(settings, async () => undefined, signal).catch(
        (error: unknown) => {
          throw asRefusal(error, false);
        },
      );
      await tried.close();
    },
    listen: (heard) => {
      ear = heard;
      const keepOpen = (): void => {
        open().catch(() => undefined);
      };
      keepOpen();
      const timer = setInterval(keepOpen, reconnectMilliseconds);
      return async () => {
        clearInterval(timer);
        stopping.abort();
        await opening?.catch(() => undefined);
        await session?.close();
      };
    },
  };
}

/** A text that waits longer is worth nothing, and the centre drops it. */
const shortestPatienceSeconds = 5;
/** How soon a connection that ended is opened anew, where somebody listens. */
const reconnectMilliseconds = 10_000;

/** What a status says. What is about us may be set right, or another provider asked meanwhile. */
function refusalOf(status: number): Refusal {
  const fault = `the message centre answered ${hex(status)}`;
  if (status === statuses.invalidDestination) return { retry: false, reason: 'refused', fault };
  const isUnsure = status === statuses.systemError;
  return { retry: true, reason: 'unreachable', fault, ...(isUnsure ? { isUnsure } : {}) };
}

/** `hasParts`: some of a long text is there already, so it is not to be begun anew elsewhere. */
function asRefusal(error: unknown, hasParts: boolean): unknown {
  if (!(error instanceof SmppFault)) {
    return hasParts && error instanceof Error
      ? deliveryRefused(
          { retry: true, reason: 'unreachable', isUnsure: true, fault: 'only a part was taken' },
          error,
        )
      : error;
  }
  return deliveryRefused(
    {
      retry: true,
      reason: 'unreachable',
      fault: error.message,
      ...(error.isSent || hasParts ? { isUnsure: true } : {}),
    },
    error,
  );
}

/** §5.2.12: what is brought is a receipt. */
const receiptClass = 0x04;
const headerClass = 0x40;

async function hear(
  delivered: Delivered,
  ear: ProviderEar | undefined,
  clock: Clock,
): Promise<void> {
  if (ear === undefined) throw new Error('nobody listens');
  const { message, dataCoding, esmClass } = delivered;
  const text = decodeText(message, dataCoding, (esmClass & headerClass) !== 0);
  if ((esmClass & 0x3c) === receiptClass) {
    const id = delivered.receiptedId ?? /\bid:(\S+)/i.exec(text)?.[1];
    const state = delivered.state ?? states.indexOf(/\bstat:(\w+)/i.exec(text)?.[1] ?? '');
    const event = eventOf(state);
    if (id === undefined || event === undefined) return;
    await ear.about({ eventId: `${id}:${state}`, reference: id, event });
    return;
  }
  const from = `+${delivered.from.replace(/^\+|^00/, '')}`;
  // Short codes and names register no phone, so they answer nothing.
  if (!/^\+[1-9]\d{6,14}$/.test(from)) return;
  // A centre that did not get our answer brings a text again, and gives it no name.
  const minute = Math.floor(clock.now().getTime() / 60_000);
  const eventId = createHash('sha256').update(`${from}\n${text}\n${minute}`).digest('base64url');
  await ear.reply({ eventId, from, text });
}

/** The words of a receipt (appendix B), at the place of their number (§5.2.28). */
const states = [
  '',
  'ENROUTE',
  'DELIVRD',
  'EXPIRED',
  'DELETED',
  'UNDELIV',
  'ACCEPTD',
  'UNKNOWN',
  'REJECTD',
];

function eventOf(state: number): DeliveryEvent | undefined {
  switch (states[state]) {
    case 'DELIVRD':
    case 'ACCEPTD':
    case 'ENROUTE':
      return { kind: 'sent' };
    case 'REJECTD':
      return { kind: 'failed', reason: 'refused' };
    case 'EXPIRED':
    case 'DELETED':
    case 'UNDELIV':
      return { kind: 'failed', reason: 'unreachable' };
    default:
      return undefined;
  }
}
