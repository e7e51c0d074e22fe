/**
 * Owns what can be done to many people at once: which act stands behind each, what is asked besides,
 * and the job that comes of it.
 */
import { z } from 'zod';

import type { AdminAct } from '../../../accounts/administering.ts';
import { groupsIn } from '../../../accounts/group.ts';
import type { JobTask } from '../../../administration/jobs/job.ts';
import type { Beginner, Jobs } from '../../../administration/jobs/jobs.ts';
import { stepIds, steps, type StepId } from '../../../administration/jobs/quick-steps.ts';

/** Everything that can be done to those who were selected, or to everybody who is found. */
export const manyIds = [...stepIds, 'groups', 'remind'] as const;
export type ManyId = (typeof manyIds)[number];

/** The act that stands behind it. */
export function actOfMany(id: ManyId): AdminAct | 'announce' {
  switch (id) {
    case 'groups':
      return 'change-groups';
    case 'remind':
      return 'announce';
    default:
      return steps[id].act;
  }
}

/** What is asked on the page before it. */
export const manyFields = z.object({
  join: z.string().max(2_000).default(''),
  leave: z.string().max(2_000).default(''),
  announce: z.string().optional(),
  from: z.string().max(40).default(''),
});
/** As it was typed; a day as a browser writes it: 2026-11-30. */
export type ManyTyped = z.infer<typeof manyFields>;

/** What is wrong with it. */
export type ManyFault = 'noGroups' | 'wrongGroups' | 'wrongDay' | 'pastDay';
export interface ManyFaultAt {
  readonly field: keyof ManyTyped;
  readonly fault: ManyFault;
}

/** What is to be done, and from when on; or everything that is wrong. */
export type Judged =
  | { readonly faults: readonly ManyFaultAt[] }
  | { readonly faults: readonly []; readonly task: JobTask; readonly dueAt: Date | undefined };

/** Judges what was typed. A day begins at midnight, UTC. */
export function judgeMany(id: ManyId, typed: ManyTyped, now: Date): Judged {
  if (id === 'groups') return judgeGroups(typed);
  if (id !== 'enable' && id !== 'remind') return done({ kind: 'step', step: id });
  const from = dayIn(typed.from);
  if (from === 'wrong') return { faults: [{ field: 'from', fault: 'wrongDay' }] };
  const today = new Date(Math.floor(now.getTime() / dayMs) * dayMs);
  if (from !== undefined && from < today) {
    return { faults: [{ field: 'from', fault: 'pastDay' }] };
  }
  const isLater = from !== undefined && from > now;
  if (id === 'remind') {
    return done({ kind: 'remind', from: isLater ? from.toISOString() : undefined });
  }
  const announces = typed.announce !== undefined;
  return done({ kind: 'step', step: 'enable', announces }, isLater ? from : undefined);
}

/**
 * Begins it; resolves to the id of the job to look at. What is enabled on a later day, and announced,
 * is announced now: two jobs.
 */
export async function beginMany(
  jobs: Jobs,
  whom: Parameters<Jobs['begin']>[0],
  { task, dueAt }: Extract<Judged, { readonly task: JobTask }>,
  by: Beginner,
): Promise<string> {
  if (dueAt === undefined) return jobs.begin(whom, task, by);
  const step: JobTask = { kind: 'step', step: 'enable' };
  const later = await jobs.begin(whom, step, by, { dueAt });
  if (task.kind !== 'step' || task.announces !== true) return later;
  return jobs.begin(whom, { kind: 'remind', from: dueAt.toISOString() }, by);
}

const dayMs = 86_400_000;

function judgeGroups(typed: ManyTyped): Judged {
  const join = groupsIn(typed.join);
  const leave = groupsIn(typed.leave);
  const faults: ManyFaultAt[] = [];
  if (join === undefined) faults.push({ field: 'join', fault: 'wrongGroups' });
  if (leave === undefined) faults.push({ field: 'leave', fault: 'wrongGroups' });
  if (join === undefined || leave === undefined) return { faults };
  if (join.length + leave.length === 0) return { faults: [{ field: 'join', fault: 'noGroups' }] };
  return done({ kind: 'groups', join, leave });
}

function done(task: JobTask, dueAt?: Date): Judged {
  return { faults: [], task, dueAt };
}

function dayIn(typed: string): Date | 'wrong' | undefined {
  const text = typed.trim();
  if (text === '') return undefined;
  const at = new Date(`${text}T00:00:00Z`);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at.getTime());
  return isDay ? at : 'wrong';
}

/** Whether a few of them are done at once, within the request. */
export function isStep(id: ManyId): id is StepId {
  return id !== 'groups' && id !== 'remind';
}
