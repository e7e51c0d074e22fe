import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import {
  allowsPushTo,
  isServiceHere,
  isServiceName,
  knownPushServices,
  pushAddress,
} from './services.ts';

describe('an endpoint', () => {
  const leadsTo = (endpoint: string, services = knownPushServices): string | undefined =>
    pushAddress(endpoint, services)?.href;

  it('leads to the push services of the browsers that people have', () => {
    for (const endpoint of [
      'https://fcm.googleapis.com/fcm/send/abc:def',
      'https://fcm.googleapis.com/wp/abc',
      'https://updates.push.services.mozilla.com/wpush/v2/abc',
      'https://web.push.apple.com/abc',
      'https://wns2-par02p.notify.windows.com/w/?token=abc',
      'https://FCM.googleapis.com:443/x',
    ]) {
      assert.notEqual(leadsTo(endpoint), undefined, endpoint);
    }
  });

  it('leads nowhere else, however it is written', () => {
    for (const endpoint of [
      '',
      'fcm.googleapis.com/fcm/send/x',
      'http://fcm.googleapis.com/fcm/send/x',
      'ftp://fcm.googleapis.com/x',
      'javascript:alert(1)',
      'https://fcm.googleapis.com:8443/x',
      'https://fcm.googleapis.com:22/x',
      'https://fcm.googleapis.com./x',
      'https://fcm.googleapis.com.attacker.example/x',
      'https://attacker.example/fcm.googleapis.com',
      'https://fcm.googleapis.com@attacker.example/x',
      'https://user@fcm.googleapis.com/x',
      'https://user:secret@fcm.googleapis.com/x',
      'https://evil-fcm.googleapis.com/x',
      'https://notify.windows.com/x',
      'https://evilnotify.windows.com/x',
      'https://push.apple.com/x',
      'https://127.0.0.1/x',
      'http://127.0.0.1/x',
      'http://localhost:8080/simulator/api/clock',
      'https://[::1]/x',
      'https://169.254.169.254/latest/meta-data',
      'https://10.0.0.7/x',
      `https://fcm.googleapis.com/${'x'.repeat(2_048)}`,
    ]) {
      assert.equal(leadsTo(endpoint), undefined, endpoint);
    }
  });

  it('leads to a stand-in on this machine where the operator names it, with its port', () => {
    const here = ['127.0.0.1:8125', 'localhost:8125', '[::1]:8125'];
    for (const host of here) {
      assert.equal(leadsTo(`http://${host}/send/1`, here), `http://${host}/send/1`);
      assert.ok(isServiceHere(host), host);
    }
    assert.equal(leadsTo('http://127.0.0.1:8126/send/1', here), undefined);
    assert.equal(leadsTo('http://2130706433:8125/send/1', here), 'http://127.0.0.1:8125/send/1');
    assert.equal(leadsTo('http://push.example:80/1', ['push.example:80']), undefined);
    for (const name of knownPushServices) assert.ok(!isServiceHere(name), name);
  });

  it('is called on the open internet, or on this machine under its own name', () => {
    assert.ok(allowsPushTo('142.250.1.1', 'fcm.googleapis.com'));
    for (const address of ['127.0.0.1', '::1', '10.1.1.1', '169.254.169.254', 'fd00::1']) {
      assert.ok(!allowsPushTo(address, 'fcm.googleapis.com'), address);
    }
    assert.ok(allowsPushTo('127.0.0.1', 'localhost'));
    assert.ok(allowsPushTo('::1', '::1'));
    assert.ok(!allowsPushTo('10.1.1.1', 'localhost'));
  });
});

describe('the name of a push service', () => {
  it('is a host or all below a domain, with a port where it is not the usual one', () => {
    for (const name of [
      ...knownPushServices,
      'push.example.org',
      '*.push.example.org',
      'push.example.org:8443',
      '127.0.0.1:8125',
      '[::1]:8125',
    ]) {
      assert.ok(isServiceName(name), name);
    }
  });

  it('is no address, no path, no pattern in between and not half the internet', () => {
    for (const name of [
      '',
      '*',
      '*.',
      '*.com',
      'push.*.example',
      '**.example.org',
      'https://push.example.org',
      'push.example.org/x',
      'push.example.org?x',
      'user@push.example.org',
      'push.example.org:443',
      'push example.org',
      'Push.example.org/',
    ]) {
      assert.ok(!isServiceName(name), name);
    }
  });
});
