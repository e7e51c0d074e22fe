/**
 * Owns the judgement whether a provider is to be asked at all (drills R18, R20). One that failed five
 * times in a row, or in ten of the last twenty, rests: it gets no messages, and every 30 seconds it is
 * asked to prove its configuration, which sends nothing to anybody. Once it does it is trusted again,
 * and rests at the first failure until it has carried one message.
 *
 * Each node counts for itself; who rests stands in a list that all nodes read, so they agree within a
 * second.
 */
import type { Clock } from '../lib/clock.ts';
import type { MessageKind } from './message.ts';
import type { Rest, RestStore } from './rest-store.ts';

/** What became of asking a provider. */
export type Outcome =
  | { readonly isWell: true }
  | {
      readonly isWell: false;
      /** Without what was to be sent. */
      readonly fault: string;
    };

export interface Breaker {
  /** Learns what other nodes found; at most once a second, and never throws. */
  look(): Promise<void>;
  /** Since when, until when and why it is not asked; undefined where it is. */
  restOf(provider: string, kind: MessageKind): Rest | undefined;
  /** Counts an outcome; returns true where it made the provider rest. */
  note(provider: string, kind: MessageKind, outcome: Outcome): Promise<boolean>;
  /**
   * Tries whoever rests and whose time has come, if no other node does; returns who is well again.
   * Never throws.
   */
  probe(
    providers: readonly { readonly name: string; readonly check: () => Promise<void> }[],
  ): Promise<readonly Rest[]>;
}

/** So many failures in a row, or so many of the last so many, make a provider rest. */
const inARow = 5;
const ofTheLast = { failures: 10, outcomes: 20 } as const;
/** How long a provider rests before it is tried. */
export const probeSeconds = 30;
const lookMilliseconds = 1_000;

/**
 * Pushes go to as many services as there are makers of browsers, and each answers for itself: what one
 * of them does says nothing of the others.
 */
function isJudged(kind: MessageKind): boolean {
  return kind !== 'push';
}

/** Makes the judge of one node. */
export function createBreaker(parts: {
  readonly rests: RestStore;
  readonly clock: Clock;
}): Breaker {
  const { rests, clock } = parts;
  const lately = new Map<string, readonly boolean[]>();
  const onProbation = new Set<string>();
  let resting: readonly Rest[] = [];
  let lookedAt = -Infinity;
  const key = (provider: string, kind: MessageKind): string => `${kind} ${provider}`;
  const nextProbe = (): Date => new Date(clock.now().getTime() + probeSeconds * 1_000);

  async function refresh(): Promise<void> {
    const before = resting;
    lookedAt = performance.now();
    resting = await rests.list();
    for (const { provider, kind } of before) {
      // Another node found it well: it is on probation here too.
      if (!resting.some((rest) => rest.provider === provider && rest.kind === kind)) {
        lately.delete(key(provider, kind));
        onProbation.add(key(provider, kind));
      }
    }
  }

  return {
    look: async () => {
      if (performance.now() - lookedAt < lookMilliseconds) return;
      // Without the list everybody goes on with what is known here.
      await refresh().catch(() => undefined);
    },
    restOf: (provider, kind) =>
      resting.find((rest) => rest.provider === provider && rest.kind === kind),
    note: async (provider, kind, outcome) => {
      if (!isJudged(kind)) return false;
      const name = key(provider, kind);
      const outcomes = [...(lately.get(name) ?? []), outcome.isWell].slice(-ofTheLast.outcomes);
      lately.set(name, outcomes);
      if (outcome.isWell) {
        onProbation.delete(name);
        return false;
      }
      const isResting = resting.some((rest) => rest.provider === provider && rest.kind === kind);
      if (isResting || !(onProbation.has(name) || isTooMuch(outcomes))) return false;
      const rest: Rest = {
        provider,
        kind,
        since: clock.now(),
        probeAt: nextProbe(),
        fault: outcome.fault,
      };
      resting = [...resting, rest];
      lately.delete(name);
      await rests.begin(rest).catch(() => undefined);
      return true;
    },
    probe: async (providers) => {
      const now = clock.now();
      const due = resting.filter(({ probeAt }) => probeAt <= now);
      const tried = await Promise.all(
        due.map(async (rest): Promise<Rest | undefined> => {
          const { provider: name, kind } = rest;
          const provider = providers.find((each) => each.name === name);
          try {
            if (!(await rests.claimProbe(name, kind, now, nextProbe()))) return undefined;
            // Nobody configured it any more: there is nothing to wait for.
            await provider?.check();
            await rests.end(name, kind);
            return rest;
          } catch {
            return undefined;
          }
        }),
      );
      if (due.length > 0) await refresh().catch(() => undefined);
      return tried.filter((rest) => rest !== undefined);
    },
  };
}

function isTooMuch(outcomes: readonly boolean[]): boolean {
  const row = outcomes.slice(-inARow);
  if (row.length === inARow && !row.some(Boolean)) return true;
  return outcomes.filter((isWell) => !isWell).length >= ofTheLast.failures;
}
