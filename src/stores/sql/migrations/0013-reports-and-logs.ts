/**
 * Reports and logs over a million sign-ins: what they are narrowed down by and counted by stands in
 * columns, and in the one index by time that was there before. Of the audit log only what is rare is
 * found by its kind or its actor: a sign-in that goes well writes no more than it did.
 */
import { sql, type Kysely } from 'kysely';

/** Adds the columns and the indexes, and fills in what the events say. */
export async function up(database: Kysely<unknown>, engine: string): Promise<void> {
  const text = engine === 'sqlite' ? 'text' : 'text collate "C"';
  for (const column of ['name', 'application_id', 'result', 'reason', 'method', 'address']) {
    await sql
      .raw(`alter table sign_in_event add column ${column} ${text} not null default ''`)
      .execute(database);
  }
  await fillIn(database);
  const statements = [
    'drop index sign_in_event_by_at',
    `create index sign_in_event_listing on sign_in_event
      (at, id, result, method, reason, application_id, address)`,
    'create index sign_in_event_by_name on sign_in_event (name, at) where user_id is null',
    `create index audit_event_by_kind on audit_event (kind, sequence)
      where kind not in ('password-accepted', 'challenge-started', 'answer-accepted', 'signed-in',
        'trusted-device-used', 'app-password-accepted', 'own-password-accepted')`,
    `create index audit_event_by_actor on audit_event (actor, sequence)
      where (user_id is null or user_id <> actor) and actor <> 'system'`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(database);
}

interface Event {
  readonly id: string;
  readonly detail: string;
}

async function fillIn(database: Kysely<unknown>): Promise<void> {
  let after = '';
  for (;;) {
    const { rows } = await sql<Event>`
      select id, detail from sign_in_event where id > ${after} order by id limit 1000
    `.execute(database);
    for (const { id, detail } of rows) {
      const said = JSON.parse(detail);
      await sql`update sign_in_event set
        name = ${textOf(said.userPrincipalName).toLowerCase()},
        application_id = ${textOf(said.applicationId)},
        result = ${textOf(said.result)},
        reason = ${textOf(said.reason)},
        method = ${methodOf(said.steps)},
        address = ${textOf(said.address)}
        where id = ${id}`.execute(database);
    }
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

/** Text as both databases keep it. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll('\0', '\u2400').toWellFormed() : '';
}

/** What was asked last beside the password. */
function methodOf(steps: unknown): string {
  const asked = (Array.isArray(steps) ? steps : [])
    .map((step) => textOf(step?.method))
    .filter((method) => method !== 'policy');
  return asked.findLast((method) => method !== 'password') ?? asked.at(-1) ?? '';
}
