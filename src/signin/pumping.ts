/**
 * Owns closing blocks of numbers that hardly anybody answers from (attack ATK-40): who earns with texts
 * lets them be sent to numbers that lie side by side. They are opened again in `administration/number-blocks.ts`.
 */
import { prefixClosed } from '../audit/delivery-events.ts';
import type { User } from '../accounts/user.ts';
import type { ClosedPrefix } from '../delivery/closed-prefix-store.ts';
import type { MailMessage } from '../delivery/message.ts';
import { blockOf, conversionRule, isPumped, prefixOf } from '../delivery/prefix.ts';
import type { Policy } from '../policies/policy.ts';
import { reachableInCharge } from './in-charge.ts';
import { prefixWasClosed } from './notices.ts';
import type { Work } from './parts.ts';

const dayMs = 86_400_000;

/** Why nothing is sent to a number; undefined where nothing is against it. */
export type ClosedTo = 'number-block' | 'prefix';

/** Sends mails to somebody with the transaction. */
export type MailTo = (user: User, mails: readonly MailMessage[]) => Promise<void>;

/**
 * Whether texts and calls may go to this number. Looks at what became of the newest ones to its block
 * first, and closes that where hardly any was answered: those in charge are told by mail.
 */
export async function closedTo(
  work: Work,
  policy: Policy,
  number: string,
  mail: MailTo,
): Promise<ClosedTo | undefined> {
  if (blockOf(number, policy.delivery.blockedNumbers) !== undefined) return 'number-block';
  const { stores, now } = work;
  const prefix = prefixOf(number);
  const known = await stores.closedPrefixes.find(prefix);
  if (known !== undefined && known.opened === undefined) return 'prefix';
  const weekAgo = now.getTime() - conversionRule.days * dayMs;
  const since = new Date(Math.max(weekAgo, known?.opened?.at.getTime() ?? 0));
  const before = new Date(now.getTime() - conversionRule.graceSeconds * 1_000);
  const seen = await stores.outbox.conversion(prefix, since, before, conversionRule.messages);
  if (!isPumped(seen)) return undefined;
  if (await stores.closedPrefixes.close({ prefix, closedAt: now, ...seen })) {
    await stores.audit.append(prefixClosed({ at: now, prefix, ...seen }));
    await tellThoseInCharge(work, policy, { prefix, ...seen }, mail);
  }
  return 'prefix';
}

async function tellThoseInCharge(
  work: Work,
  { organisation }: Policy,
  closed: Pick<ClosedPrefix, 'prefix' | 'sent' | 'answered'>,
  mail: MailTo,
): Promise<void> {
  const admins = await reachableInCharge(work, ['global-admin', 'authentication-policy-admin']);
  for (const admin of admins) {
    const mails = prefixWasClosed({
      admin,
      organisation: organisation.name,
      fallbackLocale: organisation.defaultLanguage,
      at: work.now,
      ...closed,
    });
    await mail(admin, mails);
  }
}
