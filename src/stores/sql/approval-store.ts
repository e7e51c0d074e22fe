/** Owns approvals in SQL. */
import type { ApprovalStore, AskedApproval, StillStands } from '../../accounts/approval-store.ts';
import { approvedText, type Approval, type ApprovedValues } from '../../accounts/approval.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import type { Row } from './schema.ts';
import { statement, type Argument } from './statement.ts';
import { fromDate, toDate } from './values.ts';

export function prepareApprovalStore({ build, seals }: StoreParts): OnConnection<ApprovalStore> {
  const add = statement((is: Argument<Omit<Row<'approval'>, Decided>>) =>
    build.insertInto('approval').values({
      id: is('id'),
      act: is('act'),
      target_id: is('target_id'),
      role: is('role'),
      asked_by: is('asked_by'),
      asked_at: is('asked_at'),
      expires_at: is('expires_at'),
      reason: is('reason'),
      asked_values: is('asked_values'),
      binding: is('binding'),
    }),
  );
  const byId = statement((is: Argument<{ id: string }>) =>
    build.selectFrom('approval').selectAll().where('id', '=', is('id')),
  );
  const newest = statement((is: Argument<{ limit: number }>) =>
    build
      .selectFrom('approval')
      .selectAll()
      .orderBy('asked_at', 'desc')
      .orderBy('id')
      .limit(is('limit')),
  );
  const living = statement(
    (
      is: Argument<{
        act: AskedApproval['act'];
        target: string;
        role: AskedApproval['role'] | null;
        by: string;
        now: number;
      }>,
    ) =>
      build
        .selectFrom('approval')
        .selectAll()
        .where('asked_by', '=', is('by'))
        .where('target_id', '=', is('target'))
        .where('act', '=', is('act'))
        .where('role', 'is not distinct from', is('role'))
        .where('expires_at', '>', is('now'))
        .where('used_at', 'is', null)
        .orderBy('asked_at'),
  );
  const decide = statement(
    (is: Argument<{ id: string; by: string; at: number; agreed: number; binding: Buffer }>) =>
      build
        .updateTable('approval')
        .set({
          decided_by: is('by'),
          decided_at: is('at'),
          is_agreed: is('agreed'),
          binding: is('binding'),
        })
        .where('id', '=', is('id'))
        .where('decided_by', 'is', null)
        .where('expires_at', '>', is('at')),
  );
  const use = statement((is: Argument<{ id: string; now: number }>) =>
    build
      .updateTable('approval')
      .set({ used_at: is('now') })
      .where('id', '=', is('id'))
      .where('used_at', 'is', null),
  );
  const forget = statement((is: Argument<{ before: number }>) =>
    build.deleteFrom('approval').where('expires_at', '<', is('before')),
  );

  const sealedValues = seals.sealed<ApprovedValues>('approval', 'asked_values');
  // Whoever could write a row of their own would agree to what they asked.
  const bindingOf = (row: Pick<Row<'approval'>, Bound>, values: ApprovedValues): Buffer =>
    seals.hash(
      'approval',
      row.id,
      row.act,
      row.target_id,
      row.asked_by,
      String(row.expires_at),
      row.decided_by ?? '',
      String(row.is_agreed ?? ''),
      row.role ?? '',
      approvedText(values),
    );
  const toApproval = (row: Row<'approval'>): Approval | undefined => {
    const values =
      row.asked_values === null ? undefined : sealedValues.openOr(row.asked_values, row.id);
    if (values === undefined || !bindingOf(row, values).equals(row.binding)) {
      seals.report({ table: 'approval', row: row.id });
      return undefined;
    }
    return {
      id: row.id,
      act: row.act,
      targetId: row.target_id,
      role: row.role ?? undefined,
      values,
      askedBy: row.asked_by,
      askedAt: toDate(row.asked_at),
      reason: row.reason,
      expiresAt: toDate(row.expires_at),
      decision:
        row.decided_by === null || row.decided_at === null
          ? undefined
          : { by: row.decided_by, at: toDate(row.decided_at), isAgreed: row.is_agreed === 1 },
      usedAt: toDate(row.used_at),
    };
  };

  return (connection) => {
    const livingOf = async (
      { act, targetId, role, values, askedBy }: AskedApproval,
      now: Date,
    ): Promise<readonly Approval[]> => {
      const rows = await connection.rows(
        living({ act, target: targetId, role: role ?? null, by: askedBy, now: fromDate(now) }),
      );
      const asked = approvedText(values);
      return rows
        .map(toApproval)
        .filter((approval) => approval !== undefined)
        .filter((approval) => approvedText(approval.values) === asked);
    };
    const find = async (id: string): Promise<Approval | undefined> => {
      const row = await connection.first(byId({ id }));
      return row === undefined ? undefined : toApproval(row);
    };

    return {
      add: async ({ id, act, targetId, role, values, askedBy, askedAt, reason, expiresAt }) => {
        const row = {
          id,
          act,
          target_id: targetId,
          role: role ?? null,
          asked_by: askedBy,
          asked_at: fromDate(askedAt),
          expires_at: fromDate(expiresAt),
          reason,
          asked_values: sealedValues.seal(values, id),
        };
        const binding = bindingOf({ ...row, decided_by: null, is_agreed: null }, values);
        await connection.change(add({ ...row, binding }));
      },
      find,
      list: async (limit) => {
        const rows = await connection.rows(newest({ limit }));
        return rows.map(toApproval).filter((approval) => approval !== undefined);
      },
      isOpen: async (asked, now, stands = always) => {
        for (const { decision } of await livingOf(asked, now)) {
          if (decision === undefined || (decision.isAgreed && (await stands(decision))))
            return true;
        }
        return false;
      },
      decide: async (id, { by, at, isAgreed }) => {
        const row = await connection.first(byId({ id }));
        const approval = row === undefined ? undefined : toApproval(row);
        if (row === undefined || approval === undefined) return false;
        const agreed = isAgreed ? 1 : 0;
        const bound = { ...row, decided_by: by, is_agreed: agreed };
        const binding = bindingOf(bound, approval.values);
        return (await connection.change(decide({ id, by, at: fromDate(at), agreed, binding }))) > 0;
      },
      consume: async (asked, now, stands = always) => {
        for (const { id, decision } of await livingOf(asked, now)) {
          if (decision?.isAgreed !== true || !(await stands(decision))) continue;
          if ((await connection.change(use({ id, now: fromDate(now) }))) > 0) return true;
        }
        return false;
      },
      forget: (before) => connection.change(forget({ before: fromDate(before) })),
    };
  };
}

const always: StillStands = () => Promise.resolve(true);

type Decided = 'decided_by' | 'decided_at' | 'is_agreed' | 'used_at';
type Bound =
  | 'id'
  | 'act'
  | 'target_id'
  | 'role'
  | 'asked_by'
  | 'expires_at'
  | 'decided_by'
  | 'is_agreed';
