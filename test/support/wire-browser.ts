/**
 * A browser without script over real sockets: keeps cookies by path, follows redirects and pages that
 * go on by themselves, fills in forms. It stays on one site: an address elsewhere is where it arrives.
 */
import assert from 'node:assert/strict';

/** What is on the screen, or the address elsewhere that the browser was sent to. */
export interface Screen {
  readonly status: number;
  readonly url: URL;
  readonly html: string;
  readonly heading: string;
  readonly headers: Headers;
  /** Whether it is not on the site: nothing was fetched then. */
  readonly isElsewhere: boolean;
}

export interface Browser {
  readonly screen: Screen;
  /** Every address that was asked, in order. */
  readonly visited: readonly string[];
  open(address: string | URL): Promise<Screen>;
  /** Presses the button with these words, after filling in fields by name. */
  press(label: string, fields?: Readonly<Record<string, string>>): Promise<Screen>;
  /** Asks without following anything. */
  ask(address: string | URL, init?: RequestInit): Promise<Response>;
  /** The value of a cookie that would be sent to this path. */
  cookie(name: string, path?: string): string | undefined;
  forget(name: string): void;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

/** A browser that has never been anywhere. */
export function newBrowser(origin: string, options: { readonly language?: string } = {}): Browser {
  let cookies: readonly Cookie[] = [];
  let screen: Screen | undefined;
  const visited: string[] = [];

  const cookiesFor = (path: string): readonly Cookie[] =>
    cookies
      .filter((each) => path === each.path || path.startsWith(each.path.replace(/\/?$/, '/')))
      .toSorted((one, other) => other.path.length - one.path.length);

  const keep = (response: Response, path: string): void => {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const [name = '', value = ''] = pair.split(/=(.*)/s, 2);
      const attribute = (wanted: string): string | undefined =>
        attributes.find((each) => each.toLowerCase().startsWith(`${wanted}=`))?.split('=', 2)[1];
      const cookiePath = attribute('path') ?? path.replace(/\/[^/]*$/, '');
      const isGone =
        attribute('max-age') === '0' || Date.parse(attribute('expires') ?? '') < Date.now();
      cookies = cookies.filter((each) => each.name !== name || each.path !== cookiePath);
      if (!isGone) cookies = [...cookies, { name, value, path: cookiePath }];
    }
  };

  const ask = async (address: string | URL, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(address, origin);
    visited.push(url.href);
    const headers = new Headers(init.headers);
    const sent = cookiesFor(url.pathname).map(({ name, value }) => `${name}=${value}`);
    if (sent.length > 0) headers.set('cookie', sent.join('; '));
    headers.set('accept', 'text/html');
    headers.set('accept-language', options.language ?? 'en');
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    keep(response, url.pathname);
    return response;
  };

  const follow = async (address: string | URL, init?: RequestInit, hops = 0): Promise<Screen> => {
    const url = new URL(address, screen?.url ?? origin);
    assert.ok(hops < 12, `sent round in circles: ${visited.slice(-6).join(' → ')}`);
    if (url.origin !== origin) {
      screen = {
        status: 0,
        url,
        html: '',
        heading: '',
        headers: new Headers(),
        isElsewhere: true,
      };
      return screen;
    }
    const response = await ask(url, init);
    const html = await response.text();
    screen = {
      status: response.status,
      url,
      html,
      heading: plain(/<h1[^>]*>([\s\S]*?)<\/h1>/.exec(html)?.[1] ?? ''),
      headers: response.headers,
      isElsewhere: false,
    };
    const location = response.headers.get('location');
    if (location !== null) return follow(location, undefined, hops + 1);
    const onward = /url=(.*)$/.exec(response.headers.get('refresh') ?? '')?.[1];
    return onward === undefined ? screen : follow(onward, undefined, hops + 1);
  };

  const current = (): Screen => {
    assert.ok(screen !== undefined, 'no page is open yet');
    return screen;
  };

  return {
    get screen() {
      return current();
    },
    visited,
    open: (address) => follow(new URL(address, origin)),
    press: async (label, fields = {}) => {
      const { html } = current();
      for (const [, pairs = '', body = ''] of html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)) {
        const labels = [...body.matchAll(/<button\b[^>]*>([\s\S]*?)<\/button>/g)].map((each) =>
          plain(each[1] ?? ''),
        );
        if (!labels.includes(label)) continue;
        const filled = new URLSearchParams();
        for (const [, input = ''] of body.matchAll(/<input\b([^>]*)>/g)) {
          const name = attribute(input, 'name');
          if (name !== undefined) filled.set(name, attribute(input, 'value') ?? '');
        }
        for (const [name, value] of Object.entries(fields)) {
          assert.ok(filled.has(name), `the form has no field “${name}”`);
          filled.set(name, value);
        }
        return follow(attribute(pairs, 'action') ?? current().url, {
          method: 'POST',
          headers: { origin, 'sec-fetch-site': 'same-origin' },
          body: filled,
        });
      }
      return assert.fail(`no button “${label}” at ${current().url.href}: ${plain(html)}`);
    },
    ask,
    cookie: (name, path = '/') => cookiesFor(path).find((each) => each.name === name)?.value,
    forget: (name) => {
      cookies = cookies.filter((each) => each.name !== name);
    },
  };
}

function attribute(pairs: string, name: string): string | undefined {
  const found = new RegExp(`\\b${name}="([^"]*)"`).exec(pairs)?.[1];
  return found === undefined ? undefined : plain(found);
}

function plain(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ')
    .trim();
}
