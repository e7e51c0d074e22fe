/** Owns the page on which a file of people is sent, or its lines pasted. */
import type { UserFileKind } from '../../../administration/jobs/user-file.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { actions, button, link, linkButton } from '../../../ui/components/button.ts';
import { card, prose } from '../../../ui/components/card.ts';
import { field, textArea } from '../../../ui/components/field.ts';
import { form } from '../../../ui/components/form.ts';
import { errorSummary } from '../../../ui/components/notice.ts';
import { usersPath } from '../path.ts';
import { adminPage, type Admin } from '../portal.ts';
import { wordsIn } from './words.ts';

export interface FileView extends Admin {
  readonly kind: UserFileKind;
  /** The lines as they were pasted. */
  readonly typed: string;
  /** What is wrong with the whole of it. */
  readonly error: string | undefined;
}

/** The address of the page. */
export function filePath(kind: UserFileKind): string {
  return `${usersPath}/${kind}`;
}

/** What must stand in the file, and where it goes. */
export function filePage(view: FileView): SafeHtml {
  const { frame, csrf, kind, typed, error } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const { title, intro, fileHint, columns, list, passwords } = words[kind];
  return adminPage(view, 'users', {
    title,
    intro,
    back: { href: usersPath, label: words.back },
    error: error !== undefined,
    body: html`${errorSummary({
      locale,
      errors: error === undefined ? [] : [{ field: 'file', message: error }],
    })}${card({
      body: html`${prose(html`<p>${columns}</p><p>${list}</p><p>${passwords}</p>`)}<p>${link({
        label: words.example,
        href: `${filePath(kind)}/example.csv`,
        icon: 'download',
      })}</p>${form({
        action: filePath(kind),
        csrf,
        files: true,
        body: html`${field({
          locale,
          name: 'file',
          type: 'file',
          label: words.file,
          hint: fileHint,
          mayBeEmpty: true,
          error,
        })}${textArea({
          locale,
          name: 'lines',
          label: words.text,
          hint: words.textHint,
          mayBeEmpty: true,
          rows: 6,
          value: typed,
        })}${actions(
          button({ label: words.read, kind: 'primary' }),
          linkButton({ label: words.cancel, href: usersPath }),
        )}`,
      })}`,
    })}`,
  });
}
