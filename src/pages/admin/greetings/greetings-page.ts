/** Owns how the greetings look to those in charge: all of them, and one that is changed. */
import { mayAct } from '../../../accounts/administering.ts';
import type { GreetingFault } from '../../../administration/greetings.ts';
import { greetingMoments, type Greeting } from '../../../delivery/greeting-store.ts';
import { locales } from '../../../i18n/locale.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { builtInWords } from '../../../methods/phone-call/script.ts';
import { actions, button, link, linkButton } from '../../../ui/components/button.ts';
import { card } from '../../../ui/components/card.ts';
import { field, textArea } from '../../../ui/components/field.ts';
import { form } from '../../../ui/components/form.ts';
import { badge, facts } from '../../../ui/components/list.ts';
import { errorSummary, notice } from '../../../ui/components/notice.ts';
import { table } from '../../../ui/components/table.ts';
import { settingsPath } from '../path.ts';
import { adminPage, type Admin } from '../portal.ts';
import { greetingPath, greetingsPath } from './path.ts';
import { wordsIn } from './words.ts';

type Place = Pick<Greeting, 'language' | 'moment'>;

interface Known extends Admin {
  readonly organisation: string;
  /** The digit that says, during a call, that its owner did not ask for it. */
  readonly reportKey: string;
  readonly own: readonly Greeting[];
  /** Where a sound is fetched. */
  readonly soundAt: (soundId: string) => string;
}

/** All of them, by language, in the order of a call. */
export function greetingsPage(
  view: Known & { readonly callerIds: readonly string[]; readonly isDone: boolean },
): SafeHtml {
  const { frame, current, callerIds } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const mayChange = mayAct(current.user.role, 'change-policy');
  const head = (label: string): { label: string } => ({ label });
  return adminPage(view, 'settings', {
    title: words.title,
    intro: words.intro,
    back: { href: settingsPath, label: words.back },
    body: html`${
      view.isDone
        ? notice({ locale, kind: 'success', body: words.done, announce: true })
        : undefined
    }${card({
      body: facts([
        {
          term: words.callerId,
          value:
            callerIds.length === 0
              ? words.noCallerId
              : html`${callerIds.join(', ')} <span class="hint">${words.callerIdHint}</span>`,
        },
      ]),
    })}${locales.map((language) =>
      card({
        heading: words.languages[language],
        body: table({
          locale,
          caption: words.languages[language],
          captionHidden: true,
          columns: [
            head(words.columns.moment),
            head(words.columns.says),
            ...(mayChange ? [{ label: words.columns.change, labelHidden: true }] : []),
          ],
          rows: greetingMoments.map((moment) => [
            words.moments[moment],
            saying(view, { language, moment }),
            mayChange
              ? linkButton({
                  label: words.change,
                  about: words.one(words.moments[moment], words.languages[language]),
                  href: greetingPath(language, moment),
                  compact: true,
                })
              : undefined,
          ]),
        }),
      }),
    )}`,
  });
}

/** One of them: what it says, and what it is to say. */
export function greetingPage(
  view: Known & {
    readonly place: Place;
    readonly typed?: string | undefined;
    readonly fault?: { readonly field: 'words' | 'sound'; readonly is: GreetingFault | 'missing' };
  },
): SafeHtml {
  const { frame, csrf, place, fault } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const found = ownOf(view, place);
  const message = fault === undefined ? undefined : words.faults[fault.is];
  const errorAt = (name: 'words' | 'sound'): string | undefined =>
    fault?.field === name ? message : undefined;
  const kept = found !== undefined && 'words' in found.says ? found.says.words : undefined;
  const action = greetingPath(place.language, place.moment);
  return adminPage(view, 'settings', {
    title: words.one(words.moments[place.moment], words.languages[place.language]),
    back: { href: greetingsPath, label: words.title },
    error: fault !== undefined,
    body: html`${errorSummary({
      locale,
      errors: fault === undefined || message === undefined ? [] : [{ field: fault.field, message }],
    })}${card({
      heading: words.now,
      body: html`${saying(view, place)}${
        found === undefined
          ? undefined
          : form({
              action,
              csrf,
              hidden: { what: 'built-in' },
              body: actions(button({ label: words.reset })),
            })
      }`,
    })}${card({
      heading: words.ownWords,
      body: form({
        action,
        csrf,
        hidden: { what: 'words' },
        body: html`${textArea({
          locale,
          name: 'words',
          label: words.words,
          hint: words.wordsHint,
          value: view.typed ?? kept,
          maxlength: 400,
          error: errorAt('words'),
        })}${actions(button({ label: words.keepWords, kind: 'primary' }))}`,
      }),
    })}${card({
      heading: words.ownSound,
      body: form({
        action,
        csrf,
        files: true,
        hidden: { what: 'sound' },
        body: html`${field({
          locale,
          name: 'sound',
          type: 'file',
          label: words.file,
          hint: words.fileHint,
          error: errorAt('sound'),
        })}${actions(button({ label: words.keepSound }))}`,
      }),
    })}`,
  });
}

function ownOf({ own }: Known, place: Place): Greeting | undefined {
  return own.find(({ language, moment }) => language === place.language && moment === place.moment);
}

function saying(view: Known, place: Place): SafeHtml {
  const words = wordsIn(view.frame.locale);
  const found = ownOf(view, place);
  if (found === undefined) {
    return html`<div>${badge(words.builtIn)}<p lang="${place.language}">${builtIn(view, place)}</p></div>`;
  }
  const { says } = found;
  return 'words' in says
    ? html`<div>${badge(words.ownWords, 'brand')}<p lang="${place.language}">${says.words}</p></div>`
    : html`<div>${badge(words.ownSound, 'brand')} ${link({
        label: words.listen,
        href: view.soundAt(says.soundId),
      })}</div>`;
}

/** What we say by ourselves, to somebody. */
function builtIn({ organisation, reportKey }: Known, { language, moment }: Place): string {
  return builtInWords(language, moment, { organisation, person: 'anna de vries', reportKey });
}
