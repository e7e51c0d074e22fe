/** Owns what a page has to tell: notices, and the summary of what is wrong in a form. */
import type { Locale } from '../../i18n/locale.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { attributes } from '../attributes.ts';
import { icon } from '../icons.ts';
import { wordsIn } from '../words.ts';

export type NoticeKind = 'info' | 'success' | 'warning' | 'error';

export interface NoticeOptions {
  readonly locale: Locale;
  readonly kind: NoticeKind;
  /** Undefined: the body says it all. */
  readonly title?: string | undefined;
  readonly body?: string | SafeHtml | undefined;
  /** Said at once by screen readers: for the outcome of what was just done. */
  readonly announce?: boolean | undefined;
}

/** Something to know on this page. Its kind is told by colour, icon and a hidden word. */
export function notice(options: NoticeOptions): SafeHtml {
  const { kind, title, body } = options;
  const role = options.announce === true ? (kind === 'error' ? 'alert' : 'status') : undefined;
  return html`<div${attributes({ class: `notice ${kind}`, role })}>${icon(kind)}<div><span class="hidden">${
    wordsIn(options.locale).notices[kind]
  } </span>${title === undefined ? undefined : html`<p class="notice-title">${title}</p>`}${
    body === undefined ? undefined : paragraph(body)
  }</div></div>`;
}

export interface FormError {
  /** The id of the field it is about; undefined where it is about the whole. */
  readonly field?: string | undefined;
  /** What is wrong and what to do now: the same words as at the field. */
  readonly message: string;
}

/**
 * What is wrong, on top of the page: takes the focus and links to the fields. Nothing for an empty
 * list. Give the page `error: true` as well, so that its title begins with "Error:".
 */
export function errorSummary(options: {
  readonly locale: Locale;
  readonly errors: readonly FormError[];
  readonly title?: string | undefined;
}): SafeHtml {
  if (options.errors.length === 0) return html``;
  const items = options.errors.map(
    ({ field, message }) =>
      html`<li>${field === undefined ? message : html`<a href="#${field}">${message}</a>`}</li>`,
  );
  return html`<div class="notice error" role="alert" tabindex="-1" autofocus>${icon('error')}<div><h2 class="notice-title">${
    options.title ?? wordsIn(options.locale).errorSummary
  }</h2><ul class="plain-list">${items}</ul></div></div>`;
}

/** A line that screen readers say when its text changes; empty it is not seen. */
export function liveRegion(options: { readonly id?: string; readonly text?: string }): SafeHtml {
  return html`<p${attributes({ class: 'live', role: 'status', id: options.id })}>${options.text}</p>`;
}

function paragraph(body: string | SafeHtml): SafeHtml {
  return typeof body === 'string' ? html`<p>${body}</p>` : html`<div class="prose">${body}</div>`;
}
