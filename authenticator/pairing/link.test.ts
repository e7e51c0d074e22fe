import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { pairingLink } from '../../src/methods/notification/protocol.ts';
import { deviceName } from './device-name.ts';
import { codeInFragment, originOf, readCode, readKey, readScanned } from './link.ts';
import { pinFault } from './pin.ts';

describe('what is scanned', () => {
  it('is the link of Tweestap', () => {
    const link = pairingLink('https://id.example.org', 'ABCD-EFGH-JKLM');
    const invitation = { kind: 'tweestap', origin: 'https://id.example.org', code: 'ABCDEFGHJKLM' };
    assert.deepEqual(readScanned(link), invitation);
  });

  it('is the code of another service', () => {
    const address =
      'otpauth://totp/GitHub:anna?secret=jbsw%20y3dp-ehpk3pxp&issuer=GitHub&digits=8&period=60&algorithm=SHA256';
    assert.deepEqual(readScanned(address), {
      kind: 'other',
      issuer: 'GitHub',
      account: 'anna',
      otp: { key: 'JBSWY3DPEHPK3PXP', digits: 8, period: 60, algorithm: 'sha256' },
    });
  });

  it('is nothing that adds an account', () => {
    for (const text of [
      '',
      'hello',
      'https://example.org/',
      'https://id.example.org/authenticator/#pair=',
      'http://id.example.org/authenticator/#pair=ABCD-EFGH-JKLM',
      'javascript:alert(1)//#pair=ABCD-EFGH-JKLM',
      'otpauth://hotp/GitHub?secret=JBSWY3DPEHPK3PXP&counter=1',
      'otpauth://totp/GitHub?secret=',
    ]) {
      assert.equal(readScanned(text), null, text);
    }
  });
});

describe('what is typed', () => {
  it('is a code in whatever case and with whatever hyphens', () => {
    assert.equal(readCode(' abcd efgh-jklm '), 'ABCDEFGHJKLM');
    assert.equal(readCode('abc'), null);
    assert.equal(readCode('ABCD_EFGH'), null);
    assert.equal(codeInFragment('#pair=abcd-efgh-jklm'), 'ABCDEFGHJKLM');
    assert.equal(codeInFragment('#/add'), null);
  });

  it('is an address with or without https://, in whatever case, with whatever path', () => {
    assert.equal(originOf(' ID.Example.org '), 'https://id.example.org');
    assert.equal(originOf('https://id.example.org/authenticator/'), 'https://id.example.org');
    assert.equal(originOf('HTTPS://id.example.org:8443/x?y#z'), 'https://id.example.org:8443');
    assert.equal(originOf('localhost:8080'), 'http://localhost:8080');
    assert.equal(originOf('http://127.0.0.1:8080'), 'http://127.0.0.1:8080');
  });

  it('is no address that others could read along or that is none', () => {
    for (const typed of ['', 'http://id.example.org', 'ftp://id.example.org', 'id', 'a b', '://']) {
      assert.equal(originOf(typed), null, typed);
    }
  });

  it('is a key in groups', () => {
    assert.equal(readKey('jbsw y3dp-ehpk 3pxp'), 'JBSWY3DPEHPK3PXP');
    assert.equal(readKey('0189'), null);
    assert.equal(readKey('MZXQ'), null);
  });
});

describe('a PIN', () => {
  it('is 4 to 8 digits that are not guessed first', () => {
    for (const pin of ['4729', '739204', '80317264']) assert.equal(pinFault(pin), null, pin);
    for (const pin of ['', '123', '123456789', '12a4', '１２３９']) {
      assert.equal(pinFault(pin), 'shape', pin);
    }
    for (const pin of ['0000', '1234', '98765', '1212', '1987', '2024']) {
      assert.equal(pinFault(pin), 'guessable', pin);
    }
  });
});

describe('a phone', () => {
  it('is called by its browser and its system', () => {
    const named = (userAgent: string): string =>
      deviceName(userAgent, (browser, system) => `${browser} on ${system}`);
    const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36';
    assert.equal(named(`Mozilla/5.0 (Linux; Android 15) ${chrome}`), 'Chrome on Android');
    assert.equal(
      named('Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1'),
      'Safari on iPhone',
    );
    assert.equal(named(`Mozilla/5.0 (X11; Linux) ${chrome} Edg/140.0`), 'Edge on Linux');
    const headless = chrome.replace('Chrome/', 'HeadlessChrome/');
    assert.equal(named(`Mozilla/5.0 (X11; Linux) ${headless}`), 'Chrome on Linux');
    assert.equal(named(''), 'Browser');
  });
});
