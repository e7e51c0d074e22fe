/**
 * Owns long work on many people: who may begin and stop it, what is told of it, and that it goes on slice by
 * slice (`job-slice.ts`) on whichever node has its lease.
 */
import type { User } from '../../accounts/user.ts';
import { jobBegan, jobSecretsTold, jobStopped } from '../../audit/job-events.ts';
import { TweestapError } from '../../errors/errors.ts';
import type { Random } from '../../lib/random.ts';
import type { Signals } from '../../lib/signals.ts';
import { admitToBegin, type Actor, type AtApi, type AtPages } from '../acting-admin.ts';
import { previewJob, type Preview, type PreviewParts } from './job-preview.ts';
import { workOnSlice, type JobStores, type SliceParts } from './job-slice.ts';
import type { JobStore } from './job-store.ts';
import {
  actOf,
  jobEventOf,
  jobItemOf,
  jobsTopic,
  jobTopic,
  whoBegan,
  type Everybody,
  type Job,
  type JobItem,
  type JobTally,
  type JobTask,
} from './job.ts';

/** A job, and how far it is. */
export interface LookedAtJob {
  readonly job: Job;
  readonly tally: JobTally;
  /** How many passwords can still be told. */
  readonly secrets: number;
}

/** Who begins it: the command line, a program, or somebody signed in. */
export type Beginner = string | AtApi | AtPages;

export interface WorkOptions {
  /** Where people set up their verification. */
  readonly link: string;
  /** Only this job; whatever is due unless told. */
  readonly id?: string | undefined;
  /** Asked between people; where it is so, the slice ends. */
  readonly isLeaving?: (() => boolean) | undefined;
}

/** Somebody who is selected. */
type Selected = Pick<User, 'id' | 'userPrincipalName'>;

export interface Jobs {
  /** Counts whom it would be done to, and whom it would leave out. */
  preview(everybody: Everybody, task: JobTask, actor: Pick<User, 'id' | 'role'>): Promise<Preview>;
  /** Begins it for everybody who is found then, or for these. Throws as the acts do. Resolves to its id. */
  begin(
    whom: Everybody | readonly Selected[],
    task: JobTask,
    by: Beginner,
    options?: { readonly dueAt?: Date | undefined },
  ): Promise<string>;
  /** Opens a draft: items are added, looked at, and begun or left. Throws as the acts do. */
  draft(task: JobTask, by: Beginner): Promise<string>;
  addItems(id: string, items: readonly JobItem[]): Promise<void>;
  /** Says that all its items are there. */
  endDraft(id: string): Promise<void>;
  /** Throws a draft away, with all that was read into it. */
  discard(id: string): Promise<void>;
  /** Begins a draft; false where it is none any more. For whoever made it. */
  beginDraft(id: string, by: Beginner): Promise<boolean>;
  /** Stops it where it is; false where it is over. */
  stop(id: string, by: Beginner): Promise<boolean>;
  look(id: string): Promise<LookedAtJob | undefined>;
  list(): Promise<readonly Job[]>;
  /** Every item in its order, with what came of it; or those whose result begins so. */
  results(id: string, result?: string): AsyncIterable<Omit<JobItem, 'input'>>;
  /** The items behind one, in their order. */
  resultsPage(
    id: string,
    page: { readonly after: number; readonly limit: number },
  ): Promise<readonly Omit<JobItem, 'input'>[]>;
  /** Tells the passwords that an import made, once, to whoever began it. */
  tellSecrets(
    id: string,
    by: Beginner,
  ): Promise<AsyncIterable<{ readonly name: string; readonly secret: string }>>;
  /** Does a slice of what is due; false where nothing is. */
  work(options: WorkOptions): Promise<boolean>;
}

export interface JobsParts extends PreviewParts, SliceParts {
  /** Read outside transactions. */
  readonly stores: JobStores;
  readonly random: Random;
  readonly signals: Pick<Signals, 'tell'>;
}

/** Longer than any slice takes; then another node goes on with what was left. */
const leaseMs = 60_000;
const pageSize = 500;
const mostListed = 50;

/** Makes the service. */
export function createJobs(parts: JobsParts): Jobs {
  const { stores, transact, clock, random, signals } = parts;

  const add = async (
    task: JobTask,
    by: Beginner,
    how: Pick<Job, 'state' | 'gathers'> & {
      readonly items?: readonly JobItem[];
      readonly dueAt?: Date | undefined;
    },
  ): Promise<string> => {
    const id = random.token(16);
    await transact(async (held) => {
      const now = clock.now();
      const who = await admitToBegin(parts, held, by, actOf(task), now);
      const job: Job = {
        id,
        state: how.state,
        createdAt: now,
        dueAt: how.dueAt ?? now,
        finishedAt: undefined,
        task,
        isBeingRead: how.state === 'draft',
        by: keptOf(by),
        gathers: how.gathers,
        stopped: undefined,
      };
      await held.jobs.add(job);
      await held.jobs.addItems(id, how.items ?? []);
      if (how.state === 'running') await held.audit.append(jobBegan(jobEventOf(job, now, who)));
    });
    signals.tell(jobsTopic);
    return id;
  };

  /** Does something with a job that is there, for whoever might begin it. */
  const actOnJob = <result>(
    id: string,
    by: Beginner,
    work: (held: JobStores, job: Job, now: Date, who: Actor) => Promise<result>,
  ): Promise<result> =>
    transact(async (held) => {
      const job = await held.jobs.find(id);
      if (job === undefined) throw new TweestapError('NOT_FOUND');
      const now = clock.now();
      return work(held, job, now, await admitToBegin(parts, held, by, actOf(job.task), now));
    });

  return {
    preview: (everybody, task, actor) => previewJob(parts, everybody, task, actor),

    begin: (whom, task, by, { dueAt } = {}) => {
      const how = isEverybody(whom)
        ? { gathers: { search: whom, next: 1 } }
        : { gathers: undefined, items: whom.map((each, index) => jobItemOf(each, index + 1)) };
      return add(task, by, { state: 'running', dueAt, ...how });
    },

    draft: (task, by) => add(task, by, { state: 'draft', gathers: undefined }),
    addItems: (id, items) => stores.jobs.addItems(id, items),
    endDraft: async (id) => {
      const job = await stores.jobs.find(id);
      if (job !== undefined) await stores.jobs.save({ ...job, isBeingRead: false }, 'draft');
    },
    discard: (id) => stores.jobs.discard(id),
    beginDraft: async (id, by) => {
      const isBegun = await actOnJob(id, by, async (held, job, now, who) => {
        requireOwn(job, by);
        const begun: Job = { ...job, state: 'running', dueAt: now };
        if (job.isBeingRead || !(await held.jobs.save(begun, 'draft'))) return false;
        await held.audit.append(jobBegan(jobEventOf(job, now, who)));
        return true;
      });
      signals.tell(jobsTopic);
      signals.tell(jobTopic(id));
      return isBegun;
    },

    stop: async (id, by) => {
      const isStopped = await actOnJob(id, by, async (held, job, now, who) => {
        const why = 'asked';
        const stopped: Job = { ...job, state: 'stopped', finishedAt: now, stopped: { why } };
        if (!(await held.jobs.save(stopped, 'running'))) return false;
        await held.audit.append(jobStopped({ ...jobEventOf(job, now, who), why }));
        return true;
      });
      signals.tell(jobTopic(id));
      return isStopped;
    },

    look: async (id) => {
      const job = await stores.jobs.find(id);
      if (job === undefined) return undefined;
      const [tally, secrets] = await Promise.all([
        stores.jobs.tally(id),
        job.task.kind === 'import' ? stores.jobs.countSecrets(id) : 0,
      ]);
      return { job, tally, secrets };
    },
    list: () => stores.jobs.list(mostListed),
    results: (id, result) => resultsOf(stores.jobs, id, result),
    resultsPage: (id, page) => stores.jobs.items(id, page),

    tellSecrets: async (id, by) => {
      await actOnJob(id, by, async (held, job, now, who) => {
        requireOwn(job, by);
        const count = await held.jobs.countSecrets(id);
        await held.audit.append(jobSecretsTold({ ...jobEventOf(job, now, who), count }));
      });
      return secretsOf(stores.jobs, id);
    },

    work: async ({ link, id, isLeaving = () => false }) => {
      const now = clock.now();
      const job = await stores.jobs.lease(now, new Date(now.getTime() + leaseMs), id);
      if (job === undefined) return false;
      await workOnSlice(parts, job, { link, isLeaving });
      signals.tell(jobTopic(job.id));
      return true;
    },
  };
}

function isEverybody(whom: Everybody | readonly Selected[]): whom is Everybody {
  return !Array.isArray(whom);
}

async function* resultsOf(
  jobs: JobStore,
  id: string,
  result: string | undefined,
): AsyncGenerator<Omit<JobItem, 'input'>> {
  let after = 0;
  for (;;) {
    const page = await jobs.items(id, { after, limit: pageSize, result });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = last.number;
  }
}

async function* secretsOf(
  jobs: JobStore,
  id: string,
): AsyncGenerator<{ readonly name: string; readonly secret: string }> {
  for (;;) {
    const taken = await jobs.takeSecrets(id, pageSize);
    yield* taken;
    if (taken.length < pageSize) return;
  }
}

/** What was read from a file is for whoever sent it: nobody else has seen what it says. */
function requireOwn(job: Job, by: Beginner): void {
  if (whoBegan(job) !== whoBegan({ by: keptOf(by) }))
    throw new TweestapError('NOT_ALLOWED', { details: { reason: 'above' } });
}

/** What a job keeps of whoever began it. */
function keptOf(by: Beginner): Job['by'] {
  if (typeof by === 'string') return by;
  return 'application' in by
    ? { program: by.application.clientId, address: by.address }
    : { began: by.current.user.id, address: by.address };
}
