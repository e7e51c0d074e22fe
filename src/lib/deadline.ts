/** Owns patience: work that must end by itself, or is left behind. */

/**
 * Runs `work` until it is done, the time is up, or `outer` aborts; its own signal tells it of both.
 * Rejects with what `work` threw, also where it threw at once because its signal told it to; else with
 * "no answer within n seconds", or with the reason of `outer`. Work that does not listen to its signal
 * is left behind, its outcome unseen.
 */
export async function within<result>(
  milliseconds: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<result>,
): Promise<result> {
  const controller = new AbortController();
  const { signal } = controller;
  const giveUp = (): void => controller.abort(outer.reason);
  const timer = setTimeout(() => {
    controller.abort(new Error(`no answer within ${milliseconds / 1_000} seconds`));
  }, milliseconds);
  outer.addEventListener('abort', giveUp, { once: true });
  if (outer.aborted) giveUp();
  try {
    return await new Promise<result>((resolve, reject) => {
      const stop = (): void => reject(reasonOf(signal));
      // Whoever listens may know more: that nothing was sent yet, say.
      signal.addEventListener('abort', () => setImmediate(stop), { once: true });
      if (signal.aborted) stop();
      else work(signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', giveUp);
  }
}

/**
 * The outcome of `work` that others wait for as well; rejects with the signal's reason as soon as that
 * aborts, and leaves the work to them.
 */
export function unlessAborted<result>(signal: AbortSignal, work: Promise<result>): Promise<result> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(reasonOf(signal));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Waits for `work`, but no longer than this. Resolves either way; a rejection of `work` is thrown. */
export async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  try {
    await Promise.race([work, timeIsUp]);
  } finally {
    clearTimeout(timer);
  }
}

/** Why a signal aborted, as an error whatever it was given. */
export function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('given up');
}
