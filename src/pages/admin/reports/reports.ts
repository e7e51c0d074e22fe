/** Owns the reports: which period is shown, and each of them as a file. */
import { z } from 'zod';

import { sendPage } from '../../../http/answer.ts';
import { query } from '../../../http/parse.ts';
import { writeCsv, type CsvField } from '../../../lib/csv.ts';
import type { Open } from '../guard.ts';
import { named } from '../../my-profile/recent-sign-ins/names.ts';
import { sendFile, type LogPageParts } from '../logs/sign-ins.ts';
import { reportIds, reportOf, type Report } from './drawn.ts';
import { createFigures } from './figures.ts';
import { periodLengths, periodOf, type PeriodLength } from './period.ts';
import { reportsPage } from './reports-page.ts';

const asked = z.object({ days: z.string().default('30').catch('30').transform(lengthOf) });
const fileAsked = asked.extend({ report: z.enum(reportIds).default('signIns').catch('signIns') });

/** Registers the pages. */
export function reportRoutes(open: Open, parts: LogPageParts): void {
  const { policies, methods, clock } = parts;
  const figures = createFigures(parts);

  const partsOf = async (days: PeriodLength, locale: Parameters<typeof reportOf>[1]['locale']) => ({
    figures,
    period: periodOf(days, clock.now()),
    policy: await policies.current(),
    names: await named(parts.applications, methods),
    locale,
  });

  open('GET /admin/reports', async (admin, request, reply) => {
    const { days } = query(request, asked);
    const drawn = await partsOf(days, admin.frame.locale);
    const reports: Report[] = [];
    // One after another: whoever signs in meanwhile waits for one of them at most.
    for (const id of reportIds) reports.push(await reportOf(id, drawn));
    return sendPage(reply, reportsPage({ ...admin, days, reports }));
  });

  open('GET /admin/reports/export', async (admin, request, reply) => {
    const { days, report } = query(request, fileAsked);
    const drawn = await reportOf(report, await partsOf(days, admin.frame.locale));
    return sendFile(reply, writeCsv(rowsOf(drawn)), `${report}-${days}`, 'csv');
  });
}

function lengthOf(typed: string): PeriodLength {
  return periodLengths.find((length) => String(length) === typed) ?? 30;
}

function* rowsOf({ partHeading, parts, series, further }: Report): Generator<readonly CsvField[]> {
  const all = further === undefined ? series : [...series, further];
  yield [partHeading, ...all.map(({ label }) => label)];
  for (const [index, { label }] of parts.entries()) {
    yield [label, ...all.map(({ values }) => values[index])];
  }
}
