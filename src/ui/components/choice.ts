/** Owns choices one can see at once: tiles with a radio button, and checkboxes. */
import type { Locale } from '../../i18n/locale.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { attributes, joined } from '../attributes.ts';
import { icon, type IconName } from '../icons.ts';
import { link } from './button.ts';
import { fieldError, fieldId } from './field.ts';

export interface RadioTile {
  readonly value: string;
  readonly label: string;
  readonly detail?: string | undefined;
  readonly icon?: IconName | undefined;
  /** Why it cannot be chosen; the tile is greyed out and says so instead of its detail. */
  readonly disabledReason?: string | undefined;
}

export interface RadioTilesOptions {
  readonly locale: Locale;
  readonly name: string;
  /** The question. */
  readonly legend: string;
  /** The legend is for screen readers only: where a heading already asks the same. */
  readonly legendHidden?: boolean | undefined;
  readonly options: readonly RadioTile[];
  readonly value?: string | undefined;
  readonly hint?: string | SafeHtml | undefined;
  readonly error?: string | undefined;
  /** The id of the first choice: what an error summary links to. The name unless told. */
  readonly id?: string | undefined;
  /** `plain` draws no boxes: for short answers such as yes and no. */
  readonly look?: 'tiles' | 'plain' | undefined;
}

/** One of a few: each choice a tile with its own explanation. */
export function radioTiles(options: RadioTilesOptions): SafeHtml {
  const id = options.id ?? fieldId(options.name);
  const plain = options.look === 'plain';
  const tiles = options.options.map((tile, index) => {
    const own = index === 0 ? id : `${id}-${index + 1}`;
    const detail = tile.disabledReason ?? tile.detail;
    const disabled = tile.disabledReason !== undefined;
    const input = html`<input${attributes({
      type: 'radio',
      id: own,
      name: options.name,
      value: tile.value,
      checked: tile.value === options.value,
      disabled,
      'aria-labelledby': `${own}-label`,
      'aria-describedby': detail === undefined ? undefined : `${own}-detail`,
    })}>`;
    return html`<label class="${disabled ? 'radio disabled' : 'radio'}">${input}${
      tile.icon === undefined ? undefined : icon(tile.icon)
    }<span class="tile-text"><span class="tile-label" id="${own}-label">${tile.label}</span>${
      detail === undefined
        ? undefined
        : html`<span class="tile-detail" id="${own}-detail">${detail}</span>`
    }</span></label>`;
  });
  return group({ ...options, id, className: plain ? 'radios plain' : 'radios' }, tiles);
}

export interface CheckboxOptions {
  readonly name: string;
  readonly label: string | SafeHtml;
  /** `1` unless told. */
  readonly value?: string | undefined;
  readonly checked?: boolean | undefined;
  /** The form cannot be sent without it. */
  readonly required?: boolean | undefined;
  readonly hint?: string | undefined;
  readonly id?: string | undefined;
  /** What is wrong with leaving it as it is. */
  readonly error?: { readonly locale: Locale; readonly message: string } | undefined;
  /** Why it cannot be changed; shown instead of the hint. */
  readonly disabledReason?: string | undefined;
  /** It is none of those that `checkAll` ticks. */
  readonly alone?: boolean | undefined;
  /** The label is for screen readers only: in a row of a table. */
  readonly labelHidden?: boolean | undefined;
}

/** One yes or no. */
export function checkbox(options: CheckboxOptions): SafeHtml {
  const id = options.id ?? fieldId(options.name);
  const hint = options.disabledReason ?? options.hint;
  const { error } = options;
  const input = html`<input${attributes({
    type: 'checkbox',
    id,
    name: options.name,
    value: options.value ?? '1',
    checked: options.checked,
    required: options.required,
    disabled: options.disabledReason !== undefined,
    'data-alone': options.alone,
    'aria-invalid': error === undefined ? undefined : 'true',
    'aria-describedby': joined(
      hint !== undefined && `${id}-hint`,
      error !== undefined && `${id}-error`,
    ),
  })}>`;
  const box = html`<div class="check">${input}<label for="${id}"><span${attributes({
    class: options.labelHidden === true ? 'hidden' : undefined,
  })}>${options.label}</span></label>${
    hint === undefined ? undefined : html`<p class="hint" id="${id}-hint">${hint}</p>`
  }</div>`;
  return error === undefined
    ? box
    : html`<div class="field wrong">${fieldError(`${id}-error`, error.message, error.locale)}${box}</div>`;
}

/** Around a checkbox that is told to `url` as soon as it is ticked: for pages that move on by themselves. */
export function toldAtOnce(url: string, box: SafeHtml): SafeHtml {
  return html`<told-at-once url="${url}">${box}</told-at-once>`;
}

/**
 * Ticks every box of the form around it: a link to the same page with all of them ticked (`href`),
 * which becomes a box with script.
 */
export function checkAll(options: { readonly label: string; readonly href: string }): SafeHtml {
  return html`<check-all>${link(options)}</check-all>`;
}

export interface CheckboxesOptions {
  readonly locale: Locale;
  readonly name: string;
  readonly legend: string;
  readonly legendHidden?: boolean | undefined;
  /** A box without a name of its own has that of all; no page of ours sends a name twice (`http/form-encoding.ts`). */
  readonly options: readonly (Omit<CheckboxOptions, 'name' | 'id'> & {
    readonly name?: string | undefined;
  })[];
  readonly hint?: string | SafeHtml | undefined;
  readonly error?: string | undefined;
  readonly id?: string | undefined;
}

/** Several of a few. */
export function checkboxes(options: CheckboxesOptions): SafeHtml {
  const id = options.id ?? fieldId(options.name);
  const boxes = options.options.map((box, index) =>
    checkbox({
      ...box,
      name: box.name ?? options.name,
      id: index === 0 ? id : `${id}-${index + 1}`,
    }),
  );
  return group({ ...options, id, className: 'checks' }, boxes);
}

function group(
  options: {
    readonly locale: Locale;
    readonly id: string;
    readonly legend: string;
    readonly legendHidden?: boolean | undefined;
    readonly hint?: string | SafeHtml | undefined;
    readonly error?: string | undefined;
    readonly className: string;
  },
  body: readonly SafeHtml[],
): SafeHtml {
  const hintId = `${options.id}-group-hint`;
  const errorId = `${options.id}-group-error`;
  const described = joined(
    options.hint !== undefined && hintId,
    options.error !== undefined && errorId,
  );
  return html`<fieldset${attributes({
    class: joined('field', options.error !== undefined && 'wrong'),
    'aria-describedby': described,
  })}><legend${attributes({ class: options.legendHidden === true ? 'hidden' : undefined })}>${
    options.legend
  }</legend>${
    options.hint === undefined
      ? undefined
      : html`<p class="hint" id="${hintId}">${options.hint}</p>`
  }${fieldError(errorId, options.error, options.locale)}<div class="${options.className}">${body}</div></fieldset>`;
}
