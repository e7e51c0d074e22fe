/** Owns the addresses of the approvals. */
import type { Role } from '../../../accounts/user.ts';
import type { ApprovedAct } from '../../../accounts/approval.ts';

export const approvalsPath = '/admin/approvals';
export const askApprovalPath = '/admin/approvals/ask';

/** The page that asks for agreement to this act; of a role, to this one. */
export function askFor(act: ApprovedAct, targetId: string, role?: Role): string {
  const asked = { act, person: targetId, ...(role === undefined ? {} : { role }) };
  return `${askApprovalPath}?${new URLSearchParams(asked).toString()}`;
}

/** The page of one approval. */
export function approvalPath(id: string): string {
  return `${approvalsPath}/${id}`;
}
