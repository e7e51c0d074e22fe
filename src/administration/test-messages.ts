/** Owns messages that only try whether messages arrive: they say so, and open nothing. */
import type { User } from '../accounts/user.ts';
import type { CallMessage, MailMessage, TextMessage } from '../delivery/message.ts';
import type { Locale } from '../i18n/locale.ts';
import { testMail } from '../signin/notices.ts';
import { en } from '../signin/strings.en.ts';
import { nl } from '../signin/strings.nl.ts';

/** To whom a test goes, and in whose name. */
export interface TestReceiver {
  /** E.164, or an address. */
  readonly to: string;
  readonly extension?: string | undefined;
  /** Whose address it is; undefined: somebody without an account. */
  readonly user?: User | undefined;
  readonly organisation: string;
  readonly locale: Locale;
  readonly at: Date;
}

/** A text, a call or a mail that says it is a test. */
export function testMessageOf(
  kind: 'text' | 'call' | 'mail',
  receiver: TestReceiver,
): TextMessage | CallMessage | MailMessage {
  const { to, extension, organisation, locale } = receiver;
  const words = (locale === 'nl' ? nl : en).test;
  switch (kind) {
    case 'text':
      return { kind, to, language: locale, body: words.text(organisation) };
    case 'call':
      return {
        kind,
        to,
        ...(extension === undefined ? {} : { extension }),
        language: locale,
        greeting: words.greeting(organisation),
        instruction: words.instruction,
        thanks: words.thanks,
        refused: words.instruction,
      };
    case 'mail':
      return testMail(receiver);
  }
}
