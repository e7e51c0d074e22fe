/**
 * A gate that lets a fixed number through at a time, in the order in which they came. With a
 * concurrency of one it is a mutex.
 */
import { reasonOf } from './deadline.ts';

export interface GateOptions {
  /** How many may be inside at once. Default 1. */
  readonly concurrency?: number;
  /** How many may wait; who comes after that gets a `GateFullError`. Default: no bound. */
  readonly queueLimit?: number;
}

export interface Gate {
  /**
   * Waits for a place and returns the function that gives it back; calling it again does nothing.
   * Whoever is told by `signal` to wait no longer leaves the queue at once, with its reason.
   */
  enter(signal?: AbortSignal): Promise<() => void>;
  /** Runs `work` inside and gives the place back whatever comes of it. */
  run<result>(work: () => Promise<result> | result): Promise<result>;
  /** How many are inside. */
  readonly running: number;
  /** How many wait. */
  readonly waiting: number;
}

/** Thrown to whoever finds the queue full. */
export class GateFullError extends Error {
  override readonly name = 'GateFullError';
}

/** A gate with nobody in it. */
export function createGate({ concurrency = 1, queueLimit = Infinity }: GateOptions = {}): Gate {
  const queue = createQueue<() => void>();
  let running = 0;

  const leave = (): void => {
    // The place is handed over, not given up: nobody who comes now can slip in between.
    const next = queue.take();
    if (next === undefined) running -= 1;
    else next();
  };

  const enter = (signal?: AbortSignal): Promise<() => void> => {
    if (signal?.aborted === true) return Promise.reject(reasonOf(signal));
    if (running < concurrency) {
      running += 1;
      return Promise.resolve(once(leave));
    }
    if (queue.size >= queueLimit) {
      return Promise.reject(new GateFullError(`${queue.size} are waiting already.`));
    }
    return new Promise((resolve, reject) => {
      const go = (): void => {
        signal?.removeEventListener('abort', giveUp);
        resolve(once(leave));
      };
      const giveUp = (): void => {
        queue.remove(go);
        if (signal !== undefined) reject(reasonOf(signal));
      };
      queue.add(go);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  };

  return {
    enter,
    run: async (work) => {
      const leaveGate = await enter();
      try {
        return await work();
      } finally {
        leaveGate();
      }
    },
    get running() {
      return running;
    },
    get waiting() {
      return queue.size;
    },
  };
}

interface Queue<item> {
  add(item: item): void;
  take(): item | undefined;
  remove(item: item): void;
  readonly size: number;
}

// `Array.shift` moves every item, which a long queue pays for at each step.
function createQueue<item>(): Queue<item> {
  let items: item[] = [];
  let head = 0;
  return {
    add: (item) => {
      items.push(item);
    },
    take: () => {
      const item = items[head];
      if (head < items.length) head += 1;
      if (head > 1024 && head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
    remove: (item) => {
      const at = items.indexOf(item, head);
      if (at !== -1) items.splice(at, 1);
    },
    get size() {
      return items.length - head;
    },
  };
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}
