/** What every keeper of applications is held to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { onFreshStores, type MakeStores } from '../lib/stores.contract.ts';
import type { ApplicationStore } from './application-store.ts';
import type { Application } from './application.ts';

/** A confidential client, unless the test says otherwise. */
export function sampleApplication(fields: Partial<Application> = {}): Application {
  return {
    clientId: 'sample',
    name: 'Sample application',
    redirectUris: ['https://app.example/callback', 'http://127.0.0.1:4000/callback?x=1'],
    postLogoutRedirectUris: ['https://app.example/'],
    backchannelLogoutUri: 'https://app.example/backchannel',
    clientSecret: 'a secret of the application',
    grants: ['authorization_code', 'refresh_token'],
    role: undefined,
    required: 'second-step',
    createdAt: new Date(1000),
    ...fields,
  };
}

/** Runs the contract; `make` gives fresh stores to each test. */
export function describeApplicationStore(
  make: MakeStores<{ readonly applications: ApplicationStore }>,
): void {
  describe('an application store', () => {
    it('gives back applications as they were added, oldest first', () =>
      onFreshStores(make, async ({ stores: { applications } }) => {
        const sample = sampleApplication();
        const open = sampleApplication({
          clientId: 'public',
          clientSecret: undefined,
          backchannelLogoutUri: undefined,
          createdAt: new Date(500),
        });
        await applications.add(sample);
        await applications.add(open);
        assert.deepEqual(written(await applications.find('sample')), written(sample));
        assert.deepEqual((await applications.find('sample'))?.createdAt, new Date(1000));
        assert.equal((await applications.find('public'))?.clientSecret, undefined);
        assert.deepEqual(
          (await applications.list()).map(({ clientId }) => clientId),
          ['public', 'sample'],
        );
        assert.equal(await applications.find('Sample'), undefined);
        assert.equal(await applications.find('sample\0'), undefined);
      }));

    it('keeps the first when a name is given twice', () =>
      onFreshStores(make, async ({ stores: { applications } }) => {
        await applications.add(sampleApplication());
        await assert.rejects(applications.add(sampleApplication({ name: 'Impostor' })), /already/);
        assert.equal((await applications.find('sample'))?.name, 'Sample application');
      }));

    it('writes one anew, with its secret, and keeps the day on which it came', () =>
      onFreshStores(make, async ({ stores: { applications } }) => {
        const sample = sampleApplication();
        assert.equal(await applications.replace(sample), false, 'there is none yet');
        await applications.add(sample);
        const changed = {
          ...sample,
          name: 'Renamed',
          clientSecret: 'another',
          createdAt: new Date(9),
        };
        assert.equal(await applications.replace(changed), true);
        const found = await applications.find('sample');
        assert.deepEqual(written(found), written({ ...changed, createdAt: sample.createdAt }));
      }));

    it('removes once', () =>
      onFreshStores(make, async ({ stores: { applications } }) => {
        await applications.add(sampleApplication());
        assert.equal(await applications.remove('sample'), true);
        assert.equal(await applications.remove('sample'), false);
        assert.equal(await applications.find('sample'), undefined);
      }));
  });
}

/** Without the fields that are there but undefined. */
function written(application: Application | undefined): unknown {
  return application === undefined ? undefined : JSON.parse(JSON.stringify(application));
}
