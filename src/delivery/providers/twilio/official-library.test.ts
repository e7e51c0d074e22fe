/**
 * Our judgement of Twilio's signatures beside the one in Twilio's own library (package `twilio`, MIT,
 * in tests only): whatever that signs we believe, and whatever it refuses we refuse.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';
import {
  getExpectedBodyHash,
  getExpectedTwilioSignature,
  validateRequest,
  validateRequestWithBody,
} from 'twilio/lib/webhooks/webhooks.js';

import { isSignedByTwilio, twilioSignature } from './signature.ts';

const authToken = '0123456789abcdef0123456789abcdef';
const otherToken = 'f'.repeat(32);
const noBody = Buffer.alloc(0);

/** What people write: any letter of any script, and nothing that is half of one. */
const words = (maxLength: number): fc.Arbitrary<string> => fc.string({ unit: 'binary', maxLength });
const fields = fc.dictionary(words(12), words(40), { maxKeys: 12 });
const port = fc.constantFrom('', ':443', ':80', ':8443', ':1');
const pathPart = fc.stringMatching(/^[\w.~%éß…-]{0,12}$/u);
const queryPart = fc.stringMatching(/^[\w.~*-]{1,8}$/);
/** An address with ports, queries and letters that are not of ASCII. */
const address = fc
  .record({
    protocol: fc.constantFrom('https://', 'http://'),
    host: fc.constantFrom('login.example.org', 'xn--grn-ioa.example', 'grün.example', '[::1]'),
    port,
    path: fc.array(pathPart, { maxLength: 4 }),
    query: fc.array(fc.tuple(queryPart, queryPart), { maxLength: 4 }),
  })
  .map(({ protocol, host, port: at, path, query }) => {
    const asked = query.map(([name, value]) => `${name}=${value}`).join('&');
    return `${protocol}${host}${at}/${path.join('/')}${asked === '' ? '' : `?${asked}`}`;
  });

/** One letter of a signature exchanged, so that it looks like one. */
function spoilt(signature: string, at: number): string {
  const index = at % 26;
  const instead = signature[index] === 'A' ? 'B' : 'A';
  return `${signature.slice(0, index)}${instead}${signature.slice(index + 1)}`;
}

describe("what Twilio's own library says of a signature", () => {
  it('is what we say, of a form at any address', () => {
    fc.assert(
      fc.property(address, fields, (url, sent) => {
        const signature = getExpectedTwilioSignature(authToken, url, sent);
        assert.equal(twilioSignature(authToken, url, sent), signature);
        assert.equal(validateRequest(authToken, signature, url, sent), true);
        assert.equal(
          isSignedByTwilio([authToken], { url, fields: sent, body: noBody }, signature),
          true,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('is what we say, where the port that was signed is not the one that was asked', () => {
    const parts = [
      ['https://login.example.org', ['', ':443', ':8443', ':80']],
      ['http://login.example.org', ['', ':80', ':8080', ':443']],
    ] as const;
    for (const [origin, ports] of parts) {
      for (const signedPort of ports) {
        for (const askedPort of ports) {
          const rest = '/webhooks/twilio/calls/message-1/keys?turn=1&silences=0';
          const signature = getExpectedTwilioSignature(
            authToken,
            `${origin}${signedPort}${rest}`,
            {},
          );
          const url = `${origin}${askedPort}${rest}`;
          assert.equal(
            isSignedByTwilio([authToken], { url, fields: {}, body: noBody }, signature),
            validateRequest(authToken, signature, url, {}),
            `${signedPort} for ${url}`,
          );
        }
      }
    }
  });

  it('is what we say, of a body that is no form', () => {
    fc.assert(
      fc.property(address, fc.json(), fc.json(), (bare, body, other) => {
        const url = `${bare}${bare.includes('?') ? '&' : '?'}bodySHA256=${getExpectedBodyHash(body)}`;
        const signature = getExpectedTwilioSignature(authToken, url, {});
        for (const given of [body, other, `${body} `]) {
          const expected = given === body;
          assert.equal(validateRequestWithBody(authToken, signature, url, given), expected);
          const request = { url, body: Buffer.from(given) };
          assert.equal(isSignedByTwilio([authToken], request, signature), expected);
        }
      }),
    );
  });

  it('is no, as ours is, of whatever was forged', () => {
    fc.assert(
      fc.property(
        address,
        address,
        fields,
        words(8),
        fc.nat(),
        (url, elsewhere, sent, more, at) => {
          const signature = getExpectedTwilioSignature(authToken, url, sent);
          const [first] = Object.keys(sent);
          const forgeries = [
            { url, fields: sent, signature: spoilt(signature, at) },
            { url, fields: sent, signature: '' },
            { url, fields: sent, signature: getExpectedTwilioSignature(otherToken, url, sent) },
            { url: `${url}/`, fields: sent, signature },
            { url, fields: { ...sent, [`x${more}`]: `y${more}` }, signature },
            ...(first === undefined
              ? []
              : [{ url, fields: { ...sent, [first]: `${sent[first] ?? ''}!` }, signature }]),
            ...(pathOf(elsewhere) === pathOf(url)
              ? []
              : [{ url: elsewhere, fields: sent, signature }]),
          ];
          for (const { signature: given, ...request } of forgeries) {
            assert.equal(validateRequest(authToken, given, request.url, request.fields), false);
            assert.equal(isSignedByTwilio([authToken], { ...request, body: noBody }, given), false);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is yes of an empty auth token, and ours is not: nobody can have it', () => {
    const url = 'https://login.example.org/webhooks/twilio/texts';
    const signature = getExpectedTwilioSignature('', url, {});
    assert.equal(validateRequest('', signature, url, {}), true);
    assert.equal(isSignedByTwilio([''], { url, fields: {}, body: noBody }, signature), false);
  });
});

/** An address without its port: in that alone Twilio and we are lenient. */
function pathOf(url: string): string {
  return url.replace(/^(https?:\/\/(?:\[[^\]]*\]|[^/:]*))(?::\d+)?/, '$1');
}
