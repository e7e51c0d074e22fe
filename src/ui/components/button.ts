/** Owns buttons and links: what one does next. */
import { html, type SafeHtml } from '../../lib/html.ts';
import { attributes, joined } from '../attributes.ts';
import { icon, type IconName } from '../icons.ts';
import { wordsIn } from '../words.ts';
import type { Locale } from '../../i18n/locale.ts';

/** `primary` once a page; `danger` for what cannot be undone; `link` looks like a link. */
export type ButtonKind = 'primary' | 'secondary' | 'danger' | 'link';

export interface ButtonOptions {
  /** What it does, as a verb: "Send a new code". */
  readonly label: string;
  /** `secondary` unless told. */
  readonly kind?: ButtonKind | undefined;
  readonly icon?: IconName | undefined;
  /** `submit` unless told. */
  readonly type?: 'submit' | 'button' | undefined;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly value?: string | undefined;
  /** Sends the form elsewhere. */
  readonly formaction?: string | undefined;
  /** Sends the form without the browser's own checks: for "Back" and "Cancel". */
  readonly formnovalidate?: boolean | undefined;
  /** The id of a form that this button stands outside of. */
  readonly form?: string | undefined;
  /** Why it cannot be used now; it is disabled, and the reason is shown beside it. */
  readonly disabledReason?: string | undefined;
  /** Said after the label to screen readers only: what is deleted, which row is changed. */
  readonly about?: string | undefined;
  /** Takes little room, for rows of lists and tables. Its target stays large enough. */
  readonly compact?: boolean | undefined;
}

/** A button of a form. */
export function button(options: ButtonOptions): SafeHtml {
  const { label, kind = 'secondary', disabledReason } = options;
  const reasonId =
    disabledReason === undefined ? undefined : `${options.id ?? options.name ?? 'button'}-reason`;
  const pairs = attributes({
    class: joined('button', kind, options.compact === true && 'compact'),
    type: options.type ?? 'submit',
    id: options.id,
    name: options.name,
    value: options.value,
    form: options.form,
    formaction: options.formaction,
    formnovalidate: options.formnovalidate,
    disabled: disabledReason !== undefined,
    'aria-describedby': reasonId,
  });
  const drawn = html`<button${pairs}>${face(options, label)}</button>`;
  if (disabledReason === undefined) return drawn;
  return html`<span class="with-reason">${drawn}<span class="reason" id="${reasonId}">${disabledReason}</span></span>`;
}

export interface LinkOptions {
  readonly label: string;
  readonly href: string;
  readonly icon?: IconName | undefined;
  readonly about?: string | undefined;
  readonly id?: string | undefined;
  /** Set when it leaves Tweestap for another site: opens a new tab, says so, and tells nothing of us. */
  readonly external?: Locale | undefined;
}

/** A link within text or below a form. */
export function link(options: LinkOptions): SafeHtml {
  const pairs = attributes({
    class: 'link',
    id: options.id,
    href: options.href,
    ...leaving(options),
  });
  return html`<a${pairs}>${face(options, options.label)}${leavingNote(options)}</a>`;
}

/** A link that looks like a button: it goes somewhere and changes nothing. */
export function linkButton(
  options: LinkOptions & Pick<ButtonOptions, 'kind' | 'compact'>,
): SafeHtml {
  const pairs = attributes({
    class: joined('button', options.kind ?? 'secondary', options.compact === true && 'compact'),
    id: options.id,
    href: options.href,
    ...leaving(options),
  });
  return html`<a${pairs}>${face(options, options.label)}${leavingNote(options)}</a>`;
}

/** A row of buttons and links: the first is what most people want, on phones one below the other. */
export function actions(...items: readonly (SafeHtml | undefined | false)[]): SafeHtml {
  return html`<div class="actions">${items.filter((item) => item !== undefined)}</div>`;
}

function face(options: Pick<ButtonOptions, 'icon' | 'about'>, label: string): SafeHtml {
  const drawn = options.icon === undefined ? undefined : icon(options.icon);
  const about =
    options.about === undefined ? undefined : html` <span class="hidden">${options.about}</span>`;
  return html`${drawn}<span>${label}</span>${about}`;
}

function leaving(options: LinkOptions): Record<string, string | undefined> {
  return options.external === undefined ? {} : { target: '_blank', rel: 'noopener noreferrer' };
}

function leavingNote(options: LinkOptions): SafeHtml | undefined {
  if (options.external === undefined) return undefined;
  return html`${icon('external')}<span class="hidden"> (${wordsIn(options.external).opensInNewTab})</span>`;
}
