/** Owns the addresses of the approvals. */
import type { ApprovedAct } from '../../../signin/approval.ts';

export const approvalsPath = '/admin/approvals';
export const askApprovalPath = '/admin/approvals/ask';

/** The page that asks for agreement to this act. */
export function askFor(act: ApprovedAct, targetId: string): string {
  return `${askApprovalPath}?${new URLSearchParams({ act, person: targetId }).toString()}`;
}

/** The page of one approval. */
export function approvalPath(id: string): string {
  return `${approvalsPath}/${id}`;
}
