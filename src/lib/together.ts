/**
 * Owns doing at one go what many ask for at the same time, where it costs little more for many than for
 * one: a transaction, a flush. Those that come while others are being worked on go along the next time.
 */

/** How many go along, and how many times it is under way at once. */
export interface TogetherOptions {
  /** So many go along at most: whoever came first waits for the last. */
  readonly most: number;
  /** While some are on their way, so many times the next may set out. Default 1. */
  readonly underWay?: number;
}

interface Waiting<item, result> {
  readonly item: item;
  readonly done: (result: result) => void;
  readonly failed: (reason: unknown) => void;
}

/**
 * Makes the way to ask: each item resolves to its own result, in the order of `work`'s. Where `work`
 * rejects, all who went along do.
 */
export function together<item, result>(
  work: (items: readonly item[]) => Promise<readonly result[]>,
  { most, underWay: mostUnderWay = 1 }: TogetherOptions,
): (item: item) => Promise<result> {
  let waiting: Waiting<item, result>[] = [];
  let underWay = 0;

  const workThrough = async (): Promise<void> => {
    underWay += 1;
    while (waiting.length > 0) {
      const these = waiting.slice(0, most);
      waiting = waiting.slice(most);
      try {
        const results = await work(these.map(({ item }) => item));
        if (results.length !== these.length) throw new Error('Somebody was forgotten on the way.');
        for (const [index, result] of results.entries()) these[index]?.done(result);
      } catch (reason) {
        for (const { failed } of these) failed(reason);
      }
    }
    underWay -= 1;
  };

  return (item) =>
    new Promise((done, failed) => {
      waiting.push({ item, done, failed });
      // Whoever comes in the same turn of the event loop goes along.
      if (waiting.length === 1 && underWay < mostUnderWay) setImmediate(() => void workThrough());
    });
}
