/** Owns what a call says. Written for the ear: short, who asks first, what to press last and twice. */
import type { CallMessage } from '../../delivery/message.ts';
import { matchDigits } from '../code.ts';
import type { Ask } from '../method.ts';
import type { PhoneSecret } from '../phone.ts';
import type { Settings } from './settings.ts';
import { wordsIn } from './words.ts';

/**
 * The call to the registered phone. Whoever picks up may be anybody, or a machine: nothing in it
 * helps to sign in.
 */
export function callScript(ask: Ask<Settings, PhoneSecret>, withDigits: boolean): CallMessage {
  const { number, extension, phoneType } = ask.secret;
  const words = wordsIn(ask.locale).call;
  const confirm = withDigits ? words.digits : words.hash;
  return {
    kind: 'call',
    to: number,
    ...(phoneType === 'office' && extension !== undefined ? { extension } : {}),
    ...(withDigits ? { keysBeforeHash: matchDigits } : {}),
    language: ask.locale,
    greeting: words.greeting(ask.organisation, spokenName(ask.userPrincipalName)),
    instruction: `${words.notYou(words.keys[ask.settings.reportKey] ?? ask.settings.reportKey)} ${confirm.instruction} ${confirm.again}`,
    thanks: words.thanks,
    refused: confirm.refused,
  };
}

/** A sign-in name as one says it: "anna.de-vries@voorbeeld.example" is "anna de vries". */
export function spokenName(userPrincipalName: string): string {
  const [name = ''] = userPrincipalName.split('@');
  return name.replaceAll(/[._+-]+/g, ' ').trim();
}
