/**
 * The only administrator has lost everything, and is blocked besides: whoever has the machine gets them
 * back in by a command, and nobody else can.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { samplePerson } from '../support/people.ts';
import { startTweestap, type Tweestap } from '../support/tweestap.ts';

describe('a sole administrator who is locked out', () => {
  let tweestap: Tweestap;
  before(async () => {
    tweestap = await startTweestap();
  });
  after(() => tweestap.close());

  const command = async (...args: readonly string[]): Promise<string> => {
    const { code, output, error } = await tweestap.command(...args);
    assert.equal(code, 0, error);
    return output;
  };

  it('comes back in by commands on the server, and registers anew', async () => {
    const admin = samplePerson(tweestap, 'admin');
    const name = admin.userPrincipalName;
    await command('policy', 'set', 'administration.secondApproval', 'true');
    await command('user', 'block', name, '--reason', 'reported as fraud');
    await admin.arrives();
    assert.match(admin.browser.page.text, /blocked/);

    await command('user', 'unblock', name, '--reason', 'spoke to them');
    const told = await command('user', 'tap', name, '--forget', '--json');
    const made: { readonly temporaryAccessPass: string } = JSON.parse(told);
    const { browser, words } = samplePerson(tweestap, 'admin', { browser: tweestap.browser() });
    await browser.open('/sign-in?to=/admin');
    await browser.press(words.signIn.name.next, { name });
    await browser.press(words.signIn.pass.signIn, { pass: made.temporaryAccessPass });
    assert.equal(browser.page.heading, words.registration.interrupt.heading);

    const events = await tweestap.installation.database.stores.audit.list({ limit: 20 });
    const byCommand = events.filter(({ actor }) => actor === 'command-line');
    const kinds = new Set(byCommand.map(({ kind }) => kind));
    for (const kind of ['user-blocked', 'user-unblocked', 'pass-issued']) {
      assert.ok(kinds.has(kind), kind);
    }
  });
});
