/** Owns how recovery codes look: the sheet that shows them once, in lists, where one is asked for. */
import { formatDate } from '../../i18n/format.ts';
import type { Locale } from '../../i18n/locale.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { checkbox } from '../../ui/components/choice.ts';
import { notice } from '../../ui/components/notice.ts';
import { codeList } from '../../ui/components/secret.ts';
import { sheet } from '../../ui/components/sheet.ts';
import type { MethodViews, ViewContext } from '../method.ts';
import { askTyped } from '../typed-secret.ts';
import { sharedWordsIn } from '../words.ts';
import { writeCode } from './code.ts';
import { codesMade, type CodesSecret } from './secret.ts';
import type { State } from './state.ts';
import { wordsIn } from './words.ts';

/** With so few left it is time for new ones. */
const few = 3;

/** "7 of 10 left"; of the last few it says to make new ones. Nothing while they are shown. */
export function leftOver(secret: CodesSecret, locale: Locale): string {
  if ('codes' in secret) return '';
  const { length } = Object.keys(secret.hashes);
  const { left, fewLeft, noneLeft } = wordsIn(locale);
  if (length === 0) return noneLeft;
  return length <= few ? fewLeft(length, codesMade) : left(length, codesMade);
}

export const views: MethodViews<CodesSecret, State> = {
  label: (_secret, locale) => wordsIn(locale).name,

  tile: (secret, locale) => ({ title: wordsIn(locale).tile, detail: leftOver(secret, locale) }),

  challenge: ({ secret, state, locale, error }) => {
    if ('codes' in secret) {
      const words = wordsIn(locale).keep;
      const message = state.unticked === true ? words.unticked : undefined;
      const box = { name: 'kept', value: 'yes', label: words.kept, required: true } as const;
      return {
        title: words.title,
        body: checkbox({ ...box, error: message === undefined ? undefined : { locale, message } }),
        submit: words.done,
        ...(message === undefined ? {} : { missing: { field: box.name, message } }),
      };
    }
    return askTyped({ locale, words: wordsIn(locale).challenge, error, longest: 64 });
  },

  rejection: (reason, locale) =>
    ({ ...sharedWordsIn(locale).rejections, ...wordsIn(locale).rejections })[reason],

  // The only place where the codes are shown.
  draft: (view) => ('codes' in view.secret ? shownOnce(view, view.secret.codes) : html``),
};

function shownOnce(
  { locale, organisation, userPrincipalName, now }: ViewContext<CodesSecret, State>,
  made: readonly string[],
): SafeHtml {
  const { keep: words, name } = wordsIn(locale);
  const codes = made.map(writeCode);
  const facts = [organisation, userPrincipalName, words.madeOn(formatDate(now, locale))];
  return html`<p>${words.what}</p>${notice({ locale, kind: 'warning', body: words.once })}${sheet({
    locale,
    above: html`<h2>${name}</h2>${facts.map((fact) => html`<p>${fact}</p>`)}`,
    body: codeList({ locale, label: words.label, codes }),
    below: html`<p>${words.each}</p>`,
    file: {
      name: words.file,
      text: `${[name, ...facts].join('\n')}\n\n${codes.join('\n')}\n\n${words.each}\n`,
    },
  })}`;
}
