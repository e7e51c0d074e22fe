/**
 * Owns how often one may try: the one counter service for every door. A counter is raised before an
 * answer is looked at, so a thousand parallel guesses are a thousand counted guesses (attack ATK-02).
 * Whoever is paused is told until when.
 */

/** A rule: `limit` events in `windowSeconds`, then a pause that doubles with every further refusal period. */
export interface Rule {
  readonly name: string;
  readonly limit: number;
  readonly windowSeconds: number;
  /** The first pause once the limit is reached; 0 = only the window itself limits. */
  readonly pauseSeconds: number;
  readonly longestPauseSeconds: number;
  /** At least this long between two events; 0 = no matter. */
  readonly spacingSeconds: number;
}

/** What is kept: event times in ms, newest last, and the pause. */
export interface CounterRecord {
  readonly events: readonly number[];
  readonly pausedUntil: number;
  /** How many pauses came before; the next is 2^level as long. */
  readonly level: number;
  /** Fingerprints of the last wrong passwords: the same mistake counts once. */
  readonly recent: readonly string[];
}

/** `remaining` = events still allowed after this one. `reached` is true for the one that filled the limit. */
export type Permission =
  | { readonly allowed: true; readonly remaining: number; readonly reached: boolean }
  | { readonly allowed: false; readonly until: Date };

/** What has never been raised. */
export const fresh: CounterRecord = { events: [], pausedUntil: 0, level: 0, recent: [] };
const keptFingerprints = 3;

/** Decides one raise; pure. A fingerprint seen among the last three is allowed but not counted again. */
export function raise(
  rule: Rule,
  before: CounterRecord | undefined,
  now: Date,
  fingerprint?: string,
): { record: CounterRecord; result: Permission } {
  const record = before ?? fresh;
  const at = now.getTime();
  if (record.pausedUntil > at) return refuse(record, record.pausedUntil);

  const events = record.events.filter((event) => event > at - rule.windowSeconds * 1000);
  const last = events.at(-1);
  if (last !== undefined && rule.spacingSeconds > 0 && at < last + rule.spacingSeconds * 1000) {
    return refuse({ ...record, events }, last + rule.spacingSeconds * 1000);
  }
  if (rule.pauseSeconds === 0) {
    const oldest = events[events.length - rule.limit];
    if (oldest !== undefined)
      return refuse({ ...record, events }, oldest + rule.windowSeconds * 1000);
    return allow(rule, { ...record, events: [...events, at] });
  }
  if (fingerprint !== undefined && record.recent.includes(fingerprint)) {
    return allow(rule, { ...record, events });
  }
  const counted: CounterRecord = {
    events: [...events.slice(-(rule.limit - 1)), at],
    pausedUntil: 0,
    // Quiet for a whole window: the person begins anew.
    level: events.length === 0 ? 0 : record.level,
    recent:
      fingerprint === undefined
        ? record.recent
        : [...record.recent, fingerprint].slice(-keptFingerprints),
  };
  if (counted.events.length < rule.limit) return allow(rule, counted);
  const pause = Math.min(rule.pauseSeconds * 2 ** counted.level, rule.longestPauseSeconds);
  return allow(rule, { ...counted, pausedUntil: at + pause * 1000, level: counted.level + 1 });
}

/**
 * Takes back what was allowed at this moment, and the pause it may have begun: nobody could look at what
 * was counted. Leaves the record as it is where that is forgotten by now.
 */
export function takeBack(record: CounterRecord | undefined, at: Date): CounterRecord {
  const { events, pausedUntil: until, level, recent } = record ?? fresh;
  const counted = events.lastIndexOf(at.getTime());
  if (counted === -1) return record ?? fresh;
  const isPausedByIt = until > at.getTime() && counted === events.length - 1;
  return {
    events: events.toSpliced(counted, 1),
    pausedUntil: isPausedByIt ? 0 : until,
    level: isPausedByIt ? level - 1 : level,
    recent,
  };
}

function allow(rule: Rule, record: CounterRecord): { record: CounterRecord; result: Permission } {
  const remaining = Math.max(0, rule.limit - record.events.length);
  return { record, result: { allowed: true, remaining, reached: remaining === 0 } };
}

function refuse(
  record: CounterRecord,
  until: number,
): { record: CounterRecord; result: Permission } {
  return { record, result: { allowed: false, until: new Date(until) } };
}

/** Until when the next try is refused, or undefined; for showing. */
export function pausedUntil(record: CounterRecord | undefined, now: Date): Date | undefined {
  return record !== undefined && record.pausedUntil > now.getTime()
    ? new Date(record.pausedUntil)
    : undefined;
}
