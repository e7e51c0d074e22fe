import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { User } from '../../accounts/user.ts';
import { startProvider, type Provider } from '../../../test/support/provider.ts';
import { relyingParty, type RelyingParty } from '../../../test/support/relying-party.ts';

const callback = 'https://intranet.example/callback';

describe('an application in front of us', () => {
  let provider: Provider;
  let els: User;
  let intranet: RelyingParty;
  before(async () => {
    provider = await startProvider();
    els = await provider.person({
      userPrincipalName: 'els@voorbeeld.example',
      displayName: 'Els Jansen',
      mail: 'els@voorbeeld.example',
      groups: ['staff'],
      perUserMfaState: 'disabled',
    });
    intranet = await relyingParty(
      provider.origin,
      await provider.application({ name: 'Intranet', redirectUris: [callback] }),
      callback,
    );
  });
  after(() => provider.close());

  it('learns who signed in, and how', async () => {
    const browser = provider.browser();
    const errand = await intranet.begin();
    await browser.open(errand.address);
    await provider.signsIn(browser, els);
    assert.ok(browser.screen.isElsewhere, browser.screen.html);
    const tokens = await intranet.redeem(browser.screen.url, errand);
    const claims = tokens.claims();
    assert.equal(claims?.sub, els.id);
    console.log(claims, tokens.expires_in, browser.visited);
    console.log(await intranet.userInfo(tokens.access_token, els.id));
    console.log(provider.events);
  });
});
