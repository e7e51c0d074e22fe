/** Owns the writing of attributes in components, so that a forgotten quote is not possible. */
import { html, type SafeHtml } from '../lib/html.ts';

/**
 * Writes attributes, each with a leading blank. `true` writes the bare name; `false` and
 * `undefined` write nothing. Values are escaped, addresses checked; names are ours and trusted.
 */
export function attributes(
  pairs: Readonly<Record<string, string | number | boolean | undefined>>,
): SafeHtml {
  return html`${Object.entries(pairs).map(([name, value]) => attribute(name, value))}`;
}

/** Joins class names or ids, leaving out what is absent; undefined when nothing is left. */
export function joined(...names: readonly (string | undefined | false)[]): string | undefined {
  const present = names.filter((name) => name !== undefined && name !== false && name !== '');
  return present.length === 0 ? undefined : present.join(' ');
}

function attribute(
  name: string,
  value: string | number | boolean | undefined,
): SafeHtml | undefined {
  if (value === undefined || value === false) return undefined;
  if (value === true) return html` ${name}`;
  // Spelled out, because the template looks at the name to see that an address follows.
  switch (name) {
    case 'href':
      return html` href="${value}"`;
    case 'src':
      return html` src="${value}"`;
    case 'action':
      return html` action="${value}"`;
    case 'formaction':
      return html` formaction="${value}"`;
    default:
      return html` ${name}="${value}"`;
  }
}
