/** Owns fields one types in or chooses from: label, hint, error and field, bound to one another. */
import type { Locale } from '../../i18n/locale.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { attributes, joined } from '../attributes.ts';
import { icon } from '../icons.ts';
import { wordsIn } from '../words.ts';

/** What every field has. The id is the name unless told; errors link to it. */
export interface FieldBase {
  readonly locale: Locale;
  readonly name: string;
  readonly label: string;
  readonly id?: string | undefined;
  readonly hint?: string | SafeHtml | undefined;
  /** What is wrong and what to do, in the words of the error summary. */
  readonly error?: string | undefined;
  /** Marks the label "(optional)". Fields are required unless told. */
  readonly optional?: boolean | undefined;
  /** May stay empty without its label saying so: where one narrows down what is shown. */
  readonly mayBeEmpty?: boolean | undefined;
  /** The label is for screen readers only: where a heading already says the same. */
  readonly labelHidden?: boolean | undefined;
  /** Why it cannot be used now; it is disabled and the reason shown. */
  readonly disabledReason?: string | undefined;
  readonly autofocus?: boolean | undefined;
}

export interface TextFieldOptions extends FieldBase {
  readonly type?:
    | 'text'
    | 'email'
    | 'tel'
    | 'url'
    | 'search'
    | 'number'
    | 'date'
    | 'file'
    | undefined;
  /** What was typed, kept. */
  readonly value?: string | undefined;
  readonly autocomplete?: string | undefined;
  readonly inputmode?:
    | 'text'
    | 'numeric'
    | 'decimal'
    | 'tel'
    | 'email'
    | 'url'
    | 'search'
    | undefined;
  readonly maxlength?: number | undefined;
  /** Shown and sent, not changeable: a number from the directory. */
  readonly readonly?: boolean | undefined;
  /** Stands before what is typed: "+31". Read as part of the description. */
  readonly prefix?: string | undefined;
  readonly suffix?: string | undefined;
  /** `short` for numbers and extensions; full width unless told. */
  readonly width?: 'short' | 'medium' | 'full' | undefined;
  readonly placeholder?: string | undefined;
}

/** A field for one line of text. */
export function field(options: TextFieldOptions): SafeHtml {
  const parts = bind(options);
  const prefixId = options.prefix === undefined ? undefined : `${parts.id}-prefix`;
  const suffixId = options.suffix === undefined ? undefined : `${parts.id}-suffix`;
  const plainText = options.type === undefined || options.type === 'text';
  const input = html`<input${attributes({
    class: joined('input', options.width),
    type: options.type ?? 'text',
    ...parts.control,
    'aria-describedby': joined(prefixId, suffixId, parts.control['aria-describedby']),
    value: options.value,
    autocomplete: options.autocomplete,
    inputmode: options.inputmode,
    maxlength: options.maxlength,
    readonly: options.readonly,
    placeholder: options.placeholder,
    // Names, codes and addresses are no sentences: no capitals, no red waves.
    autocapitalize: plainText || options.type === 'email' ? 'none' : undefined,
    spellcheck: plainText ? 'false' : undefined,
  })}>`;
  if (prefixId === undefined && suffixId === undefined) return whole(options, parts, input);
  return whole(
    options,
    parts,
    html`<span class="input-group">${
      prefixId === undefined
        ? undefined
        : html`<span class="affix" id="${prefixId}">${options.prefix}</span>`
    }${input}${
      suffixId === undefined
        ? undefined
        : html`<span class="affix" id="${suffixId}">${options.suffix}</span>`
    }</span>`,
  );
}

/** A field for several lines. */
export function textArea(
  options: FieldBase & {
    readonly value?: string | undefined;
    readonly rows?: number | undefined;
    readonly maxlength?: number | undefined;
  },
): SafeHtml {
  const parts = bind(options);
  const pairs = attributes({
    class: 'input',
    ...parts.control,
    rows: options.rows ?? 4,
    maxlength: options.maxlength,
  });
  return whole(options, parts, html`<textarea${pairs}>${options.value}</textarea>`);
}

export interface CodeFieldOptions extends FieldBase {
  /** How many digits; 6 unless told. Blanks may be typed or pasted too. */
  readonly digits?: number | undefined;
  /** Sends the form by itself once the last digit is there. Off unless told. */
  readonly autoSubmit?: boolean | undefined;
}

/** A field for a verification code: one real field that the phone's keyboard can fill in. */
export function codeField(options: CodeFieldOptions): SafeHtml {
  const { digits = 6 } = options;
  const parts = bind(options);
  const input = html`<input${attributes({
    class: 'input code-field',
    type: 'text',
    ...parts.control,
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    pattern: '[0-9 ]*',
    // Room for blanks: people paste "123 456".
    maxlength: digits * 2,
    autocapitalize: 'none',
    spellcheck: 'false',
  })}>`;
  return whole(
    options,
    parts,
    html`<code-input${attributes({ digits, 'auto-submit': options.autoSubmit })}>${input}</code-input>`,
  );
}

export interface PasswordFieldOptions extends FieldBase {
  readonly autocomplete: 'current-password' | 'new-password' | 'off';
  readonly minlength?: number | undefined;
}

/** A field for a password. Never filled in again by us; a button shows what was typed. */
export function passwordField(options: PasswordFieldOptions): SafeHtml {
  const words = wordsIn(options.locale);
  const parts = bind(options);
  const input = html`<input${attributes({
    class: 'input',
    type: 'password',
    ...parts.control,
    autocomplete: options.autocomplete,
    minlength: options.minlength,
    maxlength: 1024,
    autocapitalize: 'none',
    spellcheck: 'false',
  })}>`;
  const toggle = html`<button${attributes({
    class: 'input-button',
    type: 'button',
    hidden: true,
    'aria-controls': parts.id,
    'aria-label': words.showPassword,
    'data-show': words.show,
    'data-hide': words.hide,
    'data-show-label': words.showPassword,
    'data-hide-label': words.hidePassword,
  })}>${words.show}</button>`;
  return whole(
    options,
    parts,
    html`<show-password class="input-group">${input}${toggle}</show-password>`,
  );
}

export interface SelectOption {
  readonly value: string;
  readonly label: string;
  /** Why it cannot be chosen: shown behind the label, greyed out. */
  readonly disabledReason?: string | undefined;
}

export interface SelectFieldOptions extends FieldBase {
  readonly options: readonly SelectOption[];
  readonly value?: string | undefined;
  readonly autocomplete?: string | undefined;
  /** An empty first choice: "Choose a country". Undefined: the first option is chosen. */
  readonly prompt?: string | undefined;
  readonly width?: 'short' | 'medium' | 'full' | undefined;
}

/** A drop-down. For up to five choices `radioTiles` is kinder. */
export function selectField(options: SelectFieldOptions): SafeHtml {
  const parts = bind(options);
  const prompt =
    options.prompt === undefined ? undefined : html`<option value="">${options.prompt}</option>`;
  const choices = options.options.map(
    ({ value, label, disabledReason }) =>
      html`<option${attributes({
        value,
        selected: value === options.value,
        disabled: disabledReason !== undefined,
      })}>${label}${disabledReason === undefined ? '' : ` – ${disabledReason}`}</option>`,
  );
  const select = html`<select${attributes({
    class: 'input',
    ...parts.control,
    autocomplete: options.autocomplete,
  })}>${prompt}${choices}</select>`;
  return whole(
    options,
    parts,
    html`<span${attributes({ class: joined('select', options.width) })}>${select}${icon('chevron-down')}</span>`,
  );
}

/** The id of a field of this name, when none was given. */
export function fieldId(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]/gu, '-');
}

/** What stands at a field that is wrong. `id` is what the field's `aria-describedby` names. */
export function fieldError(
  id: string,
  error: string | undefined,
  locale: Locale,
): SafeHtml | undefined {
  if (error === undefined) return undefined;
  return html`<p class="field-error" id="${id}">${icon('error')}<span><span class="hidden">${
    wordsIn(locale).errorLead
  } </span>${error}</span></p>`;
}

interface Bound {
  readonly id: string;
  readonly hintId: string;
  readonly errorId: string;
  readonly reasonId: string;
  readonly control: {
    readonly id: string;
    readonly name: string;
    readonly disabled: boolean;
    readonly autofocus: boolean | undefined;
    readonly 'aria-invalid': 'true' | undefined;
    readonly 'aria-describedby': string | undefined;
    readonly required: boolean;
  };
}

function bind(options: FieldBase): Bound {
  const id = options.id ?? fieldId(options.name);
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const reasonId = `${id}-reason`;
  return {
    id,
    hintId,
    errorId,
    reasonId,
    control: {
      id,
      name: options.name,
      disabled: options.disabledReason !== undefined,
      autofocus: options.autofocus,
      'aria-invalid': options.error === undefined ? undefined : 'true',
      'aria-describedby': joined(
        options.hint !== undefined && hintId,
        options.disabledReason !== undefined && reasonId,
        options.error !== undefined && errorId,
      ),
      required:
        options.optional !== true &&
        options.mayBeEmpty !== true &&
        options.disabledReason === undefined,
    },
  };
}

function whole(options: FieldBase, parts: Bound, control: SafeHtml): SafeHtml {
  const words = wordsIn(options.locale);
  const optional =
    options.optional === true
      ? html` <span class="optional">(${words.optional})</span>`
      : undefined;
  const hint =
    options.hint === undefined
      ? undefined
      : html`<p class="hint" id="${parts.hintId}">${options.hint}</p>`;
  const reason =
    options.disabledReason === undefined
      ? undefined
      : html`<p class="hint" id="${parts.reasonId}">${options.disabledReason}</p>`;
  return html`<div class="${options.error === undefined ? 'field' : 'field wrong'}"><label${attributes(
    {
      for: parts.id,
      class: options.labelHidden === true ? 'hidden' : undefined,
    },
  )}>${options.label}${optional}</label>${hint}${reason}${fieldError(
    parts.errorId,
    options.error,
    options.locale,
  )}${control}</div>`;
}
