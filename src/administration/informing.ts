/** Owns telling a person by mail what somebody in charge did to their account, with the act itself. */
import type { User } from '../accounts/user.ts';
import type { Random } from '../lib/random.ts';
import type { Policies } from '../policies/policies.ts';
import { tell } from '../signin/telling.ts';
import type { NoticeKind } from '../signin/notices.ts';
import type { Work } from '../signin/parts.ts';
import type { SigninStores } from '../signin/stores.ts';

export interface InformingParts {
  readonly policies: Policies;
  readonly random: Random;
}

/**
 * Queues the mail in the caller's transaction; the server that runs sends it with its next look at the
 * outbox. `subject` is what it is about, where there are several.
 */
export async function inform(
  { policies, random }: InformingParts,
  held: SigninStores,
  user: User,
  at: Date,
  kind: NoticeKind,
  subject?: string,
): Promise<void> {
  const policy = await policies.current(held.policies);
  const nobody = { locale: policy.organisation.defaultLanguage, address: undefined };
  await tell({ random }, unwatched(held, at), nobody, { policy }, user, kind, subject);
}

/** What is told in the caller's transaction, with no page that waits for it. */
export function unwatched(held: SigninStores, at: Date): Work {
  return { stores: held, now: at, send: held.outbox.add, tell: () => {} };
}

/**
 * Tells them where they were reached before and where they are after: whoever takes an account over exchanges
 * its mailbox together with what its owner should hear of. Nobody is told twice.
 */
export async function informBeforeAndAfter(
  parts: InformingParts,
  held: SigninStores,
  before: User,
  after: User,
  at: Date,
  kind: NoticeKind,
): Promise<void> {
  await inform(parts, held, before, at, kind);
  const known = [before.mail, before.otherMail];
  const added = (address: string | undefined) => (known.includes(address) ? undefined : address);
  const elsewhere = { ...after, mail: added(after.mail), otherMail: added(after.otherMail) };
  await inform(parts, held, elsewhere, at, kind);
}
