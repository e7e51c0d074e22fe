/**
 * Owns the blanks in a template and how each is filled in, so that what a value says can never become
 * part of what surrounds it: percent-encoded in an address, escaped in XML, a string of its own in
 * JSON, a field of its own in a form.
 */
import { isThisMachine } from '../../../lib/this-machine.ts';

/** What may be filled in. */
export const blanks = [
  'to',
  'toDigits',
  'from',
  'body',
  'id',
  'language',
  'secret',
  'secretBase64',
] as const;

export type Blank = (typeof blanks)[number];
export type Values = Readonly<Record<Blank, string>>;

/** Blanks that nobody knows, such as a slip of the pen. */
export function unknownBlanks(template: string): readonly string[] {
  return [...template.matchAll(blank)]
    .map(([, name = '']) => name)
    .filter((name) => !isBlank(name));
}

/** Whether a template has this blank. */
export function hasBlank(template: string, name: Blank): boolean {
  return template.includes(`{${name}}`);
}

/** An address; undefined where it would be none. Its host never comes from a value. */
export function fillAddress(template: string, values: Values): URL | undefined {
  return URL.parse(fill(template, values, encodeURIComponent)) ?? undefined;
}

/** What is wrong with the template of an address; undefined where nothing is. */
export function addressFault(template: string): string | undefined {
  const [, protocol, host = ''] = /^(https?):\/\/([^/?#]*)/.exec(template) ?? [];
  if (protocol === undefined) return 'is not an address such as https://gateway.example.org/send';
  if (/[{}@]/.test(host)) return 'has a host that is not fixed';
  const url = URL.parse(template.replaceAll(blank, 'x'));
  if (url === null) return 'is not an address such as https://gateway.example.org/send';
  if (protocol === 'http' && !isThisMachine(url.hostname)) {
    return 'begins with http: texts may cross a network encrypted only (https)';
  }
  return undefined;
}

/** The value of a header: one line, whatever the value holds. */
export function fillHeader(template: string, values: Values): string {
  return fill(template, values, (value) => value.replaceAll(/[^\x20-\x7e]/g, ' '));
}

/** Something to be written as JSON: the strings in it are filled in, everything else stays. */
export function fillJson(template: unknown, values: Values): unknown {
  if (typeof template === 'string') return fill(template, values, (value) => value);
  if (Array.isArray(template)) return template.map((item) => fillJson(item, values));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, item]) => [key, fillJson(item, values)]),
  );
}

/** Every string in something that is to be written as JSON. */
export function stringsIn(template: unknown): readonly string[] {
  if (typeof template === 'string') return [template];
  if (typeof template !== 'object' || template === null) return [];
  return Object.values(template).flatMap(stringsIn);
}

/** A form. */
export function fillForm(template: Readonly<Record<string, string>>, values: Values): string {
  return new URLSearchParams(
    Object.entries(template).map(([name, item]): [string, string] => [
      name,
      fill(item, values, (value) => value),
    ]),
  ).toString();
}

/** A text: of XML with escapes, of anything else as it stands. */
export function fillText(template: string, values: Values, contentType: string): string {
  return fill(template, values, /\bxml\b/.test(contentType) ? escapedForXml : (value) => value);
}

const blank = /\{([A-Za-z0-9]+)\}/g;

function fill(template: string, values: Values, encode: (value: string) => string): string {
  return template.replaceAll(blank, (whole, name: string) =>
    isBlank(name) ? encode(values[name]) : whole,
  );
}

function isBlank(name: string): name is Blank {
  return blanks.some((known) => known === name);
}

function escapedForXml(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;')
    .replaceAll(/[^\P{Cc}\n\t]/gu, ' ');
}
