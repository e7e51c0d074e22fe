/**
 * Owns waking whoever waits: a topic is told, and all who hear it are called, here at once and in
 * other processes as soon as a relay has carried it there. A signal says that something happened and
 * never what: whoever hears it looks for themselves. It may be lost on the way, and may come twice.
 */
import { hash } from 'node:crypto';

export interface Signals {
  /**
   * Calls all who hear this topic here, and lets those elsewhere know. Never waits and never fails:
   * what it tells of is done by then. Tell after the commit, or whoever looks sees the old.
   */
  tell(topic: string): void;
  /** From now on `listener` is called each time; it never throws. Returns what ends it. */
  hear(topic: string, listener: () => void): () => void;
}

/** Carries keys of topics to other processes and theirs to this one; may lose some. */
export interface Relay {
  /** Takes a key along; never waits, never fails. */
  pass(key: string): void;
  /** Called once: begins to hear. `undefined` means that some may have been missed: all are meant. */
  hear(heard: (key: string | undefined) => void): void;
}

/** Makes the signals of this process; with a relay it shares them with others. */
export function createSignals(relay?: Relay): Signals {
  const listeners = new Map<string, Set<() => void>>();
  let isHearing = false;

  const ring = (key: string): void => {
    // A copy: whoever is called may stop hearing, or begin.
    const called = [...(listeners.get(key) ?? [])];
    for (const listener of called) listener();
  };
  const ringAll = (): void => {
    const keys = [...listeners.keys()];
    for (const key of keys) ring(key);
  };

  return {
    tell: (topic) => {
      const key = keyOf(topic);
      ring(key);
      relay?.pass(key);
    },
    hear: (topic, listener) => {
      if (!isHearing) {
        isHearing = true;
        relay?.hear((key) => (key === undefined ? ringAll() : ring(key)));
      }
      const key = keyOf(topic);
      // Its own, so that one function may hear twice.
      const own = (): void => listener();
      const together = listeners.get(key) ?? new Set();
      listeners.set(key, together.add(own));
      return () => {
        together.delete(own);
        if (together.size === 0 && listeners.get(key) === together) listeners.delete(key);
      };
    },
  };
}

/**
 * What a topic is called outside of this process: 96 bits of its hash, for it is nobody's business
 * whom it is about. Two that share one would wake each other, and find nothing.
 */
function keyOf(topic: string): string {
  return hash('sha256', topic, 'base64url').slice(0, 16);
}
