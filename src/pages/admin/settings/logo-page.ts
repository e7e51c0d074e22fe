/** Owns how the pages of the logo look. */
import { html, type SafeHtml } from '../../../lib/html.ts';
import type { Policy } from '../../../policies/policy.ts';
import { actions, button, linkButton } from '../../../ui/components/button.ts';
import { card } from '../../../ui/components/card.ts';
import { field } from '../../../ui/components/field.ts';
import { form } from '../../../ui/components/form.ts';
import { errorSummary, notice } from '../../../ui/components/notice.ts';
import { adminPage, shownOnce, type Admin } from '../portal.ts';
import { groupPath, keepLogoPath, logoPath } from './path.ts';
import { signInPreview } from './preview.ts';
import { wordsIn } from './words.ts';

export interface LogoFormView extends Admin {
  /** As policy keeps it. */
  readonly logo: string | undefined;
  readonly refused?: 'missing' | 'large' | 'other' | undefined;
  /** It was changed just now; `before` is what it was. */
  readonly done?: { readonly before: string | undefined } | undefined;
}

/** The logo there is, and a field for another. */
export function logoFormPage(view: LogoFormView): SafeHtml {
  const { frame, csrf, logo, refused, done } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const { logo: own } = words;
  const error = refused === undefined ? undefined : own.refused[refused];
  return adminPage(done === undefined ? view : shownOnce(view), 'settings', {
    title: own.title,
    intro: own.intro,
    back: { href: groupPath('organisation'), label: words.groups.organisation.title },
    error: error !== undefined,
    body: html`${errorSummary({
      locale,
      errors: error === undefined ? [] : [{ field: 'logo', message: error }],
    })}${
      done === undefined
        ? undefined
        : html`${notice({ locale, kind: 'success', body: words.saved, announce: true })}${form({
            action: keepLogoPath,
            csrf,
            hidden: { logo: done.before ?? '' },
            body: actions(button({ label: words.changed.undo, about: words.changed.undoAbout })),
          })}`
    }${card({
      heading: own.now,
      body:
        logo === undefined
          ? html`<p>${own.none}</p>`
          : html`<p class="logo-now"><img src="${logo}" alt="${own.now}" height="28"></p>${form({
              action: keepLogoPath,
              csrf,
              hidden: { logo: '' },
              body: actions(button({ label: own.remove, kind: 'danger' })),
            })}`,
    })}${card({
      heading: own.choose,
      body: form({
        action: logoPath,
        csrf,
        files: true,
        body: html`${field({
          locale,
          name: 'logo',
          type: 'file',
          label: own.file,
          hint: own.hint,
          error,
        })}${actions(button({ label: words.preview.show, kind: 'primary' }))}`,
      }),
    })}`,
  });
}

/** How a picture that was chosen would look; it is kept from here. */
export function logoPreviewPage(
  view: Admin & { readonly organisation: Policy['organisation'] },
): SafeHtml {
  const { frame, csrf, organisation } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const preview = signInPreview(organisation, locale);
  const shown = shownOnce(view);
  return adminPage(
    { ...shown, frame: { ...shown.frame, bundles: [...(frame.bundles ?? []), preview.bundle] } },
    'settings',
    {
      title: words.logo.previewTitle,
      intro: words.dangers.intro,
      back: { href: logoPath, label: words.logo.title },
      body: html`${preview.html}${form({
        action: keepLogoPath,
        csrf,
        hidden: { logo: organisation.logo },
        body: actions(
          button({ label: words.logo.keep, kind: 'primary' }),
          linkButton({ label: words.cancel, href: logoPath }),
        ),
      })}`,
    },
  );
}
