/**
 * Owns how a job goes on, a slice at a time, and how it ends: first whoever is meant is gathered, then it is done
 * to one after another. Between two slices any node may take it over.
 */
import { jobFinished, jobStopped } from '../../audit/job-events.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Transact } from '../../lib/transact.ts';
import type { SigninStores } from '../../signin/stores.ts';
import { actOnItem, type JobActParts } from './job-act.ts';
import type { JobStore } from './job-store.ts';
import {
  foundAtOnce,
  jobEventOf,
  jobItemOf,
  searchAt,
  whoBegan,
  type Gathering,
  type Job,
} from './job.ts';

/** The stores, with that of the jobs. */
export interface JobStores extends SigninStores {
  readonly jobs: JobStore;
}

export interface SliceParts extends JobActParts {
  readonly stores: Pick<JobStores, 'users' | 'jobs'>;
  readonly transact: Transact<JobStores>;
  readonly clock: Clock;
}

/** So many people a slice: a few seconds at most, with a password hashed for each. */
const sliceSize = 20;

/**
 * Does a slice of a job that is leased. `link` is where people set up their verification; `isLeaving` is asked
 * between people, and ends the slice.
 */
export async function workOnSlice(
  parts: SliceParts,
  job: Job,
  { link, isLeaving }: { readonly link: string; readonly isLeaving: () => boolean },
): Promise<void> {
  const { jobs } = parts.stores;
  if (job.gathers !== undefined) return gather(parts, job, job.gathers);
  const items = await jobs.openItems(job.id, sliceSize);
  if (items.length === 0) return finish(parts, job);
  for (const item of items) {
    if (isLeaving()) break;
    const outcome = await actOnItem(parts, job, item, link);
    if (typeof outcome === 'string') return stopForWantOf(parts, job, outcome);
    await jobs.settle(job.id, item.number, outcome.result, outcome.secret);
  }
  return release(parts, job);
}

/** Finds the next people, and makes them items; then whoever is found is done. */
async function gather(parts: SliceParts, job: Job, { search, next }: Gathering): Promise<void> {
  const { stores, clock } = parts;
  const found = await stores.users.searchNames({
    ...searchAt(search, clock.now()),
    limit: foundAtOnce,
  });
  await stores.jobs.addItems(
    job.id,
    found.map((user, index) => jobItemOf(user, next + index)),
  );
  const last = found.at(-1);
  const isAll = last === undefined || found.length < foundAtOnce;
  const gathers = isAll
    ? undefined
    : { search: { ...search, after: last.canonicalName }, next: next + found.length };
  return release(parts, { ...job, gathers });
}

/** Lets another node go on with it. */
async function release({ stores, clock }: SliceParts, job: Job): Promise<void> {
  await stores.jobs.save({ ...job, dueAt: clock.now() }, 'running');
}

async function finish({ transact, clock }: SliceParts, job: Job): Promise<void> {
  await transact(async (held) => {
    const now = clock.now();
    const ended: Job = { ...job, state: 'done', finishedAt: now };
    if (!(await held.jobs.save(ended, 'running'))) return;
    const { results } = await held.jobs.tally(job.id);
    const done = results.get('done') ?? 0;
    const all = [...results.values()].reduce((sum, count) => sum + count, 0);
    const event = jobEventOf(job, now, { actor: whoBegan(job), address: undefined });
    await held.audit.append(jobFinished({ ...event, done, notDone: all - done }));
  });
}

/** Whoever began it has not the role, or the account, any more. */
async function stopForWantOf(
  { transact, clock }: SliceParts,
  job: Job,
  why: 'role' | 'account',
): Promise<void> {
  await transact(async (held) => {
    const now = clock.now();
    const ended: Job = { ...job, state: 'stopped', finishedAt: now, stopped: { why } };
    if (!(await held.jobs.save(ended, 'running'))) return;
    const event = jobEventOf(job, now, { actor: 'system', address: undefined });
    await held.audit.append(jobStopped({ ...event, why }));
  });
}
