/** Owns the addresses of the approvals. */
export const approvalsPath = '/admin/approvals';
export const askApprovalPath = '/admin/approvals/ask';

/** The page of one approval. */
export function approvalPath(id: string): string {
  return `${approvalsPath}/${id}`;
}
