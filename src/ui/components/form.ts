/** Owns forms: where they go, what protects them, how their fields are grouped. */
import { html, type SafeHtml } from '../../lib/html.ts';
import { attributes } from '../attributes.ts';

/** The name of the hidden field that carries the CSRF token; `http/` looks for it. */
export const csrfFieldName = 'csrf';

export interface FormOptions {
  readonly action: string;
  /** The token of this session or attempt. Undefined only for forms that change nothing (`get`). */
  readonly csrf: string | undefined;
  readonly body: SafeHtml | readonly SafeHtml[];
  /** `post` unless told. */
  readonly method?: 'post' | 'get' | undefined;
  readonly id?: string | undefined;
  /** Further hidden fields. */
  readonly hidden?: Readonly<Record<string, string | undefined>> | undefined;
  /** `off` where the browser must not offer what was typed before. */
  readonly autocomplete?: 'on' | 'off' | undefined;
  /** Sits in a line of text or a row: no space around it. */
  readonly inline?: boolean | undefined;
  /** Leaves all checking to the server. True unless told: our words are better than the browser's. */
  readonly novalidate?: boolean | undefined;
  /** Its answer is a file to keep, and the page stays. */
  readonly answersWithFile?: boolean | undefined;
  /** The form carries files. */
  readonly files?: boolean | undefined;
}

/**
 * A form. It posts with its CSRF token, is sent once however often it is pressed, and shows that
 * it is busy; without script it is an ordinary form.
 */
export function form(options: FormOptions): SafeHtml {
  const post = options.method !== 'get';
  const pairs = attributes({
    class: options.inline === true ? 'inline' : 'form',
    method: post ? 'post' : 'get',
    action: options.action,
    id: options.id,
    autocomplete: options.autocomplete,
    novalidate: options.novalidate ?? true,
    enctype: options.files === true ? 'multipart/form-data' : undefined,
  });
  const hidden = Object.entries({
    ...(post && options.csrf !== undefined ? { [csrfFieldName]: options.csrf } : {}),
    ...options.hidden,
  }).map(([name, value]) => (value === undefined ? undefined : hiddenField(name, value)));
  const drawn = html`<form${pairs}>${hidden}${options.body}</form>`;
  const answer = options.answersWithFile === true ? 'file' : undefined;
  return post ? html`<busy-form${attributes({ answer })}>${drawn}</busy-form>` : drawn;
}

/**
 * Around a form that only looks: the element with the id `part` is drawn anew while one types. What in it
 * has the attribute `data-said` is said aloud then. Without script the form has its button.
 */
export function asYouType(options: { readonly part: string; readonly form: SafeHtml }): SafeHtml {
  return html`<as-you-type part="${options.part}">${options.form}<p class="live hidden" role="status"></p></as-you-type>`;
}

/** A field nobody sees. */
export function hiddenField(name: string, value: string): SafeHtml {
  return html`<input type="hidden" name="${name}" value="${value}">`;
}

/** Fields that belong together, under a heading of their own. */
export function fieldset(options: {
  readonly legend: string;
  readonly hint?: string | SafeHtml | undefined;
  readonly body: SafeHtml | readonly SafeHtml[];
}): SafeHtml {
  const hint = options.hint === undefined ? undefined : html`<p class="hint">${options.hint}</p>`;
  return html`<fieldset class="fieldset"><legend>${options.legend}</legend>${hint}${options.body}</fieldset>`;
}

/** Fields side by side; one below the other on phones. The first is the narrow one. */
export function fieldRow(...fields: readonly SafeHtml[]): SafeHtml {
  return html`<div class="field-row">${fields}</div>`;
}
