/**
 * Owns what those in charge do about messages: bring back mail that was given up, and send themselves a
 * message to see whether it arrives. Never to anybody else, and never anything that opens a door.
 */
import type { User } from '../accounts/user.ts';
import { deliveryRetried, testMessageSent } from '../audit/delivery-events.ts';
import type { MessageKind, OutgoingMessage } from '../delivery/message.ts';
import { TweestapError } from '../errors/errors.ts';
import type { Locale } from '../i18n/locale.ts';
import { appSecret, authenticatorApp } from '../methods/authenticator-app.ts';
import { phone, phoneSecret } from '../methods/phone.ts';
import { deliveryCountries } from '../policies/policy.ts';
import type { Registration } from '../registrations/registration.ts';
import { told } from '../signin/messages.ts';
import type { SigninParts } from '../signin/parts.ts';
import { isBudgetSpent, isCountryOpen, limitsOf } from '../signin/sending-limits.ts';
import { raise, type Permission } from '../throttle/throttle.ts';
import { admitToOrganisation, type AtPages, type By } from './acting-admin.ts';
import { unwatched } from './informing.ts';
import { testMessageOf } from './test-messages.ts';

/** Why no test goes out: nothing of theirs receives one, or a limit that holds for everybody. */
export type TestRefusal = 'nowhere' | 'country' | 'day-budget' | 'limit';

/** What every act may throw: `NOT_SIGNED_IN`, `STEP_UP_REQUIRED`, `NOT_ALLOWED`; nothing happened then. */
export interface Deliveries {
  /** Sends mail again that was given up; false where there is nothing like that. It is good for three days. */
  retry(id: string, by: By): Promise<boolean>;
  /** Queues a message to the phone, address or app of whoever asks; resolves to its id. */
  sendTest(
    kind: MessageKind,
    by: AtPages,
    locale: Locale,
  ): Promise<{ readonly id: string } | { readonly refused: TestRefusal }>;
}

const retrySeconds = 3 * 24 * 3_600;
/** A test that did not arrive by then is one that does not arrive. */
const testSeconds = 5 * 60;

/** Makes the service. */
export function createDeliveries(
  parts: Pick<
    SigninParts,
    'transact' | 'methods' | 'policies' | 'clock' | 'random' | 'wakeDelivery'
  >,
): Deliveries {
  const { transact, policies, clock, random, wakeDelivery } = parts;
  const after = (from: Date, seconds: number): Date => new Date(from.getTime() + seconds * 1_000);

  return {
    retry: async (id, by) => {
      const isBack = await transact(async (held) => {
        const now = clock.now();
        const who = await admitToOrganisation(parts, held, by, 'retry-delivery', now);
        const record = await held.outbox.find(id);
        if (record === undefined) return false;
        if (!(await held.outbox.retry(id, now, after(now, retrySeconds)))) return false;
        const { userId, kind } = record;
        await held.audit.append(deliveryRetried({ at: now, ...who, userId, id, kind }));
        return true;
      });
      if (isBack) wakeDelivery();
      return isBack;
    },

    sendTest: async (kind, by, locale) => {
      const result = await transact(async (held) => {
        const now = clock.now();
        const who = await admitToOrganisation(parts, held, by, 'retry-delivery', now);
        const user = await held.users.find(by.current.user.id);
        if (user === undefined) throw new TweestapError('NOT_SIGNED_IN');
        const policy = await policies.current(held.policies);
        const message = testMessage(kind, {
          user,
          registrations: await held.registrations.list(user.id),
          organisation: policy.organisation.name,
          locale: user.preferredLanguage ?? locale,
          at: now,
        });
        if (message === undefined) return { refused: 'nowhere' } as const;
        if (message.kind === 'text' || message.kind === 'call') {
          if (await isBudgetSpent({ stores: held, now }, policy.delivery.dayBudget)) {
            return { refused: 'day-budget' } as const;
          }
          if (!isCountryOpen(message.to, deliveryCountries(policy))) {
            return { refused: 'country' } as const;
          }
        }
        const limits = limitsOf(kind, policy);
        for (const [rule, subject] of [
          [limits.perUser, user.id],
          ...(limits.perDestination === undefined
            ? []
            : ([[limits.perDestination, message.to]] as const)),
        ] as const) {
          const { allowed } = await held.throttle.update<Permission>(
            `${rule.name}:${subject}`,
            (record) => raise(rule, record, now),
          );
          if (!allowed) return { refused: 'limit' } as const;
        }
        const queued = {
          ...told({ random }, unwatched(held, now), user, message),
          deliverBefore: after(now, testSeconds),
        };
        await held.outbox.add([queued]);
        const { id } = queued;
        await held.audit.append(testMessageSent({ at: now, ...who, userId: user.id, id, kind }));
        return { id };
      });
      if ('id' in result) wakeDelivery();
      return result;
    },
  };
}

interface Receiver {
  readonly user: User;
  readonly registrations: readonly Registration[];
  readonly organisation: string;
  readonly locale: Locale;
  readonly at: Date;
}

/** A message that says it is a test; undefined where nothing of theirs receives one. */
function testMessage(kind: MessageKind, receiver: Receiver): OutgoingMessage | undefined {
  const { user, registrations, locale } = receiver;
  const phones = registrations
    .filter((registration) => registration.kind === phone.id)
    .flatMap(({ secret }) => phoneSecret.safeParse(secret).data ?? []);
  switch (kind) {
    case 'text': {
      const mobile = phones.find(({ phoneType, landline }) => phoneType !== 'office' && !landline);
      return mobile && testMessageOf(kind, { ...receiver, to: mobile.number });
    }
    case 'call': {
      const [called] = phones;
      const extension = called?.phoneType === 'office' ? called.extension : undefined;
      return called && testMessageOf(kind, { ...receiver, to: called.number, extension });
    }
    case 'mail': {
      const to = user.mail ?? user.otherMail;
      return to === undefined ? undefined : testMessageOf(kind, { ...receiver, to });
    }
    case 'push': {
      const device = registrations
        .filter((registration) => registration.kind === authenticatorApp.id)
        .flatMap(({ secret }) => appSecret.safeParse(secret).data?.device ?? [])
        .find(({ push }) => push !== undefined);
      return (
        device?.push && {
          kind,
          to: device.id,
          language: locale,
          subscription: device.push,
          body: JSON.stringify({ v: 1, kind: 'changed' }),
        }
      );
    }
  }
}
