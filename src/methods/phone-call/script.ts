/** Owns what a call says. Written for the ear: short, who asks first, what to press last and twice. */
import type { GreetingMoment } from '../../delivery/greeting-store.ts';
import type { CallMessage } from '../../delivery/message.ts';
import type { Locale } from '../../i18n/locale.ts';
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
  const says = (moment: GreetingMoment): string =>
    builtInWords(ask.locale, moment, {
      organisation: ask.organisation,
      person: spokenName(ask.userPrincipalName),
      reportKey: ask.settings.reportKey,
    });
  return {
    kind: 'call',
    to: number,
    ...(phoneType === 'office' && extension !== undefined ? { extension } : {}),
    ...(withDigits ? { keysBeforeHash: matchDigits } : {}),
    language: ask.locale,
    greeting: says('greeting'),
    instruction: says(withDigits ? 'press-digits' : 'press-hash'),
    thanks: says('thanks'),
    refused: says(withDigits ? 'wrong-digits' : 'wrong-key'),
  };
}

/**
 * What a call says at a moment by itself, where the organisation says nothing of its own. `reportKey`: the
 * digit that says that its owner did not ask for the call.
 */
export function builtInWords(
  language: Locale,
  moment: GreetingMoment,
  {
    organisation,
    person,
    reportKey,
  }: { readonly organisation: string; readonly person: string; readonly reportKey: string },
): string {
  const { call } = wordsIn(language);
  const press = ({ instruction, again }: { instruction: string; again: string }): string =>
    `${call.notYou(call.keys[reportKey] ?? reportKey)} ${instruction} ${again}`;
  switch (moment) {
    case 'greeting':
      return call.greeting(organisation, person);
    case 'press-hash':
      return press(call.hash);
    case 'press-digits':
      return press(call.digits);
    case 'wrong-key':
      return call.hash.refused;
    case 'wrong-digits':
      return call.digits.refused;
    case 'thanks':
      return call.thanks;
  }
}

/** A sign-in name as one says it: "anna.de-vries@voorbeeld.example" is "anna de vries". */
export function spokenName(userPrincipalName: string): string {
  const [name = ''] = userPrincipalName.split('@');
  return name.replaceAll(/[._+-]+/g, ' ').trim();
}
