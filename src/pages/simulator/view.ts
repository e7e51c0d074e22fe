/** Owns what every part of the simulator's page needs to draw itself. */
import type { Locale } from '../../i18n/locale.ts';
import type { Translation } from '../../i18n/translation.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { csrfFieldName, hiddenField } from '../../ui/components/form.ts';
import type { SamplePerson } from './sample-person.ts';
import type { en } from './strings.en.ts';

export interface View {
  readonly locale: Locale;
  readonly words: Translation<typeof en>;
  readonly csrf: string;
  /** The service's clock. */
  readonly now: Date;
  readonly people: readonly SamplePerson[];
  /** Whose things are shown; undefined: everyone's. */
  readonly person: SamplePerson | undefined;
}

/** The address of this page for somebody, a mail and a place on it. */
export function pagePath(
  view: Pick<View, 'person'>,
  options: { readonly mail?: string; readonly as?: 'text'; readonly anchor?: string } = {},
): string {
  const query = new URLSearchParams();
  if (view.person !== undefined) query.set('person', view.person.userPrincipalName);
  if (options.mail !== undefined) query.set('mail', options.mail);
  if (options.as !== undefined) query.set('as', options.as);
  const fields = query.size === 0 ? '' : `?${query.toString()}`;
  return `/simulator${fields}${options.anchor === undefined ? '' : `#${options.anchor}`}`;
}

/** What each form here carries: its token, and where the browser goes back to. */
export function hiddenFields(view: View, anchor: string): SafeHtml {
  const { csrf, person } = view;
  return html`${hiddenField(csrfFieldName, csrf)}${hiddenField('anchor', anchor)}${
    person === undefined ? undefined : hiddenField('person', person.userPrincipalName)
  }`;
}

/** "14:05", on the service's clock. */
export function timeOfDay(moment: Date, locale: Locale): string {
  return clocks[locale].format(moment);
}

/** "14:05" for eyes, the exact moment for everything else. */
export function timeElement(moment: Date, locale: Locale): SafeHtml {
  return html`<time datetime="${moment.toISOString()}">${timeOfDay(moment, locale)}</time>`;
}

const clocks: Readonly<Record<Locale, Intl.DateTimeFormat>> = {
  en: clockOf('en-GB'),
  nl: clockOf('nl-NL'),
};

function clockOf(language: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });
}
