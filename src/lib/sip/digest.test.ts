import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import {
  credentialsOf,
  digestOf,
  readChallenges,
  writeProof,
  type Challenge,
  type Proof,
} from './digest.ts';
import { readMessage, type SipResponse } from './message.ts';

function challengeOf(value: string): Challenge {
  const [challenge] = readChallenges([value]);
  assert.ok(challenge);
  return challenge;
}

/** RFC 7616 §3.9.1. */
function circleOfLife(algorithm: string): Proof {
  return {
    challenge: challengeOf(
      'Digest realm="http-auth@example.org", qop="auth, auth-int", ' +
        `algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", ` +
        'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
    ),
    username: 'Mufasa',
    password: 'Circle of Life',
    method: 'GET',
    uri: '/dir/index.html',
    count: 1,
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  };
}

function response(status: 401 | 407, ...challenges: readonly string[]): SipResponse {
  const name = status === 401 ? 'WWW-Authenticate' : 'Proxy-Authenticate';
  const message = readMessage(
    Buffer.from(
      [
        `SIP/2.0 ${status} No`,
        'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1',
        'From: <sip:a@example.org>;tag=1',
        'To: <sip:b@example.org>;tag=2',
        'Call-ID: 1',
        'CSeq: 1 INVITE',
        ...challenges.map((each) => `${name}: ${each}`),
        '',
        '',
      ].join('\r\n'),
    ),
  );
  assert.ok(message?.kind === 'response');
  return message;
}

describe('a digest', () => {
  it('is that of the examples in the RFCs', () => {
    assert.equal(digestOf(circleOfLife('MD5')), '8ca523f5e9506fed4657c9700eebdbec');
    assert.equal(
      digestOf(circleOfLife('SHA-256')),
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    );
    // RFC 2617 §3.5.
    const older = {
      challenge: challengeOf(
        'Digest realm="testrealm@host.com", qop="auth,auth-int", ' +
          'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
      ),
      username: 'Mufasa',
      password: 'Circle Of Life',
      method: 'GET',
      uri: '/dir/index.html',
      count: 1,
      cnonce: '0a4f113b',
    };
    assert.equal(digestOf(older), '6629fae49393a05397450978507c4ef1');
    // The same without qop, as RFC 2069 had it.
    const oldest = { ...older, challenge: { ...older.challenge, hasQop: false } };
    assert.equal(digestOf(oldest), '670fd8c2df070c60b045671b8b24ff02');
  });

  it('is told with everything that it was made of, but the password', () => {
    const header = writeProof(circleOfLife('SHA-256'));
    assert.match(header, /^Digest username="Mufasa", realm="http-auth@example\.org", nonce="7ypf/);
    assert.match(header, /uri="\/dir\/index\.html", response="[\da-f]{64}", algorithm=SHA-256, /);
    assert.match(header, /opaque="FQhe\/.*", qop=auth, nc=00000001, cnonce="f2\//);
    assert.doesNotMatch(header, /Circle/);
    assert.match(writeProof(circleOfLife('md5-sess')), /algorithm=MD5-sess/);
  });
});

describe('what an exchange asks', () => {
  it('is read, however many things it asks in one line', () => {
    const many = readChallenges([
      'Basic realm="x", Digest realm="a, b", nonce="1", qop="auth", algorithm=SHA-256, stale=TRUE',
      'digest nonce = "2" , realm = "c"',
      'NTLM',
      'Digest realm="d", nonce="3", algorithm=SHA3-9, Digest realm="e", nonce="4", qop="auth-int"',
      'Digest realm="f"',
    ]);
    assert.deepEqual(many, [
      {
        realm: 'a, b',
        nonce: '1',
        opaque: undefined,
        algorithm: 'SHA-256',
        hasQop: true,
        isStale: true,
      },
      {
        realm: 'c',
        nonce: '2',
        opaque: undefined,
        algorithm: 'MD5',
        hasQop: false,
        isStale: false,
      },
    ]);
  });

  it('hurts nobody, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (values) => {
        readChallenges(values.map((value) => `Digest ${value}`));
      }),
    );
  });
});

describe('a password', () => {
  const digest = (realm: string, more = ''): string =>
    `Digest realm="${realm}", nonce="n", qop="auth"${more}`;
  const known = { username: 'tweestap', password: 'geheim', realm: undefined };

  it('is proved to whoever asks, with a nonce that is counted', () => {
    const authenticator = credentialsOf(known).begin();
    assert.deepEqual(authenticator.headersFor('INVITE', 'sip:b@example.org'), []);
    authenticator.beginRequest();
    assert.equal(authenticator.take(response(407, digest('a'))), undefined);
    assert.equal(authenticator.take(response(401, digest('a'))), undefined);
    const names = (): readonly string[] =>
      authenticator.headersFor('BYE', 'sip:b@example.org').map(({ name }) => name);
    assert.deepEqual(names(), ['proxy-authorization', 'authorization']);
    const [again] = authenticator.headersFor('BYE', 'sip:b@example.org');
    assert.match(again?.value ?? '', /nc=00000002/);
  });

  it('takes the first that is spoken here, as RFC 8760 says', () => {
    const authenticator = credentialsOf(known).begin();
    const strange = 'Digest realm="a", nonce="1", algorithm=SHA3-256';
    const asked = [strange, digest('a', ', algorithm=SHA-256'), digest('a', ', algorithm=MD5')];
    authenticator.take(response(401, ...asked));
    const [header] = authenticator.headersFor('INVITE', 'sip:b@example.org');
    assert.match(header?.value ?? '', /algorithm=SHA-256/);
  });

  it('is not told twice when it was refused, unless only the nonce was too old', () => {
    const authenticator = credentialsOf(known).begin();
    authenticator.beginRequest();
    assert.equal(authenticator.take(response(401, digest('a'))), undefined);
    assert.equal(authenticator.take(response(401, digest('a', ', stale=true'))), undefined);
    assert.equal(authenticator.take(response(401, digest('a'))), 'refused');
    authenticator.beginRequest();
    const stale = Array.from({ length: 9 }, () =>
      authenticator.take(response(401, digest('a', ', stale=true'))),
    );
    assert.equal(stale.at(-1), 'refused', 'whoever finds every nonce stale is not asked for ever');
  });

  it('is proved in one realm only', () => {
    const credentials = credentialsOf(known);
    assert.equal(credentials.begin().take(response(407, digest('exchange'))), undefined);
    const callee = credentials.begin();
    assert.equal(callee.take(response(401, digest('telephone'))), 'other-realm');
    assert.deepEqual(callee.headersFor('INVITE', 'sip:b@example.org'), []);
    const named = credentialsOf({ ...known, realm: 'exchange' }).begin();
    assert.equal(named.take(response(401, digest('telephone'))), 'other-realm');
    assert.equal(named.take(response(401, digest('exchange'))), undefined);
  });

  it('is asked for in vain where there is none, or in a way that nobody knows', () => {
    const none = credentialsOf({ ...known, password: undefined }).begin();
    assert.equal(none.take(response(401, digest('a'))), 'no-password');
    assert.equal(credentialsOf(known).begin().take(response(401, 'Basic realm="a"')), 'not-spoken');
  });
});
