import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { SipFault } from '../../../lib/sip/fault.ts';
import { unreachedAt, type Place } from './faults.ts';

const tls: Place = { host: 'pbx.example.org', port: 5061, transport: 'tls' };
const udp: Place = { ...tls, port: 5060, transport: 'udp' };

function told(code: string, place = tls): string {
  const cause = Object.assign(new Error('in the words of the system'), { code });
  return unreachedAt(place, new SipFault(`it failed: ${code}`, { isSent: false, cause }));
}

describe('an exchange that was not reached, as an operator reads it,', () => {
  it('is told by its place where nothing listens, and by its name where nobody knows that', () => {
    assert.equal(
      told('ECONNREFUSED'),
      'it failed: ECONNREFUSED. Nothing listens at pbx.example.org:5061 (tls).',
    );
    assert.match(told('ENOTFOUND'), /No name server knows pbx\.example\.org\.$/);
  });

  it('is told by what is wrong with its certificate', () => {
    assert.match(told('CERT_HAS_EXPIRED'), /has expired\.$/);
    assert.match(told('ERR_TLS_CERT_ALTNAME_INVALID'), /is not for pbx\.example\.org\.$/);
    assert.match(told('DEPTH_ZERO_SELF_SIGNED_CERT'), /put the one that does into delivery\.sip\./);
  });

  it('may speak no TLS where it fell silent over it', () => {
    assert.match(
      told('EPROTO'),
      /firewall is in the way, or what listens at .*:5061 speaks no TLS/,
    );
    assert.match(told('ETIMEDOUT', udp), /Is pbx\.example\.org:5060 \(udp\) right/);
  });

  it('is asked about where the system has no more than words', () => {
    const fault = new SipFault('it failed', { isSent: false, cause: new Error('words') });
    assert.match(unreachedAt(udp, fault), /^it failed\. Is pbx\.example\.org:5060 \(udp\) right/);
    assert.equal(unreachedAt(udp, 'no error at all'), 'the exchange was not reached.');
  });
});
