/** Owns the mail that carries a code. It tells nothing of the account: the address may be a stranger's. */
import type { MailMessage } from '../../delivery/message.ts';
import { html, render } from '../../lib/html.ts';
import { mailCode, mailHeading, mailPage, mailParagraph } from '../../ui/mail.ts';
import type { Ask } from '../method.ts';
import type { EmailSecret } from './address.ts';
import type { Settings } from './settings.ts';
import { wordsIn } from './words.ts';

/** A mail with this code, complete as text and as HTML. The subject, which many can see, has no code. */
export function codeMail(
  { secret, locale, organisation }: Ask<Settings, EmailSecret>,
  code: string,
  minutes: number,
): MailMessage {
  const words = wordsIn(locale).mail;
  const subject = words.subject(organisation);
  const good = words.good(minutes);
  return {
    kind: 'mail',
    to: secret.address,
    language: locale,
    subject,
    text: [words.type, code, good, `${words.notYou} ${words.notYouBody}`, organisation].join(
      '\n\n',
    ),
    html: render(
      mailPage({
        locale,
        organisation,
        title: subject,
        body: html`${mailParagraph(words.type)}${mailCode(code)}${mailParagraph(good)}${mailHeading(
          words.notYou,
        )}${mailParagraph(words.notYouBody)}`,
      }),
    ),
  };
}
