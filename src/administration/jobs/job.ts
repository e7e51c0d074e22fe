/**
 * Owns what long work is: one thing that is done to many people, one after another, by whichever node
 * has its lease. It survives a restart, can be stopped, and remembers what came of it for each.
 */
import type { AdminAct, AdminRefusal } from '../../accounts/administering.ts';
import type { GroupChange } from '../../accounts/group.ts';
import type { NewUser } from '../../accounts/new-user.ts';
import type { UserSearch } from '../../accounts/user-store.ts';
import type { PerUserMfaState, User } from '../../accounts/user.ts';
import type { JobEvent } from '../../audit/job-events.ts';
import { nameOfProgram, type Actor, type InJob } from '../acting-admin.ts';
import { steps, type StepId } from './quick-steps.ts';

/**
 * `draft`: read and judged, and nothing done until somebody says so. Done and stopped jobs are kept for
 * their results, and forgotten after a while.
 */
export type JobState = 'draft' | 'running' | 'done' | 'stopped';

/** What is done to each. */
export type JobTask =
  | {
      readonly kind: 'step';
      readonly step: StepId;
      /** Whether enabling tells people by mail what to do, instead of that it happened. */
      readonly announces?: boolean | undefined;
    }
  | ({ readonly kind: 'groups' } & GroupChange)
  /** The state, or the account, that each item says. */
  | {
      readonly kind: 'states' | 'import';
      /** Headings of the file that were not understood. */
      readonly ignored: readonly string[];
    }
  /** A mail to those who have registered nothing: what to do, and from when it is required. */
  | {
      readonly kind: 'remind';
      /** ISO 8601; from when it is required. Absent: it is already, or at the next sign-in. */
      readonly from?: string | undefined;
    };

export interface Job {
  readonly id: string;
  readonly state: JobState;
  readonly createdAt: Date;
  /** Not done before. */
  readonly dueAt: Date;
  readonly finishedAt: Date | undefined;
  readonly task: JobTask;
  /** The command line, a program, or somebody signed in. */
  readonly by: string | InJob;
  /** Whether its file is still being read: it cannot be begun then. */
  readonly isBeingRead: boolean;
  /** Whom to gather before anything is done; undefined once they are all there. */
  readonly gathers: Gathering | undefined;
  /** Why it was stopped; undefined where it was not. `role`, `account`: of whoever began it. */
  readonly stopped: { readonly why: 'asked' | 'role' | 'account' } | undefined;
}

/** Whom something is to be done to: everybody who is found. */
export type Everybody = Omit<UserSearch, 'limit' | 'blockedAt'> & { readonly isBlocked: boolean };

/** What finds them now. */
export function searchAt(
  { isBlocked, ...search }: Everybody,
  now: Date,
): Omit<UserSearch, 'limit'> {
  return { ...search, blockedAt: isBlocked ? now : undefined };
}

/** How many people of a job are looked for at a time. */
export const foundAtOnce = 500;

/** Who is made an item, a few at a time; `search.after` is how far it is. */
export interface Gathering {
  readonly search: Everybody;
  /** The number of the next item. */
  readonly next: number;
}

/** One person, and what is done to them. */
export interface JobItem {
  /** From 1 on; that of the line, where they come from a file. */
  readonly number: number;
  readonly userId: string | undefined;
  /** The user name, as it was found or written. */
  readonly name: string;
  readonly input: JobInput | undefined;
  /** What came of it; undefined until it is done. See `JobResult`. */
  readonly result: string | undefined;
}

/** Somebody who is there, as an item; `number` from 1 on. */
export function jobItemOf(
  { id, userPrincipalName }: Pick<User, 'id' | 'userPrincipalName'>,
  number: number,
): JobItem {
  return { number, userId: id, name: userPrincipalName, input: undefined, result: undefined };
}

export type JobInput =
  | { readonly state: PerUserMfaState }
  | {
      readonly user: Omit<NewUser, 'password'>;
      /** Undefined: one is made, and told once. */
      readonly password: string | undefined;
    };

/** Why it was not done for somebody. */
export type Why = AdminRefusal | 'approval' | 'gone' | 'already' | 'failed';
/** What came of an item. What is wrong with a line begins with `!`: codes with blanks between them. */
export type JobResult = 'done' | Why | `!${string}`;

/** What is told to those who look: how many there are of each result, and how many are left. */
export interface JobTally {
  readonly open: number;
  readonly results: ReadonlyMap<string, number>;
}

/** The act that stands behind it: whoever may do it to one person may do it to many. */
export function actOf(task: JobTask): AdminAct | 'add-people' | 'announce' {
  switch (task.kind) {
    case 'step':
      return steps[task.step].act;
    case 'groups':
      return 'change-groups';
    case 'states':
      return 'set-state';
    case 'import':
      return 'add-people';
    case 'remind':
      return 'announce';
  }
}

/** Whoever began it, as the audit log tells of them: a name, the id of their account, or a program. */
export function whoBegan({ by }: Pick<Job, 'by'>): string {
  if (typeof by === 'string') return by;
  return 'program' in by ? nameOfProgram(by.program) : by.began;
}

/** Something of it, as the audit log tells of it. */
export function jobEventOf({ id, task }: Job, at: Date, who: Actor): JobEvent {
  return { at, ...who, job: id, task: task.kind === 'step' ? task.step : task.kind };
}

/** Told whenever something of this job is different. */
export function jobTopic(id: string): string {
  return `job:${id}`;
}

/** Told when there is something to do. */
export const jobsTopic = 'jobs';
