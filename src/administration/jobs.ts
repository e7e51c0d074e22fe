/**
 * Owns long work on many people: who may begin it, whom it would leave out, how it goes on slice by
 * slice on whichever node has its lease, and how it ends. Each person is an act of `administration.ts`,
 * which looks at whoever began it anew: once they have lost the role or the account, it stops.
 */
import { mayAct, refusalOf } from '../accounts/administering.ts';
import type { FoundUser, UserSearch } from '../accounts/user-store.ts';
import type { User } from '../accounts/user.ts';
import {
  jobBegan,
  jobFinished,
  jobSecretsTold,
  jobStopped,
  type JobEvent,
} from '../audit/audit.ts';
import { TweestapError } from '../errors/errors.ts';
import type { Clock } from '../lib/clock.ts';
import type { Random } from '../lib/random.ts';
import type { Signals } from '../lib/signals.ts';
import type { Transact } from '../lib/transact.ts';
import type { Methods } from '../methods/method.ts';
import type { Policies } from '../policies/policies.ts';
import type { SigninStores } from '../signin/stores.ts';
import { admitToBegin, type AtApi, type AtPages } from './acting-admin.ts';
import type { Administration } from './administration.ts';
import type { JobStore } from './job-store.ts';
import {
  actOf,
  jobsTopic,
  jobTopic,
  whoBegan,
  type Gathering,
  type Job,
  type JobItem,
  type JobResult,
  type JobTally,
  type JobTask,
  type Why,
} from './job.ts';
import { steps } from './quick-steps.ts';

/** Whom something is to be done to: everybody who is found. */
export type Everybody = Gathering['search'];

/** What beginning it would come to, as far as the accounts tell now. */
export interface Preview {
  readonly affected: number;
  /** How many it leaves out, and why. */
  readonly leftOut: ReadonlyMap<Why, number>;
  /** Some of those who are not simply done already. */
  readonly named: readonly { readonly name: string; readonly why: Why }[];
}

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
  readonly link: string;
  readonly id?: string | undefined;
  readonly isLeaving?: (() => boolean) | undefined;
}

export interface Jobs {
  /** Counts whom it would be done to, and whom it would leave out. */
  preview(everybody: Everybody, task: JobTask, actor: Pick<User, 'id' | 'role'>): Promise<Preview>;
  /** Begins it for everybody who is found then, or for these. Throws as the acts do. Resolves to its id. */
  begin(
    whom: Everybody | readonly Pick<User, 'id' | 'userPrincipalName'>[],
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
  /**
   * Does a slice of what is due, or of this one job; false where nothing is. `link` is where people set
   * up their verification; `isLeaving` is asked between people, and ends the slice.
   */
  work(options: WorkOptions): Promise<boolean>;
}

const leaseMs = 60_000;
/** So many people a slice: a few seconds at most, with a password hashed for each. */
const sliceSize = 20;
const gatheredAtOnce = 500;
const pageSize = 500;
const mostNamed = 50;
const mostListed = 50;

/** Makes the service. `stores` are read outside transactions. */
export function createJobs(parts: {
  readonly stores: SigninStores & { readonly jobs: JobStore };
  readonly transact: Transact<SigninStores & { readonly jobs: JobStore }>;
  readonly administration: Administration;
  readonly methods: Methods;
  readonly policies: Policies;
  readonly clock: Clock;
  readonly random: Random;
  readonly signals: Pick<Signals, 'tell'>;
  /** Told of a failure that nobody foresaw. */
  readonly report: (fault: { readonly job: string; readonly error: unknown }) => void;
}): Jobs {
  const { stores, transact, administration, methods, policies, clock, random, signals } = parts;

  const kinds = methods.kinds
    .map(({ id }) => id)
    .filter((id) =>
      methods.all.some(
        ({ registers, provesIn, standsIn }) =>
          registers.id === id && provesIn.includes('sign-in') && !standsIn,
      ),
    );

  const searchOf = ({ isBlocked, ...search }: Everybody, limit: number): UserSearch => ({
    ...search,
    blockedAt: isBlocked ? clock.now() : undefined,
    limit,
  });

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
      if (how.state === 'running') await held.audit.append(jobBegan(eventOf(job, now, who)));
    });
    signals.tell(jobsTopic);
    return id;
  };

  /** Finds the next people, and makes them items; then whoever is found is done. */
  const gather = async (job: Job, gathers: Gathering): Promise<void> => {
    const found = await stores.users.searchNames(searchOf(gathers.search, gatheredAtOnce));
    await stores.jobs.addItems(
      job.id,
      found.map((user, index) => itemOf(user, gathers.next + index - 1)),
    );
    const last = found.at(-1);
    const isAll = last === undefined || found.length < gatheredAtOnce;
    await release({
      ...job,
      gathers: isAll
        ? undefined
        : {
            search: { ...gathers.search, after: last.canonicalName },
            next: gathers.next + found.length,
          },
    });
  };

  /** Lets another node go on with it. */
  const release = async (job: Job): Promise<void> => {
    await stores.jobs.save({ ...job, dueAt: clock.now() }, 'running');
  };

  /** What came of it; undefined where it cannot go on, since whoever began it may not any more. */
  const outcomeOf = async (
    job: Job,
    item: JobItem,
    link: string,
  ): Promise<{ readonly result: JobResult; readonly secret?: string } | 'role' | 'account'> => {
    try {
      return await perform(job, item, link);
    } catch (error) {
      if (error instanceof TweestapError && error.code === 'NOT_SIGNED_IN') return 'account';
      if (error instanceof TweestapError && error.code === 'NOT_ALLOWED') {
        const { reason } = error.details;
        if (reason === 'role') return 'role';
        return { result: reason === 'self' || reason === 'approval' ? reason : 'above' };
      }
      parts.report({ job: job.id, error });
      return { result: 'failed' };
    }
  };

  const perform = async (
    { task, by }: Job,
    item: JobItem,
    link: string,
  ): Promise<{ readonly result: JobResult; readonly secret?: string }> => {
    const { input } = item;
    if (input !== undefined && 'user' in input) return importUser(item.userId, input, by);
    const user = item.userId === undefined ? undefined : await stores.users.find(item.userId);
    if (user === undefined) return { result: 'gone' };
    const ended = (isDone: boolean): { readonly result: JobResult } => ({
      result: isDone ? 'done' : 'already',
    });
    switch (task.kind) {
      case 'step': {
        const step = steps[task.step];
        if (step.isDone(user)) return { result: 'already' };
        if (task.step !== 'enable' || task.announces !== true) {
          return ended(await step.run(administration, user, by));
        }
        return ended(await administration.setState(user.id, 'enabled', by, { link }));
      }
      case 'groups':
        return ended(await administration.changeGroups(user.id, task, by));
      case 'states':
        if (input === undefined) return { result: 'failed' };
        return ended(await administration.setState(user.id, input.state, by));
      case 'remind': {
        const from = task.from === undefined ? undefined : new Date(task.from);
        return ended(await administration.announce(user.id, { link, from }, by));
      }
      case 'import':
        return { result: 'failed' };
    }
  };

  const importUser = async (
    id: string | undefined,
    { user, password }: Extract<NonNullable<JobItem['input']>, { readonly user: unknown }>,
    by: Job['by'],
  ): Promise<{ readonly result: JobResult; readonly secret?: string }> => {
    const { organisation } = await policies.current();
    const plain = password ?? administration.generatePassword();
    const secret = password === undefined ? { secret: plain } : {};
    const added = await administration.add(
      { ...user, password: plain },
      { country: organisation.country, by, id },
    );
    if (added.kind === 'added') return { result: 'done', ...secret };
    if (added.kind === 'refused') {
      return {
        result: `!${added.faults.map(({ field, reason }) => `${field}:${reason}`).join(' ')}`,
      };
    }
    // Added just before this process ended: its own id says so. Only the password is not known any more.
    const own = await administration.find(user.userPrincipalName);
    if (own === undefined || own.id !== id) return { result: '!userPrincipalName:taken' };
    if (password === undefined) {
      await administration.setPassword(own.id, plain, { temporary: true, by });
    }
    return { result: 'done', ...secret };
  };

  const finish = async (job: Job): Promise<void> => {
    await transact(async (held) => {
      const now = clock.now();
      const ended: Job = { ...job, state: 'done', finishedAt: now };
      if (!(await held.jobs.save(ended, 'running'))) return;
      const { results } = await held.jobs.tally(job.id);
      const done = results.get('done') ?? 0;
      const all = [...results.values()].reduce((sum, count) => sum + count, 0);
      const event = eventOf(job, now, { actor: whoBegan(job), address: undefined });
      await held.audit.append(jobFinished({ ...event, done, notDone: all - done }));
    });
  };

  const end = async (job: Job, why: 'role' | 'account'): Promise<void> => {
    await transact(async (held) => {
      const now = clock.now();
      const ended: Job = { ...job, state: 'stopped', finishedAt: now, stopped: { why } };
      if (!(await held.jobs.save(ended, 'running'))) return;
      const event = eventOf(job, now, { actor: 'system', address: undefined });
      await held.audit.append(jobStopped({ ...event, why }));
    });
  };

  const slice = async (job: Job, link: string, isLeaving: () => boolean): Promise<void> => {
    if (job.gathers !== undefined) return gather(job, job.gathers);
    const items = await stores.jobs.openItems(job.id, sliceSize);
    if (items.length === 0) return finish(job);
    for (const item of items) {
      if (isLeaving()) break;
      const outcome = await outcomeOf(job, item, link);
      if (typeof outcome === 'string') return end(job, outcome);
      await stores.jobs.settle(job.id, item.number, outcome.result, outcome.secret);
    }
    return release(job);
  };

  const whyNot = (
    task: JobTask,
    user: FoundUser,
    actor: Pick<User, 'id' | 'role'>,
    registered: ReadonlySet<string>,
    isAgreedTo: boolean,
  ): Why | undefined => {
    const act = actOf(task);
    if (act === 'announce') {
      if (!mayAct(actor.role, act)) return 'role';
      return registered.has(user.id) ? 'already' : undefined;
    }
    if (act === 'add-people') return undefined;
    // In the order in which it will be found out.
    const isDone = task.kind === 'step' && steps[task.step].isDone(user);
    if (isDone) return 'already';
    const needsSecond = isAgreedTo && user.role !== 'user';
    return refusalOf(actor, act, user) ?? (needsSecond ? 'approval' : undefined);
  };

  return {
    preview: async (everybody, task, actor) => {
      const leftOut = new Map<Why, number>();
      const named: { readonly name: string; readonly why: Why }[] = [];
      let affected = 0;
      const { administration: administrators } = await policies.current();
      let { after } = everybody;
      for (;;) {
        const search = searchOf({ ...everybody, after }, gatheredAtOnce);
        const found = await stores.users.searchNames(search);
        const registered =
          task.kind === 'remind' ? await registeredAmong(stores, found, kinds) : new Set<string>();
        for (const user of found) {
          const why = whyNot(task, user, actor, registered, administrators.secondApproval);
          if (why === undefined) affected += 1;
          else leftOut.set(why, (leftOut.get(why) ?? 0) + 1);
          if (why !== undefined && why !== 'already' && named.length < mostNamed) {
            named.push({ name: user.displayName, why });
          }
        }
        after = found.at(-1)?.canonicalName;
        if (after === undefined || found.length < gatheredAtOnce) break;
      }
      return { affected, leftOut, named };
    },
    begin: (whom, task, by, { dueAt } = {}) =>
      add(task, by, {
        state: 'running',
        gathers: isEverybody(whom) ? { search: whom, next: 1 } : undefined,
        items: isEverybody(whom) ? [] : whom.map(itemOf),
        dueAt,
      }),
    draft: (task, by) => add(task, by, { state: 'draft', gathers: undefined }),
    addItems: (id, items) => stores.jobs.addItems(id, items),
    endDraft: async (id) => {
      const job = await stores.jobs.find(id);
      if (job !== undefined) await stores.jobs.save({ ...job, isBeingRead: false }, 'draft');
    },
    discard: (id) => stores.jobs.discard(id),
    beginDraft: async (id, by) => {
      const isBegun = await transact(async (held) => {
        const job = await held.jobs.find(id);
        if (job === undefined) throw new TweestapError('NOT_FOUND');
        const now = clock.now();
        const who = await admitToBegin(parts, held, by, actOf(job.task), now);
        requireOwn(job, by);
        const begun: Job = { ...job, state: 'running', dueAt: now };
        if (job.isBeingRead || !(await held.jobs.save(begun, 'draft'))) return false;
        await held.audit.append(jobBegan(eventOf(job, now, who)));
        return true;
      });
      signals.tell(jobsTopic);
      signals.tell(jobTopic(id));
      return isBegun;
    },
    stop: async (id, by) => {
      const isStopped = await transact(async (held) => {
        const job = await held.jobs.find(id);
        if (job === undefined) throw new TweestapError('NOT_FOUND');
        const now = clock.now();
        const who = await admitToBegin(parts, held, by, actOf(job.task), now);
        const stopped: Job = {
          ...job,
          state: 'stopped',
          finishedAt: now,
          stopped: { why: 'asked' },
        };
        if (!(await held.jobs.save(stopped, 'running'))) return false;
        await held.audit.append(jobStopped({ ...eventOf(job, now, who), why: 'asked' }));
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
    results: async function* (id, result) {
      let after = 0;
      for (;;) {
        const page = await stores.jobs.items(id, { after, limit: pageSize, result });
        yield* page;
        const last = page.at(-1);
        if (last === undefined || page.length < pageSize) return;
        after = last.number;
      }
    },
    resultsPage: (id, page) => stores.jobs.items(id, page),
    tellSecrets: async (id, by) => {
      await transact(async (held) => {
        const job = await held.jobs.find(id);
        if (job === undefined) throw new TweestapError('NOT_FOUND');
        const now = clock.now();
        const who = await admitToBegin(parts, held, by, actOf(job.task), now);
        requireOwn(job, by);
        const count = await held.jobs.countSecrets(id);
        await held.audit.append(jobSecretsTold({ ...eventOf(job, now, who), count }));
      });
      return secretsOf(stores.jobs, id);
    },
    work: async ({ link, id, isLeaving = () => false }) => {
      const now = clock.now();
      const job = await stores.jobs.lease(now, new Date(now.getTime() + leaseMs), id);
      if (job === undefined) return false;
      await slice(job, link, isLeaving);
      signals.tell(jobTopic(job.id));
      return true;
    },
  };
}

function isEverybody(
  whom: Everybody | readonly Pick<User, 'id' | 'userPrincipalName'>[],
): whom is Everybody {
  return !Array.isArray(whom);
}

function itemOf(
  { id, userPrincipalName }: Pick<User, 'id' | 'userPrincipalName'>,
  index: number,
): JobItem {
  return {
    number: index + 1,
    userId: id,
    name: userPrincipalName,
    input: undefined,
    result: undefined,
  };
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

async function registeredAmong(
  stores: Pick<SigninStores, 'registrations'>,
  found: readonly FoundUser[],
  kinds: readonly string[],
): Promise<ReadonlySet<string>> {
  const all = await stores.registrations.kindsOf(found.map(({ id }) => id));
  const have = [...all].filter(([, theirs]) => theirs.some((kind) => kinds.includes(kind)));
  return new Set(have.map(([id]) => id));
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

function eventOf(
  { id, task }: Job,
  at: Date,
  who: { readonly actor: string; readonly address: string | undefined },
): JobEvent {
  return { at, ...who, job: id, task: task.kind === 'step' ? task.step : task.kind };
}
