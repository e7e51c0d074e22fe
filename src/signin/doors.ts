/**
 * Owns what a name and a password are worth at the doors of systems: LDAP, RADIUS, HTTP. Nobody can
 * be asked for a second step there, so what counts is an app password: long enough that one look-up
 * by its keyed hash is all it takes (decision 0010). The account's own password counts only where no
 * second step would be asked for.
 *
 * Whoever is not let in takes one road, whoever they say they are: counted, then hashed, then told
 * the same. It is a road of its own, so nobody is locked out of the web by guesses made here, nor out
 * of their mail program, which has something that cannot be guessed.
 */
import { passwordElsewhere } from '../accounts/upstream/passwords.ts';
import { isBlocked, type Account, type User } from '../accounts/user.ts';
import type {
  AppPassword,
  AppPasswordDoor,
  AppPasswordUse,
} from '../app-passwords/app-password.ts';
import { appPasswordStanding, endOfAppPassword } from '../app-passwords/standing.ts';
import { appPasswordAccepted, doorRefused, ownPasswordAccepted } from '../audit/audit.ts';
import { createAuditQueue } from '../audit/audit-queue.ts';
import { TweestapError } from '../errors/errors.ts';
import { isInNetworks } from '../lib/ip.ts';
import { canonicalUserPrincipalName } from '../lib/names.ts';
import { HasherBusyError } from '../lib/password-hash.ts';
import { together } from '../lib/together.ts';
import type { Policy } from '../policies/policy.ts';
import { isForSignIn } from '../registrations/options.ts';
import { wrongAtDoors, wrongPasswords } from '../throttle/rules.ts';
import { pausedUntil, raise, type Permission } from '../throttle/throttle.ts';
import { nameOf } from './origin.ts';
import type { SigninParts } from './parts.ts';
import { checkPassword, hasSamePassword, type PasswordFound } from './password-check.ts';
import { countedAs, countPassword } from './password-counter.ts';

/** Who knocks, and with what. */
export interface DoorRequest {
  readonly door: AppPasswordDoor;
  /** As typed: a user principal name, or its part before the organisation's own domain. */
  readonly name: string;
  readonly password: string;
  /** The address at the other end, for the log and for trusted networks: often that of a mail server. */
  readonly address: string;
  /** That what they want asks for more than the account's own password, whoever it is. */
  readonly appPasswordsOnly?: boolean;
}

/** What opened a door. */
export type DoorKey =
  | { readonly kind: 'app-password'; readonly id: string; readonly hash: Buffer }
  | { readonly kind: 'own-password'; readonly passwordHash: string }
  /** The password that the organisation's directory keeps of this entry. */
  | { readonly kind: 'upstream-password'; readonly entryId: string };

/** Somebody came in. */
export interface DoorOpened {
  readonly kind: 'opened';
  readonly user: Account;
  readonly request: Pick<DoorRequest, 'door' | 'address'>;
  readonly key: DoorKey;
}

/** Why nobody came in: for the log. A door says the same of all. */
export type DoorRefusal =
  | 'wrong'
  | 'paused'
  | 'expired'
  | 'other-door'
  | 'app-passwords-off'
  | 'not-enforced'
  | 'must-change-password'
  | 'blocked'
  | 'account-disabled';

export type DoorVerdict =
  | DoorOpened
  | { readonly kind: 'refused'; readonly reason: DoorRefusal }
  /** Too many passwords are being checked; nothing was judged, and trying again is right. */
  | { readonly kind: 'busy' };

export interface Doors {
  /**
   * Judges a name and a password. What it resolves to is in the audit log: a right app password is
   * committed and on its way to the disk, all else is there. Throws `STORE_UNAVAILABLE` where it cannot
   * be.
   */
  judge(request: DoorRequest): Promise<DoorVerdict>;
  /**
   * Whether what opened a door would open it now: asked at each request of a connection that stays
   * open, since nothing revoked may work on. The person as they are now, or undefined.
   */
  stillOpen(opened: DoorOpened): Promise<Account | undefined>;
  /** Writes down when and from where app passwords were last used. */
  flush(): Promise<void>;
  /** The last flush; nothing is judged after it. */
  stop(): Promise<void>;
}

/** A name and a password, on their way to be looked up with others. */
interface Knock {
  readonly request: DoorRequest;
  /** Canonical; undefined for what can be nobody's. */
  readonly name: string | undefined;
  /** As an app password is kept. */
  readonly hash: Buffer;
  readonly policy: Policy;
}

/** What a look-up found; `key`: it opened, and that is in the log. */
type Knocked =
  | { readonly kind: 'key'; readonly user: Account; readonly id: string; readonly at: Date }
  | { readonly kind: 'fault'; readonly user: Account; readonly fault: DoorRefusal }
  | { readonly kind: 'no-key'; readonly user: Account | undefined }
  | { readonly kind: 'damaged'; readonly error: TweestapError };

type DoorStores = Pick<SigninParts['stores'], 'doorKeys' | 'users' | 'audit'>;

/** How late a last use may be shown: a write for each would cost more than the look-up. */
export const lastUseSeconds = 30;

/** Makes the doors' judge; one for a process. */
export function createDoors(
  parts: Pick<
    SigninParts,
    | 'stores'
    | 'transact'
    | 'methods'
    | 'policies'
    | 'appPasswords'
    | 'hasher'
    | 'upstream'
    | 'box'
    | 'clock'
  >,
): Doors {
  const { stores, transact, methods, policies, appPasswords, box, clock } = parts;
  const audit = createAuditQueue(transact);
  const uses = new Map<string, AppPasswordUse>();

  const refuse = async (
    { door, name, address }: DoorRequest,
    user: Account | undefined,
    reason: DoorRefusal,
  ): Promise<DoorVerdict> => {
    const userId = user?.id;
    const typed = nameOf({ identified: { typed: name.trim(), userId } });
    const origin = { at: clock.now(), userId, attemptId: undefined, address };
    await audit.write(doorRefused(origin, { door, reason, typed }));
    return { kind: 'refused', reason };
  };

  /**
   * What is known of a name and a password, and the line in the log where it opens: both in one
   * transaction, so that nothing opens that was deleted by then.
   */
  const lookUp = async (
    held: DoorStores,
    { request, name, hash, policy }: Knock,
  ): Promise<Knocked> => {
    const found = name === undefined ? undefined : await held.doorKeys.find(hash, name);
    if (found === undefined) {
      const user = name === undefined ? undefined : await held.users.findAccount(name);
      return { kind: 'no-key', user };
    }
    const { appPassword, user } = found;
    const { door, address } = request;
    const at = clock.now();
    const fault = appPasswordFault(policy, user, appPassword, door, at);
    if (fault !== undefined) return { kind: 'fault', user, fault };
    const { id } = appPassword;
    const origin = { at, userId: user.id, attemptId: undefined, address };
    await held.audit.append(appPasswordAccepted(origin, door, id));
    return { kind: 'key', user, id, at };
  };
  // Nobody shall wait for a slow disk at each request of each mail program (decision 0010).
  const knockTogether = together<Knock, Knocked>(
    (knocks) =>
      transact(
        async (held) => {
          const found: Knocked[] = [];
          for (const knock of knocks) found.push(await unlessDamaged(lookUp(held, knock)));
          return found;
        },
        { hasty: true },
      ),
    // While one transaction is on its way to a database elsewhere, the next is put together.
    { most: 64, underWay: 2 },
  );

  /**
   * Counts a password that is no app password of theirs. Where it may be the account's own it is
   * counted by the one counter of that. Else by one that keeps nobody out of anything; it looks at the
   * other one too, so that a pause made at the web tells nothing here.
   */
  const count = async (
    name: string,
    password: string,
    user: Account | undefined,
    mayBeOwn: boolean,
  ): Promise<{
    readonly isAllowed: boolean;
    readonly key: string;
    readonly takeBack?: () => Promise<void>;
  }> => {
    if (mayBeOwn) {
      const asked = { name, password, user, knownBrowser: undefined };
      const { permission, key, takeBack } = await countPassword(parts, asked);
      return { isAllowed: permission.allowed, key, takeBack };
    }
    const subject = countedAs(parts, name, user);
    const key = `${wrongAtDoors.name}:${subject}`;
    const fingerprint = box.keyedHash('wrong-at-doors', password).toString('base64url');
    const permission = await stores.throttle.update<Permission>(key, (record) =>
      raise(wrongAtDoors, record, clock.now(), fingerprint),
    );
    const elsewhere = await stores.throttle.peek(`${wrongPasswords.name}:${subject}`);
    const isPaused = pausedUntil(elsewhere, clock.now()) !== undefined;
    return { isAllowed: permission.allowed && !isPaused, key };
  };

  /** Why the account's own password is enough for an older app of this person; undefined: it is not. */
  const ownPasswordReason = async (
    policy: Policy,
    user: Account | undefined,
    { door, address, appPasswordsOnly }: Pick<DoorRequest, 'door' | 'address' | 'appPasswordsOnly'>,
  ): Promise<string | undefined> => {
    if (user === undefined || !policy.appPasswords.ownPassword) return undefined;
    if (appPasswordsOnly === true) return undefined;
    const registrations = await stores.registrations.list(user.id);
    const isRegistered = registrations.some((one) => isForSignIn(one, methods));
    if (user.perUserMfaState === 'disabled') return 'disabled';
    // Only until something is registered, however somebody's state was set later (row A-001).
    if (user.perUserMfaState === 'enabled' && !isRegistered) return 'enabled';
    // No second step would be asked for there; who made an app password has left that behind (E-087).
    // A gateway of RADIUS stands in our own network, wherever the person sits.
    if (door === 'radius' || !isInNetworks(address, policy.trustedIps)) return undefined;
    return (await stores.appPasswords.list(user.id)).length === 0 ? 'trusted-network' : undefined;
  };

  const judgeOwnPassword = async (
    policy: Policy,
    request: DoorRequest,
    name: string,
    user: Account | undefined,
  ): Promise<DoorVerdict> => {
    const { password } = request;
    const why = await ownPasswordReason(policy, user, request);
    const { isAllowed, key, takeBack } = await count(name, password, user, why !== undefined);
    if (!isAllowed) return refuse(request, user, 'paused');
    // Where no account's own password counts there is nothing to compare, and nothing to tell by time.
    if (!policy.appPasswords.ownPassword) return refuse(request, user, 'wrong');
    const known =
      why === undefined || user === undefined ? undefined : await stores.users.find(user.id);
    const found = await checkPassword(parts, known, password);
    if (found.kind === 'unavailable') {
      if (found.isWrong !== true) await takeBack?.();
      return { kind: 'busy' };
    }
    const isRight = found.kind === 'right';
    const now = isRight && user !== undefined ? await stores.users.find(user.id) : undefined;
    const ownKey = now && ownKeyOf(now);
    if (
      why === undefined ||
      now === undefined ||
      ownKey === undefined ||
      !hasSamePassword(known, now)
    )
      return refuse(request, user, 'wrong');
    await stores.throttle.clear(key);
    const fault = passwordFaultOf(now) ?? faultByDirectory(found) ?? accountFault(now, clock.now());
    if (fault !== undefined) return refuse(request, now, fault);
    const { door, address } = request;
    const origin = { at: clock.now(), userId: now.id, attemptId: undefined, address };
    await audit.write(ownPasswordAccepted(origin, door, why));
    return {
      kind: 'opened',
      user: now,
      request: { door, address },
      key: ownKey,
    };
  };

  /** Of a password that is changed elsewhere nobody here hears that it was. */
  const passwordFaultOf = (user: User): DoorRefusal | undefined =>
    user.mustChangePassword && passwordElsewhere(user, parts.upstream) === undefined
      ? 'must-change-password'
      : undefined;

  const flush = async (): Promise<void> => {
    // In one order on every node: two that write the same ones would wait for each other.
    const noted = [...uses].toSorted(([a], [b]) => (a < b ? -1 : 1));
    uses.clear();
    if (noted.length === 0) return;
    try {
      await transact(async (held) => {
        for (const [id, use] of noted) await held.appPasswords.noteUse(id, use);
      });
    } catch (error) {
      // For the next time; what was used since is newer.
      for (const [id, use] of noted) if (!uses.has(id)) uses.set(id, use);
      throw error;
    }
  };
  const timer = setInterval(() => void flush().catch(() => {}), lastUseSeconds * 1000).unref();

  return {
    flush,
    stop: async () => {
      clearInterval(timer);
      await flush();
    },

    judge: async (request) => {
      const policy = await policies.current();
      const name = doorName(request.name, policy);
      const hash = appPasswords.hashOf(request.password);
      const found = await knockTogether({ request, name, hash, policy });
      if (found.kind === 'damaged') throw found.error;
      const { user } = found;
      if (found.kind === 'fault') return refuse(request, user, found.fault);
      if (found.kind === 'key') {
        const { door, address } = request;
        uses.set(found.id, { at: found.at, door, address });
        return {
          kind: 'opened',
          user: found.user,
          request: { door, address },
          key: { kind: 'app-password', id: found.id, hash },
        };
      }
      try {
        return await judgeOwnPassword(policy, request, name ?? request.name, user);
      } catch (error) {
        if (error instanceof HasherBusyError) return { kind: 'busy' };
        throw error;
      }
    },

    stillOpen: async ({ user: { id }, request, key }) => {
      const policy = await policies.current();
      const user = await stores.users.find(id);
      if (user === undefined) return undefined;
      if (key.kind === 'app-password') {
        const appPassword = await stores.appPasswords.findByHash(key.hash);
        if (appPassword?.userId !== id) return undefined;
        const fault = appPasswordFault(policy, user, appPassword, request.door, clock.now());
        return fault === undefined ? user : undefined;
      }
      if (!isSameKey(key, user) || passwordFaultOf(user) !== undefined) return undefined;
      if (accountFault(user, clock.now()) !== undefined) return undefined;
      return (await ownPasswordReason(policy, user, request)) === undefined ? undefined : user;
    },
  };
}

/** What a right password of the account's own was; undefined where it has none. */
function ownKeyOf({ passwordHash, upstream }: User): OwnKey | undefined {
  if (upstream !== undefined) return { kind: 'upstream-password', entryId: upstream.id };
  return passwordHash === undefined ? undefined : { kind: 'own-password', passwordHash };
}

type OwnKey = Exclude<DoorKey, { readonly kind: 'app-password' }>;

/** Whether the same would open now. What became of a password in a directory, its connection learns at the next bind. */
function isSameKey(key: OwnKey, { passwordHash, upstream }: User): boolean {
  return key.kind === 'upstream-password'
    ? upstream?.id === key.entryId
    : upstream === undefined && passwordHash === key.passwordHash;
}

/** What the directory says of an account whose password is right. */
function faultByDirectory(found: PasswordFound): DoorRefusal | undefined {
  if (found.kind !== 'right' || found.but === undefined) return undefined;
  return found.but === 'disabled' ? 'account-disabled' : 'must-change-password';
}

/** Nobody fares worse because the record of somebody who knocked along with them is damaged. */
async function unlessDamaged(found: Promise<Knocked>): Promise<Knocked> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof TweestapError && error.code === 'RECORD_DAMAGED')
      return { kind: 'damaged', error };
    throw error;
  }
}

/** The canonical name; one without a domain is of the organisation's own. */
function doorName(typed: string, { organisation }: Policy): string | undefined {
  const text = typed.trim();
  const whole = text === '' || text.includes('@') ? text : `${text}@${organisation.domain}`;
  return canonicalUserPrincipalName(whole) ?? undefined;
}

function appPasswordFault(
  policy: Policy,
  user: Account,
  appPassword: Pick<AppPassword, 'door' | 'createdAt' | 'expiresAt'>,
  asked: AppPasswordDoor,
  now: Date,
): DoorRefusal | undefined {
  const standing = appPasswordStanding(policy, user);
  if (standing === 'off') return 'app-passwords-off';
  if (standing === 'not-enforced') return 'not-enforced';
  if (appPassword.door !== undefined && appPassword.door !== asked) return 'other-door';
  const endsAt = endOfAppPassword(policy, appPassword);
  if (endsAt !== undefined && endsAt <= now) return 'expired';
  return accountFault(user, now);
}

function accountFault(user: Account, now: Date): DoorRefusal | undefined {
  if (!user.accountEnabled) return 'account-disabled';
  return isBlocked(user, now) ? 'blocked' : undefined;
}
