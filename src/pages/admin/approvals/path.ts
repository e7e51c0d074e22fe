/** Owns the addresses of the approvals. */
import type { Role } from '../../../accounts/user.ts';
import type { ApprovedAct, ApprovedValues } from '../../../accounts/approval.ts';

export const approvalsPath = '/admin/approvals';
export const askApprovalPath = '/admin/approvals/ask';

/** The page that asks for agreement to this act: of a role, to this one, and to just these values. */
export function askFor(
  act: ApprovedAct,
  targetId: string,
  role: Role | undefined,
  values: ApprovedValues,
): string {
  const asked = {
    act,
    person: targetId,
    ...(role === undefined ? {} : { role }),
    values: JSON.stringify(values),
  };
  return `${askApprovalPath}?${new URLSearchParams(asked).toString()}`;
}

/** The page of one approval. */
export function approvalPath(id: string): string {
  return `${approvalsPath}/${id}`;
}
