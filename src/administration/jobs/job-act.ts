/**
 * Owns what a job does to one person, and what is said of it: an act of `administration.ts`, which looks at
 * whoever began the job anew.
 */
import type { User } from '../../accounts/user.ts';
import { TweestapError } from '../../errors/errors.ts';
import type { Policies } from '../../policies/policies.ts';
import type { SigninStores } from '../../signin/stores.ts';
import type { Administration } from '../administration.ts';
import type { Job, JobInput, JobItem, JobResult } from './job.ts';
import { steps } from './quick-steps.ts';

export interface JobActParts {
  readonly stores: Pick<SigninStores, 'users'>;
  readonly administration: Administration;
  readonly policies: Policies;
  /** Told of a failure that nobody foresaw. */
  readonly report: (fault: { readonly job: string; readonly error: unknown }) => void;
}

/** What came of it, and the password that was made for them, which can be told once. */
export interface JobOutcome {
  readonly result: JobResult;
  readonly secret?: string;
}

/**
 * Does it to one person; what went wrong with them is a result too. Where it cannot go on, it says what whoever
 * began it has lost. `link` is where people set up their verification.
 */
export async function actOnItem(
  parts: JobActParts,
  job: Job,
  item: JobItem,
  link: string,
): Promise<JobOutcome | 'role' | 'account'> {
  const { users } = parts.stores;
  const { input } = item;
  try {
    if (input !== undefined && 'user' in input) {
      return await addTheirs(parts, item.userId, input, job.by);
    }
    const user = item.userId === undefined ? undefined : await users.find(item.userId);
    if (user === undefined) return { result: 'gone' };
    return { result: await actOnUser(parts, job, user, input, link) };
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
}

async function actOnUser(
  { administration }: JobActParts,
  { task, by }: Job,
  user: User,
  input: Exclude<JobInput, { readonly user: unknown }> | undefined,
  link: string,
): Promise<JobResult> {
  const ended = (isDone: boolean): JobResult => (isDone ? 'done' : 'already');
  switch (task.kind) {
    case 'step': {
      const step = steps[task.step];
      if (step.isDone(user)) return 'already';
      const announces = task.step === 'enable' && task.announces === true;
      return ended(
        announces
          ? await administration.setState(user.id, 'enabled', by, { link })
          : await step.run(administration, user, by),
      );
    }
    case 'groups':
      return ended(await administration.changeGroups(user.id, task, by));
    case 'states':
      if (input === undefined) return 'failed';
      return ended(await administration.setState(user.id, input.state, by));
    case 'remind': {
      const from = task.from === undefined ? undefined : new Date(task.from);
      return ended(await administration.announce(user.id, { link, from }, by));
    }
    case 'import':
      return 'failed';
  }
}

/** Adds the account that a line of a file says. */
async function addTheirs(
  { administration, policies }: JobActParts,
  id: string | undefined,
  { user, password }: Extract<JobInput, { readonly user: unknown }>,
  by: Job['by'],
): Promise<JobOutcome> {
  const { organisation } = await policies.current();
  const plain = password ?? administration.generatePassword();
  const secret = password === undefined ? { secret: plain } : {};
  const added = await administration.add(
    { ...user, password: plain },
    { country: organisation.country, by, id },
  );
  if (added.kind === 'added') return { result: 'done', ...secret };
  if (added.kind === 'refused') {
    const faults = added.faults.map(({ field, reason }) => `${field}:${reason}`);
    return { result: `!${faults.join(' ')}` };
  }
  // Added just before this process ended: its own id says so. Only the password is not known any more.
  const own = await administration.find(user.userPrincipalName);
  if (own === undefined || own.id !== id) return { result: '!userPrincipalName:taken' };
  if (password === undefined) {
    await administration.setPassword(own.id, plain, { temporary: true, by });
  }
  return { result: 'done', ...secret };
}
