/**
 * Owns what every provider's report goes through once it is proved and read: whose message it is
 * about, whether it was heard before, and what the sign-in makes of it.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import type { DeliveryEvent } from '../../delivery/message.ts';
import type { DeliveryRecord, OutboxStore } from '../../delivery/outbox-store.ts';
import { TweestapError } from '../../errors/errors.ts';
import type { Clock } from '../../lib/clock.ts';
import type { HeardStore } from './heard-store.ts';

/**
 * What the sign-in made of a report. `rejected`: the person may try again in the same call. `over`:
 * the challenge ended with it. `ignored`: nothing was waiting for it.
 */
export type Heard = 'verified' | 'pending' | 'rejected' | 'over' | 'ignored';

export interface HearingParts {
  readonly outbox: Pick<
    OutboxStore,
    'find' | 'findByReference' | 'markSent' | 'newestTextTo' | 'wipe'
  >;
  readonly heard: HeardStore;
  readonly clock: Clock;
  /** The sign-in's own judgement; wrong answers are counted there. */
  readonly hear: (report: {
    readonly attemptId: string;
    readonly challengeId: string;
    readonly userId?: string | undefined;
    readonly event: DeliveryEvent;
  }) => Promise<Heard>;
  /** How long to look for a message whose receipt is still on its way to the outbox; 2 seconds. */
  readonly patienceMilliseconds?: number | undefined;
}

/**
 * What came of a report. `repeated`: it was heard before, and nothing was done. `unasked`: it is about
 * a message of no challenge, such as one that only tries whether messages arrive.
 */
export type Outcome = Heard | 'repeated' | 'unasked';

export interface Hearing {
  /** A report about a message that the provider calls `reference`; `NOT_FOUND` when it is none of ours. */
  about(report: {
    readonly provider: string;
    readonly eventId: string;
    readonly reference: string;
    readonly event: DeliveryEvent;
  }): Promise<Outcome>;
  /**
   * A report that names the message by our own id, and may come before our receipt is on record: then
   * it is the receipt. `NOT_FOUND` when there is no such message; `ignored` when another provider
   * carried it, or the same one did under another reference.
   */
  of(report: {
    readonly provider: string;
    readonly eventId: string;
    readonly messageId: string;
    readonly reference: string;
    readonly event: DeliveryEvent;
  }): Promise<Outcome>;
  /**
   * A text from a number: it can only answer the newest text that was sent there. `NOT_FOUND` while
   * that is not on record as sent.
   */
  reply(report: {
    readonly provider: string;
    readonly eventId: string;
    readonly from: string;
    readonly text: string;
  }): Promise<Outcome>;
}

/** No challenge by text lives longer than this. */
const replyMilliseconds = 15 * 60_000;
const lookAgainMilliseconds = 50;

/** Makes the common way in for all providers. */
export function createHearing(parts: HearingParts): Hearing {
  const { outbox, heard, clock, hear, patienceMilliseconds = 2_000 } = parts;

  /** A phone may ring, and be answered, before the receipt of the call is in the outbox. */
  async function find(provider: string, reference: string): Promise<DeliveryRecord> {
    const giveUpAt = performance.now() + patienceMilliseconds;
    for (;;) {
      const record = await outbox.findByReference(provider, reference);
      if (record !== undefined) return record;
      if (performance.now() >= giveUpAt) throw new TweestapError('NOT_FOUND');
      await sleep(lookAgainMilliseconds);
    }
  }

  /** One may reply to a text whose receipt is still on its way to the outbox. */
  async function newestText(number: string, since: Date): Promise<DeliveryRecord | undefined> {
    const giveUpAt = performance.now() + patienceMilliseconds;
    for (;;) {
      const newest = await outbox.newestTextTo(number, since);
      if (newest?.state !== 'queued' || performance.now() >= giveUpAt) return newest;
      await sleep(lookAgainMilliseconds);
    }
  }

  async function once(
    provider: string,
    eventId: string,
    record: DeliveryRecord | undefined,
    event: DeliveryEvent,
  ): Promise<Outcome> {
    if (!(await heard.firstTime(provider, eventId, clock.now()))) return 'repeated';
    if (record === undefined) return 'ignored';
    const { attemptId, challengeId, userId } = record;
    if (attemptId === undefined || challengeId === undefined) return 'unasked';
    try {
      return await hear({ attemptId, challengeId, userId, event });
    } catch (error) {
      // It was not heard to its end: the provider may bring it again.
      await heard.takeBack(provider, eventId);
      throw error;
    }
  }

  /** The message, if it is the one that the provider calls so. */
  async function own(
    provider: string,
    messageId: string,
    reference: string,
  ): Promise<DeliveryRecord | undefined> {
    const record = await outbox.find(messageId);
    if (record === undefined) throw new TweestapError('NOT_FOUND');
    if (record.state === 'queued') {
      // Only who was asked to carry it can have taken it.
      if (record.provider !== undefined && record.provider !== provider) return undefined;
      // It is out: nobody needs to send it again, however long the answer to us takes.
      await outbox.markSent(messageId, { provider, reference }, clock.now());
      return record;
    }
    return record.provider === provider && record.reference === reference ? record : undefined;
  }

  return {
    of: async ({ provider, eventId, messageId, reference, event }) => {
      const record = await own(provider, messageId, reference);
      if (record === undefined) return 'ignored';
      // Whoever sent it has told so.
      if (event.kind === 'sent' && record.state === 'sent') return 'repeated';
      const isOver = event.kind === 'ended' || event.kind === 'failed';
      if (record.kind === 'call' && isOver) await outbox.wipe(messageId);
      return once(provider, eventId, record, event);
    },
    about: async ({ provider, eventId, reference, event }) =>
      once(provider, eventId, await find(provider, reference), event),
    reply: async ({ provider, eventId, from, text }) => {
      const since = new Date(clock.now().getTime() - replyMilliseconds);
      const newest = await newestText(from, since);
      if (newest?.state === 'queued') throw new TweestapError('NOT_FOUND');
      // Another provider's customer may own the same number there: only who carried it may answer it.
      const record = newest?.provider === provider ? newest : undefined;
      return once(provider, eventId, record, { kind: 'reply', from, text });
    },
  };
}
