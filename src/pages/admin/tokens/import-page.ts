/** Owns how a file of tokens is sent, and what came of each of its lines. */
import type {
  ImportedToken,
  TokenImport,
} from '../../../administration/hardware-tokens/token-import.ts';
import { csvLine } from '../../../lib/csv.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { actions, button, linkButton } from '../../../ui/components/button.ts';
import { card } from '../../../ui/components/card.ts';
import { field, passwordField } from '../../../ui/components/field.ts';
import { form } from '../../../ui/components/form.ts';
import { errorSummary, notice } from '../../../ui/components/notice.ts';
import { table } from '../../../ui/components/table.ts';
import { adminPage, type Admin } from '../portal.ts';
import { importTokensPath, tokensPath } from './path.ts';
import { wordsIn } from './words.ts';

export interface ImportView extends Admin {
  /** What came of the file that was sent; undefined before one was. */
  readonly result?: {
    readonly done: TokenImport;
    readonly isTrial: boolean;
    readonly fileName: string;
  };
  /** Nothing was sent with the form. */
  readonly isMissing?: boolean;
}

/** Faulty lines that the page itself shows; all of them are in the file to download. */
const mostShown = 200;

/** The form, under what came of the last file. */
export function importPage(view: ImportView): SafeHtml {
  const { frame, csrf, result } = view;
  const { locale } = frame;
  const all = wordsIn(locale);
  const words = all.import;
  const error = errorOf(view);
  return adminPage(view, 'tokens', {
    title: words.title,
    intro: words.intro,
    back: { href: tokensPath, label: all.back },
    error: error !== undefined,
    body: html`${
      error === undefined
        ? undefined
        : errorSummary({ locale, errors: [{ field: error.field, message: error.message }] })
    }${result === undefined ? undefined : cameOf(view, result)}${card({
      body: form({
        action: importTokensPath,
        csrf,
        files: true,
        body: html`${field({
          locale,
          name: 'file',
          type: 'file',
          label: words.file,
          hint: html`${words.fileHint}<br><code>${words.columns}</code><br>${words.upn}`,
          error: error?.field === 'file' ? error.message : undefined,
        })}${passwordField({
          locale,
          name: 'password',
          label: words.password,
          hint: words.passwordHint,
          optional: true,
          autocomplete: 'off',
          error: error?.field === 'password' ? error.message : undefined,
        })}${actions(
          button({ label: words.do, kind: 'primary', name: 'what', value: 'import' }),
          button({ label: words.check, name: 'what', value: 'check' }),
          linkButton({ label: all.cancel, href: tokensPath }),
        )}`,
      }),
    })}`,
  });
}

function errorOf({
  frame,
  result,
  isMissing,
}: ImportView): { readonly field: 'file' | 'password'; readonly message: string } | undefined {
  const { import: words, fileFaults } = wordsIn(frame.locale);
  if (isMissing === true) return { field: 'file', message: words.missing };
  if (result?.done.fault === undefined) return undefined;
  const { fault, column = '' } = result.done;
  const message =
    fault === 'column-missing' ? fileFaults['column-missing'](column) : fileFaults[fault];
  return { field: fault.startsWith('password') ? 'password' : 'file', message };
}

function cameOf(
  { frame }: ImportView,
  { done, isTrial, fileName }: NonNullable<ImportView['result']>,
): SafeHtml | undefined {
  if (done.fault !== undefined) return undefined;
  const { locale } = frame;
  const { import: words, lineFaults, columns } = wordsIn(locale);
  const faulty = done.lines.filter(({ fault }) => fault !== undefined);
  const [good, all] = [done.lines.length - faulty.length, done.lines.length];
  const told = isTrial ? words.checked(good, all) : words.done(good, all);
  const problemOf = ({ fault }: ImportedToken): string =>
    fault === undefined ? '' : lineFaults[fault];
  return html`${notice({
    locale,
    kind: faulty.length === 0 ? 'success' : 'warning',
    title: told,
    body: isTrial ? words.again : undefined,
    announce: true,
  })}${
    faulty.length === 0
      ? undefined
      : card({
          heading: words.faults,
          body: html`${table({
            locale,
            caption: words.faults,
            captionHidden: true,
            columns: [
              { label: words.line, align: 'end' },
              { label: columns.serialNumber },
              { label: words.problem },
            ],
            rows: faulty
              .slice(0, mostShown)
              .map((each) => [each.line, each.serialNumber, problemOf(each)]),
          })}${
            faulty.length > mostShown
              ? html`<p>${words.more(faulty.length - mostShown)}</p>`
              : undefined
          }${actions(
            html`<a href="${tableOf(faulty, problemOf)}" download="Failures_${fileName}">${words.download}</a>`,
          )}`,
        })
  }`;
}

/** The lines that were left out, as a table in the link itself: it holds no key, and is kept nowhere. */
function tableOf(
  faulty: readonly ImportedToken[],
  problemOf: (line: ImportedToken) => string,
): string {
  const rows = faulty.map((each) => [
    each.line,
    each.owner,
    each.serialNumber,
    each.fault,
    problemOf(each),
  ]);
  const text = [['line', 'upn', 'serial number', 'fault', 'reason'], ...rows].map((row) =>
    csvLine(row),
  );
  return `data:text/csv;charset=utf-8,${encodeURIComponent(text.join(''))}`;
}
