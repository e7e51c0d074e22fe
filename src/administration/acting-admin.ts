/**
 * Owns who acts on somebody else's account, or on what the organisation decides: the command line, a
 * program with a role, or an administrator at their pages, of whom everything is looked at anew in the
 * very transaction of the act: that the session lives, that they still have the role, that their
 * second step is fresh, and that this account is within reach.
 */
import {
  mayAct,
  mayGive,
  refusalOf,
  type Act,
  type AdminAct,
  type AdminRefusal,
  type OrganisationAct,
} from '../accounts/administering.ts';
import type { StillStands } from '../accounts/approval-store.ts';
import { mayDecide, type Approval, type ApprovedValues } from '../accounts/approval.ts';
import { isPrivileged, maySignIn, roles, type Role, type User } from '../accounts/user.ts';
import type { Application } from '../applications/application.ts';
import { TweestapError } from '../errors/errors.ts';
import { sessionLengths, type Policy } from '../policies/policy.ts';
import { satisfies } from '../sessions/proven.ts';
import type { Session } from '../sessions/session.ts';
import type { CurrentSession } from '../signin/current-session.ts';
import { freshProofs, provesEnough } from '../signin/own-act.ts';
import type { SigninParts } from '../signin/parts.ts';
import type { SigninStores } from '../signin/stores.ts';

/** An administrator at their pages. */
export interface AtPages {
  readonly current: CurrentSession;
  readonly address: string;
}

/** A program with a token of its own (`client_credentials`), looked up as this request came in. */
export interface AtApi {
  readonly application: { readonly clientId: string; readonly role: Role };
  readonly address: string;
}

/**
 * Long work that somebody signed in, or a program, began: they are looked at anew with each act of it,
 * their session or token is not, which may be over by then.
 */
export type InJob =
  | {
      /** The id of their account. */
      readonly began: string;
      readonly address: string;
    }
  | {
      /** The client id of the program. */
      readonly program: string;
      readonly address: string;
    };

/** Who acts: a name for whoever has the machine (`command-line`), a program, or somebody signed in. */
export type By = string | AtApi | AtPages | InJob;

/** Who acted, as the audit log tells it. */
export interface Actor {
  readonly actor: string;
  readonly address: string | undefined;
}

type Reads = Pick<
  SigninStores,
  'users' | 'sessions' | 'registrations' | 'policies' | 'applications'
>;
type Held = Reads & Pick<SigninStores, 'approvals'>;
type AdminParts = Pick<SigninParts, 'methods' | 'policies'>;

/**
 * Whether a session may open the portal: it proved a second step, not longer ago than an
 * administrator's session may last. A trusted device or network stands in for nothing here.
 */
export function isOpenForAdmin({ proofs }: Session, policy: Policy, now: Date): boolean {
  const { absoluteSeconds } = sessionLengths(policy, true);
  const oldest = now.getTime() - absoluteSeconds * 1000;
  return satisfies(
    proofs.filter(({ at }) => at.getTime() >= oldest),
    'second-step',
  );
}

/** Whether it proved one just now, and the strongest that this person has: what every change asks for. */
export async function isFreshForAdmin(
  parts: AdminParts,
  within: Reads,
  { user, session }: CurrentSession,
  now: Date,
): Promise<boolean> {
  const proofs = freshProofs(session.proofs, now);
  return satisfies(proofs, 'second-step') && (await provesEnough(parts, within, user, proofs));
}

/**
 * Holds the account that is acted on until the caller's transaction ends, and whoever acts with it. Throws
 * `NOT_FOUND` where it is gone.
 */
export async function hold(
  within: Pick<SigninStores, 'users'>,
  userId: string,
  by: By,
): Promise<User> {
  // Two who put one another out at once: one of them is out when their turn comes.
  const alsoHeld = typeof by === 'object' && 'current' in by ? by.current.user.id : userId;
  // In one order, so that nobody waits for whoever waits for them.
  if (alsoHeld < userId) await within.users.lock(alsoHeld);
  const user = await within.users.lock(userId);
  if (alsoHeld > userId) await within.users.lock(alsoHeld);
  if (user === undefined) throw new TweestapError('NOT_FOUND');
  return user;
}

/** One act of those that are done together. */
export interface WantedAct {
  readonly act: AdminAct;
  /** The role that is to be given. */
  readonly role?: Role | undefined;
  /** Every other value that somebody agrees to; undefined: nothing is different by it, so nobody has to. */
  readonly values: ApprovedValues | undefined;
}

/** An act that waits for a second administrator. */
export type WaitingAct = Pick<Approval, 'act' | 'role' | 'values'>;

/** `NOT_ALLOWED`, until a second administrator agreed; nothing has happened. */
export class ApprovalNeededError extends TweestapError {
  readonly targetId: string;
  /** Everything that is not agreed to. */
  readonly waiting: readonly [WaitingAct, ...WaitingAct[]];

  constructor(targetId: string, waiting: readonly [WaitingAct, ...WaitingAct[]]) {
    const [{ act }] = waiting;
    super('NOT_ALLOWED', { details: { act, reason: 'approval', targetId } });
    this.targetId = targetId;
    this.waiting = waiting;
  }
}

/**
 * Lets somebody act on `target`, in the caller's transaction. Throws `NOT_SIGNED_IN`,
 * `STEP_UP_REQUIRED` or `NOT_ALLOWED`, which is an `ApprovalNeededError` where a second administrator
 * has to agree first. An agreement is used up by it, with the transaction. `asked`: the
 * role that is to be given, and every other value that they agree to.
 */
export async function admit(
  parts: AdminParts,
  within: Held,
  by: By,
  act: AdminAct,
  target: Pick<User, 'id' | 'role'>,
  now: Date,
  {
    role,
    values = {},
  }: { readonly role?: Role | undefined; readonly values?: ApprovedValues } = {},
): Promise<Actor> {
  return admitToAll(parts, within, by, [{ act, role, values }], target, now);
}

/** The same for several acts at once, of which there is one at least: all of them, or none. */
export async function admitToAll(
  parts: AdminParts,
  within: Held,
  by: By,
  wanted: readonly WantedAct[],
  target: Pick<User, 'id' | 'role'>,
  now: Date,
): Promise<Actor> {
  const { administration } = await parts.policies.current(within.policies);
  let who: Actor | undefined;
  for (const { act } of wanted) who = await admitToAsk(parts, within, by, act, target, now);
  if (who === undefined) throw new Error('nobody is let in to do nothing');
  const { actor } = who;
  const agreed = wanted.flatMap(({ act, role, values }) => {
    // Whoever could make an administrator alone would make the second one who agrees.
    const concernsRoles = target.role !== 'user' || act === 'change-role';
    const isAsked = administration.secondApproval && concernsRoles && act !== 'see';
    return isAsked && values !== undefined ? [{ act, role, values }] : [];
  });
  await requireApproval(within, by, { actor }, agreed, target.id, now);
  return who;
}

/** The same, whether or not a second administrator has to agree: for asking for that. */
export async function admitToAsk(
  parts: AdminParts,
  within: Reads,
  by: By,
  act: AdminAct,
  target: Pick<User, 'id' | 'role'>,
  now: Date,
): Promise<Actor> {
  const { administration } = await parts.policies.current(within.policies);
  return admitIf(parts, within, by, act, now, (actor) =>
    refusalOf(actor, act, target, administration),
  );
}

/**
 * Uses up the agreement to each of these acts. Whoever has the machine needs none: they could change the
 * database itself, and a sole administrator who is locked out has nobody to ask. Throws `ApprovalNeededError`.
 */
export async function requireApproval(
  within: Pick<SigninStores, 'approvals' | 'users'>,
  by: By,
  { actor }: Pick<Actor, 'actor'>,
  acts: readonly WaitingAct[],
  targetId: string,
  now: Date,
): Promise<void> {
  if (typeof by === 'string') return;
  const waiting: WaitingAct[] = [];
  for (const { act, role, values } of acts) {
    const asked = { act, targetId, role, values, askedBy: actor };
    if (await within.approvals.consume(asked, now, agreementStands(within, asked, now))) continue;
    waiting.push({ act, role, values });
  }
  const [first, ...others] = waiting;
  if (first !== undefined) throw new ApprovalNeededError(targetId, [first, ...others]);
}

/**
 * Whether an agreement is worth anything now: whoever gave it could give it still, to this person as they
 * are. One of an administrator who was found out meanwhile is worth nothing.
 */
export function agreementStands(
  within: Pick<SigninStores, 'users'>,
  asked: Pick<Approval, 'act' | 'targetId' | 'askedBy'>,
  now: Date,
): StillStands {
  return async ({ by }) => {
    const agreed = await within.users.find(by);
    const target = asked.targetId === '' ? undefined : await within.users.find(asked.targetId);
    return agreed !== undefined && mayStillAct(agreed, now) && mayDecide(agreed, asked, target);
  };
}

/**
 * Lets somebody act on what belongs to nobody: the policy, the applications, the tokens on the shelf. Throws as
 * `admit` does; no second administrator is asked.
 */
export async function admitToOrganisation(
  parts: AdminParts,
  within: Reads,
  by: By,
  act: OrganisationAct,
  now: Date,
): Promise<Actor> {
  return admitToBegin(parts, within, by, act, now);
}

/** The same for beginning what is then done to many, each of whom is an act of its own. */
export async function admitToBegin(
  parts: AdminParts,
  within: Reads,
  by: By,
  act: Act,
  now: Date,
): Promise<Actor> {
  return admitIf(parts, within, by, act, now, ({ role }) =>
    mayAct(role, act) ? undefined : 'role',
  );
}

/** The same for giving somebody a role: only one whose accounts they could then still act on. */
export async function admitToGive(
  parts: AdminParts,
  within: Reads,
  by: By,
  role: Role,
  now: Date,
): Promise<Actor> {
  return admitIf(parts, within, by, 'change-role', now, (actor) =>
    mayGive(actor, role) ? undefined : 'above',
  );
}

async function admitIf(
  parts: AdminParts,
  within: Reads,
  by: By,
  act: AdminAct | OrganisationAct,
  now: Date,
  refusalFor: (actor: Pick<User, 'id' | 'role'>) => AdminRefusal | undefined,
): Promise<Actor> {
  if (typeof by === 'string') return { actor: by, address: undefined };
  if ('application' in by) {
    const { clientId, role } = by.application;
    refuse(act, refusalFor({ id: clientId, role }));
    return { actor: nameOfProgram(clientId), address: by.address };
  }
  if ('program' in by) {
    const role = roleOfProgram(await within.applications.find(by.program));
    if (role === undefined) throw new TweestapError('NOT_SIGNED_IN');
    refuse(act, refusalFor({ id: by.program, role }));
    return { actor: nameOfProgram(by.program), address: by.address };
  }
  if ('began' in by) {
    const began = await within.users.find(by.began);
    if (began === undefined || !mayStillAct(began, now)) throw new TweestapError('NOT_SIGNED_IN');
    refuse(act, refusalFor(began));
    return { actor: began.id, address: by.address };
  }
  const user = await within.users.find(by.current.user.id);
  const session = await within.sessions.find(by.current.session.id, now);
  if (user === undefined || session === undefined || !mayStillAct(user, now)) {
    throw new TweestapError('NOT_SIGNED_IN');
  }
  refuse(act, refusalFor(user));
  if (!(await isFreshForAdmin(parts, within, { user, session }, now))) {
    throw new TweestapError('STEP_UP_REQUIRED');
  }
  return { actor: user.id, address: by.address };
}

/** What a program is called where acts are told of. */
export function nameOfProgram(clientId: string): string {
  return `application:${clientId}`;
}

/** The role in which a program acts; undefined where it is gone, is none, or has none any more. */
export function roleOfProgram(application: Application | undefined): Role | undefined {
  if (application?.grants.includes('client_credentials') !== true) return undefined;
  return roles.find((role) => role === application.role && role !== 'user');
}

function refuse(act: AdminAct | OrganisationAct, reason: AdminRefusal | undefined): void {
  if (reason === undefined) return;
  throw new TweestapError('NOT_ALLOWED', { details: { act, reason } });
}

/** Whether they are in charge at all: with a role, an account that is switched on, and no block. */
export function mayStillAct(user: User, now: Date): boolean {
  return maySignIn(user, now) && isPrivileged(user);
}
