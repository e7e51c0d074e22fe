/** Owns what the house knows of the directory that keeps passwords: the directory, and what the operator allows. */
import type { Rule } from '../../throttle/throttle.ts';
import type { PasswordFault } from '../password-rules.ts';
import type { User } from '../user.ts';
import type { UpstreamSettings } from './settings.ts';
import type { WatchedUpstream } from './watching.ts';

export interface UpstreamPasswords extends Omit<WatchedUpstream, 'stop'> {
  /** Whether new passwords are written to it. */
  readonly writes: boolean;
  /** Where people change their password otherwise, if the operator told. */
  readonly passwordUrl: string | undefined;
  /** How many wrong passwords a stranger has: fewer than lock an account in the directory. */
  readonly strangers: Omit<Rule, 'name'>;
}

/**
 * Why a new password was not kept: our rules, the one that they have, or the directory: its own rules, that it
 * alone keeps passwords, that it does not answer.
 */
export type PasswordRefusal =
  | PasswordFault
  | 'same'
  | 'directory-rules'
  | 'directory-keeps'
  | 'directory-unavailable';

/** Where somebody's password is changed, which is not here. */
export interface PasswordElsewhere {
  /** What the operator told of it. */
  readonly url: string | undefined;
}

/** The directory with what its settings say of passwords. */
export function upstreamPasswords(
  watched: WatchedUpstream,
  settings: Pick<
    UpstreamSettings,
    'writePasswords' | 'passwordUrl' | 'wrongPasswords' | 'wrongPasswordMinutes'
  >,
): UpstreamPasswords {
  const seconds = settings.wrongPasswordMinutes * 60;
  return {
    ...watched,
    writes: settings.writePasswords,
    passwordUrl: settings.passwordUrl,
    // As many as these, and then none for as long as the directory remembers the first of them.
    strangers: {
      limit: settings.wrongPasswords,
      windowSeconds: seconds,
      pauseSeconds: seconds,
      longestPauseSeconds: seconds,
      spacingSeconds: 0,
    },
  };
}

/** Present where the password of this account cannot be set from here. */
export function passwordElsewhere(
  { upstream: entry }: Pick<User, 'upstream'>,
  upstream: Pick<UpstreamPasswords, 'writes' | 'passwordUrl'> | undefined,
): PasswordElsewhere | undefined {
  return entry === undefined || upstream?.writes === true
    ? undefined
    : { url: upstream?.passwordUrl };
}
