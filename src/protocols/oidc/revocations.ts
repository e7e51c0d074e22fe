/**
 * Owns hearing that everything of a person was ended (a block, a reset, a lost phone), whoever did it
 * and wherever: another node, the command line. It is written in the audit log in the transaction
 * that ends it; from there applications are told (attack ATK-34). By then nothing of it works any
 * more: this brings word, it does not revoke.
 */
import type { AuditStore } from '../../audit/audit-store.ts';
import type { Clock } from '../../lib/clock.ts';

export interface RevocationWatch {
  /** Looks now; resolves when everybody was told of what is new. */
  look(): Promise<void>;
  stop(): void;
}

/** What happened shortly before the start is told once more: whoever was to tell it may have died. */
const lookBackMs = 120_000;
const pageLength = 200;
/** So many people at a time, where an administrator ends those of many. */
const atOnce = 20;

/** Begins to watch; every two seconds unless told. `failed` hears what goes wrong, and it goes on. */
export function watchRevocations(parts: {
  readonly audit: Pick<AuditStore, 'list'>;
  readonly tell: (userId: string) => Promise<void>;
  readonly clock: Clock;
  readonly failed: (error: unknown) => void;
  readonly everyMs?: number;
}): RevocationWatch {
  const { audit, tell, failed } = parts;
  const since = new Date(parts.clock.now().getTime() - lookBackMs);
  let seen = 0;
  let looking: Promise<void> | undefined;

  /** Whose things were ended after what was seen before, each once. */
  const news = async (): Promise<{
    readonly people: ReadonlySet<string>;
    readonly upTo: number;
  }> => {
    const people = new Set<string>();
    let upTo = seen;
    let before: number | undefined;
    for (;;) {
      // The newest alone tells whether there is any news.
      const limit = before === undefined ? 1 : pageLength;
      const events = await audit.list({ kind: 'everything-revoked', before, limit });
      for (const { sequence, userId, at } of events) {
        if (sequence <= seen || at < since) return { people, upTo };
        upTo = Math.max(upTo, sequence);
        if (userId !== undefined) people.add(userId);
      }
      if (events.length < limit) return { people, upTo };
      before = events.at(-1)?.sequence;
    }
  };

  const look = async (): Promise<void> => {
    const { people, upTo } = await news();
    // Told before it counts as seen: whom we could not tell now, we tell the next time.
    const waiting = [...people];
    while (waiting.length > 0) await Promise.all(waiting.splice(0, atOnce).map(tell));
    seen = upTo;
  };
  const lookOnce = (): Promise<void> => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  };

  const timer = setInterval(() => {
    lookOnce().catch(failed);
  }, parts.everyMs ?? 2000);
  timer.unref();
  return { look: lookOnce, stop: () => clearInterval(timer) };
}
