/** Owns what the keeper of long work promises. */
import type { Job, JobItem, JobState, JobTally } from './job.ts';

export interface JobStore {
  add(job: Job): Promise<void>;
  find(id: string): Promise<Job | undefined>;
  /** The newest first. */
  list(limit: number): Promise<readonly Job[]>;
  /**
   * Takes the running job that has waited longest, if one is due, and keeps it from others until then;
   * with `id` only that one.
   */
  lease(now: Date, until: Date, id?: string): Promise<Job | undefined>;
  /** Writes all of it, unless its state is another than `from` by now: false. */
  save(job: Job, from: JobState): Promise<boolean>;
  /** Adds items; those whose number is there already are left as they are. */
  addItems(jobId: string, items: readonly JobItem[]): Promise<void>;
  /** Those that have no result yet, in their order. */
  openItems(jobId: string, limit: number): Promise<readonly JobItem[]>;
  /** Keeps what came of an item, once, and forgets its input; `secret` is what can be told once. */
  settle(jobId: string, number: number, result: string, secret?: string): Promise<void>;
  tally(jobId: string): Promise<JobTally>;
  /** Those behind `after`, in their order, without their inputs; those whose result begins so. */
  items(
    jobId: string,
    page: { readonly after: number; readonly limit: number; readonly result?: string | undefined },
  ): Promise<readonly Omit<JobItem, 'input'>[]>;
  /** How many things can still be told. */
  countSecrets(jobId: string): Promise<number>;
  /** The next of them, which are gone with that. */
  takeSecrets(
    jobId: string,
    limit: number,
  ): Promise<readonly { readonly name: string; readonly secret: string }[]>;
  /** Forgets a draft. */
  discard(jobId: string): Promise<void>;
  /** Forgets jobs that were finished before this, and drafts that were made before it. */
  forget(before: Date): Promise<number>;
}
