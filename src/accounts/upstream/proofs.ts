/**
 * Owns that no wrong password passes for a right one by what a directory says of its account. Some directories look
 * at the account first, and tell whatever password was sent that it is over, or that the account is switched off.
 * So a directory is believed that only once it was seen to say so of the password that somebody brought, and not
 * of another one that nobody has.
 */
import type { LdapOutcome } from '../../lib/ldap/answer.ts';
import type { Random } from '../../lib/random.ts';
import { claimOf, findingOf } from './findings.ts';
import type { PasswordFinding } from './upstream.ts';

/** Each time it costs its account one wrong password there. */
const believedMs = 60 * 60_000;

export interface Proofs {
  /** What is found of a password by `bind`, which asks the directory about one password of one entry. */
  find(
    password: string,
    bind: (password: string) => Promise<LdapOutcome>,
  ): Promise<PasswordFinding>;
}

/** Makes one that believes nothing yet; for one directory. */
export function createProofs(kind: 'ldap' | 'active-directory', random: Random): Proofs {
  const believed = new Map<string, number>();
  const isBelieved = (claim: string): boolean =>
    performance.now() - (believed.get(claim) ?? -Infinity) < believedMs;
  return {
    find: async (password, bind) => {
      const outcome = await bind(password);
      const claim = claimOf(kind, outcome);
      if (claim === undefined || isBelieved(claim)) return findingOf(kind, outcome);
      const nobodys = await bind(random.token());
      if (claimOf(kind, nobodys) !== undefined) return { kind: 'wrong' };
      const other = findingOf(kind, nobodys);
      if (other.kind !== 'wrong') return other.kind === 'right' ? { kind: 'wrong' } : other;
      // Once more: the password may have been changed, or the account switched, between the two.
      const again = await bind(password);
      if (claimOf(kind, again) === claim) believed.set(claim, performance.now());
      else if (claimOf(kind, again) !== undefined) return { kind: 'wrong' };
      return findingOf(kind, again);
    },
  };
}
