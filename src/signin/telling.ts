/** Owns how people are told of what was done to their account: by mail, and at a phone that was theirs. */
import type { User } from '../accounts/user.ts';
import type { Locale } from '../i18n/locale.ts';
import { deliveryCountries } from '../policies/policy.ts';
import { told } from './messages.ts';
import { notice, phoneChanged, type NoticeKind } from './notices.ts';
import type { SigninParts, Work } from './parts.ts';
import { isCountryOpen } from './sending-limits.ts';
import type { Known } from './situation.ts';

/** What people are told of themselves, in the language they did it in; a stranger's is not theirs. */
const ownDoings: readonly NoticeKind[] = [
  'methodRegistered',
  'methodChanged',
  'methodRemoved',
  'defaultMethodChanged',
  'passwordChanged',
  'passwordReset',
  'passwordUnlocked',
  'deviceTrusted',
  'trustedDeviceRemoved',
  'trustedDevicesRemoved',
  'signInDenied',
  'appPasswordMade',
  'appPasswordRemoved',
  'appPasswordsRemoved',
];

/** Who did what a person is told of: in which language, and from where. */
export interface Doer {
  readonly locale: Locale;
  /** Undefined where somebody in charge did it. */
  readonly address: string | undefined;
}

/** The person, or whoever is in their browser. */
export interface Visitor extends Doer {
  readonly address: string;
}

/** Mails the person, in the same transaction as what they are told. */
export async function tell(
  parts: Pick<SigninParts, 'random'>,
  work: Work,
  doer: Doer,
  known: Pick<Known, 'policy'>,
  user: User,
  kind: NoticeKind,
  subject?: string,
): Promise<void> {
  const { organisation } = known.policy;
  const mails = notice(kind, {
    user,
    organisation: organisation.name,
    fallbackLocale: ownDoings.includes(kind) ? doer.locale : organisation.defaultLanguage,
    at: work.now,
    address: doer.address,
    ...(subject === undefined ? {} : { subject }),
  });
  await work.send(mails.map((message) => told(parts, work, user, message)));
}

/** Texts a phone that somebody else answers from now on, for all we know: it asks for nothing. */
export async function tellOldPhone(
  parts: Pick<SigninParts, 'random'>,
  work: Work,
  doer: Doer,
  known: Pick<Known, 'policy'>,
  user: User,
  number: string,
): Promise<void> {
  if (!isCountryOpen(number, deliveryCountries(known.policy))) return;
  const message = phoneChanged({
    to: number,
    organisation: known.policy.organisation.name,
    locale: user.preferredLanguage ?? doer.locale,
  });
  await work.send([told(parts, work, user, message)]);
}
