/** Owns people from a file and into one: accounts that are added, states that move, and the list of all. */
import { z } from 'zod';

import type { Administration } from '../../../administration/administration.ts';
import type { Jobs } from '../../../administration/jobs/jobs.ts';
import {
  exportedColumns,
  exportedLine,
  readUserFile,
  type ReadUserFile,
  type UserFileKind,
} from '../../../administration/jobs/user-file.ts';
import { peopleExported } from '../../../audit/job-events.ts';
import { seeOther, sendPage } from '../../../http/answer.ts';
import { form, query } from '../../../http/parse.ts';
import { upload } from '../../../http/upload.ts';
import type { CsvField } from '../../../lib/csv.ts';
import { canonicalUserPrincipalName } from '../../../lib/names.ts';
import { systemRandom } from '../../../lib/random.ts';
import type { User } from '../../../accounts/user.ts';
import { byOf, type AdminGuardParts, type Open } from '../guard.ts';
import { sendCsv } from '../jobs/jobs.ts';
import { jobPath } from '../jobs/path.ts';
import type { Admin } from '../portal.ts';
import { everybodyOf, listQuery } from '../users/asked.ts';
import { filePage } from './file-page.ts';
import { wordsIn } from './words.ts';

export interface FilePageParts extends AdminGuardParts {
  readonly administration: Administration;
  readonly jobs: Jobs;
}

const fileFields = z.object({ file: upload.optional(), lines: z.string().default('') });
const together = 500;

/** Registers the pages. */
export function fileRoutes(open: Open, parts: FilePageParts): void {
  const { jobs, administration, policies, stores, methods, clock } = parts;

  for (const kind of ['import', 'states'] as const satisfies readonly UserFileKind[]) {
    open(`GET /admin/users/${kind}`, async (admin, _request, reply) =>
      sendPage(reply, filePage({ ...admin, kind, typed: '', error: undefined })),
    );

    open(`POST /admin/users/${kind}`, async (admin, request, reply) => {
      const { file, lines } = form(request, fileFields);
      const { faults } = wordsIn(admin.frame.locale);
      const refused = (error: string) =>
        sendPage(reply, filePage({ ...admin, kind, typed: lines, error }), { status: 422 });
      const isTyped = lines.trim() !== '';
      if (file === undefined && !isTyped) return refused(faults.none);
      if (file !== undefined && isTyped) return refused(faults.both);
      const read = await readUserFile(
        { jobs, users: stores.users, administration, policies, random: systemRandom },
        { kind, pieces: [file?.bytes ?? Buffer.from(lines)], by: byOf(admin, request) },
      );
      if (read.kind === 'refused') return refused(told(read, admin));
      return seeOther(reply, jobPath(read.job));
    });

    open(`GET /admin/users/${kind}/example.csv`, async (admin, _request, reply) => {
      const { organisation } = await policies.current();
      const words = wordsIn(admin.frame.locale);
      return sendCsv(
        reply,
        words.exampleNames[kind],
        inTurn(exampleOf(kind, admin, organisation.domain)),
      );
    });
  }

  open('GET /admin/users/export', async (admin, request, reply) => {
    const words = wordsIn(admin.frame.locale);
    const asked = query(request, listQuery);
    const { address } = byOf(admin, request);
    const actor = admin.current.user.id;
    await stores.audit.append(peopleExported({ at: clock.now(), actor, address }));
    const { isBlocked, ...search } = everybodyOf(asked, methods);
    const blockedAt = isBlocked ? clock.now() : undefined;
    const rows = async function* (): AsyncGenerator<readonly CsvField[]> {
      yield exportedColumns.map((column) => words.columns[column]);
      let after: string | undefined;
      for (;;) {
        const page = await stores.users.search({ ...search, blockedAt, after, limit: together });
        for (const user of page) yield exportedLine(user, words);
        after = lastOf(page);
        if (after === undefined || page.length < together) return;
      }
    };
    return sendCsv(reply, words.exportName, rows());
  });
}

function lastOf(page: readonly User[]): string | undefined {
  const last = page.at(-1);
  return last === undefined
    ? undefined
    : (canonicalUserPrincipalName(last.userPrincipalName) ?? undefined);
}

function told(
  refused: Extract<ReadUserFile, { readonly kind: 'refused' }>,
  { frame }: Admin,
): string {
  const { faults, columns } = wordsIn(frame.locale);
  if (!('columns' in refused)) return faults[refused.why];
  return faults[refused.why](refused.columns.map((column) => columns[column]).join(', '));
}

/** Two people who are not there, to show how it is written. */
function exampleOf(
  kind: UserFileKind,
  { frame }: Admin,
  domain: string,
): readonly (readonly CsvField[])[] {
  const words = wordsIn(frame.locale);
  const { columns, examples } = words;
  if (kind === 'states') {
    return [
      [columns.userPrincipalName, columns.perUserMfaState],
      [`sam@${domain}`, examples.enabled],
      [`robin@${domain}`, examples.enforced],
    ];
  }
  return [
    exportedColumns.map((column) => columns[column]),
    [
      `sam@${domain}`,
      examples.name,
      `sam@${domain}`,
      'sam@home.example',
      '+31 6 12345678',
      '+31 20 123 4567 x12',
      frame.locale,
      'user',
      examples.groups,
      examples.enabled,
      words.yes,
    ],
  ];
}

async function* inTurn<item>(items: readonly item[]): AsyncGenerator<item> {
  yield* items;
}
