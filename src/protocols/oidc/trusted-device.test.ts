import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import type { User } from '../../accounts/user.ts';
import { policySchema } from '../../policies/policy-schema.ts';
import { freshDatabase } from '../../../test/support/database.ts';
import { startProvider, type Provider } from '../../../test/support/provider.ts';
import { relyingParty, type RelyingParty } from '../../../test/support/relying-party.ts';
import { password } from '../../../test/support/signin.ts';
import type { Browser } from '../../../test/support/wire-browser.ts';

const callback = 'https://intranet.example/callback';
const mfa = 'https://refeds.org/profile/mfa';
const sfa = 'https://refeds.org/profile/sfa';

describe('an application on a trusted device', () => {
  let provider: Provider;
  let heidi: User;
  let intranet: RelyingParty;
  let payroll: RelyingParty;
  let browser: Browser;
  before(async () => {
    const database = await freshDatabase();
    const { version } = await database.stores.policies.read();
    const policy = policySchema.parse({ trustedDevices: { allowed: true } });
    await database.stores.policies.write(version, policy);
    provider = await startProvider({ on: database });
    heidi = await provider.person({ userPrincipalName: 'heidi@voorbeeld.example' });
    await provider.app(heidi);
    intranet = await application({ name: 'Intranet' });
    payroll = await application({ name: 'Payroll', required: 'second-step' });
  });
  after(() => provider.close());
  beforeEach(async () => {
    browser = provider.browser();
    await trusts();
  });

  const application = async (
    asked: Partial<Parameters<Provider['application']>[0]> & { readonly name: string },
  ): Promise<RelyingParty> =>
    relyingParty(
      provider.origin,
      await provider.application({ redirectUris: [callback], ...asked }),
      callback,
    );
  const typesPassword = async (): Promise<void> => {
    if (browser.screen.heading === 'Sign in') {
      await browser.press('Next', { name: heidi.userPrincipalName });
    }
    await browser.press('Sign in', { password });
  };
  const typesCode = async (fields: Readonly<Record<string, string>> = {}): Promise<void> => {
    provider.clock.advanceSeconds(31);
    await browser.press('Verify', { code: provider.appCode(), ...fields });
  };
  /** Signs in with both steps, says "Don't ask again", and closes the browser. */
  const trusts = async (): Promise<void> => {
    await browser.open('/sign-in');
    await typesPassword();
    await typesCode({ trust: 'yes' });
    browser.forget('tweestap-session');
  };
  const opens = async (
    application_: RelyingParty,
    parameters?: Readonly<Record<string, string>>,
  ): Promise<() => Promise<Readonly<Record<string, unknown>> | undefined>> => {
    const errand = await application_.begin(parameters);
    await browser.open(errand.address);
    return async () => {
      assert.ok(browser.screen.isElsewhere, `not there but at: ${browser.screen.heading}`);
      const came = await application_.redeem(browser.screen.url, errand);
      return came.claims();
    };
  };

  it('opens after the password alone, and is told of one step', async () => {
    const arrived = await opens(intranet);
    await typesPassword();
    const claims = await arrived();
    assert.equal(claims?.['acr'], sfa);
    assert.deepEqual(claims['amr'], ['pwd']);
    // And again without a question: the door finds what the sign-in found.
    assert.equal((await (await opens(intranet))())?.['acr'], sfa);
  });

  it('asks for the second step where it wants two, once', async () => {
    const arrived = await opens(payroll);
    await typesPassword();
    await typesCode();
    assert.equal((await arrived())?.['acr'], mfa);
    assert.equal((await (await opens(payroll))())?.['acr'], mfa);
  });

  it('asks for what is missing when one that wants two comes second', async () => {
    const first = await opens(intranet);
    await typesPassword();
    await first();
    const second = await opens(payroll);
    assert.ok(!browser.screen.isElsewhere);
    await typesCode();
    assert.equal((await second())?.['acr'], mfa);
  });

  it('asks for everything where it says prompt=login', async () => {
    const first = await opens(intranet);
    await typesPassword();
    await first();
    provider.clock.advanceSeconds(1);
    const again = await opens(intranet, { prompt: 'login' });
    await typesPassword();
    await typesCode();
    assert.equal((await again())?.['acr'], mfa);
  });

  it('asks for the second step as soon as the trust has ended', async () => {
    const first = await opens(intranet);
    await typesPassword();
    await first();
    await provider.stores.trustedDevices.removeAll(heidi.id);
    const again = await opens(intranet);
    assert.ok(!browser.screen.isElsewhere);
    await typesCode();
    assert.equal((await again())?.['acr'], mfa);
  });
});
