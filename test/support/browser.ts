/**
 * A person's browser without script, over real sockets: opens pages, fills in what is there, presses
 * what is there. It does what browsers do: keeps cookies, follows redirects and refreshes, says where
 * a request comes from, and holds a form to the `form-action` of its page.
 */
import assert from 'node:assert/strict';

import { cookieJar, type CookieJar } from './cookie-jar.ts';
import { send, type Answer } from './http-client.ts';
import { listenTo, type Listening } from './listening.ts';
import { attribute, formsIn, readPage, textOf, type Form, type Page } from './page.ts';
import { until } from './poll.ts';

export interface BrowserOptions {
  /** Where a path without a host belongs: `http://localhost:8080`. */
  readonly origin: string;
  /** `Accept-Language`; English unless told. */
  readonly language?: string | undefined;
  readonly userAgent?: string | undefined;
  /** The port of this machine that answers for an origin, where it is not the origin's own. */
  readonly portOf?: ((origin: string) => number | undefined) | undefined;
}

/** The words on a button, or what they look like. */
export type Label = string | RegExp;

export interface Browser {
  /** The page that is open. */
  readonly page: Page;
  /** The address of the page that is open. */
  readonly address: string;
  readonly cookies: CookieJar;
  /** Opens an address, or a path of ours, as if it had been typed. */
  open(address: string): Promise<Page>;
  /** Presses the button with these words, after filling in fields by name. */
  press(label: Label, fields?: Readonly<Record<string, string>>): Promise<Page>;
  /** Presses the button with these words as often at once, without waiting for an answer. */
  pressAtOnce(
    times: number,
    label: Label,
    fields?: Readonly<Record<string, string>>,
  ): Promise<readonly Answer[]>;
  /** Follows the link with these words. */
  follow(label: string): Promise<Page>;
  /** The labels of all buttons that can be pressed. */
  buttons(): readonly string[];
  /** The form that has a button with these words. */
  formOf(label: Label): Form;
  /** Waits until the page moves on by itself, as it does where script runs, and shows where to. */
  untilItMovesOn(): Promise<Page>;
  /** Hears what tells the page that is open to ask whether it is still true. */
  listens(onEvent?: (event: string) => void): Promise<Listening>;
  /** Back to the page before, as it was: browsers keep it and ask nobody. */
  back(): Page;
  /** Sends something as it is, with this browser's cookies, and shows nothing. */
  ask(
    path: string,
    options?: {
      readonly method?: string;
      readonly headers?: Readonly<Record<string, string | undefined>>;
      readonly body?: string;
    },
  ): Promise<Answer>;
  /** A second tab: the same cookies, a page of its own. */
  newTab(): Browser;
}

/** A browser that has never been anywhere. */
export function newBrowser(options: BrowserOptions): Browser {
  return openTab(options, cookieJar());
}

/** A browser with these cookies in it. */
export function openBrowser(cookies: CookieJar, options: BrowserOptions): Browser {
  return openTab(options, cookies);
}

interface Visit {
  readonly page: Page;
  readonly address: string;
}

/** What led to a request: typed, or a page of this origin, or by way of another one. */
type From = 'none' | 'same-origin' | 'same-site';

const mostHops = 15;

function isCalled(words: string, label: Label): boolean {
  return typeof label === 'string' ? words === label : label.test(words);
}

function openTab(options: BrowserOptions, cookies: CookieJar): Browser {
  const { origin, language = 'en', userAgent = 'Mozilla/5.0 (tests)', portOf } = options;
  const visits: Visit[] = [];
  const current = (): Visit => visits.at(-1) ?? assert.fail('no page is open yet');

  const exchange = async (
    url: URL,
    method: string,
    headers: Readonly<Record<string, string | undefined>>,
    body?: string,
  ): Promise<Answer> => {
    const answer = await send({
      url: url.href,
      method,
      body,
      port: portOf?.(url.origin),
      headers: {
        accept: 'text/html,application/xhtml+xml',
        'accept-language': language,
        'user-agent': userAgent,
        cookie: cookies.header(url.pathname),
        ...headers,
      },
    });
    cookies.take(answer.headers['set-cookie'] ?? [], url.pathname);
    return answer;
  };

  const formHeaders = (from: string): Readonly<Record<string, string>> => ({
    origin: from,
    'sec-fetch-site': 'same-origin',
    'content-type': 'application/x-www-form-urlencoded',
  });

  const get = async (
    address: string,
    from: From,
    hops: number,
    mayLeave: boolean,
  ): Promise<Page> => {
    const url = new URL(address);
    assert.ok(hops <= mostHops, `sent round in circles, at last to ${address}`);
    return show(url, await exchange(url, 'GET', { 'sec-fetch-site': from }), from, hops, mayLeave);
  };

  /** Follows what the answer says, and shows the page in the end. */
  const show = async (
    url: URL,
    answer: Answer,
    from: From,
    hops: number,
    mayLeave: boolean,
  ): Promise<Page> => {
    const { location, refresh } = answer.headers;
    if (answer.status >= 300 && answer.status < 400 && location !== undefined) {
      const next = new URL(location, url);
      const isLeaving = next.origin !== url.origin;
      assert.ok(mayLeave || !isLeaving, `form-action 'self' forbids the way to ${next.href}`);
      const further = from === 'none' ? 'none' : isLeaving ? 'same-site' : from;
      return get(next.href, further, hops + 1, mayLeave);
    }
    const told = refresh ?? metaRefresh(answer.body) ?? '';
    const [, byItself] = /^0;\s*url=(.*)$/.exec(String(told)) ?? [];
    if (byItself !== undefined) {
      const next = new URL(byItself, url);
      const further = next.origin === url.origin ? 'same-origin' : 'same-site';
      return get(next.href, further, hops + 1, true);
    }
    const page = readPage(answer.body, {
      status: answer.status,
      path: `${url.pathname}${url.search}`,
      headers: answer.headers,
      goesOnTo: undefined,
    });
    visits.push({ page, address: url.href });
    return page;
  };

  const formOf = (label: Label): Form => {
    const forms = formsIn(current().page.html);
    const form = forms.find(({ buttons }) =>
      buttons.some((button) => isCalled(button.label, label)),
    );
    const seen = forms.flatMap(({ buttons }) => buttons.map((each) => each.label)).join(' | ');
    assert.ok(form !== undefined, `no “${label}” on “${current().page.title}” among: ${seen}`);
    return form;
  };

  const filled = (label: Label, fields: Readonly<Record<string, string>>) => {
    const form = formOf(label);
    const values: Record<string, string> = { ...form.fields };
    for (const [name, value] of Object.entries(fields)) {
      assert.ok(form.names.has(name), `the form has no field “${name}”`);
      values[name] = value;
    }
    const button = form.buttons.find((each) => isCalled(each.label, label));
    if (button?.name !== undefined) values[button.name] = button.value ?? '';
    const { address, page } = current();
    return {
      url: new URL(form.action, address),
      from: new URL(address).origin,
      body: new URLSearchParams(values).toString(),
      mayLeave: !String(page.headers['content-security-policy']).includes("form-action 'self'"),
    };
  };

  return {
    get page() {
      return current().page;
    },
    get address() {
      return current().address;
    },
    cookies,
    open: (address) => get(new URL(address, origin).href, 'none', 0, true),
    press: async (label, fields = {}) => {
      const { url, from, body, mayLeave } = filled(label, fields);
      const answer = await exchange(url, 'POST', formHeaders(from), body);
      return show(url, answer, 'same-origin', 0, mayLeave);
    },
    pressAtOnce: (times, label, fields = {}) => {
      const { url, from, body } = filled(label, fields);
      const sent = Array.from({ length: times }, () =>
        exchange(url, 'POST', formHeaders(from), body),
      );
      return Promise.all(sent);
    },
    follow: async (label) => {
      const { page, address } = current();
      for (const [, inside = '', body = ''] of page.html.matchAll(/<a\b([^>]*)>([\s\S]*?)<\/a>/g)) {
        if (textOf(body) !== label) continue;
        const next = new URL(attribute(inside, 'href') ?? '', address);
        const from = next.origin === new URL(address).origin ? 'same-origin' : 'same-site';
        return get(next.href, from, 0, true);
      }
      return assert.fail(`no link “${label}” on “${page.title}”`);
    },
    buttons: () =>
      formsIn(current().page.html).flatMap(({ buttons }) => buttons.map(({ label }) => label)),
    formOf,
    untilItMovesOn: async () => {
      const { page, address } = current();
      const [, inside = ''] = /<await-change\b([^>]*)>/.exec(page.html) ?? [];
      const url = new URL(
        attribute(inside, 'url') ?? assert.fail('the page does not wait'),
        address,
      );
      const shown = attribute(inside, 'step');
      const href = await until('the page to move on', async () => {
        const headers = { accept: 'application/json', 'sec-fetch-site': 'same-origin' };
        const answer = await exchange(url, 'GET', headers);
        if (answer.status !== 200) return address;
        const told: { readonly step: string; readonly href: string } = JSON.parse(answer.body);
        return told.step !== shown && told.href;
      });
      return get(new URL(href, address).href, 'same-origin', 0, true);
    },
    listens: (onEvent) => {
      const { page, address } = current();
      const [, inside = ''] = /<await-change\b([^>]*)>/.exec(page.html) ?? [];
      const events = attribute(inside, 'events') ?? assert.fail('the page hears nothing');
      const url = new URL(events, address);
      const cookie = cookies.header(url.pathname);
      return listenTo(
        {
          url: url.href,
          port: options.portOf?.(url.origin),
          headers: cookie === undefined ? {} : { cookie },
        },
        onEvent,
      );
    },
    back: () => {
      visits.pop();
      return current().page;
    },
    ask: (path, { method = 'GET', headers = {}, body } = {}) =>
      exchange(new URL(path, origin), method, headers, body),
    newTab: () => openTab(options, cookies),
  };
}

/** What a page tells browsers by itself; ours do by a header. */
function metaRefresh(html: string): string | undefined {
  const [, inside = ''] = /<meta\b([^>]*http-equiv="refresh"[^>]*)>/i.exec(html) ?? [];
  return attribute(inside, 'content');
}
