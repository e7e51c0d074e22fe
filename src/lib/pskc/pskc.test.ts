import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { readPskc, type PskcKey } from './pskc.ts';

const namespaces =
  'xmlns="urn:ietf:params:xml:ns:keyprov:pskc" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" ' +
  'xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" xmlns:xenc11="http://www.w3.org/2009/xmlenc11#" ' +
  'xmlns:pkcs5="http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#"';
const cipher = 'http://www.w3.org/2001/04/xmlenc#aes128-cbc';
const encrypted = (value: string): string =>
  `<xenc:EncryptionMethod Algorithm="${cipher}"/><xenc:CipherData><xenc:CipherValue>
    ${value}</xenc:CipherValue></xenc:CipherData>`;
const macMethod = (value: string): string =>
  `<MACMethod Algorithm="http://www.w3.org/2000/09/xmldsig#hmac-sha1"><MACKey>${encrypted(value)}</MACKey></MACMethod>`;
const container = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><KeyContainer Version="1.0" ${namespaces}>${body}</KeyContainer>`;
const keyPackage = (secret: string, more = ''): string =>
  `<KeyPackage><DeviceInfo><Manufacturer>oath.TokenVendorAcme</Manufacturer><SerialNo>987654321</SerialNo>
  <Model>c200</Model></DeviceInfo><Key Id="123456" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:totp">
  <AlgorithmParameters>${more}<ResponseFormat Encoding="DECIMAL" Length="8"/></AlgorithmParameters>
  <Data><Secret>${secret}</Secret><TimeInterval><PlainValue>60</PlainValue></TimeInterval></Data></Key></KeyPackage>`;

/** RFC 6030 §6.1, figure 6. */
const preShared = container(
  `<EncryptionKey><ds:KeyName>Pre-shared-key</ds:KeyName></EncryptionKey>${macMethod(
    'ESIzRFVmd4iZABEiM0RVZgKn6WjLaTC1sbeBMSvIhRejN9vJa2BOlSaMrR7I5wSX',
  )}${keyPackage(
    `<EncryptedValue>${encrypted(
      'AAECAwQFBgcICQoLDA0OD+cIHItlB3Wra1DUpxVvOx2lef1VmNPCMl8jwZqIUqGv',
    )}</EncryptedValue><ValueMAC>Su+NvtQfmvfJzF6bmQiJqoLRExc=</ValueMAC>`,
  )}`,
);
const preSharedKey = '12345678 90123456 78901234 56789012';

/** RFC 6030 §6.2, figure 7. */
const byPassword = container(
  `<EncryptionKey><xenc11:DerivedKey><xenc11:KeyDerivationMethod
    Algorithm="http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#pbkdf2"><pkcs5:PBKDF2-params>
    <Salt><Specified>Ej7/PEpyEpw=</Specified></Salt><IterationCount>1000</IterationCount>
    <KeyLength>16</KeyLength><PRF/></pkcs5:PBKDF2-params></xenc11:KeyDerivationMethod>
    </xenc11:DerivedKey></EncryptionKey>${macMethod(
      '2GTTnLwM3I4e5IO5FkufoOEiOhNj91fhKRQBtBJYluUDsPOLTfUvoU2dStyOwYZx',
    )}${keyPackage(
      `<EncryptedValue>${encrypted(
        'oTvo+S22nsmS2Z/RtcoF8Hfh+jzMe0RkiafpoDpnoZTjPYZu6V+A4aEn032yCr4f',
      )}</EncryptedValue><ValueMAC>LP6xMvjtypbfT9PdkJhBZ+D6O4w=</ValueMAC>`,
    )}`,
);

const rfcSecret = Buffer.from('12345678901234567890');
const only = (text: string, password?: string): PskcKey => {
  const read = readPskc(text, { password });
  assert.equal(read.fault, undefined);
  const [key, ...others] = read.keys;
  assert.equal(others.length, 0);
  return key ?? assert.fail('no key');
};

describe('a PSKC file', () => {
  it('gives the plain key of a token with what is known of it', () => {
    const plain = `<PlainValue>${rfcSecret.toString('base64')}</PlainValue>`;
    assert.deepEqual(only(container(keyPackage(plain, '<Suite>HMAC-SHA256</Suite>'))), {
      id: '123456',
      serialNumber: '987654321',
      manufacturer: 'TokenVendorAcme',
      model: 'c200',
      algorithm: 'totp',
      hash: 'sha256',
      digits: 8,
      periodSeconds: 60,
      secret: rfcSecret,
    });
  });

  it('opens with the key that both sides know (RFC 6030, figure 6)', () => {
    assert.deepEqual(only(preShared, preSharedKey).secret, rfcSecret);
  });

  it('opens with a password (RFC 6030, figure 7)', () => {
    assert.deepEqual(only(byPassword, 'qwerty').secret, rfcSecret);
  });

  it('says that a password is needed, or wrong, and believes nothing that was changed', () => {
    assert.equal(readPskc(byPassword).fault, 'password-needed');
    assert.equal(readPskc(preShared, {}).fault, 'password-needed');
    assert.equal(readPskc(byPassword, { password: 'qwertz' }).fault, 'password-wrong');
    assert.equal(readPskc(preShared, { password: '1234' }).fault, 'password-wrong');
    const changed = preShared.replace('AAECAwQFBgcICQoLDA0OD+cI', 'AAECAwQFBgcICQoLDA0OD+cJ');
    assert.equal(readPskc(changed, { password: preSharedKey }).fault, 'password-wrong');
    const unsigned = preShared.replace(/<ValueMAC>.*<\/ValueMAC>/, '');
    assert.equal(readPskc(unsigned, { password: preSharedKey }).fault, 'unknown-encryption');
    const other = byPassword.replaceAll('aes128-cbc', 'tripledes-cbc');
    assert.equal(readPskc(other, { password: 'qwerty' }).fault, 'unknown-encryption');
    const endless = byPassword.replace('>1000<', '>999999999<');
    assert.equal(readPskc(endless, { password: 'qwerty' }).fault, 'unknown-encryption');
  });

  it('is refused where it declares a document type, or is none', () => {
    const bomb = `<!DOCTYPE a [<!ENTITY b "${'c'.repeat(99)}">]>${container('')}`;
    for (const text of [bomb, '', '{}', 'upn,serial number', '<a/>', '<KeyContainer', '\uFEFF']) {
      assert.equal(readPskc(text).fault, 'not-pskc', text.slice(0, 20));
    }
  });

  it('is refused unread where it is made of more than any file of keys', () => {
    const began = performance.now();
    assert.equal(readPskc(container('<a/>'.repeat(5_000_000))).fault, 'too-many-keys');
    assert.equal(readPskc(container('<a>'.repeat(90_000))).fault, 'too-many-keys');
    assert.ok(
      performance.now() - began < 5_000,
      'parsing it would take minutes, or end the process',
    );
    const keys = '<KeyPackage><Key Id="1"/></KeyPackage>';
    assert.equal(readPskc(container(keys.repeat(2_000))).fault, undefined);
    assert.equal(readPskc(container(keys.repeat(2_001))).fault, 'too-many-keys');
  });

  it('never throws, whatever comes', () => {
    const pieces = fc.constantFrom(...`${preShared}\0`.split(/(?=[<>=" ])/));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.array(pieces, { maxLength: 60 })), (any) => {
        const text = typeof any === 'string' ? any : any.join('');
        for (const each of [text, container(text)]) {
          const read = readPskc(each, { password: preSharedKey });
          assert.ok(read.fault !== undefined || read.keys.length >= 0);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
