import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { loadSettings } from '../../config.ts';
import { readAddress } from './settings.ts';

const needed = {
  TWEESTAP_PUBLIC_URL: 'https://login.example.org',
  TWEESTAP_UPSTREAM_URL: 'ldaps://dc1.example.org',
  TWEESTAP_UPSTREAM_BIND_DN: 'cn=tweestap,dc=example,dc=org',
  TWEESTAP_UPSTREAM_BIND_PASSWORD: 'geheim',
  TWEESTAP_UPSTREAM_BASE_DN: 'dc=example,dc=org',
};
const load = (more: Readonly<Record<string, string>>, mode: 'service' | 'sample' = 'service') =>
  loadSettings({ mode, environment: { ...needed, ...more } });
const faultsOf = (more: Readonly<Record<string, string>>, mode?: 'service' | 'sample') => {
  const loaded = load(more, mode);
  return loaded.settings === undefined ? loaded.faults.map(({ path }) => path) : [];
};

describe('the settings of a directory', () => {
  it('are left out as a whole, or complete', () => {
    const { TWEESTAP_PUBLIC_URL } = needed;
    const without = loadSettings({ mode: 'service', environment: { TWEESTAP_PUBLIC_URL } });
    assert.equal(without.settings?.upstream, undefined);
    assert.deepEqual(load({}).settings?.upstream?.urls, ['ldaps://dc1.example.org']);
    assert.deepEqual(faultsOf({ TWEESTAP_UPSTREAM_BASE_DN: '' }), ['upstream.baseDn']);
  });

  it('name several servers, each by an address that says how it is spoken to', () => {
    const urls = load({ TWEESTAP_UPSTREAM_URL: 'ldaps://dc1.example.org, ldap://[::1]:3389/' });
    assert.equal(urls.settings?.upstream?.urls.length, 2);
    assert.deepEqual(readAddress('ldaps://dc1'), { isTls: true, host: 'dc1', port: 636 });
    assert.deepEqual(readAddress('ldap://dc1'), { isTls: false, host: 'dc1', port: 389 });
    assert.deepEqual(readAddress('ldap://[::1]:3389/'), { isTls: false, host: '::1', port: 3389 });
    for (const url of ['dc1.example.org', 'https://dc1', 'ldap://', 'ldap://a/dc=x', 'ldap://u@h'])
      assert.deepEqual(faultsOf({ TWEESTAP_UPSTREAM_URL: url }), ['upstream.urls.0'], url);
  });

  it('send passwords to another machine encrypted only, unless that is said twice', () => {
    const plain = {
      TWEESTAP_UPSTREAM_URL: 'ldap://dc1.example.org',
      TWEESTAP_UPSTREAM_STARTTLS: 'false',
    };
    assert.deepEqual(faultsOf(plain), ['upstream.startTls']);
    assert.deepEqual(faultsOf({ ...plain, TWEESTAP_UPSTREAM_ALLOW_PLAIN: 'true' }), []);
    assert.deepEqual(faultsOf({ ...plain, TWEESTAP_UPSTREAM_URL: 'ldap://127.0.0.1' }), []);
    assert.deepEqual(
      faultsOf({ ...plain, TWEESTAP_UPSTREAM_URL: 'ldap://127.0.0.1.example.org' }),
      ['upstream.startTls'],
    );
  });

  it('are read as names and filters, so that what is wrong is told before anybody signs in', () => {
    assert.deepEqual(faultsOf({ TWEESTAP_UPSTREAM_BASE_DN: 'example.org' }), ['upstream.baseDn']);
    assert.deepEqual(faultsOf({ TWEESTAP_UPSTREAM_PEOPLE_FILTER: 'objectClass=person' }), [
      'upstream.peopleFilter',
    ]);
    assert.deepEqual(faultsOf({ TWEESTAP_UPSTREAM_ID_ATTRIBUTE: 'entry UUID)(' }), [
      'upstream.attributes.id',
    ]);
  });

  it('stay on this machine with the sample organisation', () => {
    const { TWEESTAP_PUBLIC_URL: _, ...sample } = needed;
    const at = (url: string) =>
      loadSettings({ mode: 'sample', environment: { ...sample, TWEESTAP_UPSTREAM_URL: url } });
    assert.ok(at('ldaps://localhost').settings);
    assert.equal(at('ldaps://dc1.example.org').settings, undefined);
  });
});
