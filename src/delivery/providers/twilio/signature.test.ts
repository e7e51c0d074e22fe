import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { isSignedByTwilio, twilioSignature, type SignedRequest } from './signature.ts';

// Made by `getExpectedTwilioSignature` of the package twilio 6.2.0, Twilio's own (MIT licence); the
// first of its documentation.
const authToken = '0123456789abcdef0123456789abcdef';
const vectors: readonly {
  readonly authToken?: string;
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly signature: string;
}[] = [
  {
    authToken: '12345',
    url: 'https://mycompany.com/myapp.php?foo=1&bar=2',
    fields: {
      CallSid: 'CA1234567890ABCDE',
      Caller: '+14158675309',
      Digits: '1234',
      From: '+14158675309',
      To: '+18005551212',
    },
    signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
  },
  {
    url: 'https://login.example.org/webhooks/twilio/calls/message-1',
    fields: {
      CallSid: 'CA11111111111111111111111111111111',
      AccountSid: 'AC22222222222222222222222222222222',
      CallStatus: 'in-progress',
      To: '+31612345678',
      From: '+3197010240000',
      ApiVersion: '2010-04-01',
    },
    signature: 'fPhcqqC7O6fPAmkHfPEaLn5NF/8=',
  },
  {
    url: 'https://login.example.org/webhooks/twilio/calls/message-1/keys?turn=2&silences=0',
    fields: {
      CallSid: 'CA11111111111111111111111111111111',
      Digits: '#',
      msg: 'Gather End',
    },
    signature: 'epAqljJU/fhyrah7NpMU7U0NIGw=',
  },
  {
    url: 'https://login.example.org/webhooks/twilio/texts',
    fields: {
      MessageSid: 'SM33333333333333333333333333333333',
      From: '+31612345678',
      To: '+3197010240000',
      Body: 'Grüße 42 & “ja” 😀\r\nsecond line',
      ToCity: '',
      toZip: 'lower case sorts last',
    },
    signature: 'HtfTq0kK2AfEllitIF0oXrymF1Y=',
  },
  {
    url: 'https://login.example.org:8443/webhooks/twilio/texts/message-2',
    fields: { MessageSid: 'SM33333333333333333333333333333333', MessageStatus: 'delivered' },
    signature: 'ZrgVkKojJxZlZsEVHClfUUfCQg4=',
  },
  {
    url: 'https://login.example.org/webhooks/twilio/texts',
    fields: {},
    signature: 'vAB1AYm4gneR2MX3F3wUvXd7q8w=',
  },
];

const noBody = Buffer.alloc(0);

describe('what Twilio signed', () => {
  it('is what its own library signs', () => {
    for (const { authToken: token = authToken, url, fields, signature } of vectors) {
      assert.equal(twilioSignature(token, url, fields), signature);
      assert.equal(isSignedByTwilio([token], { url, fields, body: noBody }, signature), true);
    }
  });

  it('may be a body that is no form, which the address names by its hash', () => {
    const url =
      'https://login.example.org/webhooks/twilio/texts/message-2?bodySHA256=ab4a5e59b749f3773ba697aeab420b2efa222a4e485c380cbda6c94bd71fff0c';
    const text = '{"MessageSid":"SM33333333333333333333333333333333","MessageStatus":"delivered"}';
    const signature = 'UqSn4s4FBltyxClvaWVWv3U7Tjc=';
    const signed = (body: string, from = url): boolean =>
      isSignedByTwilio([authToken], { url: from, body: Buffer.from(body) }, signature);
    assert.equal(signed(text), true);
    assert.equal(signed(`${text} `), false);
    assert.equal(signed(text.replace('delivered', 'failed')), false);
    const nameless = url.replace(/\?.*/, '');
    const bare = twilioSignature(authToken, nameless, {});
    const request: SignedRequest = { url: nameless, body: Buffer.from(text) };
    assert.equal(isSignedByTwilio([authToken], request, bare), false);
  });

  it('may name the port that its protocol has by itself', () => {
    const url = 'https://login.example.org/webhooks/twilio/texts/message-2';
    const fields = { MessageStatus: 'sent' };
    const signature = 'f+vIJHAB1f6ewHhPgO0ij4M2Row=';
    assert.equal(isSignedByTwilio([authToken], { url, fields, body: noBody }, signature), true);
  });

  it('is not what another token signed, nor none at all', () => {
    for (const { url, fields } of vectors) {
      const request = { url, fields, body: noBody };
      const empty = twilioSignature('', url, fields);
      assert.equal(isSignedByTwilio([''], request, empty), false);
      assert.equal(isSignedByTwilio([], request, empty), false);
      const others = twilioSignature('f'.repeat(32), url, fields);
      assert.equal(isSignedByTwilio([authToken], request, others), false);
      assert.equal(isSignedByTwilio([authToken, 'f'.repeat(32)], request, others), true);
      for (const nonsense of ['', '=', 'a'.repeat(28), 'é'.repeat(28), others.toLowerCase()]) {
        assert.equal(isSignedByTwilio([authToken], request, nonsense), false);
      }
    }
  });

  it('is not the same over another address', () => {
    const [, call] = vectors;
    assert.ok(call !== undefined);
    const { url, fields, signature } = call;
    for (const other of [
      url.replace('https:', 'http:'),
      url.replace('login.', 'login2.'),
      url.replace('example.org', 'example.org8443'),
      `${url}?`,
      `${url}/`,
      `${url}#`,
      url.replace('message-1', 'message-2'),
    ]) {
      const request = { url: other, fields, body: noBody };
      assert.equal(isSignedByTwilio([authToken], request, signature), false, other);
    }
  });

  it('is not the same with any field changed, added or left out', () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(fc.dictionary(word, word, { minKeys: 1 }), word, word, (fields, name, value) => {
        const url = 'https://login.example.org/webhooks/twilio/texts';
        const signature = twilioSignature(authToken, url, fields);
        const changed = { ...fields, [name]: value };
        const isSame = written(changed) === written(fields);
        const request = { url, fields: changed, body: noBody };
        assert.equal(isSignedByTwilio([authToken], request, signature), isSame);
      }),
    );
  });
});

/** What is signed of the fields: Twilio puts nothing between a name and a value. */
function written(fields: Readonly<Record<string, string>>): string {
  return Object.keys(fields)
    .toSorted()
    .map((name) => `${name}${fields[name] ?? ''}`)
    .join('');
}
