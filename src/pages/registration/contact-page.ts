/** Owns the pages that ask how to contact somebody: step 1, and the backup phone. */
import { html, type SafeHtml } from '../../lib/html.ts';
import type { Locale } from '../../i18n/locale.ts';
import { actions, button } from '../../ui/components/button.ts';
import { selectField, type SelectOption } from '../../ui/components/field.ts';
import { form } from '../../ui/components/form.ts';
import { notice } from '../../ui/components/notice.ts';
import { steps } from '../../ui/components/steps.ts';
import { cardPage } from '../../ui/layout.ts';
import { settingsOf } from '../../policies/policy.ts';
import { progressOf } from '../../signin/registering.ts';
import { registrationPath } from '../attempt.ts';
import { accountOf, type AttemptView } from '../attempt-view.ts';
import { helpLink } from '../sign-in/help-link.ts';
import { appField } from './app-field.ts';
import { errorsOf, phoneFields, summaryOf, type Filled } from './phone-fields.ts';
import { possibleFor, ways, type Possible } from './ways.ts';
import { wordsIn } from './words.ts';

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
  const firstWay = open[0] ?? 'mobile';
  const fields = phoneFields(view, possible, filled);
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
      body: html`${wayField(
        locale,
        possible,
        filled.typed?.way || firstWay,
        errorsOf(locale, filled).way,
      )}<div class="${fields.isOfficeTyped ? 'way mobile office' : 'way mobile'}">${wayName(
        words.contact.ways.mobile,
      )}${fields.number}</div><div class="way mobile">${fields.method}</div><div class="way office">${wayName(
        words.contact.ways.office,
      )}${fields.office}</div><div class="way app">${wayName(words.contact.ways.app)}${appField(
        locale,
        possible,
        filled,
      )}</div><div class="way key">${wayName(words.contact.ways.key)}${keyField(
        view,
        filled,
      )}</div><div class="way mobile office">${actions(
        button({ label: words.next, kind: 'primary' }),
      )}</div><div class="way app key">${actions(
        button({ label: words.contact.setUp, kind: 'primary' }),
      )}</div>`,
    })}`,
  });
}

/** Step 3 of an app or a key: a phone for the day that it is lost; may be skipped, with a warning. */
export function backupPage(view: AttemptView, filled: Filled = {}): SafeHtml {
  const { frame, csrf, progress, methods } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const path = registrationPath(progress.attempt.id);
  const { provedKind } = progressOf(progress.attempt);
  const lost = provedKind === 'security-key' ? words.backupOfKey : words.backup;
  const heading = words.step(3, lost.heading);
  const fields = phoneFields(view, possibleFor(progress, methods), filled);
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
    body: html`<p>${lost.intro}</p>${summaryOf(locale, filled)}${form({
      action: `${path}/backup`,
      csrf,
      body: html`${wayName(words.contact.ways.mobile)}${fields.number}${fields.method}${actions(
        button({ label: words.next, kind: 'primary' }),
      )}`,
    })}${notice({ locale, kind: 'warning', body: lost.warning })}${actions(skip)}`,
  });
}

/** What the method itself asks: a name. */
function keyField(
  { frame, methods, progress }: AttemptView,
  { typed, refused }: Filled,
): SafeHtml | undefined {
  const { locale } = frame;
  const method = methods.get('security-key');
  return method?.form?.({
    settings: settingsOf(progress.known.policy, method),
    locale,
    typed: { ...typed },
    refused,
  });
}

/** Ways that are not allowed stay in sight, greyed out, with each reason once below (rows S-002, S-071). */
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
  const reasons = [...Map.groupBy(ways, (way) => possible.ways[way])].flatMap(([standing, alike]) =>
    standing === 'allowed'
      ? []
      : [words.reasons[standing](alike.map((way) => words.contact.ways[way]))],
  );
  return html`${selectField({
    locale,
    name: 'way',
    label: words.contact.way,
    options,
    value,
    error,
  })}${reasons.map((reason) => html`<p class="hint">${reason}</p>`)}`;
}

/** The name of a group, for browsers that show all groups at once. */
function wayName(name: string): SafeHtml {
  return html`<p class="way-name">${name}</p>`;
}
