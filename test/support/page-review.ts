/**
 * What every page is held to, whatever it shows: axe finds nothing serious in light and in dark,
 * nothing hides beside a screen of 320 px, there is one heading, a title and a language. With
 * TWEESTAP_TEST_SHOTS=folder each page is also kept as a picture, for people to judge.
 */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const shotsFolder = process.env['TWEESTAP_TEST_SHOTS'] ?? '';
const phoneWidth = 390;
const smallest = 320;

export interface Reviewer {
  /**
   * Looks at the page that is open, under a name for it, and leaves it as it was. `theirs`: somebody
   * else's page, which need not reach the contrast that ours promise (AAA).
   */
  look(page: Page, name: string, theirs?: boolean): Promise<void>;
  /** What was found, one line each. */
  readonly findings: readonly string[];
  readonly seen: readonly string[];
}

/** Begins a review in one language. */
export function startReview(language: 'en' | 'nl'): Reviewer {
  const findings: string[] = [];
  const seen: string[] = [];
  /** Which heading each title belongs to: two different pages never share a title. */
  const titles = new Map<string, string>();

  const find = (name: string, what: string): void => {
    findings.push(`${name} (${language}): ${what}`);
  };

  return {
    findings,
    seen,
    look: async (page, name, theirs = false) => {
      seen.push(name);
      // The colours do not depend on the language: one language shows the dark.
      const schemes = language === 'en' ? (['light', 'dark'] as const) : (['light'] as const);
      for (const colorScheme of schemes) {
        await page.emulateMedia({ colorScheme });
        const options = {
          resultTypes: ['violations'],
          iframes: false,
          rules: { 'color-contrast-enhanced': { enabled: !theirs } },
          // What does not depend on colours was judged in the light.
          ...(colorScheme === 'light'
            ? {}
            : { runOnly: [...contrast, ...(theirs ? [] : enhanced)] }),
        };
        // In one breath with the tool itself: a page that waits may draw itself anew at any moment.
        const found = await ask<AxeResults>(
          page,
          `${axe.source}; axe.run(document, ${JSON.stringify(options)})`,
        );
        for (const { id, impact, nodes } of found.violations) {
          if (impact !== 'serious' && impact !== 'critical') continue;
          const where = nodes.map(({ html }) => html.slice(0, 160)).join(' … ');
          find(name, `${colorScheme}: ${impact} ${id} at ${where}`);
        }
      }
      await page.emulateMedia({ colorScheme: 'light' });

      const { width, height } = page.viewportSize() ?? { width: 1280, height: 800 };
      await page.setViewportSize({ width: smallest, height: 640 });
      const scrollWidth = await ask<number>(page, 'document.documentElement.scrollWidth');
      if (scrollWidth > smallest) find(name, `is ${scrollWidth} px wide on ${smallest} px`);
      await page.setViewportSize({ width, height });

      const headings = await page.locator('h1').allInnerTexts();
      if (headings.length !== 1) find(name, `has ${headings.length} main headings`);
      const title = await page.title();
      const known = titles.get(title) ?? headings[0] ?? '';
      titles.set(title, known);
      if (known !== headings[0]) find(name, `shares the title “${title}” with “${known}”`);
      const lang = await page.locator('html').getAttribute('lang');
      if (lang !== language) find(name, `is in the language ${String(lang)}`);
      await keepShots(page, name, language);
    },
  };
}

/** Fails with everything that was found. */
export function assertNothingFound({ findings }: Reviewer): void {
  assert.equal(findings.length, 0, `\n${findings.join('\n')}`);
}

/** What the page says to this; asked again where it drew itself anew before it had answered. */
async function ask<answer>(page: Page, what: string): Promise<answer> {
  for (let left = mostAnew; ; left -= 1) {
    try {
      return await page.evaluate<answer>(what);
    } catch (error) {
      const isAnew = error instanceof Error && error.message.includes('context was destroyed');
      if (!isAnew || left === 0) throw error;
      await page.waitForLoadState();
    }
  }
}

const mostAnew = 5;

const contrast = ['color-contrast'];
const enhanced = ['color-contrast-enhanced'];

async function keepShots(page: Page, name: string, language: string): Promise<void> {
  if (shotsFolder === '') return;
  mkdirSync(shotsFolder, { recursive: true });
  const before = page.viewportSize() ?? { width: 1280, height: 800 };
  for (const width of [1280, phoneWidth, smallest]) {
    await page.setViewportSize({ width, height: width === 1280 ? 800 : 720 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const path = join(shotsFolder, `${name}.${language}.${width}.${colorScheme}.png`);
      await page.screenshot({ path, fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(before);
}
