/**
 * A person's browser with script: Debian's Chromium, driven by playwright-core. One Chromium serves a
 * file of tests; each window in it is a browser of its own, with its own cookies and language. Nothing
 * here waits for a while: everything waits for what a person would see.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';

import { chromium, type BrowserContext, type Page } from 'playwright-core';

import type { Locale } from '../../src/i18n/locale.ts';
import { apiPath } from '../../src/methods/notification/protocol.ts';

const program = process.env['TWEESTAP_TEST_CHROMIUM'] ?? '/usr/bin/chromium';

/** Why tests with Chromium are skipped, for `describe(…, { skip })`; false where there is one. */
export const withoutChromium: string | false = existsSync(program)
  ? false
  : `Chromium is not at ${program}; TWEESTAP_TEST_CHROMIUM says where it is`;

export interface WindowOptions {
  /** The origins that pages may load from. A request to any other is a complaint. */
  readonly origins: readonly string[];
  readonly language?: Locale | undefined;
  /** Off for those whose browser runs no script. */
  readonly script?: boolean | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly scheme?: 'light' | 'dark' | undefined;
}

/** A window, and what its person does with it. */
export interface Window {
  readonly page: Page;
  readonly context: BrowserContext;
  open(address: string): Promise<void>;
  /** Waits until the page has this heading. */
  sees(heading: string): Promise<void>;
  /** Waits until the page shows these words somewhere. */
  reads(words: string | RegExp): Promise<void>;
  /** The words that can be read now, blanks collapsed. */
  words(): Promise<string>;
  press(button: string): Promise<void>;
  follow(link: string): Promise<void>;
  /** Types into the field with this label. */
  type(label: string, text: string): Promise<void>;
  /** Waits until the field with this label has the focus. */
  isAt(label: string): Promise<void>;
  /** Presses Tab until this is focused, as somebody does who has no mouse. */
  tabsTo(role: 'button' | 'combobox' | 'link' | 'textbox', name: string | RegExp): Promise<void>;
  /** A second tab of the same browser. */
  newTab(): Promise<Window>;
  /**
   * What no page of ours may cause: errors and warnings in the console (a broken content security
   * policy among them), exceptions, requests that fail or go elsewhere.
   */
  complaints(): readonly string[];
  close(): Promise<void>;
}

export interface Chromium {
  window(options: WindowOptions): Promise<Window>;
  close(): Promise<void>;
}

/** Long enough for two busy cores; what is right comes much sooner. */
const patienceMs = 45_000;

/** Starts Chromium; close it at the end. `camera`: a film (.y4m) that its camera sees. */
export async function startChromium(options: { readonly camera?: string } = {}): Promise<Chromium> {
  const { camera } = options;
  const browser = await chromium.launch({
    executablePath: program,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(camera === undefined
        ? []
        : ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${camera}`]),
    ],
  });
  return {
    window: async (options) => {
      const { language = 'en', script = true, width = 1280, height = 800 } = options;
      const context = await browser.newContext({
        locale: { en: 'en-GB', nl: 'nl-NL' }[language],
        javaScriptEnabled: script,
        viewport: { width, height },
        colorScheme: options.scheme ?? 'light',
        reducedMotion: 'reduce',
      });
      context.setDefaultTimeout(patienceMs);
      const complaints: string[] = [];
      watch(context, options.origins, complaints);
      return windowOn(await context.newPage(), complaints);
    },
    close: () => browser.close(),
  };
}

function windowOn(page: Page, complaints: readonly string[]): Window {
  const context = page.context();
  return {
    page,
    context,
    open: async (address) => {
      await page.goto(address);
    },
    sees: async (heading) => {
      await page
        .getByRole('heading', { level: 1, name: heading, exact: true })
        .waitFor()
        .catch(async (error: unknown) => {
          const [shown = 'no heading'] = await page.locator('h1').allInnerTexts();
          throw new Error(`“${heading}” was awaited, “${shown}” is there`, { cause: error });
        });
    },
    reads: async (words) => {
      await page
        .getByText(words)
        .first()
        .waitFor()
        .catch(async (error: unknown) => {
          const shown = await page.locator('main').first().innerText({ timeout: 1_000 });
          const at = new URL(page.url()).pathname.replaceAll(/[\w-]{20,}/g, '…');
          throw new Error(`“${words}” was awaited at ${at}: ${shown.slice(0, 300)}`, {
            cause: error,
          });
        });
    },
    words: async () => (await page.locator('body').innerText()).replaceAll(/\s+/g, ' '),
    press: (button) => page.getByRole('button', { name: button, exact: true }).click(),
    follow: (link) => page.getByRole('link', { name: link, exact: true }).click(),
    type: (label, text) => page.getByLabel(label, { exact: true }).fill(text),
    isAt: (label) => page.getByLabel(label, { exact: true }).and(page.locator(':focus')).waitFor(),
    tabsTo: async (role, name) => {
      const focused = page
        .getByRole(role, { name, exact: typeof name === 'string' })
        .and(page.locator(':focus'));
      for (let presses = 0; presses < 80; presses += 1) {
        if ((await focused.count()) === 1) return;
        await page.keyboard.press('Tab');
      }
      assert.fail(`Tab does not lead to the ${role} “${String(name)}”`);
    },
    newTab: async () => windowOn(await context.newPage(), complaints),
    complaints: () => [...complaints],
    close: () => context.close(),
  };
}

function watch(context: BrowserContext, origins: readonly string[], complaints: string[]): void {
  context.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    // A page that answers "not found" or "that field is empty" is a page all the same; and the
    // authenticator is told in this way that it must ask for a PIN, or that it was removed.
    const { url } = message.location();
    const isAnswer =
      message.text().startsWith('Failed to load resource') &&
      (url === message.page()?.url() || new URL(url).pathname.startsWith(apiPath));
    if (!isAnswer) complaints.push(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => complaints.push(`exception: ${error.error().message}`));
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== 'data:' && !origins.includes(origin))
      complaints.push(`a request elsewhere: ${request.url()}`);
  });
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    // Whoever leaves a page leaves its questions unanswered.
    if (reason !== 'net::ERR_ABORTED') complaints.push(`${reason}: ${request.url()}`);
  });
}
