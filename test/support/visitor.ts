/**
 * A person at a browser without script, over injected requests: opens pages, fills in what is there,
 * presses what is there. Keeps cookies and follows redirects as browsers do.
 */
import assert from 'node:assert/strict';

import type { FastifyInstance } from 'fastify';

import { testOrigin } from './http-server.ts';
import { attribute, formsIn, readPage, textOf, type Page } from './page.ts';

/** A file that somebody chose. */
export interface ChosenFile {
  readonly name: string;
  readonly text: string | Buffer;
}
type Filled = Readonly<Record<string, string | ChosenFile>>;

export interface Visitor {
  /** The page that is open. */
  readonly page: Page;
  /** By name, as sent. */
  readonly cookies: Map<string, string>;
  open(path: string): Promise<Page>;
  /** Presses the button with these words, after filling in fields by name and taking away ticks. */
  press(
    label: string,
    fields?: Readonly<Record<string, string | ChosenFile>>,
    unticked?: readonly string[],
  ): Promise<Page>;
  /** Follows the link with these words. */
  follow(label: string): Promise<Page>;
  /** The labels of all buttons. */
  buttons(): readonly string[];
  /** Asks a path in the background, as scripts do. */
  ask(path: string): Promise<{ readonly status: number; readonly body: string }>;
  /** Closes the browser and opens it again: only the cookies stay that were given for a time. */
  restart(): void;
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
  const untilClosed = new Set<string>();
  const current = (): Page => {
    assert.ok(page, 'no page is open yet');
    return page;
  };

  const send = async (
    method: 'GET' | 'POST',
    path: string,
    sent?: { readonly type: string; readonly payload: string | Buffer },
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
              'content-type': sent?.type ?? 'application/x-www-form-urlencoded',
            }
          : {}),
      },
      ...(sent === undefined ? {} : { payload: sent.payload }),
    });
    for (const { name, value, maxAge } of response.cookies) {
      if (maxAge === 0) cookies.delete(name);
      else cookies.set(name, value);
      if (maxAge === undefined) untilClosed.add(name);
      else untilClosed.delete(name);
    }
    return response;
  };

  const go = async (
    method: 'GET' | 'POST',
    path: string,
    sent?: { readonly type: string; readonly payload: string | Buffer },
    hops = 0,
  ): Promise<Page> => {
    const response = await send(method, path, sent);
    const { location, refresh } = response.headers;
    if (typeof location === 'string' && location.startsWith('/') && hops < 8) {
      return go('GET', location, undefined, hops + 1);
    }
    const byItself = typeof refresh === 'string' ? /url=(.*)$/.exec(refresh)?.[1] : undefined;
    page = readPage(response.body, {
      status: response.statusCode,
      path,
      headers: response.headers,
      goesOnTo: byItself ?? (typeof location === 'string' ? location : undefined),
    });
    return page;
  };

  return {
    get page() {
      return current();
    },
    cookies,
    open: (path) => go('GET', path),
    press: async (label, fields = {}, unticked = []) => {
      const forms = formsIn(current().html);
      const form = forms.find(({ buttons }) => buttons.some((button) => button.label === label));
      const button = form?.buttons.find((each) => each.label === label);
      const seen = forms.flatMap(({ buttons }) => buttons.map((each) => each.label)).join(' | ');
      assert.ok(form !== undefined && button !== undefined, `no “${label}” among: ${seen}`);
      const filled: Record<string, string | ChosenFile> = { ...form.fields };
      for (const [name, value] of Object.entries(fields)) {
        assert.ok(form.names.has(name), `the form has no field “${name}”`);
        filled[name] = value;
      }
      for (const name of unticked) {
        assert.ok(name in filled, `“${name}” is not ticked`);
        delete filled[name];
      }
      if (button.name !== undefined) filled[button.name] = button.value ?? '';
      return go(
        'POST',
        button.action ?? form.action,
        form.carriesFiles ? inParts(filled) : urlencoded(filled),
      );
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
    restart: () => {
      for (const name of untilClosed) cookies.delete(name);
    },
    newTab: () => tab(app, options, cookies),
  };
}

function urlencoded(filled: Filled): { readonly type: string; readonly payload: string } {
  const pairs = Object.entries(filled).map(([name, value]): [string, string] => {
    assert.ok(typeof value === 'string', `“${name}” takes no file`);
    return [name, value];
  });
  return {
    type: 'application/x-www-form-urlencoded',
    payload: new URLSearchParams(pairs).toString(),
  };
}

/** As browsers send a form with files (RFC 7578). */
function inParts(filled: Filled): { readonly type: string; readonly payload: Buffer } {
  const boundary = '----a-form-of-a-visitor';
  const pieces = Object.entries(filled).flatMap(([name, value]) => {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"`;
    return typeof value === 'string'
      ? [Buffer.from(`${head}\r\n\r\n${value}\r\n`)]
      : [
          Buffer.from(`${head}; filename="${value.name}"\r\n`),
          Buffer.from('Content-Type: application/octet-stream\r\n\r\n'),
          Buffer.from(value.text),
          Buffer.from('\r\n'),
        ];
  });
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    payload: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
  };
}
