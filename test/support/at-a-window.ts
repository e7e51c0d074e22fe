/** What people do at a window of Chromium, in their own language: the steps that many journeys share. */
import type { Chromium, Window, WindowOptions } from './chromium.ts';
import type { Person } from './people.ts';
import type { Tweestap } from './tweestap.ts';

/** A window of its own for this person, in their language, that may load from the service only. */
export function windowFor(
  person: Person,
  chromium: Chromium,
  tweestap: Tweestap,
  options: Partial<WindowOptions> = {},
): Promise<Window> {
  const { origin, server } = tweestap;
  const origins = [origin, server.sampleAppOrigin].filter((each) => each !== undefined);
  return chromium.window({ origins, language: person.words.locale, ...options });
}

/** Types name and password on the pages that ask for them. */
export async function typesNameAndPassword(window: Window, person: Person): Promise<void> {
  const { signIn } = person.words;
  await window.sees(signIn.name.title);
  await window.type(signIn.name.label, person.userPrincipalName);
  await window.press(signIn.name.next);
  await window.sees(signIn.password.title);
  await window.type(signIn.password.label, person.password);
  await window.press(signIn.password.signIn);
}

/** Opens an address, and types name and password there. */
export async function arrives(window: Window, person: Person, address: string): Promise<void> {
  await window.open(address);
  await typesNameAndPassword(window, person);
}

/** Types a code into the field that asks for one. */
export async function typesCode(window: Window, person: Person, code: string): Promise<void> {
  await window.type(person.words.text.challenge.code, code);
  await window.press(person.words.challenge.verify);
}

/** Chooses another of the ways in, by the first words of its tile. */
export async function chooses(window: Window, person: Person, tile: RegExp): Promise<void> {
  const { signIn } = person.words;
  await window.press(signIn.challenge.anotherWay);
  await window.sees(signIn.choose.title);
  await window.page.getByRole('button', { name: tile }).click();
}
