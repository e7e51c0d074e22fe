/** What tests read of a page: as a person would, by its words and its forms, and never by our own code. */

/** What somebody looks at. */
export interface Page {
  readonly status: number;
  /** Path and query. */
  readonly path: string;
  readonly title: string;
  readonly heading: string;
  /** All words on the page, blanks collapsed. */
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Where it leads without being pressed: redirects to elsewhere, or by itself. */
  readonly goesOnTo: string | undefined;
}

/** Reads what was served. */
export function readPage(
  html: string,
  about: Pick<Page, 'status' | 'path' | 'headers' | 'goesOnTo'>,
): Page {
  return {
    ...about,
    title: textOf(/<title>([\s\S]*?)<\/title>/.exec(html)?.[1] ?? ''),
    heading: textOf(/<h1[^>]*>([\s\S]*?)<\/h1>/.exec(html)?.[1] ?? ''),
    text: textOf(html.replace(/^[\s\S]*?<body/, '<body')),
    html,
  };
}

/** A form as it stands on a page. */
export interface Form {
  readonly action: string;
  /** What is sent without anything being filled in. */
  readonly fields: Readonly<Record<string, string>>;
  /** Every field that can be filled in or chosen. */
  readonly names: ReadonlySet<string>;
  readonly buttons: readonly {
    readonly label: string;
    readonly name: string | undefined;
    readonly value: string | undefined;
    /** Where it sends the form, if elsewhere. */
    readonly action: string | undefined;
  }[];
  /** Whether it is sent in parts (`multipart/form-data`). */
  readonly carriesFiles: boolean;
}

/** The forms of a page, filled in as it was served. */
export function formsIn(html: string): readonly Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(
    ([, pairs = '', body = '']) => {
      const fields: Record<string, string> = {};
      const names = new Set<string>();
      for (const [, input = ''] of body.matchAll(/<input\b([^>]*)>/g)) {
        const name = attribute(input, 'name');
        if (name === undefined || has(input, 'disabled')) continue;
        names.add(name);
        const isChoice = /type="(?:radio|checkbox)"/.test(input);
        // A file is chosen or not there; no page can fill one in.
        if (/type="file"/.test(input)) continue;
        if (!isChoice || has(input, 'checked')) fields[name] = attribute(input, 'value') ?? '';
      }
      for (const [, select = '', choices = ''] of body.matchAll(
        /<select\b([^>]*)>([\s\S]*?)<\/select>/g,
      )) {
        const name = attribute(select, 'name');
        if (name === undefined) continue;
        const options = [...choices.matchAll(/<option\b([^>]*)>/g)].map(
          ([, option = '']) => option,
        );
        const chosen = options.find((option) => has(option, 'selected')) ?? options[0] ?? '';
        names.add(name);
        fields[name] = attribute(chosen, 'value') ?? '';
      }
      for (const [, area = '', typed = ''] of body.matchAll(
        /<textarea\b([^>]*)>([\s\S]*?)<\/textarea>/g,
      )) {
        const name = attribute(area, 'name');
        if (name === undefined) continue;
        names.add(name);
        fields[name] = decoded(typed);
      }
      const buttons = [...body.matchAll(/<button\b([^>]*)>([\s\S]*?)<\/button>/g)]
        .filter(([, button = '']) => !/type="button"/.test(button) && !has(button, 'disabled'))
        .map(([, button = '', face = '']) => ({
          label: textOf(face),
          name: attribute(button, 'name'),
          value: attribute(button, 'value'),
          action: attribute(button, 'formaction'),
        }));
      const carriesFiles = attribute(pairs, 'enctype') === 'multipart/form-data';
      return { action: attribute(pairs, 'action') ?? '', fields, names, buttons, carriesFiles };
    },
  );
}

/** The value of an attribute in the inside of a tag. */
export function attribute(pairs: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(pairs)?.[1];
  return found === undefined ? undefined : decoded(found);
}

function has(pairs: string, name: string): boolean {
  return new RegExp(`(?:^|\\s)${name}(?:=|\\s|$)`).test(pairs);
}

/** The words of a piece of HTML, blanks collapsed. */
export function textOf(html: string): string {
  return decoded(html.replaceAll(/<[^>]+>/g, ' '))
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function decoded(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
