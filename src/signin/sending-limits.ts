/**
 * Owns whether something may be sent now: how often a person, a number and an address are asked, which
 * countries are texted and called, and what the organisation spends in a day.
 */
import { messageRefused } from '../audit/audit.ts';
import type { User } from '../accounts/user.ts';
import { parse as parseNumber } from '../lib/phone-number.ts';
import type { MessageKind } from '../delivery/message.ts';
import { deliveryCountries, messageRules, type Policy } from '../policies/policy.ts';
import { mailsPerAddress, mailsPerUser, pushesPerUser } from '../throttle/rules.ts';
import { raise, type CounterRecord, type Permission, type Rule } from '../throttle/throttle.ts';
import { isOpen, type Attempt, type Notice } from './attempt.ts';
import { told } from './messages.ts';
import { origin } from './origin.ts';
import type { SigninParts, Work } from './parts.ts';
import { closedTo } from './pumping.ts';
import type { Asked } from './target.ts';

const dayMs = 86_400_000;

/** Whether something may be sent to this person and number or address now; undefined when it may. */
export async function mayBeSent(
  parts: Pick<SigninParts, 'random'>,
  work: Work,
  { attempt, known, user, target }: Asked,
): Promise<Notice | undefined> {
  const { method, secret } = target;
  if (method.sends === 'nothing') return undefined;
  const { stores, now } = work;
  const refuse = async (limit: string, answer: Notice): Promise<Notice> => {
    await stores.audit.append(messageRefused(origin(attempt, now), method.id, limit));
    return answer;
  };
  if (method.sends === 'push') {
    const open = await otherRequest(work, attempt, user);
    if (open !== undefined) return refuse('open-request', { kind: 'request-open', untilAt: open });
  }
  const limits = limitsOf(method.sends, known.policy);
  const destination = method.destination(secret) ?? '';
  if (method.sends === 'text' || method.sends === 'call') {
    if (await isBudgetSpent(work, known.policy.delivery.dayBudget)) {
      return refuse('day-budget', { kind: 'day-budget' });
    }
    // Policy may have closed a country since the phone was registered.
    if (!isCountryOpen(destination, deliveryCountries(known.policy))) {
      return refuse('country', { kind: 'country-closed' });
    }
    const closed = await closedTo(work, known.policy, destination, (admin, mails) =>
      work.send(mails.map((message) => told(parts, work, admin, message))),
    );
    if (closed !== undefined) return refuse(closed, { kind: 'number-closed' });
  }
  for (const [rule, subject] of [
    [limits.perUser, user.id],
    ...(limits.perDestination === undefined
      ? []
      : ([[limits.perDestination, destination]] as const)),
  ] as const) {
    const permission = await stores.throttle.update<Permission>(
      `${rule.name}:${subject}`,
      (record) => raise(rule, record, now),
    );
    if (!permission.allowed) {
      return refuse(rule.name, { kind: 'message-limit', untilAt: permission.until });
    }
  }
  return undefined;
}

/** How often each kind of message goes to one person, and to one number or address. */
export function limitsOf(
  kind: MessageKind,
  policy: Pick<Policy, 'delivery'>,
): { readonly perUser: Rule; readonly perDestination?: Rule } {
  switch (kind) {
    case 'push':
      return { perUser: pushesPerUser };
    case 'mail':
      return { perUser: mailsPerUser, perDestination: mailsPerAddress };
    case 'text':
    case 'call':
      return messageRules(policy);
  }
}

/**
 * Until when another sign-in of theirs waits for their app; undefined where none does. One at a time:
 * who is asked twice approves the wrong one (attack ATK-26). This one's own is replaced.
 */
async function otherRequest(
  { stores, now }: Work,
  attempt: Attempt,
  user: User,
): Promise<Date | undefined> {
  const asking = await stores.attempts.listAsking(user.id);
  return asking
    .filter(({ id }) => id !== attempt.id)
    .map(({ challenge }) => challenge)
    .find((challenge) => challenge !== undefined && isOpen(challenge, now))?.expiresAt;
}

/** Whether the organisation texts and calls numbers of that country. */
export function isCountryOpen(number: string, countries: readonly string[]): boolean {
  const read = parseNumber(null, number);
  return typeof read !== 'string' && read.country !== null && countries.includes(read.country);
}

/**
 * Whether the organisation has sent all that it pays for in a day. Near the end of it those who ask
 * come one after another: together each would find the last message still to be had.
 */
export async function isBudgetSpent(
  { stores, now }: Pick<Work, 'stores' | 'now'>,
  budget: number,
): Promise<boolean> {
  const since = new Date(now.getTime() - dayMs);
  const sent = (): Promise<number> => stores.outbox.countSince(['text', 'call'], since);
  if ((await sent()) < budget - mostAtOnce) return false;
  const queue: CounterRecord = { events: [now.getTime()], pausedUntil: 0, level: 0, recent: [] };
  await stores.throttle.update('day-budget', () => ({ record: queue, result: undefined }));
  return (await sent()) >= budget;
}

/** More transactions than this are not under way at one time, on all nodes together. */
const mostAtOnce = 200;
