/**
 * A person at a browser without script, over injected requests: opens pages, fills in what is there,
 * presses what is there. Keeps cookies and follows redirects as browsers do.
 */
import assert from 'node:assert/strict';

import type { FastifyInstance } from 'fastify';

import { testOrigin } from './http-server.ts';

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

export interface Visitor {
  /** The page that is open. */
  readonly page: Page;
  /** By name, as sent. */
  readonly cookies: Map<string, string>;
  open(path: string): Promise<Page>;
  /** Presses the button with these words, after filling in fields by name. */
  press(label: string, fields?: Readonly<Record<string, string>>): Promise<Page>;
  /** Follows the link with these words. */
  follow(label: string): Promise<Page>;
  /** The labels of all buttons. */
  buttons(): readonly string[];
  /** Asks a path in the background, as scripts do. */
  ask(path: string): Promise<{ readonly status: number; readonly body: string }>;
  /** A second tab of the same browser: the same cookies, a page of its own. */
  newTab(): Visitor;
}

/** A browser that has never been here. */
export function newVisitor(
  app: FastifyInstance,
  options: { readonly language?: string; readonly userAgent?: string } = {},
): Visitor {
  return tab(app, options, new Map());
}

function tab(
  app: FastifyInstance,
  options: { readonly language?: string; readonly userAgent?: string },
  cookies: Map<string, string>,
): Visitor {
  let page: Page | undefined;
  const current = (): Page => {
    assert.ok(page, 'no page is open yet');
    return page;
  };

  const send = async (
    method: 'GET' | 'POST',
    path: string,
    fields?: Readonly<Record<string, string>>,
    accept = 'text/html',
  ) => {
    const response = await app.inject({
      method,
      url: path,
      headers: {
        host: new URL(testOrigin).host,
        accept,
        'accept-language': options.language ?? 'en',
        'user-agent': options.userAgent ?? 'visitor',
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(method === 'POST'
          ? {
              origin: testOrigin,
              'sec-fetch-site': 'same-origin',
              'content-type': 'application/x-www-form-urlencoded',
            }
          : {}),
      },
      ...(fields === undefined ? {} : { payload: new URLSearchParams(fields).toString() }),
    });
    for (const { name, value, maxAge } of response.cookies) {
      if (maxAge === 0) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };

  const go = async (
    method: 'GET' | 'POST',
    path: string,
    fields?: Readonly<Record<string, string>>,
    hops = 0,
  ): Promise<Page> => {
    const response = await send(method, path, fields);
    const { location, refresh } = response.headers;
    if (typeof location === 'string' && location.startsWith('/') && hops < 8) {
      return go('GET', location, undefined, hops + 1);
    }
    const byItself = typeof refresh === 'string' ? /url=(.*)$/.exec(refresh)?.[1] : undefined;
    page = {
      status: response.statusCode,
      path,
      title: textOf(/<title>([\s\S]*?)<\/title>/.exec(response.body)?.[1] ?? ''),
      heading: textOf(/<h1[^>]*>([\s\S]*?)<\/h1>/.exec(response.body)?.[1] ?? ''),
      text: textOf(response.body.replace(/^[\s\S]*?<body/, '<body')),
      html: response.body,
      headers: response.headers,
      goesOnTo: byItself ?? (typeof location === 'string' ? location : undefined),
    };
    return page;
  };

  return {
    get page() {
      return current();
    },
    cookies,
    open: (path) => go('GET', path),
    press: async (label, fields = {}) => {
      const forms = formsIn(current().html);
      const form = forms.find(({ buttons }) => buttons.some((button) => button.label === label));
      const button = form?.buttons.find((each) => each.label === label);
      const seen = forms.flatMap(({ buttons }) => buttons.map((each) => each.label)).join(' | ');
      assert.ok(form !== undefined && button !== undefined, `no “${label}” among: ${seen}`);
      const filled: Record<string, string> = { ...form.fields };
      for (const [name, value] of Object.entries(fields)) {
        assert.ok(form.names.has(name), `the form has no field “${name}”`);
        filled[name] = value;
      }
      if (button.name !== undefined) filled[button.name] = button.value ?? '';
      return go('POST', form.action, filled);
    },
    follow: async (label) => {
      for (const [, pairs = '', body = ''] of current().html.matchAll(
        /<a\b([^>]*)>([\s\S]*?)<\/a>/g,
      )) {
        if (textOf(body) === label) return go('GET', attribute(pairs, 'href') ?? '');
      }
      return assert.fail(`no link “${label}”`);
    },
    buttons: () =>
      formsIn(current().html).flatMap(({ buttons }) => buttons.map(({ label }) => label)),
    ask: async (path) => {
      const response = await send('GET', path, undefined, 'application/json');
      return { status: response.statusCode, body: response.body };
    },
    newTab: () => tab(app, options, cookies),
  };
}

interface Form {
  readonly action: string;
  /** What is sent without anything being filled in. */
  readonly fields: Readonly<Record<string, string>>;
  /** Every field that can be filled in or chosen. */
  readonly names: ReadonlySet<string>;
  readonly buttons: readonly {
    readonly label: string;
    readonly name: string | undefined;
    readonly value: string | undefined;
  }[];
}

function formsIn(html: string): readonly Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(
    ([, pairs = '', body = '']) => {
      const fields: Record<string, string> = {};
      const names = new Set<string>();
      for (const [, input = ''] of body.matchAll(/<input\b([^>]*)>/g)) {
        const name = attribute(input, 'name');
        if (name === undefined || has(input, 'disabled')) continue;
        names.add(name);
        const isChoice = /type="(?:radio|checkbox)"/.test(input);
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
      const buttons = [...body.matchAll(/<button\b([^>]*)>([\s\S]*?)<\/button>/g)]
        .filter(([, button = '']) => !/type="button"/.test(button))
        .map(([, button = '', face = '']) => ({
          label: textOf(face),
          name: attribute(button, 'name'),
          value: attribute(button, 'value'),
        }));
      return { action: attribute(pairs, 'action') ?? '', fields, names, buttons };
    },
  );
}

function attribute(pairs: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(pairs)?.[1];
  return found === undefined ? undefined : decoded(found);
}

function has(pairs: string, name: string): boolean {
  return new RegExp(`(?:^|\\s)${name}(?:=|\\s|$)`).test(pairs);
}

function textOf(html: string): string {
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
