/**
 * Owns that a request sent again is not a second try: whoever waits for an answer sends it again after
 * a few seconds, and gets the one answer there is (RFC 5080 §2.2.2). It is known by all of its bytes,
 * not by its number alone: a client that draws bad numbers must not get somebody else's answer.
 */
import { hash } from 'node:crypto';

import type { Clock } from '../../lib/clock.ts';
import { framed } from '../../lib/framed.ts';
import type { Packet } from '../../lib/radius/packet.ts';

export interface Duplicates {
  /**
   * The answer to this packet of this client: worked out the first time, and the same for 30 seconds
   * after that. Undefined (no answer) is not kept: then it may be tried again.
   */
  answer(
    client: string,
    packet: Packet,
    work: () => Promise<Buffer | undefined>,
  ): Promise<Buffer | undefined>;
}

/** How long an answer is kept (attack ATK-71). */
export const keptSeconds = 30;
/** Beyond that the oldest go: some 15 MB. */
const mostKept = 65_536;

interface Kept {
  /** Bytes as characters, once it is known: they take a tenth of what a buffer of its own takes. */
  answer: Promise<Buffer | undefined> | string;
  /** Milliseconds since 1970; undefined while it is worked out. */
  answeredAt: number | undefined;
}

/** Makes the memory; one for a process. */
export function createDuplicates(clock: Clock): Duplicates {
  const kept = new Map<string, Kept>();
  let forgotAt = 0;

  /** Once a second. In the order in which they came: those that are over stand first. */
  const forget = (now: number): void => {
    if (kept.size <= mostKept && Math.abs(now - forgotAt) < 1000) return;
    forgotAt = now;
    for (const [key, { answeredAt }] of kept) {
      const isOver = answeredAt !== undefined && answeredAt + keptSeconds * 1000 <= now;
      if (!isOver && kept.size <= mostKept) return;
      kept.delete(key);
    }
  };

  return {
    answer: (client, packet, work) => {
      const now = clock.now().getTime();
      forget(now);
      const key = hash('sha256', framed([client, packet.bytes]), 'binary');
      const known = kept.get(key);
      const isOver =
        known?.answeredAt !== undefined && known.answeredAt + keptSeconds * 1000 <= now;
      if (known !== undefined && !isOver) return answerOf(known);
      const answer = work();
      const entry: Kept = { answer, answeredAt: undefined };
      kept.set(key, entry);
      answer.then(
        (bytes) => {
          if (bytes === undefined) {
            kept.delete(key);
            return;
          }
          entry.answer = bytes.toString('latin1');
          entry.answeredAt = clock.now().getTime();
        },
        () => kept.delete(key),
      );
      return answer;
    },
  };
}

async function answerOf({ answer }: Kept): Promise<Buffer | undefined> {
  return typeof answer === 'string' ? Buffer.from(answer, 'latin1') : answer;
}
