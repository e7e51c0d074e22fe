import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { answerTo, offerOf, readAnswer } from './sdp.ts';

const own = { host: '192.0.2.10', port: 40_000, sessionId: 7 };
const srtpKey = Buffer.alloc(30, 9);

describe('what two sides of a call agree on', () => {
  it('is offered in words that every exchange knows', () => {
    assert.deepEqual(offerOf(own).split('\r\n'), [
      'v=0',
      'o=- 7 1 IN IP4 192.0.2.10',
      's=-',
      'c=IN IP4 192.0.2.10',
      't=0 0',
      'm=audio 40000 RTP/AVP 8 0 101',
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-15',
      'a=ptime:20',
      'a=sendrecv',
      '',
    ]);
    const secret = offerOf({ ...own, host: '2001:db8::1', srtpKey });
    assert.match(secret, /^c=IN IP6 2001:db8::1\r$/m);
    assert.match(secret, /^m=audio 40000 RTP\/SAVP 8 0 101\r$/m);
    assert.match(secret, /^a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:CQkJ[A-Za-z0-9+/]{36}\r$/m);
  });

  it('is read from answers of the telephones and exchanges of the world', () => {
    const asterisk = answer(
      'v=0\r\no=- 1 3 IN IP4 198.51.100.7\r\ns=Asterisk\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\n' +
        'm=audio 17204 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n' +
        'a=fmtp:101 0-16\r\na=ptime:20\r\na=maxptime:150\r\na=sendrecv\r\n',
    );
    assert.deepEqual(asterisk, {
      host: '198.51.100.7',
      port: 17_204,
      codec: 'PCMA',
      payloadType: 8,
      codecs: [[8, 'PCMA']],
      eventPayloadType: 101,
      isListening: true,
      isSpeaking: true,
      srtp: undefined,
    });
    // Without rtpmap, with lone line feeds, blanks, the address beside the stream, and another number for keys.
    const terse = answer(
      'v=0\no=x 1 1 IN IP4 10.0.0.1\ns= \nt=0 0\nm=audio 5004/1 RTP/AVP 0 8 96 13\nc=IN IP4 203.0.113.5/127\n' +
        'a=rtpmap:96 Telephone-Event/8000/1\na=recvonly\n',
    );
    assert.equal(terse?.host, '203.0.113.5');
    assert.equal(terse.codec, 'PCMU');
    assert.deepEqual(terse.codecs, [
      [0, 'PCMU'],
      [8, 'PCMA'],
    ]);
    assert.equal(terse.eventPayloadType, 96);
    assert.equal(terse.isSpeaking, false);
    // A number of its own for a codec, a video that it refuses, and no keys beside the sound.
    const dynamic = answer(
      'v=0\r\nc=IN IP6 2001:DB8:0::5\r\nm=video 0 RTP/AVP 97\r\nm=audio 9000 RTP/AVP 18 97\r\na=rtpmap:97 pcmu/8000\r\n',
    );
    assert.equal(dynamic?.host, '2001:db8::5');
    assert.equal(dynamic.payloadType, 97);
    assert.equal(dynamic.codec, 'PCMU');
    assert.equal(dynamic.eventPayloadType, undefined);
  });

  it('is nothing where there is nothing in common', () => {
    const good = 'v=0\r\nc=IN IP4 198.51.100.7\r\nm=audio 17204 RTP/AVP 8\r\n';
    assert.notEqual(readAnswer(good), null);
    for (const [from, to] of [
      ['17204', '0'],
      ['17204', '70000'],
      ['17204', '-4'],
      ['AVP 8', 'AVP 9 18'],
      ['AVP 8', 'AVP 8 128'],
      ['AVP 8', 'AVP'],
      ['RTP/AVP', 'RTP/SAVP'],
      ['RTP/AVP', 'udptl'],
      ['audio', 'image'],
      ['198.51.100.7', 'exchange.example'],
      ['198.51.100.7', '224.0.0.1'],
      ['198.51.100.7', '255.255.255.255'],
      ['IP4 198.51.100.7', 'IP6 ff02::1'],
      ['c=', 'x='],
    ] as const) {
      assert.equal(readAnswer(good.replace(from, to)), null, to);
    }
    assert.equal(readAnswer(''), null);
  });

  it('is a call on hold where its side wants to hear nothing', () => {
    const listens = (line: string, host = '198.51.100.7'): boolean | undefined =>
      readAnswer(`v=0\r\nc=IN IP4 ${host}\r\nm=audio 4000 RTP/AVP 8\r\n${line}\r\n`)?.isListening;
    assert.equal(listens('a=sendrecv'), true);
    assert.equal(listens('a=recvonly'), true);
    assert.equal(listens('a=sendonly'), false);
    assert.equal(listens('a=inactive'), false);
    assert.equal(listens('a=sendrecv', '0.0.0.0'), false);
    const whole = 'v=0\r\na=sendonly\r\nc=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/AVP 8\r\n';
    assert.equal(readAnswer(whole)?.isListening, false);
    assert.equal(readAnswer(`${whole}a=sendrecv\r\n`)?.isListening, true);
  });

  it('is answered, when the other side asks anew, stream by stream and in its own numbers', () => {
    const offer =
      'v=0\r\no=- 1 2 IN IP4 10.0.0.9\r\ns=-\r\nc=IN IP4 10.0.0.9\r\nt=0 0\r\nm=video 6000 RTP/AVP 97\r\n' +
      'm=audio 7000 RTP/AVP 9 96 99\r\na=rtpmap:96 PCMA/8000\r\na=rtpmap:99 telephone-event/8000\r\na=sendonly\r\n' +
      'm=audio 7002 RTP/AVP 8\r\n';
    const answered = answerTo(offer, { ...own, version: 2 });
    assert.deepEqual(answered?.sdp.split('\r\n'), [
      'v=0',
      'o=- 7 2 IN IP4 192.0.2.10',
      's=-',
      'c=IN IP4 192.0.2.10',
      't=0 0',
      'm=video 0 RTP/AVP 97',
      'm=audio 40000 RTP/AVP 96 99',
      'a=rtpmap:96 PCMA/8000',
      'a=rtpmap:99 telephone-event/8000',
      'a=fmtp:99 0-15',
      'a=ptime:20',
      'a=recvonly',
      'm=audio 0 RTP/AVP 8',
      '',
    ]);
    assert.equal(answered.peer.port, 7_000);
    assert.equal(answered.peer.isListening, false);
    assert.equal(answerTo('v=0\r\nm=audio 7000 RTP/AVP 9\r\n', own), null);
  });

  it('is never half encrypted', () => {
    const secret = (crypto: string): ReturnType<typeof readAnswer> =>
      readAnswer(`v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/SAVP 8\r\n${crypto}\r\n`, {
        isEncrypted: true,
      });
    const key = Buffer.alloc(30, 3).toString('base64');
    const good = `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key}`;
    assert.deepEqual(secret(good)?.srtp, { tag: 1, keyAndSalt: Buffer.alloc(30, 3) });
    assert.ok(secret(`a=crypto:2 F8_128_HMAC_SHA1_80 inline:${key}\r\n${good}|2^31`));
    for (const bad of [
      '',
      good.replace('_80', '_32'),
      good.replace(key, key.slice(4)),
      `${good}|2^31|1:4`,
      `${good};inline:${key}`,
      `${good} UNENCRYPTED_SRTP`,
      `${good} KDR=1`,
    ]) {
      assert.equal(secret(bad), null, bad);
    }
    const open = 'v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/AVP 8\r\n';
    assert.equal(readAnswer(`${open}${good}\r\n`, { isEncrypted: true }), null);
    assert.equal(answerTo(open, { ...own, srtpKey }), null);
    const answered = answerTo(offerOf({ ...own, srtpKey }).replace('crypto:1', 'crypto:4'), {
      ...own,
      srtpKey: Buffer.alloc(30, 1),
    });
    assert.match(answered?.sdp ?? '', /^a=crypto:4 .*inline:AQEB/m);
  });

  it('is understood by both sides alike, whatever our side is', () => {
    const sides = fc.record({
      host: fc.oneof(
        fc.ipV4().filter((host) => Number(host.split('.')[0]) < 224 && !host.startsWith('0.')),
        fc.constantFrom('2001:db8::1', '::1'),
      ),
      port: fc.integer({ min: 1, max: 65_535 }),
      sessionId: fc.nat(),
      key: fc.option(fc.uint8Array({ minLength: 30, maxLength: 30 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(sides, ({ host, port, sessionId, key }) => {
        const srtp = key === undefined ? {} : { srtpKey: Buffer.from(key) };
        const side = { host, port, sessionId, ...srtp };
        const peer = readAnswer(offerOf(side), { isEncrypted: key !== undefined });
        assert.equal(peer?.host, host);
        assert.equal(peer.port, port);
        assert.equal(peer.eventPayloadType, 101);
        assert.deepEqual(peer.srtp?.keyAndSalt, srtp.srtpKey);
        const answered = answerTo(offerOf(side), { ...own, ...srtp });
        assert.ok(readAnswer(answered?.sdp ?? '', { isEncrypted: key !== undefined }));
      }),
    );
  });

  it('is read from any text without stumbling, and an answer to it has no lines of its making', () => {
    const good = offerOf({ ...own, srtpKey });
    const lines = fc.constantFrom(
      ...good.split('\r\n'),
      'm=',
      'm=audio',
      'c=IN IP4',
      'a=',
      'a=crypto:',
      'a=rtpmap:',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.oneof(lines, fc.string({ maxLength: 30 })), { maxLength: 40 })
        .map((all) => all.join('\r\n')),
      fc
        .tuple(fc.nat(good.length), fc.string({ maxLength: 5 }))
        .map(([at, text]) => good.slice(0, at) + text + good.slice(at + 1)),
    );
    fc.assert(
      fc.property(texts, fc.boolean(), (text, isEncrypted) => {
        readAnswer(text, { isEncrypted });
        const answered = answerTo(text, isEncrypted ? { ...own, srtpKey } : own);
        if (answered === null) return;
        assert.match(answered.sdp, /^(?:[vosctma]=[ -~]*\r\n)+$/);
      }),
      { numRuns: 1_000 },
    );
    const began = performance.now();
    for (const long of [
      'm=audio 1 RTP/AVP 8\r\n',
      'a=rtpmap:8 x\r\n',
      'a',
      'c=IN IP4 1.1.1.1 ',
      'm=a 1 1 ',
    ])
      readAnswer(long.repeat(1_000_000 / long.length));
    assert.ok(performance.now() - began < 5_000);
  });
});

/** With its codecs as a list, to compare. */
function answer(sdp: string) {
  const peer = readAnswer(sdp);
  return peer === null ? null : { ...peer, codecs: [...peer.codecs] };
}
