/** The simulator in Debian's Chromium: what changes by itself, and whether everyone can use it. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';

import type { FastifyInstance } from 'fastify';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

import { httpServerForTests } from '../../../test/support/http-server.ts';
import type { OutgoingMessage } from '../../delivery/message.ts';
import {
  createSimulatorNetwork,
  type SimulatorNetwork,
} from '../../delivery/providers/simulator/network.ts';
import { listen, type Listener } from '../../http/listener.ts';
import { settableClock } from '../../lib/clock.ts';
import { systemRandom } from '../../lib/random.ts';
import { simulatorBundle, simulatorBundleName } from './bundle.ts';
import type { SamplePerson } from './sample-person.ts';
import { simulatorRoutes } from './simulator.ts';

const executablePath = process.env['TWEESTAP_TEST_CHROMIUM'] ?? '/usr/bin/chromium';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const anna: SamplePerson = {
  userPrincipalName: 'anna@voorbeeld.example',
  displayName: 'Anna Bakker',
  password: 'rustig-vogel-42',
  mobilePhone: '+31612345678',
  businessPhone: '+31201234567 x12',
  mail: 'anna@voorbeeld.example',
  otherMail: undefined,
  note: { en: 'Enabled, nothing registered', nl: 'Ingeschakeld, niets geregistreerd' },
  app: undefined,
};
const bram: SamplePerson = {
  ...anna,
  userPrincipalName: 'bram@voorbeeld.example',
  displayName: 'Bram de Vries',
  mobilePhone: '+31623456789',
  businessPhone: undefined,
};

interface Look {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
  readonly locale?: 'en' | 'nl';
}

function text(to: string, body: string): OutgoingMessage {
  return { kind: 'text', to, language: 'en', body };
}

function call(to: string, extension?: string): OutgoingMessage {
  return {
    kind: 'call',
    to,
    ...(extension === undefined ? {} : { extension }),
    language: 'en',
    greeting: 'This is Voorbeeld.',
    instruction: 'Press the hash key.',
    thanks: 'Thank you.',
    refused: 'That was not the hash key.',
  };
}

const mail: OutgoingMessage = {
  kind: 'mail',
  to: 'anna@voorbeeld.example',
  language: 'en',
  subject: 'A phone was added',
  text: 'A phone was added.',
  html: '<!doctype html><html lang="en"><head><title>A phone was added</title></head><body><h1>A phone was added</h1><script>document.title = "ran"</script></body></html>',
};

describe(
  'the simulator in a browser',
  { skip: !existsSync(executablePath) && 'no Chromium here' },
  () => {
    let browser: Browser;
    let listener: Listener;
    let app: FastifyInstance;
    let network: SimulatorNetwork;
    let context: BrowserContext;
    let sent = 0;
    let keys: unknown[];

    before(async () => {
      browser = await chromium.launch({
        executablePath,
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--disable-background-networking',
          '--disable-sync',
        ],
      });
    });
    after(async () => {
      await browser.close();
    });

    beforeEach(async () => {
      const clock = settableClock(new Date());
      keys = [];
      network = createSimulatorNetwork({
        clock,
        random: systemRandom,
        secret: Buffer.alloc(32, 3),
        deliver: async ({ body }) => {
          const event: Record<string, unknown> = JSON.parse(body);
          if (event['event'] === 'keys') keys.push(event['keys']);
          const turn =
            event['keys'] === '42#' ? { say: 'thanks', hangUp: true } : { say: 'refused' };
          return { status: 200, body: JSON.stringify(event['event'] === 'keys' ? turn : {}) };
        },
        senders: { number: '+3197010240000', mail: 'no-reply@voorbeeld.example' },
      });
      listener = await listen({ host: '127.0.0.1', port: 0 });
      app = httpServerForTests({ bundles: { [simulatorBundleName]: simulatorBundle }, listener });
      await app.register(
        simulatorRoutes({
          network,
          people: () => [anna, bram],
          clock,
          advanceClock: (seconds) => clock.advanceSeconds(seconds),
        }),
      );
      await app.ready();
    });
    afterEach(async () => {
      await context.close();
      await network.stop();
      await app.close();
      await listener.close(100);
    });

    async function arrives(message: OutgoingMessage): Promise<string> {
      sent += 1;
      const createdAt = new Date();
      await network.carry(
        {
          id: `message-${sent}`,
          message,
          attemptId: undefined,
          challengeId: undefined,
          userId: undefined,
          createdAt,
          deliverBefore: createdAt,
          tries: 1,
        },
        new AbortController().signal,
      );
      return network.messages().at(-1)?.id ?? '';
    }

    async function opened(path: string, look: Look = {}): Promise<Page> {
      context = await browser.newContext({
        baseURL: `http://localhost:${listener.port}`,
        viewport: { width: look.width ?? 1280, height: 900 },
        colorScheme: look.scheme ?? 'light',
        locale: look.locale ?? 'en',
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => {
        // That a mail's script was kept from running is what is meant to happen.
        if (message.type() === 'error' && !/sandbox/.test(message.text()))
          faults.push(message.text());
      });
      page.on('close', () => assert.deepEqual(faults, []));
      await page.goto(path);
      return page;
    }

    it('shows a text by itself, and keeps the reply that is being written', async () => {
      const page = await opened('/simulator');
      const mobile = page.locator('#mobile-31612345678');
      await mobile.getByText('No messages yet').waitFor();
      const reply = mobile.getByLabel('Reply from: Mobile phone of Anna Bakker');
      await reply.fill('4');
      await arrives(text('+31612345678', 'Your code is 482913'));
      await mobile.getByText('Your code is 482913').waitFor();
      assert.equal(await reply.inputValue(), '4');
      assert.equal(
        await reply.evaluate((field) => field === field.ownerDocument.activeElement),
        true,
      );
      await page.keyboard.type('2');
      await page.keyboard.press('Enter');
      await mobile.locator('.replied', { hasText: '42' }).waitFor();
      assert.equal(await reply.inputValue(), '');
      assert.equal(new URL(page.url()).hash, '', 'the page was left');
      assert.deepEqual(
        network.replies().map((each) => [each.from, each.text]),
        [['+31612345678', '42']],
      );
    });

    it('rings, is answered, takes keys one by one, and says what the call says', async () => {
      const page = await opened('/simulator');
      await arrives(call('+31201234567', '12'));
      await page.getByRole('link', { name: 'Ringing: Office phone of Anna Bakker' }).click();
      const desk = page.locator('#office-31201234567x12');
      await desk.getByRole('button', { name: 'Answer' }).click();
      await desk.getByText('Extension 12 was dialled').waitFor();
      await desk.getByRole('log').getByText('Press the hash key.').waitFor();
      for (const key of ['4', '2'])
        await desk.getByRole('button', { name: key, exact: true }).click();
      await desk.getByText('Keys pressed: 4 2').waitFor();
      await desk.getByRole('button', { name: '# hash' }).click();
      await desk.getByText('ended after a goodbye').waitFor();
      assert.deepEqual(keys, ['42#']);
      assert.equal(await page.locator('#ringing').textContent(), '');
    });

    it('keeps the focus where somebody works by keyboard', async () => {
      await arrives(call('+31612345678'));
      const page = await opened('/simulator');
      const mobile = page.locator('#mobile-31612345678');
      await mobile.getByRole('button', { name: 'Answer' }).focus();
      await page.keyboard.press('Enter');
      await mobile.getByRole('log').waitFor();
      await page.waitForFunction("document.activeElement?.id === 'mobile-31612345678-captions'");
      await mobile.getByRole('button', { name: '7', exact: true }).focus();
      await page.keyboard.press('Enter');
      await mobile.getByText('Keys pressed: 7').waitFor();
      await page.waitForFunction("document.activeElement?.id === 'mobile-31612345678-key-7'");
    });

    it('can be declined and sent to voicemail', async () => {
      await arrives(call('+31612345678'));
      await arrives(call('+31623456789'));
      const page = await opened('/simulator');
      await page.locator('#mobile-31612345678').getByRole('button', { name: 'Decline' }).click();
      await page.locator('#mobile-31612345678').getByText('declined').waitFor();
      await page.locator('#mobile-31623456789').getByRole('button', { name: 'Voicemail' }).click();
      await page.locator('#mobile-31623456789').getByText('went to voicemail').waitFor();
    });

    it('shows a mail as its receiver would see it, and runs nothing in it', async () => {
      const page = await opened('/simulator');
      await page.getByText('No mail yet').waitFor();
      await arrives(mail);
      const frame = page.frameLocator('iframe');
      await frame.getByRole('heading', { name: 'A phone was added' }).waitFor();
      assert.equal(
        await frame.locator('html').evaluate((root) => root.ownerDocument.title),
        'A phone was added',
      );
      await page.getByRole('link', { name: 'Text only' }).click();
      await page.locator('.mail-text', { hasText: 'A phone was added.' }).waitFor();
    });

    /** Everything a page can show at once, looked at by axe. */
    async function assertUsableAs(look: Look): Promise<void> {
      await arrives(text('+31612345678', 'Your code is 482913'));
      await network.reply('+31612345678', '42');
      await arrives(call('+31201234567', '12'));
      const under = await arrives(call('+31623456789'));
      await network.answer(under);
      await network.press(under, '4');
      await arrives(text('+31699999999', 'Your code is 771200'));
      await arrives(mail);
      const page = await opened('/simulator', look);
      await page.getByText('482913').waitFor();
      await assertUsable(page);
      await page.goto('/simulator?person=anna%40voorbeeld.example&as=text');
      await assertUsable(page);
    }

    it('can be used by everyone on a wide screen', () =>
      assertUsableAs({ width: 1280, scheme: 'light', locale: 'en' }));

    it('can be used by everyone in the dark, in Dutch', () =>
      assertUsableAs({ width: 1280, scheme: 'dark', locale: 'nl' }));

    it('can be used by everyone on the smallest phone, in Dutch', () =>
      assertUsableAs({ width: 320, scheme: 'light', locale: 'nl' }));

    it('can be used by everyone on a phone in the dark', () =>
      assertUsableAs({ width: 390, scheme: 'dark', locale: 'en' }));
  },
);

async function assertUsable(page: Page): Promise<void> {
  const overflow = await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  assert.equal(overflow, 0, 'the page is wider than the screen');
  await page.evaluate(axe);
  const found = await page.evaluate(
    `axe.run().then(({ violations }) => violations.map(({ id, impact, nodes }) => id + ' (' + impact + '): ' + nodes.map(({ html }) => html.slice(0, 150)).join(' ')))`,
  );
  assert.deepEqual(found, []);
}
