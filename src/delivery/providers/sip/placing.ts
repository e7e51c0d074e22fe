/**
 * Owns one call from its INVITE to its end: how long it rings, when the exchange has taken it, why it came to
 * nothing, and the line to whoever has picked up.
 */
import type { SipDialog } from '../../../lib/sip/dialog.ts';
import { SipFault } from '../../../lib/sip/fault.ts';
import type { Media } from '../../../lib/rtp/media.ts';
import type { SipUserAgent } from '../../../lib/sip/user-agent.ts';
import { ringSeconds } from '../../call-script.ts';
import { deliveryRefused } from '../../refusal.ts';
import { converse, type Conversation, type ConversationParts, type Line } from './conversation.ts';
import { meaningOf, type Unanswered } from './faults.ts';

export interface PlacedCall extends Omit<ConversationParts, 'line'> {
  readonly agent: SipUserAgent;
  /** Of this call; closed when it is over. */
  readonly media: Media;
  /** Whom to call, as the exchange wants it. */
  readonly to: string;
  readonly callId: string;
  /** How many seconds it is worth something; it rings no longer, and never longer than a minute. */
  readonly secondsLeft: number;
}

/** A call under way. */
export interface Placed {
  /** Resolves once the exchange has taken it; rejects with `DELIVERY_REFUSED` where it does not. */
  readonly taken: Promise<void>;
  /** Resolves when all is over and told. Never rejects. */
  readonly done: Promise<void>;
  /** Breaks it off unless the exchange has taken it. */
  readonly giveUp: () => void;
  /** Ends it because we stop. */
  readonly stop: () => void;
}

/** A call that is worth something for less time is not worth an interruption, but it was asked for. */
const shortestRingSeconds = 5;
/** An exchange that says nothing at all is not there. */
const answerMilliseconds = 4_000;
/** How long after "Trying" the exchange may still say that it cannot, so that another provider is asked. */
const graceMilliseconds = 1_200;

/** Calls. */
export function placeCall(parts: PlacedCall): Placed {
  const { agent, media, to, callId, secondsLeft, second, tell } = parts;
  const breakingOff = new AbortController();
  const taken = Promise.withResolvers<void>();
  let isTaken = false;
  let grace: NodeJS.Timeout | undefined;
  /** Why we broke it off. */
  let why: Unanswered | undefined;
  let conversation: Conversation | undefined;

  const take = (): void => {
    isTaken = true;
    taken.resolve();
  };
  const breakOff = (because: Unanswered): void => {
    why ??= because;
    breakingOff.abort();
  };
  const rings = Math.max(shortestRingSeconds, Math.min(ringSeconds, secondsLeft));
  const noAnswer = setTimeout(() => breakOff(nobodyAnswers), rings * second);
  const noTrying = setTimeout(() => breakOff(nothingHeard), answerMilliseconds);

  const dial = (): Promise<SipDialog> =>
    agent.invite({
      to,
      callId,
      offer: media.offer(),
      signal: breakingOff.signal,
      onProgress: (status) => {
        clearTimeout(noTrying);
        // That it tries says little: what it cannot reach it tells within a moment.
        if (status >= 180) take();
        else grace ??= setTimeout(take, graceMilliseconds);
      },
    });

  const talk = async (dialog: SipDialog): Promise<void> => {
    // Some answer without having said that they try.
    for (const timer of [noAnswer, noTrying]) clearTimeout(timer);
    const line = await lineOf(media, dialog);
    take();
    conversation = converse({ ...parts, line });
    // It was answered while we were about to break it off.
    if (why !== undefined) conversation.stop();
    await conversation.done;
  };

  const comeToNothing = async (meaning: Unanswered, error: unknown): Promise<void> => {
    if (meaning.kind === 'telephone') {
      take();
      await tell('unanswered', meaning.event);
    } else if (isTaken) {
      const reason = meaning.refusal.retry ? 'unreachable' : 'refused';
      await tell('failed', { kind: 'failed', reason });
    } else {
      taken.reject(deliveryRefused(meaning.refusal, error));
    }
  };

  const live = async (): Promise<void> => {
    try {
      await talk(await dial());
    } catch (error) {
      await comeToNothing(why ?? meaningOf(error), error);
    } finally {
      for (const timer of [noAnswer, noTrying, grace]) clearTimeout(timer);
      media.close();
    }
  };

  return {
    taken: taken.promise,
    done: live(),
    giveUp: () => {
      if (!isTaken) breakOff(nothingHeard);
    },
    stop: () => {
      breakOff(stopping);
      conversation?.stop();
    },
  };
}

const nobodyAnswers: Unanswered = {
  kind: 'telephone',
  event: { kind: 'ended', reason: 'no-answer' },
};
const nothingHeard: Unanswered = {
  kind: 'exchange',
  refusal: {
    retry: true,
    reason: 'unreachable',
    isUnsure: true,
    fault: 'the exchange does not answer',
  },
};
const stopping: Unanswered = {
  kind: 'exchange',
  refusal: { retry: true, reason: 'unreachable', fault: 'the service is stopping' },
};

/** The line to a telephone that has answered; hangs up where the two have no language in common. */
async function lineOf(media: Media, dialog: SipDialog): Promise<Line> {
  if (!media.connect(dialog.answer)) {
    await dialog.bye();
    throw new SipFault('the exchange took the call without a sound that we have', {
      status: 488,
      isSent: true,
    });
  }
  dialog.onReinvite((offer) => media.answer(offer));
  return {
    play: media.play,
    dial: media.dial,
    onKey: (heard) => {
      media.onKey(heard);
      // Some exchanges tell keys beside the sound; who tells them in it would be heard twice.
      if (/\btelephone-event\//i.test(dialog.answer)) return;
      dialog.onInfo((type, body) => {
        const key = keyIn(type, body);
        if (key !== undefined) heard(key);
      });
    },
    onSound: media.onSound,
    ended: dialog.ended,
    hangUp: async () => {
      await dialog.bye();
    },
  };
}

/** A key in the body of an INFO: `Signal=5` (application/dtmf-relay), or the key alone (application/dtmf). */
function keyIn(type: string, body: string): string | undefined {
  if (/^application\/dtmf-relay\b/i.test(type))
    return /^Signal *= *([0-9*#])\s*$/im.exec(body)?.[1];
  return /^application\/dtmf\b/i.test(type) ? /^\s*([0-9*#])\s*$/.exec(body)?.[1] : undefined;
}
