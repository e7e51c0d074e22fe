/**
 * Owns `jobs`: one thing done to many people. It goes on after the token of whoever began it has ended,
 * and looks at them, their account or their program, anew with each person.
 */
import * as z from 'zod';

import { isGroupName, mostGroups } from '../../../accounts/group.ts';
import { whoBegan, type Job, type JobTask } from '../../../administration/jobs/job.ts';
import type { LookedAtJob } from '../../../administration/jobs/jobs.ts';
import { stepIds } from '../../../administration/jobs/quick-steps.ts';
import { longestUserFile, readUserFile } from '../../../administration/jobs/user-file.ts';
import { systemRandom } from '../../../lib/random.ts';
import { shortListQuery } from '../authentication/method-kind.ts';
import { notFound, refusal, type Refusal } from '../faults.ts';
import { list, one, wholeList } from '../listing.ts';
import {
  organisationOperation,
  sent,
  type Answer,
  type Call,
  type Operation,
} from '../operation.ts';

const path = '/jobs';

const schema = z.object({
  id: z.string(),
  /** `draft`: read and judged; nothing is done before somebody begins it. */
  status: z.enum(['draft', 'running', 'done', 'stopped']),
  task: z.string(),
  createdDateTime: z.string(),
  finishedDateTime: z.string().nullable(),
  /** The id of whoever began it, `application:` with a client id, or `command-line`. */
  startedBy: z.string(),
  /** How many people are still to be done; more may be found while `isGathering`. */
  open: z.int(),
  isGathering: z.boolean(),
  /** How many there are of each result: `done`, `already`, `above`, … or what is wrong with a line. */
  results: z.record(z.string(), z.int()),
  /** How many passwords can still be told, once. */
  secrets: z.int(),
});
const listed = schema.omit({ open: true, isGathering: true, results: true, secrets: true });
const result = z.object({
  id: z.string(),
  userPrincipalName: z.string(),
  userId: z.string().nullable(),
  /** Null until it is done. */
  result: z.string().nullable(),
});
const secrets = z.object({
  value: z.array(z.object({ userPrincipalName: z.string(), password: z.string() })),
});

/** More are named by a group, or by all. */
const mostNamed = 1_000;
const whom = {
  /** The ids of the people. */
  userIds: z.array(z.string().min(1).max(64)).min(1).max(mostNamed).exactOptional(),
  /** Everybody who belongs to this group. */
  group: z.string().min(1).max(200).exactOptional(),
};

const table = sent({ csv: z.string().min(1) });
/** As long as the file that the portal takes, where each second character had to be escaped for JSON. */
const longestBody = 2 * longestUserFile + 1024;

const groupNames = z.array(z.string().refine(isGroupName)).max(mostGroups).default([]);

export const jobOperations: readonly Operation[] = [
  organisationOperation({
    method: 'GET',
    path,
    roots: ['tweestap'],
    act: 'see',
    does: 'Lists the jobs, the newest first.',
    query: shortListQuery,
    answers: { kind: 'collection', schema: listed },
    run: async (call) =>
      list(call, {
        context: 'jobs',
        properties: Object.keys(listed.shape),
        ...wholeList((await call.parts.jobs.list()).map(aboutJob)),
      }),
  }),
  organisationOperation({
    method: 'GET',
    path: `${path}/:job`,
    roots: ['tweestap'],
    act: 'see',
    does: 'One job, and how far it is.',
    answers: { kind: 'entity', schema },
    run: async (call) => {
      const found = await call.parts.jobs.look(call.params['job'] ?? '');
      return one(call, found && entityOf(found), { context: 'jobs' });
    },
  }),
  organisationOperation({
    method: 'GET',
    path: `${path}/:job/results`,
    roots: ['tweestap'],
    act: 'export-people',
    does: 'Lists what came of a job for each.',
    query: shortListQuery,
    answers: { kind: 'collection', schema: result },
    run: async (call) => {
      const { job = '' } = call.params;
      const { jobs } = call.parts;
      if ((await jobs.look(job)) === undefined) return notFound(job);
      return list(call, {
        context: `jobs('${job}')/results`,
        properties: Object.keys(result.shape),
        read: async (after, limit) => {
          const page = await jobs.resultsPage(job, { after: Number(after ?? 0), limit });
          return page.map(({ number, name, userId, result: came }) => ({
            cursor: String(number),
            entity: {
              id: String(number),
              userPrincipalName: name,
              userId: userId ?? null,
              result: came ?? null,
            },
          }));
        },
      });
    },
  }),
  organisationOperation({
    method: 'POST',
    path: `${path}/quickStep`,
    roots: ['tweestap'],
    // What the step itself asks for is asked when it begins, and of each person.
    act: 're-register',
    does: 'Begins a quick step for many: enable, enforce, disable, re-register, revoke-sessions, delete-app-passwords.',
    body: sent({
      ...whom,
      step: z.enum(stepIds),
      /** Whether enabling tells people by mail what to do. */
      announces: z.boolean().exactOptional(),
    }),
    status: 202,
    answers: { kind: 'entity', schema },
    run: async (call, asked) => {
      const { step, announces } = asked;
      return begin(call, asked, { kind: 'step', step, announces });
    },
  }),
  organisationOperation({
    method: 'POST',
    path: `${path}/groups`,
    roots: ['tweestap'],
    act: 'change-groups',
    does: 'Begins to put many people into groups, and take them out of others.',
    body: sent({ ...whom, join: groupNames, leave: groupNames }),
    status: 202,
    answers: { kind: 'entity', schema },
    run: async (call, asked) => {
      const { join, leave } = asked;
      return join.length + leave.length === 0
        ? refusal('badRequest', 'Either join or leave names a group.')
        : begin(call, asked, { kind: 'groups', join, leave });
    },
  }),
  organisationOperation({
    method: 'POST',
    path: `${path}/remind`,
    roots: ['tweestap'],
    act: 'announce',
    does: 'Begins to tell those by mail who have registered nothing what to set up.',
    body: sent({
      ...whom,
      /** From when it is required; absent where it is already. */
      from: z.iso.datetime().exactOptional(),
    }),
    status: 202,
    answers: { kind: 'entity', schema },
    run: async (call, asked) => begin(call, asked, { kind: 'remind', from: asked.from }),
  }),
  organisationOperation({
    method: 'POST',
    path: `${path}/import`,
    roots: ['tweestap'],
    act: 'add-people',
    does: 'Reads a table of accounts (CSV) into a draft and judges each line; nothing is added before it is begun.',
    body: table,
    longestBody,
    status: 202,
    answers: { kind: 'entity', schema },
    run: (call, { csv }) => draft(call, 'import', csv),
  }),
  organisationOperation({
    method: 'POST',
    path: `${path}/states`,
    roots: ['tweestap'],
    act: 'set-state',
    does: 'Reads a table of multi-factor states (CSV) into a draft; nothing moves before it is begun.',
    body: table,
    longestBody,
    status: 202,
    answers: { kind: 'entity', schema },
    run: (call, { csv }) => draft(call, 'states', csv),
  }),
  organisationOperation({
    method: 'POST',
    path: `${path}/:job/begin`,
    roots: ['tweestap'],
    act: 'set-state',
    does: 'Begins a draft, for whoever made it.',
    body: sent({}),
    answers: { kind: 'nothing' },
    run: async (call) => {
      const { job = '' } = call.params;
      if ((await call.parts.jobs.look(job)) === undefined) return notFound(job);
      const isBegun = await call.parts.jobs.beginDraft(job, call.by);
      return isBegun ? { status: 204 } : refusal('badRequest', 'The job is no draft any more.');
    },
  }),
  organisationOperation({
    method: 'POST',
    path: `${path}/:job/stop`,
    roots: ['tweestap'],
    act: 're-register',
    does: 'Stops a job where it is.',
    body: sent({}),
    answers: { kind: 'nothing' },
    run: async (call) => {
      const { job = '' } = call.params;
      if ((await call.parts.jobs.look(job)) === undefined) return notFound(job);
      const isStopped = await call.parts.jobs.stop(job, call.by);
      return isStopped ? { status: 204 } : refusal('badRequest', 'The job does not run.');
    },
  }),
  organisationOperation({
    method: 'POST',
    path: `${path}/:job/tellPasswords`,
    roots: ['tweestap'],
    act: 'add-people',
    does: 'Tells the passwords that an import made, once, to whoever began it.',
    body: sent({}),
    answers: { kind: 'value', schema: secrets },
    run: async (call) => {
      const { job = '' } = call.params;
      if ((await call.parts.jobs.look(job)) === undefined) return notFound(job);
      const value: z.infer<typeof secrets>['value'] = [];
      for await (const { name, secret } of await call.parts.jobs.tellSecrets(job, call.by)) {
        value.push({ userPrincipalName: name, password: secret });
      }
      const context = `${call.base}/$metadata#jobs/tellPasswords`;
      return { status: 200, body: { '@odata.context': context, value } };
    },
  }),
];

async function begin(
  call: Call,
  { userIds, group }: { readonly userIds?: readonly string[]; readonly group?: string },
  task: JobTask,
): Promise<Answer | Refusal> {
  if ((userIds === undefined) === (group === undefined)) {
    return refusal('badRequest', 'Either userIds or group says whom it is done to.');
  }
  const { jobs, stores } = call.parts;
  if (userIds === undefined) {
    return accepted(call, await jobs.begin({ text: '', group, isBlocked: false }, task, call.by));
  }
  const people = [];
  for (const id of new Set(userIds)) {
    const user = await stores.users.find(id);
    if (user === undefined) return notFound(id);
    people.push(user);
  }
  return accepted(call, await jobs.begin(people, task, call.by));
}

async function draft(
  call: Call,
  kind: 'import' | 'states',
  csv: string,
): Promise<Answer | Refusal> {
  const bytes = Buffer.from(csv);
  if (bytes.length > longestUserFile) {
    const most = longestUserFile / 1024 / 1024;
    return refusal('Request_EntityTooLarge', `A table may have ${most} MB at most.`);
  }
  const { jobs, stores, administration, policies } = call.parts;
  const read = await readUserFile(
    { jobs, users: stores.users, administration, policies, random: systemRandom },
    { kind, pieces: [bytes], by: call.by },
  );
  if (read.kind === 'read') return accepted(call, read.job);
  const columns = 'columns' in read ? `: ${read.columns.join(', ')}` : '';
  return refusal('badRequest', `The table cannot be read: ${read.why}${columns}.`);
}

async function accepted(call: Call, id: string): Promise<Answer | Refusal> {
  const found = await call.parts.jobs.look(id);
  const headers = { location: `${call.base}${path}/${id}` };
  return one(call, found && entityOf(found), { context: 'jobs', status: 202, headers });
}

function aboutJob(job: Job): z.infer<typeof listed> {
  const { id, state, task, createdAt, finishedAt } = job;
  return {
    id,
    status: state,
    task: task.kind === 'step' ? task.step : task.kind,
    createdDateTime: createdAt.toISOString(),
    finishedDateTime: finishedAt?.toISOString() ?? null,
    startedBy: whoBegan(job),
  };
}

function entityOf({ job, tally, secrets: told }: LookedAtJob): z.infer<typeof schema> {
  return {
    ...aboutJob(job),
    open: tally.open,
    isGathering: job.gathers !== undefined,
    results: Object.fromEntries(tally.results),
    secrets: told,
  };
}
