/**
 * Owns how a mail looks: one column, as wide as a phone or a little wider. Most mail programs read
 * nothing but attributes, and some of them not even all of those; what is said in `dark` is for those
 * that read more, and would else show a bright sheet at night.
 */
import type { Locale } from '../i18n/locale.ts';
import { html, unsafeHtml, type SafeHtml } from '../lib/html.ts';

const style = {
  page: 'margin:0;padding:24px 12px;background:#f3f4f6;color:#1b1d21;font:16px/1.5 "Segoe UI",system-ui,Roboto,Arial,sans-serif',
  sheet: 'max-width:560px;margin:0 auto;padding:28px 24px;background:#ffffff;border-radius:8px',
  brand: 'margin:0 0 16px;font-size:14px;font-weight:600;color:#454a52',
  heading:
    'margin:0 0 16px;font-size:20px;line-height:1.3;font-weight:600;hyphens:auto;word-break:break-word',
  subheading: 'margin:0 0 4px;font-size:16px;font-weight:600',
  paragraph: 'margin:0 0 16px',
  link: 'color:#0b4884;font-weight:600;word-break:break-all',
  table: 'width:100%;margin:0 0 24px;border-collapse:collapse;border-top:1px solid #dfe2e7',
  name: 'padding:8px 16px 8px 0;border-bottom:1px solid #dfe2e7;font-weight:400;color:#454a52;vertical-align:top',
  value: 'padding:8px 0;border-bottom:1px solid #dfe2e7;vertical-align:top;word-break:break-word',
  code: 'margin:0 0 16px;font-size:32px;line-height:1.2;font-weight:600;letter-spacing:4px;font-family:Consolas,Menlo,monospace',
} as const;

/** Attributes win over rules, so each rule is important. */
const dark = unsafeHtml(
  `<style>@media (prefers-color-scheme:dark){${[
    ['.page', 'background:#111318;color:#e6e8ec'],
    ['.sheet', 'background:#1c1f26'],
    ['.quiet', 'color:#b9bec8'],
    ['.line', 'border-color:#3a3f49'],
    ['.link', 'color:#9cc9ff'],
  ]
    .map(([where, what = '']) => `${where}{${what.replaceAll(/(?=;)|$/g, '!important')}}`)
    .join('')}}</style>`,
);

/** A whole mail. `title` is its subject too: it stands above the body. */
export function mailPage(options: {
  readonly locale: Locale;
  readonly organisation: string;
  readonly title: string;
  readonly body: SafeHtml;
}): SafeHtml {
  const { locale, organisation, title, body } = options;
  return html`<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${title}</title>${dark}</head><body class="page" style="${style.page}">
<div class="sheet" style="${style.sheet}">
<p class="quiet" style="${style.brand}">${organisation}</p>
<h1 style="${style.heading}">${title}</h1>
${body}
</div></body></html>`;
}

/** A paragraph of a mail. */
export function mailParagraph(text: string): SafeHtml {
  return html`<p style="${style.paragraph}">${text}</p>`;
}

/** A heading within a mail. */
export function mailHeading(text: string): SafeHtml {
  return html`<h2 style="${style.subheading}">${text}</h2>`;
}

/** Names and values, one pair a row. */
export function mailFacts(facts: readonly (readonly [string, string])[]): SafeHtml {
  return html`<table class="line" style="${style.table}">${facts.map(
    ([name, value]) =>
      html`<tr><th align="left" class="quiet line" style="${style.name}">${name}</th><td class="line" style="${style.value}">${value}</td></tr>`,
  )}</table>`;
}

/** Where one goes from here, in full: whoever reads the mail as text, or mistrusts it, types it. */
export function mailLink(href: string): SafeHtml {
  return html`<p style="${style.paragraph}"><a href="${href}" class="link" style="${style.link}">${href}</a></p>`;
}

/** A code to read here and type elsewhere, in large digits. */
export function mailCode(code: string): SafeHtml {
  return html`<p style="${style.code}" translate="no">${code}</p>`;
}
