/** Owns how a browser is called in pages and mails: "Firefox, Windows", as far as it says. */
import type { Locale } from '../i18n/locale.ts';
import { readUserAgent } from '../lib/user-agent.ts';
import { en } from './strings.en.ts';
import { nl } from './strings.nl.ts';

/** The browser and the system of a `User-Agent` header, for its owner to recognise. */
export function deviceName(userAgent: string, locale: Locale): string {
  const { browser, system } = readUserAgent(userAgent);
  const words = (locale === 'nl' ? nl : en).device;
  if (browser === undefined && system === undefined) return words.unknown;
  if (system === undefined) return browser ?? words.unknown;
  return browser === undefined ? words.someBrowser(system) : words.both(browser, system);
}
