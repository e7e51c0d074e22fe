/**
 * Owns one transaction of this floor and what may follow only once it is committed: messages go out,
 * and whoever waits is woken.
 */
import type { SigninParts, Work } from './parts.ts';

/** Runs one transaction; then wakes the delivery and tells the topics, if there is reason to. */
export async function inWork<result>(
  parts: SigninParts,
  run: (work: Work) => Promise<result>,
): Promise<result> {
  let isAnythingQueued = false;
  const topics = new Set<string>();
  const result = await parts.transact(async (held) => {
    // A database may ask for all of it once more.
    isAnythingQueued = false;
    topics.clear();
    return run({
      stores: held,
      now: parts.clock.now(),
      send: async (messages) => {
        if (messages.length === 0) return;
        isAnythingQueued = true;
        await held.outbox.add(messages);
      },
      tell: (topic) => topics.add(topic),
    });
  });
  if (isAnythingQueued) parts.wakeDelivery();
  for (const topic of topics) parts.signals.tell(topic);
  return result;
}
