import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { loadSettings } from './config.ts';

describe('the settings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tweestap-config-'));
  after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'tweestap.yaml');

  const faultsOf = (options: Parameters<typeof loadSettings>[0]): readonly string[] => {
    const loaded = loadSettings(options);
    return loaded.settings === undefined ? loaded.faults.map(({ path }) => path) : [];
  };

  it('tell every fault of a file at once, with its place', () => {
    writeFileSync(
      file,
      [
        'publicUrl: http://login.voorbeeld.example',
        'databaseUrl: mysql://localhost/tweestap',
        'logLevel: loud',
        'http:',
        '  port: 70000',
        '  trustedProxies: [10.0.0.0/33]',
        '  prot: 80',
        'secretKey: short',
      ].join('\n'),
      { mode: 0o600 },
    );
    assert.deepEqual([...faultsOf({ mode: 'service', file, environment: {} })].toSorted(), [
      'databaseUrl',
      'http.port',
      'http.prot',
      'http.trustedProxies.0',
      'logLevel',
      'publicUrl',
      'secretKey',
    ]);
  });

  it('never show a secret that is faulty', () => {
    const loaded = loadSettings({
      mode: 'service',
      environment: {
        TWEESTAP_PUBLIC_URL: 'https://login.voorbeeld.example',
        TWEESTAP_DATABASE_URL: 'postgre://tweestap:hunter2@db/tweestap',
        TWEESTAP_SECRET_KEY: 'hunter2hunter2',
      },
    });
    assert.ok(loaded.settings === undefined);
    assert.equal(loaded.faults.length, 2);
    assert.ok(!JSON.stringify(loaded).includes('hunter2'));
  });

  it('need an address that people see, except in sample mode', () => {
    assert.deepEqual(faultsOf({ mode: 'service', environment: {} }), ['publicUrl']);
    const loaded = loadSettings({ mode: 'sample', environment: {} });
    assert.ok(loaded.settings !== undefined);
    assert.equal(loaded.settings.publicUrl, undefined);
    assert.equal(loaded.settings.simulator, true);
    assert.deepEqual(
      [loaded.settings.http.host, loaded.settings.http.port, loaded.settings.sampleAppPort],
      ['127.0.0.1', 8080, 8081],
    );
  });

  it('ask a command for no more than where the data is', () => {
    const { settings } = loadSettings({ mode: 'command', environment: {} });
    assert.equal(settings?.dataFolder, './data');
    assert.equal(settings.simulator, false);
  });

  it('keep sample mode on this machine', () => {
    for (const environment of [
      { TWEESTAP_HTTP_HOST: '0.0.0.0' },
      { TWEESTAP_HTTP_HOST: '192.168.1.10' },
      { TWEESTAP_PUBLIC_URL: 'https://login.voorbeeld.example' },
    ]) {
      assert.equal(faultsOf({ mode: 'sample', environment }).length, 1);
    }
    assert.deepEqual(faultsOf({ mode: 'sample', environment: { TWEESTAP_HTTP_HOST: '::1' } }), []);
  });

  it('switch the simulator on in sample mode only', () => {
    const environment = {
      TWEESTAP_PUBLIC_URL: 'https://login.voorbeeld.example',
      TWEESTAP_SIMULATOR: 'true',
    };
    assert.deepEqual(faultsOf({ mode: 'service', environment }), ['simulator']);
  });

  it('let the simulator take pushes in sample mode only, and real ones nowhere but here', () => {
    const pushOf = (mode: 'service' | 'sample', variables: Readonly<Record<string, string>>) => {
      const environment = { ...(mode === 'service' ? address : {}), ...variables };
      const { settings } = loadSettings({ mode, environment });
      return settings?.delivery.push ?? faultsOf({ mode, environment });
    };
    const address = { TWEESTAP_PUBLIC_URL: 'https://login.voorbeeld.example' };
    assert.equal(pushOf('service', {}), 'web-push');
    assert.equal(pushOf('sample', {}), 'simulator');
    assert.equal(pushOf('service', { TWEESTAP_PUSH: 'none' }), 'none');
    assert.deepEqual(pushOf('service', { TWEESTAP_PUSH: 'simulator' }), ['delivery.push']);
    const real = { TWEESTAP_PUSH: 'web-push' };
    assert.deepEqual(pushOf('sample', real), ['delivery.webPush.services']);
    const here = { ...real, TWEESTAP_WEB_PUSH_SERVICES: '127.0.0.1:8125,localhost:8126' };
    assert.equal(pushOf('sample', here), 'web-push');
  });

  it('guard sites that are named as browsers write them, for proxies that are believed', () => {
    const faultsWith = (sites: string, proxies = '127.0.0.1') =>
      faultsOf({
        mode: 'service',
        environment: {
          TWEESTAP_PUBLIC_URL: 'https://login.voorbeeld.example',
          TWEESTAP_FORWARD_AUTH_SITES: sites,
          ...(proxies === '' ? {} : { TWEESTAP_TRUSTED_PROXIES: proxies }),
        },
      });
    const wiki = 'https://wiki.voorbeeld.example';
    assert.deepEqual(faultsWith(`${wiki},https://shop.voorbeeld.example:8443`), []);
    assert.deepEqual(faultsWith(wiki, ''), ['http.trustedProxies']);
    assert.deepEqual(faultsWith('https://login.voorbeeld.example'), ['forwardAuth.sites']);
    assert.deepEqual(faultsWith('http://localhost:3000'), ['forwardAuth.sites']);
    for (const faulty of [
      `${wiki}/`,
      `${wiki}/wiki`,
      `${wiki}:443`,
      'https://Wiki.voorbeeld.example',
      'https://*.voorbeeld.example',
      'http://wiki.voorbeeld.example',
      'wiki.voorbeeld.example',
    ]) {
      assert.equal(faultsWith(faulty).length, 1, faulty);
    }
  });

  it('take an origin for the public address, whichever way it is written', () => {
    const publicUrlOf = (text: string): string | undefined =>
      loadSettings({ mode: 'service', environment: { TWEESTAP_PUBLIC_URL: text } }).settings
        ?.publicUrl;
    assert.equal(
      publicUrlOf('HTTPS://Login.Voorbeeld.example:443/'),
      'https://login.voorbeeld.example',
    );
    for (const wrong of [
      'https://login.voorbeeld.example/tweestap',
      'https://anna@login.voorbeeld.example',
      'https://login.voorbeeld.example/?a',
      'ftp://login.voorbeeld.example',
      'login.voorbeeld.example',
    ]) {
      assert.equal(publicUrlOf(wrong), undefined, wrong);
    }
  });

  it('let passwords cross a network encrypted only', () => {
    const faultsAt = (publicUrl: string): readonly string[] =>
      faultsOf({ mode: 'service', environment: { TWEESTAP_PUBLIC_URL: publicUrl } });
    assert.deepEqual(faultsAt('http://login.voorbeeld.example'), ['publicUrl']);
    assert.deepEqual(faultsAt('http://192.0.2.1'), ['publicUrl']);
    assert.deepEqual(faultsAt('http://127.0.0.1:8080'), []);
  });

  it('warn of a public address that Twilio could not reach', () => {
    const isWarnedOf = (publicUrl: string): boolean => {
      const { warnings } = loadSettings({
        mode: 'service',
        environment: {
          TWEESTAP_PUBLIC_URL: publicUrl,
          TWEESTAP_TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`,
          TWEESTAP_TWILIO_AUTH_TOKEN: '2'.repeat(32),
          TWEESTAP_TWILIO_FROM: '+3197010240000',
        },
      });
      assert.ok(!JSON.stringify(warnings).includes('2'.repeat(32)));
      return warnings.some(({ path }) => path === 'publicUrl');
    };
    assert.equal(isWarnedOf('http://localhost:8080'), true);
    assert.equal(isWarnedOf('https://login.example.org'), false);
  });

  it('warn of proxies that are everybody', () => {
    const warns = (TWEESTAP_TRUSTED_PROXIES: string): boolean =>
      loadSettings({
        environment: {
          TWEESTAP_PUBLIC_URL: 'https://login.voorbeeld.example',
          TWEESTAP_TRUSTED_PROXIES,
        },
        mode: 'service',
      }).warnings.some(({ path }) => path === 'http.trustedProxies');
    for (const all of ['0.0.0.0/0', '::/0', '10.0.0.0/8,0.0.0.0/1,128.0.0.0/1', '::ffff:0:0/96']) {
      assert.ok(warns(all), all);
    }
    for (const some of ['127.0.0.1', '10.0.0.0/8,172.16.0.0/12', 'fc00::/7', '198.51.100.0/24']) {
      assert.ok(!warns(some), some);
    }
  });

  it('warn of a database whose rows cross a network in the clear', () => {
    const isWarnedOf = (databaseUrl: string): boolean => {
      const { warnings } = loadSettings({
        mode: 'service',
        environment: {
          TWEESTAP_PUBLIC_URL: 'https://login.voorbeeld.example',
          TWEESTAP_DATABASE_URL: databaseUrl,
        },
      });
      assert.ok(!JSON.stringify(warnings).includes('hunter2'));
      return warnings.some(({ path }) => path === 'databaseUrl');
    };
    for (const inTheClear of [
      'postgres://tweestap:hunter2@db.voorbeeld.example/tweestap',
      'postgres://tweestap:hunter2@10.0.0.5:5432/tweestap?sslmode=disable',
      'postgres://tweestap:hunter2@db/tweestap?sslmode=no-verify',
      'postgres://tweestap:hunter2@localhost/tweestap?host=db.voorbeeld.example',
    ]) {
      assert.equal(isWarnedOf(inTheClear), true, inTheClear);
    }
    for (const sound of [
      'postgres://tweestap:hunter2@db.voorbeeld.example/tweestap?sslmode=verify-full',
      'postgres://tweestap:hunter2@127.0.0.1:5432/tweestap',
      'postgres://tweestap:hunter2@[::1]/tweestap',
      'postgres://tweestap:hunter2@localhost/tweestap?host=/var/run/postgresql',
    ]) {
      assert.equal(isWarnedOf(sound), false, sound);
    }
  });

  it('take keys in base64 and hexadecimal, from a variable or a file', () => {
    const key = Buffer.alloc(32, 7);
    const keyFile = join(folder, 'key');
    writeFileSync(keyFile, `${key.toString('base64')}\n`, { mode: 0o600 });
    for (const environment of [
      { TWEESTAP_SECRET_KEY: key.toString('hex') },
      { TWEESTAP_SECRET_KEY: key.toString('base64url') },
      { TWEESTAP_SECRET_KEY_FILE: keyFile },
    ]) {
      const { settings } = loadSettings({ mode: 'sample', environment });
      assert.deepEqual(settings?.secretKeys, [key]);
    }
  });

  it('let the environment win over the file that TWEESTAP_CONFIG names', () => {
    writeFileSync(file, 'publicUrl: https://a.example\nlogLevel: warn\n', { mode: 0o600 });
    const { settings } = loadSettings({
      mode: 'service',
      environment: { TWEESTAP_CONFIG: file, TWEESTAP_LOG_LEVEL: 'error' },
    });
    assert.equal(settings?.publicUrl, 'https://a.example');
    assert.equal(settings.logLevel, 'error');
  });
});
