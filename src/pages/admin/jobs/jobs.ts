/** Owns the pages of long work: how far it is, stopping it, and what came of it. */
import { Readable } from 'node:stream';

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { jobTopic, whoBegan, type Job } from '../../../administration/jobs/job.ts';
import type { Jobs, LookedAtJob } from '../../../administration/jobs/jobs.ts';
import { TweestapError } from '../../../errors/errors.ts';
import { seeOther, sendPage } from '../../../http/answer.ts';
import type { EventStreams } from '../../../http/event-stream.ts';
import { params } from '../../../http/parse.ts';
import { formatNumber } from '../../../i18n/format.ts';
import { writeCsv, type CsvField } from '../../../lib/csv.ts';
import { byOf, type AdminGuardParts, type Open } from '../guard.ts';
import { jobPage, jobsPage, markOf, sums, type JobView } from './jobs-pages.ts';
import { jobPath } from './path.ts';
import { resultText } from './told.ts';
import { wordsIn } from './words.ts';

export interface JobPageParts extends AdminGuardParts {
  readonly jobs: Jobs;
  readonly streams: Pick<EventStreams, 'open'>;
}

const itsAddress = z.object({ job: z.string().regex(/^[\w-]{1,64}$/) });
const mostFaults = 200;

/** Registers the pages. */
export function jobRoutes(open: Open, parts: JobPageParts): void {
  const { jobs, stores, clock } = parts;

  open('GET /admin/jobs', async (admin, _request, reply) => {
    const found = await jobs.list();
    const nameOf = await namesOf(found, admin.frame.locale);
    return sendPage(reply, jobsPage({ ...admin, jobs: found, nameOf, now: clock.now() }));
  });

  open('GET /admin/jobs/:job', async (admin, request, reply) => {
    const looked = await meant(request);
    const { job } = looked;
    const faults: JobView['faults'][number][] = [];
    if (job.state === 'draft') {
      for await (const item of jobs.results(job.id, '!')) {
        faults.push(item);
        if (faults.length === mostFaults) break;
      }
    }
    const nameOf = await namesOf([job], admin.frame.locale);
    const isOwn = whoBegan(job) === admin.current.user.id;
    const view = { ...admin, ...looked, faults, nameOf, isOwn, now: clock.now() };
    return sendPage(reply, jobPage(view));
  });

  open('GET /admin/jobs/:job/status', async (admin, request, reply) => {
    const looked = await meant(request);
    const { all, over } = sums(looked);
    const { locale } = admin.frame;
    const words = wordsIn(locale);
    return reply.send({
      step: markOf(looked),
      message:
        looked.job.gathers === undefined
          ? words.progress(formatNumber(over, locale), formatNumber(all, locale))
          : words.gathering,
    });
  });

  // Says when it is time to ask the above.
  open('GET /admin/jobs/:job/events', async (_admin, request, reply) => {
    const { job } = await meant(request);
    return parts.streams.open(request, reply, { topics: [jobTopic(job.id)], owner: job.id });
  });

  open('GET /admin/jobs/:job/result.csv', async (admin, request, reply) => {
    const { job } = await meant(request);
    const { locale } = admin.frame;
    const { fileColumns, fileName } = wordsIn(locale);
    const rows = async function* (): AsyncGenerator<readonly CsvField[]> {
      yield [fileColumns.line, fileColumns.name, fileColumns.result];
      for await (const { number, name, result } of jobs.results(job.id)) {
        yield [number, name, result === undefined ? '' : resultText(result, locale)];
      }
    };
    return sendCsv(reply, fileName, rows());
  });

  open('POST /admin/jobs/:job/stop', async (admin, request, reply) => {
    const { job } = await meant(request);
    await jobs.stop(job.id, byOf(admin, request));
    return seeOther(reply, jobPath(job.id));
  });

  open('POST /admin/jobs/:job/begin', async (admin, request, reply) => {
    const { job } = await meant(request);
    await jobs.beginDraft(job.id, byOf(admin, request));
    return seeOther(reply, jobPath(job.id));
  });

  open('POST /admin/jobs/:job/passwords', async (admin, request, reply) => {
    const { job } = await meant(request);
    const { passwords } = wordsIn(admin.frame.locale);
    const told = await jobs.tellSecrets(job.id, byOf(admin, request));
    const rows = async function* (): AsyncGenerator<readonly CsvField[]> {
      yield [passwords.columns.name, passwords.columns.password];
      for await (const { name, secret } of told) yield [name, secret];
    };
    return sendCsv(reply, passwords.fileName, rows());
  });

  async function nameOf(by: Job['by']): Promise<string | undefined> {
    if (typeof by === 'string') return undefined;
    if ('began' in by) return (await stores.users.find(by.began))?.displayName;
    return (await stores.applications.find(by.program))?.name ?? by.program;
  }

  async function meant(request: FastifyRequest): Promise<LookedAtJob> {
    const looked = await jobs.look(params(request, itsAddress).job);
    if (looked === undefined) throw new TweestapError('NOT_FOUND');
    return looked;
  }

  /** Who began each. */
  async function namesOf(
    found: readonly Job[],
    locale: Parameters<typeof wordsIn>[0],
  ): Promise<(job: Job) => string> {
    const words = wordsIn(locale);
    const names = new Map<string, string>();
    for (const job of found) {
      const who = whoBegan(job);
      const name = names.get(who) ?? (await nameOf(job.by));
      if (name !== undefined) names.set(who, name);
    }
    return (job) =>
      typeof job.by === 'string' ? words.commandLine : (names.get(whoBegan(job)) ?? words.somebody);
  }
}

/** Answers with a table that is made while it is sent. `name` is of letters, dashes and dots. */
export function sendCsv(
  reply: FastifyReply,
  name: string,
  rows: AsyncIterable<readonly CsvField[]>,
): FastifyReply {
  return reply
    .header('content-type', 'text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(Readable.from(writeCsv(rows, { forExcel: true }), { objectMode: false }));
}
