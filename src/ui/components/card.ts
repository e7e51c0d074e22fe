/** Owns what holds other things together: sections on a page, and what opens when asked. */
import { html, type SafeHtml } from '../../lib/html.ts';
import { attributes } from '../attributes.ts';

/** A part of a portal page with its own heading. */
export function card(options: {
  readonly heading?: string | undefined;
  readonly intro?: string | SafeHtml | undefined;
  /** Beside the heading: "Add method". */
  readonly action?: SafeHtml | undefined;
  readonly body: SafeHtml | readonly SafeHtml[];
  readonly id?: string | undefined;
}): SafeHtml {
  const head =
    options.heading === undefined && options.action === undefined
      ? undefined
      : html`<div class="section-head">${
          options.heading === undefined ? undefined : html`<h2>${options.heading}</h2>`
        }${options.action}</div>`;
  const intro =
    options.intro === undefined ? undefined : html`<p class="intro">${options.intro}</p>`;
  return html`<section${attributes({ class: 'section', id: options.id })}>${head}${intro}${options.body}</section>`;
}

/** More for those who ask: "Can't scan the QR code?". Works without script. */
export function details(options: {
  readonly summary: string;
  readonly body: SafeHtml | readonly SafeHtml[];
  readonly open?: boolean | undefined;
  readonly id?: string | undefined;
}): SafeHtml {
  return html`<details${attributes({ class: 'details', id: options.id, open: options.open })}><summary>${
    options.summary
  }</summary><div class="details-body">${options.body}</div></details>`;
}

/** Several of them side by side; one that is opened takes the whole width. */
export function detailsRow(...all: readonly SafeHtml[]): SafeHtml {
  return html`<div class="details-row">${all}</div>`;
}

/** Running text: paragraphs, lists, links, with their own space. */
export function prose(body: SafeHtml | readonly SafeHtml[]): SafeHtml {
  return html`<div class="prose">${body}</div>`;
}
