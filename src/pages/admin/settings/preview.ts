/**
 * Owns what the first page of a sign-in would look like with what stands in a form: in light and on a
 * dark phone, before anything is saved. It is a picture of a page: nothing in it can be pressed.
 */
import { readFileSync } from 'node:fs';

import { html, type SafeHtml } from '../../../lib/html.ts';
import type { Locale } from '../../../i18n/locale.ts';
import type { Policy } from '../../../policies/policy.ts';
import { brandStyles } from '../../../ui/brand.ts';
import { button } from '../../../ui/components/button.ts';
import { card } from '../../../ui/components/card.ts';
import { field } from '../../../ui/components/field.ts';
import { brandOfPage } from '../../../ui/layout.ts';
import { wordsIn as signInWords } from '../../sign-in/words.ts';
import { previewStylesPath } from './path.ts';
import { wordsIn } from './words.ts';

export interface Preview {
  /** What the page with it must load. */
  readonly bundle: { readonly cssHref: string };
  readonly html: SafeHtml;
}

/** The preview of an organisation. */
export function signInPreview(organisation: Policy['organisation'], locale: Locale): Preview {
  const words = wordsIn(locale).preview;
  const colour = new URLSearchParams({ colour: organisation.brandColour }).toString();
  return {
    bundle: { cssHref: `${previewStylesPath}?${colour}` },
    html: card({
      heading: words.title,
      intro: words.intro,
      body: html`<div class="previews">${(['light', 'dark'] as const).map(
        (scheme) =>
          html`<figure class="preview ${scheme}" role="img" aria-label="${words.label[scheme]}"><div inert>${picture(
            organisation,
            locale,
            scheme,
          )}</div></figure>`,
      )}</div>`,
    }),
  };
}

/** The styles of a preview in this colour. Throws for what is no colour of the form `#rrggbb`. */
export function previewStyles(colour: string): string {
  return `${styles}${brandStyles(colour).replace(':root', '.preview')}`;
}

const styles = readFileSync(new URL('preview.css', import.meta.url), 'utf8');

function picture(
  { name, logo, domain, signInText }: Policy['organisation'],
  locale: Locale,
  scheme: 'light' | 'dark',
): SafeHtml {
  const words = signInWords(locale).name;
  const said = signInText[locale];
  return html`<div class="card"><div class="brand">${brandOfPage({ name, logoUrl: logo })}</div><p class="preview-title">${words.title}</p>${field(
    {
      locale,
      name: `preview-${scheme}`,
      label: words.label,
      hint: words.hint(domain),
    },
  )}<div class="actions">${button({ label: words.next, kind: 'primary', type: 'button' })}</div>${
    said === undefined ? undefined : html`<p>${said}</p>`
  }</div>`;
}
