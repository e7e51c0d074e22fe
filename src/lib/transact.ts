/**
 * Runs `work` with stores that share one transaction: all of it becomes durable, or none of it.
 * Throwing inside rolls back and rejects with the same error. Keep the work short, never call the
 * outside world in it, and use only the stores that were handed in: the embedded database has one
 * writer, and whoever waits for it inside a transaction waits for themselves. `work` may run more
 * than once, when a database undoes it and asks for it again (a deadlock): it has no effects but
 * through the stores, and gives what it found as its result.
 *
 * `hasty`: resolves once all of it is committed, and does not wait for the disk. It outlives this
 * process, and a power cut within moments may take it, never without all that came after it.
 */
export type Transact<stores> = <result>(
  work: (stores: stores) => Promise<result>,
  options?: { readonly hasty?: boolean },
) => Promise<result>;
