/**
 * Owns the moment in which a device speaks for a person: the browser asks a security key or passkey,
 * and its answer fills a hidden field of the form around it. Without script it says that it needs it.
 */
import type { Locale } from '../../i18n/locale.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { attributes } from '../attributes.ts';
import { wordsIn } from '../words.ts';
import { actions, button, type ButtonKind } from './button.ts';

/** The name of the hidden field: the JSON of a `PublicKeyCredential`. */
export const credentialField = 'credential';

export interface CeremonyOptions {
  readonly locale: Locale;
  readonly ceremony: 'create' | 'get';
  /** `PublicKeyCredentialCreationOptionsJSON` or `…RequestOptionsJSON`. */
  readonly options: unknown;
  /** What the button says. */
  readonly label: string;
  /** `primary` unless told. */
  readonly kind?: ButtonKind | undefined;
  /** Begins by itself where the browser allows it. */
  readonly begins: boolean;
}

/** Stands inside a form; sends it when the device has answered. */
export function securityKeyCeremony(options: CeremonyOptions): SafeHtml {
  const { locale, ceremony, label, kind = 'primary' } = options;
  const words = wordsIn(locale).securityKey;
  return html`<security-key${attributes({
    ceremony,
    options: JSON.stringify(options.options),
    begins: options.begins,
    again: words.again,
    'not-allowed': words.notAllowed,
    'known-already': words.knownAlready,
    insecure: words.insecure,
    unsupported: words.unsupported,
    broken: words.broken,
  })}><input type="hidden" name="${credentialField}" value=""><p class="live" role="status"></p>${actions(
    html`<span class="ceremony" hidden>${button({ label, kind, type: 'button' })}</span>`,
  )}</security-key><noscript><p class="hint">${words.needsScript}</p></noscript>`;
}
