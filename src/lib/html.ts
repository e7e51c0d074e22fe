/**
 * Owns the only way text becomes markup. A page is written with the `html` tagged template, which
 * escapes every value; what it returns is the one type that is put into a page as it stands.
 */

class Html {
  // Private, so that neither a plain object of the same shape (say, from parsed JSON) nor a string
  // passes for markup: not for the compiler, not while running.
  readonly #html: string;

  constructor(markup: string) {
    this.#html = markup;
  }

  /** The markup itself. */
  get html(): string {
    return this.#html;
  }
}

/** Markup in which every foreign character has been escaped. Made by `html` and `unsafeHtml` only. */
export type { Html as SafeHtml };

/** What may stand in a template: text and numbers (escaped), markup, lists of these, or nothing. */
export type HtmlValue =
  | string
  | number
  | bigint
  | Html
  | null
  | undefined
  | false
  | readonly HtmlValue[];

type Hole = 'text' | 'url';

/**
 * Builds markup. Strings and numbers are escaped for text and for quoted attributes; `null`,
 * `undefined` and `false` leave nothing; lists are joined without a separator. A value as an
 * unquoted attribute throws, since no escaping makes that safe. A `javascript:`, `vbscript:` or
 * `data:` address that fills `href`, `src`, `action` or `formaction` becomes `about:blank`, unless it
 * is a picture in which nothing can run.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const holes = holesOf(strings);
  let markup = strings[0] ?? '';
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    markup += holes[index] === 'url' && typeof value === 'string' ? url(value) : write(value);
    markup += strings[index + 1] ?? '';
  }
  return new Html(markup);
}

/**
 * Marks text as markup without looking at it. For constants in our own source (icons) and for the
 * output of a generator we trust; never for anything that a person or a system sent.
 */
export function unsafeHtml(text: string): Html {
  return new Html(text);
}

/** The text to send to the browser. */
export function render(page: Html): string {
  return page.html;
}

/** Joins markup or text with a separator, which is escaped as well unless it is markup. */
export function joinHtml(values: readonly HtmlValue[], separator: HtmlValue): Html {
  return new Html(values.map(write).join(write(separator)));
}

/** Escapes text for element content and for attributes in double or single quotes. */
export function escapeHtml(text: string): string {
  return special.test(text) ? text.replaceAll(allSpecial, (found) => escapes[found] ?? '') : text;
}

const special = /["&'<>]/;
const allSpecial = /["&'<>]/g;
const escapes: Readonly<Record<string, string>> = {
  '"': '&quot;',
  '&': '&amp;',
  "'": '&#39;',
  '<': '&lt;',
  '>': '&gt;',
};

function write(value: HtmlValue): string {
  if (typeof value === 'string') return escapeHtml(value);
  if (value instanceof Html) return value.html;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value === null || value === undefined || value === false) return '';
  if (isList(value)) return value.map(write).join('');
  throw new TypeError(`A ${typeof value} cannot stand in a page.`);
}

function isList(value: unknown): value is readonly HtmlValue[] {
  return Array.isArray(value);
}

// Browsers skip controls and blanks before and inside a scheme, so they are taken out first.
// oxlint-disable-next-line no-control-regex -- controls are what is looked for
const ignoredInScheme = /[\u0000-\u0020\u007f-\u00a0]/g;
const scriptScheme = /^(?:javascript|vbscript|data):/i;
const picture = /^data:image\/(?:png|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}$/;

function url(value: string): string {
  return scriptScheme.test(value.replaceAll(ignoredInScheme, '')) && !picture.test(value)
    ? 'about:blank'
    : escapeHtml(value);
}

// A template is looked at once, not each time it is filled.
const knownHoles = new WeakMap<TemplateStringsArray, readonly Hole[]>();
const quoted = /"[^"]*"|'[^']*'/g;
const beforeUnquoted = /^<[^<>"']*[\s/][^\s<>"'=]+=\s*$/;
const beforeUrl = /\s(?:href|src|action|formaction|xlink:href)\s*=\s*["']$/i;

function holesOf(strings: TemplateStringsArray): readonly Hole[] {
  const known = knownHoles.get(strings);
  if (known !== undefined) return known;
  let before = '';
  const holes = strings.slice(0, -1).map((text): Hole => {
    before += text;
    const tag = before.slice(Math.max(0, before.lastIndexOf('<'))).replaceAll(quoted, '_');
    if (beforeUnquoted.test(tag)) {
      throw new Error(`Quote the attribute at the end of: ${before.trim().slice(-60)}`);
    }
    return beforeUrl.test(before) ? 'url' : 'text';
  });
  knownHoles.set(strings, holes);
  return holes;
}
