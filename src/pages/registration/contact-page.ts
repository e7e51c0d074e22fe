/** Owns the pages that ask how to contact somebody: step 1, and the backup phone. */
import { formatInternational } from '../../lib/phone-number.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { listCountries } from '../../i18n/format.ts';
import type { Locale } from '../../i18n/locale.ts';
import type { Translation } from '../../i18n/translation.ts';
import { deliveryCountries, type Policy } from '../../policies/policy.ts';
import { actions, button } from '../../ui/components/button.ts';
import { radioTiles } from '../../ui/components/choice.ts';
import { field, selectField, type SelectOption } from '../../ui/components/field.ts';
import { form } from '../../ui/components/form.ts';
import { errorSummary, notice } from '../../ui/components/notice.ts';
import { steps } from '../../ui/components/steps.ts';
import { cardPage } from '../../ui/layout.ts';
import { registrationPath } from '../attempt.ts';
import { accountOf, type AttemptView } from '../attempt-view.ts';
import { helpLink } from '../sign-in/help-link.ts';
import type { en } from './strings.en.ts';
import { possibleFor, ways, type Possible, type Typed, type Way } from './ways.ts';
import { wordsIn } from './words.ts';

/** What was typed so far, and the field that was refused. */
export interface Filled {
  readonly typed?: Typed | undefined;
  readonly refused?: { readonly field: string; readonly message: string } | undefined;
}

/** Step 1: how should we contact you? */
export function contactPage(view: AttemptView, filled: Filled = {}): SafeHtml {
  const { frame, csrf, progress, methods } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const possible = possibleFor(progress, methods);
  const open = ways.filter((way) => possible.ways[way] === 'allowed');
  const heading = words.step(1, words.contact.heading);
  const page = {
    ...frame,
    title: `${heading} – ${words.page}`,
    heading,
    account: accountOf(view),
  };
  if (open.length === 0) {
    // There is no step to take, so none is announced.
    const { title, body } = words.contact.none;
    return cardPage({
      ...page,
      title,
      heading: title,
      body: html`<p>${body}</p>${actions(helpLink('admin', locale))}`,
    });
  }
  const fields = fieldsOf(view, possible, filled, open[0] ?? 'mobile');
  return cardPage({
    ...page,
    above: html`<p class="hint">${words.page}</p><div class="three-steps">${steps({
      locale,
      current: 1,
      total: 3,
    })}</div><div class="four-steps">${steps({ locale, current: 1, total: 4 })}</div>`,
    error: filled.refused !== undefined,
    body: html`${summaryOf(locale, filled)}${form({
      action: `${registrationPath(progress.attempt.id)}/contact`,
      csrf,
      body: html`${fields.way}<div class="${fields.isOfficeTyped ? 'way mobile office' : 'way mobile'}">${
        fields.number
      }</div><div class="way mobile">${fields.method}</div><div class="way office">${
        fields.office
      }</div><div class="way app">${fields.app}</div><div class="way mobile office">${actions(
        button({ label: words.next, kind: 'primary' }),
      )}</div><div class="way app">${actions(
        button({ label: words.contact.setUp, kind: 'primary' }),
      )}</div>`,
    })}`,
  });
}

/** Step 3 of an app: a phone for the day that the app is lost; may be skipped, with a warning. */
export function backupPage(view: AttemptView, filled: Filled = {}): SafeHtml {
  const { frame, csrf, progress, methods } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const path = registrationPath(progress.attempt.id);
  const heading = words.step(3, words.backup.heading);
  const fields = fieldsOf(view, possibleFor(progress, methods), filled, 'mobile');
  const skip = form({
    action: `${path}/skip-backup`,
    csrf,
    inline: true,
    body: button({ label: words.backup.skip, kind: 'link' }),
  });
  return cardPage({
    ...frame,
    title: `${heading} – ${words.page}`,
    heading,
    account: accountOf(view),
    above: html`<p class="hint">${words.page}</p>${steps({ locale, current: 3, total: 4 })}`,
    error: filled.refused !== undefined,
    body: html`<p>${words.backup.intro}</p>${summaryOf(locale, filled)}${form({
      action: `${path}/backup`,
      csrf,
      body: html`${fields.number}${fields.method}${actions(
        button({ label: words.next, kind: 'primary' }),
      )}`,
    })}${notice({ locale, kind: 'warning', body: words.backup.warning })}${actions(skip)}`,
  });
}

interface Fields {
  readonly way: SafeHtml;
  readonly number: SafeHtml;
  readonly method: SafeHtml;
  readonly office: SafeHtml;
  readonly app: SafeHtml;
  /** Whether the office phone is typed here, so that it needs country and number as well. */
  readonly isOfficeTyped: boolean;
}

function fieldsOf(
  { frame, progress }: AttemptView,
  possible: Possible,
  filled: Filled,
  firstWay: Way,
): Fields {
  const { locale } = frame;
  const words = wordsIn(locale).contact;
  const { typed } = filled;
  const { officePhone } = possible;
  const errorOf = (name: string): string | undefined =>
    errorAt(locale, filled)?.field === name ? errorAt(locale, filled)?.message : undefined;
  return {
    way: wayField(locale, possible, typed?.way || firstWay, errorOf('way')),
    number: html`${wayName(words.ways.mobile)}${countryField(
      locale,
      progress.known.policy,
      typed?.country ?? '',
      errorOf('country'),
    )}${field({
      locale,
      name: 'number',
      label: words.number,
      hint: words.numberHint,
      error: errorOf('number'),
      type: 'tel',
      inputmode: 'tel',
      autocomplete: 'tel',
      maxlength: 60,
      value: typed?.number,
    })}`,
    method: methodField(locale, possible, typed?.by, errorOf('by')),
    office: html`${wayName(words.ways.office)}${
      officePhone === undefined
        ? field({
            locale,
            name: 'extension',
            label: words.extension,
            hint: words.extensionHint,
            error: errorOf('extension'),
            optional: true,
            inputmode: 'numeric',
            autocomplete: 'off',
            maxlength: 20,
            width: 'short',
            value: typed?.extension,
          })
        : field({
            locale,
            name: 'officeNumber',
            label: words.officeNumber,
            hint: words.officeWrong,
            readonly: true,
            autocomplete: 'off',
            value: formatInternational(officePhone.number, officePhone.extension),
          })
    }`,
    app: html`${wayName(words.ways.app)}${radioTiles({
      locale,
      name: 'appUse',
      legend: words.app,
      options: [
        {
          value: 'code',
          label: words.code,
          detail: words.codeDetail,
          icon: 'authenticator-code',
        },
      ],
      value: 'code',
    })}`,
    isOfficeTyped: officePhone === undefined,
  };
}

/** Ways that are not allowed stay in sight, greyed out, with the reason below (rows S-002, S-071). */
function wayField(
  locale: Locale,
  possible: Possible,
  value: string,
  error: string | undefined,
): SafeHtml {
  const words = wordsIn(locale);
  const options = ways.map((way): SelectOption => {
    const label = words.contact.ways[way];
    return possible.ways[way] === 'allowed'
      ? { value: way, label }
      : { value: way, label, disabledReason: words.contact.unavailable };
  });
  const reasons = ways.flatMap((way) => reasonFor(words, way, possible));
  return html`${selectField({
    locale,
    name: 'way',
    label: words.contact.way,
    options,
    value,
    error,
  })}${reasons.map((reason) => html`<p class="hint">${reason}</p>`)}`;
}

function reasonFor(words: Translation<typeof en>, way: Way, possible: Possible): readonly string[] {
  const standing = possible.ways[way];
  return standing === 'allowed' ? [] : [words.reasons[standing](words.contact.ways[way])];
}

/** The own country first, then those that texts and calls may go to, then the rest, greyed out. */
function countryField(
  locale: Locale,
  policy: Policy,
  value: string,
  error: string | undefined,
): SafeHtml {
  const words = wordsIn(locale).contact;
  const allowed = new Set(deliveryCountries(policy));
  const own = policy.organisation.country;
  const rank = (code: string): number => (code === own ? 0 : allowed.has(code) ? 1 : 2);
  const countries = listCountries(locale).toSorted(
    (one, other) => rank(one.code) - rank(other.code),
  );
  const options = countries.map(({ code, name, callingCode }): SelectOption => {
    const label = `${name} (${callingCode})`;
    return allowed.has(code)
      ? { value: code, label }
      : { value: code, label, disabledReason: words.unavailable };
  });
  return selectField({
    locale,
    name: 'country',
    label: words.country,
    options,
    value: value || own,
    error,
    hint: allowed.size < countries.length ? words.countriesAsk : undefined,
    autocomplete: 'country',
  });
}

function methodField(
  locale: Locale,
  { by }: Possible,
  value: string | undefined,
  error: string | undefined,
): SafeHtml {
  const words = wordsIn(locale);
  const tile = (way: 'text' | 'call', icon: 'text-message' | 'phone-call') => {
    const standing = by[way];
    return {
      value: way,
      label: words.contact.methods[way],
      icon,
      disabledReason: standing === 'allowed' ? undefined : words.methodReasons[standing],
    };
  };
  return radioTiles({
    locale,
    name: 'by',
    legend: words.contact.method,
    options: [tile('text', 'text-message'), tile('call', 'phone-call')],
    value: value || (by.text === 'allowed' ? 'text' : 'call'),
    error,
  });
}

/** The name of a group, for browsers that show all groups at once. */
function wayName(name: string): SafeHtml {
  return html`<p class="way-name">${name}</p>`;
}

function summaryOf(locale: Locale, filled: Filled): SafeHtml {
  const error = errorAt(locale, filled);
  return errorSummary({ locale, errors: error === undefined ? [] : [error] });
}

/** The refused field as it is called here; a message where the method had none. */
function errorAt(
  locale: Locale,
  { refused }: Filled,
): { readonly field: string; readonly message: string } | undefined {
  if (refused === undefined) return undefined;
  const known = ['number', 'country', 'extension', 'by'];
  return {
    field: known.includes(refused.field) ? refused.field : 'way',
    message: refused.message === '' ? wordsIn(locale).contact.unreadable : refused.message,
  };
}
