/** What the strength meter says, in Chromium, against what the server refuses. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { chromium, type Browser, type Page } from 'playwright-core';

import { withoutChromium } from '../../../test/support/chromium.ts';
import { passwordFault } from '../../accounts/password-rules.ts';
import { html, render } from '../../lib/html.ts';
import { loadAssets } from '../../ui/assets.ts';
import { passwordResetBundle, passwordResetBundleName } from './bundle.ts';

const levels = ['easy', 'longer', 'strong', 'very strong'] as const;
const owner = {
  userPrincipalName: 'chris.bakker@voorbeeld.example',
  displayName: 'Chris Bakker',
  organisation: 'Voorbeeld',
};

describe('the strength of a password', { skip: withoutChromium }, () => {
  let browser: Browser;
  let page: Page;

  before(async () => {
    const assets = loadAssets({ bundles: { [passwordResetBundleName]: passwordResetBundle } });
    const path = assets.bundles[passwordResetBundleName]?.jsHref ?? assert.fail('no script');
    browser = await chromium.launch({
      executablePath: process.env['TWEESTAP_TEST_CHROMIUM'] ?? '/usr/bin/chromium',
    });
    page = await browser.newPage();
    const names = `${owner.userPrincipalName}|${owner.organisation}`;
    await page.setContent(
      render(
        html`<password-strength levels="${levels.join('|')}" names="${names}"><input></password-strength>`,
      ),
    );
    await page.addScriptTag({ content: assets.files.get(path)?.body.toString() ?? '' });
  });
  after(() => browser.close());

  const saidOf = async (typed: string): Promise<string> => {
    await page.locator('input').fill(typed);
    return page.locator('password-strength [role=status]').innerText();
  };

  it('is never called strong for what the server refuses', async () => {
    for (const password of [
      'Welkom2026!',
      'Wachtwoord!2026',
      'P@$$w0rd2026!',
      'welkomwelkomwelkomwelkom',
      'Game of Thrones 1',
      'computerwachtwoord',
      'Voorbeeld is mooi weer 17',
      'de tuin van bakker in mei',
      'qwertyuiopasdfghjkl',
      '12345678901234567890',
    ]) {
      assert.notEqual(passwordFault(password, owner), undefined, password);
      assert.ok(['easy', 'longer'].includes(await saidOf(password)), password);
    }
  });

  it('is strong for a few words in a row, and for what a program made', async () => {
    for (const password of ['zeven groene olifanten', 'xK9$mQ2vLp7!', 'tr7-Kq2m-9wZp-4hXd']) {
      assert.equal(passwordFault(password, owner), undefined, password);
      assert.ok(['strong', 'very strong'].includes(await saidOf(password)), password);
    }
  });
});
