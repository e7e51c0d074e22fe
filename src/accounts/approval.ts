/**
 * Owns what an approval is: an act on somebody with a role, asked for by one administrator and agreed to
 * by a second, who is neither of the two. It is good once, for the one who asked, for a day.
 */
import { adminActs, mayAct, refusalOf, type AdminAct } from './administering.ts';
import type { Role, User } from './user.ts';

/** What may have to be agreed to: an act on a person, or no longer asking for agreement at all. */
export type ApprovedAct = Exclude<AdminAct, 'see'> | 'stop-asking';
export const approvedActs: readonly ApprovedAct[] = [
  ...adminActs.filter((act) => act !== 'see'),
  'stop-asking',
];

/** What an act may be about, beside the person: each is told to whoever agrees. */
export const approvedValues = [
  'state',
  'enabled',
  'until',
  'displayName',
  'mobilePhone',
  'businessPhone',
  'businessPhoneExtension',
  'otherMail',
  'preferredLanguage',
  'joins',
  'leaves',
  'place',
  'number',
  'address',
  'key',
  'asksFirst',
  'method',
  'appPassword',
  'serialNumber',
  'tokenAct',
  'temporary',
  'passMinutes',
  'passLength',
  'once',
  'forgets',
  'userPrincipalName',
  'mail',
  'entry',
] as const;
export type ApprovedValue = (typeof approvedValues)[number];
/** As they are written once they were read: numbers as E.164, `yes` or `no`, '' for what is cleared. */
export type ApprovedValues = Readonly<Partial<Record<ApprovedValue, string | undefined>>>;

/** The values as one text: the same for the same values. */
export function approvedText(values: ApprovedValues): string {
  return JSON.stringify(
    approvedValues.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])),
  );
}

/** `yes` or `no`. */
export function yesOrNo(is: boolean): 'yes' | 'no' {
  return is ? 'yes' : 'no';
}

export interface Approval {
  readonly id: string;
  readonly act: ApprovedAct;
  /** Whose account; empty where it concerns nobody's. */
  readonly targetId: string;
  /** Which role is to be given; undefined for every other act. Whoever agrees, agrees to this one. */
  readonly role: Role | undefined;
  /** What else is asked, value by value: an agreement to one number is none to another. */
  readonly values: ApprovedValues;
  readonly askedBy: string;
  readonly askedAt: Date;
  /** Why, in the words of whoever asks. */
  readonly reason: string;
  readonly expiresAt: Date;
  readonly decision: ApprovalDecision | undefined;
  /** When it was done. */
  readonly usedAt: Date | undefined;
}

export interface ApprovalDecision {
  readonly by: string;
  readonly at: Date;
  readonly isAgreed: boolean;
}

/** Whether this administrator may agree to it: neither who asked nor whom it concerns. */
export function mayDecide(
  admin: Pick<User, 'id' | 'role'>,
  { act, askedBy }: Pick<Approval, 'act' | 'askedBy'>,
  target: Pick<User, 'id' | 'role'> | undefined,
): boolean {
  if (admin.id === askedBy || !mayAct(admin.role, 'approve')) return false;
  if (act === 'stop-asking') return mayAct(admin.role, 'change-policy');
  return target !== undefined && refusalOf(admin, act, target) === undefined;
}

/** How long one waits for agreement, and the agreement for the act. */
export const approvalHours = 24;

export const approvalStandings = [
  'open',
  'agreed',
  'declined',
  'takenBack',
  'done',
  'over',
] as const;
export type ApprovalStanding = (typeof approvalStandings)[number];

/** Where it stands. */
export function standingOfApproval(
  { askedBy, decision, usedAt, expiresAt }: Approval,
  now: Date,
): ApprovalStanding {
  if (usedAt !== undefined) return 'done';
  if (decision?.isAgreed === false) return decision.by === askedBy ? 'takenBack' : 'declined';
  if (expiresAt <= now) return 'over';
  return decision === undefined ? 'open' : 'agreed';
}
