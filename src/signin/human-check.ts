/**
 * Owns what keeps programs from asking for resets by the thousand, without anybody else: the browser
 * works for a second (`lib/proof-of-work.ts`), or, where no script runs, its person waits half a
 * minute. Each question is good once, on all nodes.
 */
import { networkOf } from '../lib/ip.ts';
import { askForWork, judgeWork, writeQuestion } from '../lib/proof-of-work.ts';
import { waitedChecks } from '../throttle/rules.ts';
import { raise, type Permission } from '../throttle/throttle.ts';
import type { SigninParts } from './parts.ts';

/** How long one waits in place of the work. */
export const waitSeconds = 30;
const goodSeconds = 15 * 60;
const maxNumber = 50_000;

export type HumanCheckResult =
  | 'passed'
  /** Without work: not long enough yet. The question stays good. */
  | { readonly kind: 'wait'; readonly untilAt: Date }
  /** Without work, and too often from this network: with script it goes on. */
  | { readonly kind: 'limited'; readonly untilAt: Date }
  /** Used before, too old, or not ours: there is a new one on the page. */
  | { readonly kind: 'again' };

export interface HumanCheck {
  /** A new question, for this attempt only. */
  ask(attemptId: string): string;
  /** Judges what came back, and uses it up where it passes. */
  judge(attemptId: string, payload: string, address: string): Promise<HumanCheckResult>;
}

/** Makes the check. */
export function createHumanCheck({
  stores,
  box,
  random,
  clock,
}: Pick<SigninParts, 'stores' | 'box' | 'random' | 'clock'>): HumanCheck {
  const sign = (value: string): Buffer => box.keyedHash('human-check', value);

  /** The one who raises the counter first has it: a second one finds it there. */
  const useUp = (id: string, now: Date): Promise<boolean> =>
    stores.throttle.update(`human-check:${id}`, (record) => ({
      record: record ?? { events: [now.getTime()], pausedUntil: 0, level: 0, recent: [] },
      result: record === undefined,
    }));

  return {
    ask: (attemptId) =>
      writeQuestion(
        askForWork(
          { random, sign, now: clock.now() },
          { context: attemptId, maxNumber, goodSeconds },
        ),
      ),

    judge: async (attemptId, payload, address) => {
      const now = clock.now();
      const work = judgeWork({ sign, now }, payload, attemptId);
      if (work.kind === 'unreadable') return { kind: 'again' };
      if (work.kind === 'unsolved') {
        const untilAt = new Date(work.issuedAt.getTime() + waitSeconds * 1000);
        if (now < untilAt) return { kind: 'wait', untilAt };
        const permission = await stores.throttle.update<Permission>(
          `${waitedChecks.name}:${networkOf(address)}`,
          (record) => raise(waitedChecks, record, now),
        );
        if (!permission.allowed) return { kind: 'limited', untilAt: permission.until };
      }
      return (await useUp(work.id, now)) ? 'passed' : { kind: 'again' };
    },
  };
}
