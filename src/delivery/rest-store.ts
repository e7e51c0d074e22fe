/** Owns what is promised of the list of providers that rest, which all nodes share. */
import type { MessageKind } from './message.ts';

/** A provider that is not asked to carry one kind of message, since it failed too often. */
export interface Rest {
  readonly provider: string;
  readonly kind: MessageKind;
  readonly since: Date;
  /** When it is tried whether it is well again. */
  readonly probeAt: Date;
  /** What it did last, without what was to be sent. */
  readonly fault: string;
}

export interface RestStore {
  /** All who rest now. */
  list(): Promise<readonly Rest[]>;
  /** Puts to rest; one that rests already keeps its `since` and is tried at the later moment. */
  begin(rest: Rest): Promise<void>;
  /**
   * Whether the caller is the one who tries it now: true for one of all who ask between `now` and
   * `nextProbeAt`, and only when its time has come. Atomic.
   */
  claimProbe(provider: string, kind: MessageKind, now: Date, nextProbeAt: Date): Promise<boolean>;
  /** It is well again. */
  end(provider: string, kind: MessageKind): Promise<void>;
}

/** The list of a process that shares it with nobody. */
export function restsInMemory(): RestStore {
  const rests = new Map<string, Rest>();
  const key = (provider: string, kind: MessageKind): string => `${kind} ${provider}`;
  return {
    list: async () => [...rests.values()],
    begin: async (rest) => {
      const known = rests.get(key(rest.provider, rest.kind));
      const isLater = known !== undefined && known.probeAt > rest.probeAt;
      rests.set(key(rest.provider, rest.kind), {
        ...rest,
        since: known?.since ?? rest.since,
        probeAt: isLater ? known.probeAt : rest.probeAt,
      });
    },
    claimProbe: async (provider, kind, now, nextProbeAt) => {
      const known = rests.get(key(provider, kind));
      if (known === undefined || known.probeAt > now) return false;
      rests.set(key(provider, kind), { ...known, probeAt: nextProbeAt });
      return true;
    },
    end: async (provider, kind) => {
      rests.delete(key(provider, kind));
    },
  };
}
