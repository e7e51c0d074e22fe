import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { User } from '../../../accounts/user.ts';
import { pairedAppOf, type PairedApp } from '../../../../test/support/paired-app.ts';
import { startPages, type Pages } from '../../../../test/support/pages.ts';
import { password } from '../../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../../test/support/visitor.ts';
import { createDevices } from '../../../signin/devices.ts';

describe('the Tweestap Authenticator on Security info', () => {
  let pages: Pages;
  let anna: User;
  let visitor: Visitor;
  let app: PairedApp;

  const number = (): string =>
    /class="number-match">.*?<strong>(\d{2})<\/strong>/.exec(visitor.page.html)?.[1] ??
    assert.fail('no number on the page');
  const arrives = async (): Promise<void> => {
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: anna.userPrincipalName });
    await visitor.press('Sign in', { password });
  };
  const opens = async (
    options: Parameters<typeof pairedAppOf>[2] = {},
    policy: Readonly<Record<string, unknown>> = {},
  ): Promise<void> => {
    await pages?.close();
    pages = await startPages({ organisation: { name: 'Voorbeeld' }, ...policy });
    anna = await pages.person();
    await pages.phone(anna);
    pages.clock.advanceSeconds(1);
    app = await pairedAppOf(pages, anna, options);
    visitor = newVisitor(pages.server);
  };
  const enters = async (): Promise<void> => {
    await arrives();
    await app.approves(number());
    await visitor.open(visitor.page.path);
    await visitor.open('/my-profile/security-info');
  };

  beforeEach(() => opens());
  afterEach(() => pages.close());

  it('stands there with its device, its version, what it is asked for and when it was used', async () => {
    await enters();
    assert.match(
      visitor.page.text,
      /Default sign-in method Authenticator app - notification \(Pixel 8\)/,
    );
    assert.match(
      visitor.page.text,
      /Tweestap Authenticator Default sign-in method Pixel 8 \(version 1\.0\.0\) Notifications · Verification codes/,
    );
    assert.match(visitor.page.text, /Last used (now|a moment ago|just now|\d+ seconds? ago)/);
  });

  it('can be asked by default for a code as well', async () => {
    await enters();
    await visitor.open('/my-profile/security-info/default');
    const labels = [...visitor.page.html.matchAll(/<option value="([^"]+)"[^>]*>([^<]*)/g)];
    assert.deepEqual(
      labels.map(([, , label]) => label).filter((label) => label?.startsWith('Authenticator')),
      ['Authenticator app - notification (Pixel 8)', 'Authenticator app - code (Pixel 8)'],
    );
    await visitor.press('Confirm', { option: labels.at(-1)?.[1] ?? '' });
    assert.match(visitor.page.text, /is now Authenticator app - code \(Pixel 8\)/);
  });

  it('says where the app may show no notifications, and where policy closes them', async () => {
    await opens({ push: false });
    await enters();
    assert.match(visitor.page.text, /The app may show no notifications on that device/);
    await pages.policies.change((policy) => ({
      ...policy,
      methods: {
        ...policy.methods,
        notification: { ...policy.methods['notification'], enabled: false },
      },
    }));
    await visitor.open('/my-profile/security-info');
    assert.match(visitor.page.text, /\(version 1\.0\.0\) Verification codes For sign-in/);
  });

  it('says that notifications are set aside, and why', async () => {
    await enters();
    await visitor.open('/my-profile');
    const stranger = await pages.arrive(anna);
    for (let times = 1; times <= 3; times += 1) {
      if (times === 3) pages.clock.advanceSeconds(600);
      if (times > 1) await pages.signin.repeat(stranger.ref);
      await app.denies();
    }
    await visitor.open('/my-profile/security-info');
    assert.match(visitor.page.text, /Verification codes Notifications are set aside/);
    assert.match(visitor.page.text, /Default sign-in method Tweestap Authenticator \(set aside\)/);
  });

  it('is deleted like every other method, and knows nothing from then on', async () => {
    await enters();
    const entry = visitor.page.html.match(/href="([^"]+\/delete)"/g) ?? [];
    const [, path = ''] = /href="([^"]+)"/.exec(entry.at(-1) ?? '') ?? [];
    await visitor.open(path);
    assert.equal(visitor.page.heading, 'Delete Tweestap Authenticator?');
    assert.match(visitor.page.text, /Delete the account in the app as well/);
    await visitor.press('Yes');
    assert.match(visitor.page.text, /It was your default sign-in method/);
    assert.equal(await createDevices(pages.parts).find(app.account), undefined);
  });
});
