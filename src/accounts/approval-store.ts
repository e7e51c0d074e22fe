/** Owns what the keeper of approvals promises. */
import type { Role } from './user.ts';
import type { Approval, ApprovalDecision, ApprovedAct, ApprovedValues } from './approval.ts';

export interface ApprovalStore {
  add(approval: Approval): Promise<void>;
  find(id: string): Promise<Approval | undefined>;
  /** Newest first. */
  list(limit: number): Promise<readonly Approval[]>;
  /**
   * Whether this person asked for this already, and it is not over. `stands`: whether a decision counts
   * still; every one does unless told.
   */
  isOpen(asked: AskedApproval, now: Date, stands?: StillStands): Promise<boolean>;
  /** Decides it, once; false where it was decided, is over, or gone (also under parallel requests). */
  decide(id: string, decision: ApprovalDecision): Promise<boolean>;
  /** Uses up what was agreed to, once; false where nothing was, or none of it `stands` still. */
  consume(asked: AskedApproval, now: Date, stands?: StillStands): Promise<boolean>;
  /** Removes what was over before; resolves to how many. */
  forget(before: Date): Promise<number>;
}

/** Whether a decision counts still, such as by whoever made it. */
export type StillStands = (decision: ApprovalDecision) => Promise<boolean>;

/** Who wants to do what to whom. */
export interface AskedApproval {
  readonly act: ApprovedAct;
  readonly targetId: string;
  readonly role: Role | undefined;
  /** All of them are the same, or it is something else. */
  readonly values: ApprovedValues;
  readonly askedBy: string;
}
